"""Rules for the paths of a plan: each must act, and may not put figures across their bounds.

A plan alone reads paths, so it alone refuses what breaks these rules; `check` lists it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.case.change import ABSOLUTE, KM, Change
from model.case.distances import is_sea
from model.case.schema import TABLES
from model.checking.check import (
    LEAST_AND_MOST,
    Finding,
    Frames,
    out_of_bounds,
    rule_of_bounds,
)
from model.checking.rules_periods import timeline_of
from model.checking.rules_targets import wrong_target, wrong_where

SHORTAGE_PRICE = "sinks.shortage_cny_per_t"
ACTING = (
    "origins.supply_kt", "origins.cost_cny_per_t", "sinks.demand_kt", "sinks.max_kt",
    "sinks.price_cny_per_t", SHORTAGE_PRICE,
    "lanes.cost_cny_per_t", "lanes.km", "lanes.min_kt", "lanes.max_kt", "nodes.lat", "nodes.lon",
    "links.km", "links.cost_cny_per_t", "links.limit_kt", "modes.fixed_cny_per_t",
    "modes.cny_per_t_km", "modes.gco2_per_t_km", "modes.circuity", "limits.min",
    "limits.max", "recipes.t_per_t", "duties.rate", "duties.value_cny_per_t",
    "projects.capacity_kt", "projects.min_kt", "projects.capex_cny_per_t",
    "projects.fixed_capex_mcny", "projects.fixed_mcny_per_year",
    "projects.cost_cny_per_t", "projects.life_years", "closures.saved_mcny_per_year",
    "case.carbon_price_cny_per_t",
)  # fmt: skip
"""Figures that a plan reads again in every period."""


def _readable(frames: Frames) -> Iterator[tuple[int, Fraction, Change]]:
    """Row, beginning and change of every path that other rules find nothing wrong with."""
    paths = frames["paths"]
    begins = timeline_of(frames).path_begins(paths)
    cells = paths[["target", "where", "how", "value"]].itertuples(index=False, name=None)
    for row, (begin, (target, where, how, value)) in enumerate(zip(begins, cells, strict=True)):
        is_whole = bool(target) and value == value and begin is not None
        if is_whole and not wrong_target(target) and not wrong_where(target, where, frames):
            assert begin is not None
            yield row, begin, Change.read(target, where, how, value)


def _paths_that_cannot_act(frames: Frames) -> Iterator[Finding]:
    for row, _, change in _readable(frames):
        if change.target not in ACTING:
            rule = "a plan does not read this figure again in each period"
            remedy = "a path may change supply, demand, costs, tariffs, limits, duties or projects"
            yield Finding("paths", row, "target", rule, remedy)
        elif _meets_blanks(change, frames):
            rule = "a factor must meet a figure, and all that it concerns are blank"
            yield Finding("paths", row, "how", rule, "write the figure itself: absolute")
        elif _lets_demand_go_unmet(change, frames):
            rule = "a sink that it concerns has none, so its demand must be met in every period"
            remedy = "give that sink a shortage_cny_per_t in sinks.csv, or leave it out"
            yield Finding("paths", row, "target", rule, remedy)
        elif not _acts(change, frames):
            rule, remedy = _IDLE[change.target]
            yield Finding("paths", row, "target", rule, remedy)
        elif _moves_sea_lanes(change, frames):
            rule = "a link along sea lanes that it concerns has one length in all periods"
            remedy = "give the link's km and write a path of links.km, or give the mode's circuity"
            yield Finding("paths", row, "target", rule, remedy)


def _meets_blanks(change: Change, frames: Frames) -> bool:
    """Whether a factor meets blanks alone, which no other path of the figure fills."""
    paths, frame = frames["paths"], frames[change.table.name]
    fills = (paths["target"] == change.target) & (paths["how"] == ABSOLUTE)
    if change.how != "scale" or change.target == KM or fills.any():
        return False
    return bool(frame.loc[change.rows(frame), change.column.name].isna().all())


def _lets_demand_go_unmet(change: Change, frames: Frames) -> bool:
    """Whether a path would let the demand of a sink go unmet in some periods alone."""
    if change.target != SHORTAGE_PRICE:
        return False
    sinks = frames["sinks"]
    return bool(sinks.loc[change.rows(sinks), change.column.name].isna().any())


def _moves_sea_lanes(change: Change, frames: Frames) -> bool:
    """Whether a path would move a length that only a search along sea lanes gives."""
    if change.target not in ("nodes.lat", "nodes.lon", "modes.circuity"):
        return False
    links, modes = frames["links"], frames["modes"]
    follows = {
        mode
        for mode, circuity in zip(modes["mode"], modes["circuity"], strict=True)
        if is_sea(mode) and circuity != circuity
    }
    return bool((_concerned(change, frames) & links["mode"].isin(follows)).any())


_GIVEN_KM = (
    "every link that it concerns gives its km, or lacks coordinates",
    "leave km blank there, or write a path of links.km",
)
_IDLE = {
    "nodes.lat": _GIVEN_KM,
    "nodes.lon": _GIVEN_KM,
    "modes.circuity": _GIVEN_KM,
    "modes.cny_per_t_km": (
        "every link of the mode gives its cost",
        "leave cost_cny_per_t blank there, or write a path of links.cost_cny_per_t",
    ),
}
"""Figures that count only where another one is blank: the rule and the remedy."""


def _acts(change: Change, frames: Frames) -> bool:
    """Whether a link leaves blank what a path would change."""
    if change.target not in _IDLE:
        return True
    links = frames["links"]
    if change.target == "modes.cny_per_t_km":
        return bool((_of_rows(change, frames) & links["cost_cny_per_t"].isna()).any())
    return bool(_concerned(change, frames).any())


def _of_rows(change: Change, frames: Frames) -> pd.Series:
    """Which links are of the modes, or end at the nodes, that a path picks."""
    links, table = frames["links"], change.table
    picked = frames[table.name].loc[change.rows(frames[table.name]), table.key[0]]
    if table.name == "modes":
        return links["mode"].isin(picked)
    return links["from"].isin(picked) | links["to"].isin(picked)


def _concerned(change: Change, frames: Frames) -> pd.Series:
    """Which links without km have a length that a path of places or circuity moves."""
    return _of_rows(change, frames) & frames["links"]["km"].isna()


def _paths_across_bounds(frames: Frames) -> Iterator[Finding]:
    """Yield the first period in which a path puts a figure across a bound."""
    paths, time = list(_readable(frames)), timeline_of(frames)
    seen: set[tuple[int, str, int]] = set()
    for span in time.spans:
        latest = {
            (change.target, frames["paths"]["where"].iloc[row]): (row, change)
            for row, begin, change in sorted(paths, key=lambda path: path[1])
            if begin <= span.begin
        }
        in_force = sorted(latest.values(), key=lambda path: path[0])
        for table in sorted({change.table.name for _, change in in_force} & set(TABLES)):
            own = [(row, change) for row, change in in_force if change.table.name == table]
            for row, column, place, rule, remedy in _crossings(
                table, own, frames, time.label(span)
            ):
                if (row, column, place) not in seen:
                    seen.add((row, column, place))
                    yield Finding("paths", row, "value", rule, remedy)


Crossing = tuple[int, str, int, str, str]
"""Row of the path, column and row of the figure, rule and remedy."""


def _crossings(
    table: str, paths: list[tuple[int, Change]], frames: Frames, period: str
) -> Iterator[Crossing]:
    """Figures of a table that lie across a bound in a period, with the path that put them there."""
    frame = frames[table]
    touched = {row: change.rows(frame) for row, change in paths}
    changed = frame.copy()
    for row, change in paths:
        cells = changed[change.column.name].to_numpy(dtype=float, copy=True)
        cells[touched[row]] = change.figures(cells[touched[row]])
        changed[change.column.name] = cells
    for row, change in paths:
        name = change.column.name
        wrong = out_of_bounds(change.column, changed[name].to_numpy(dtype=float)) & touched[row]
        for place in np.flatnonzero(wrong):
            rule, remedy = rule_of_bounds(change.column)
            there = _there(table, frame, int(place), name, changed, period)
            yield row, name, int(place), f"{name} {rule}, and {there}", remedy
    for own, least, most in LEAST_AND_MOST:
        if own == table:
            yield from _crossed(table, least, most, changed, frames, touched, paths, period)


def _crossed(
    table: str,
    least: str,
    most: str,
    changed: pd.DataFrame,
    frames: Frames,
    touched: Mapping[int, Booleans],
    paths: list[tuple[int, Change]],
    period: str,
) -> Iterator[Crossing]:
    for place in np.flatnonzero(changed[least].to_numpy() > changed[most].to_numpy()):
        rows = [
            row
            for row, change in paths
            if change.column.name in (least, most) and touched[row][place]
        ]
        if rows:
            there = _there(table, frames[table], int(place), least, changed, period)
            rule = f"{least} may not rise above {most}, {changed[most].iloc[place]:g}, and {there}"
            yield rows[-1], least, int(place), rule, f"change it less, or {most} by a path too"


def _there(
    table: str, frame: pd.DataFrame, place: int, column: str, changed: pd.DataFrame, period: str
) -> str:
    name = frame[(TABLES[table].key or TABLES[table].column_names)[0]].iloc[place]
    return f"that of {name} is {changed[column].iloc[place]:g} in {period}"


def check_paths(frames: Frames) -> list[Finding]:
    """Return everything in `paths.csv` for which a plan refuses a case."""
    return [*_paths_that_cannot_act(frames), *_paths_across_bounds(frames)]
