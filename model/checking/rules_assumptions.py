"""Rules for assumptions: a range or a scenario, and sums that stay."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.names import did_you_mean
from model.case.scenario_texts import scenario_file
from model.case.schema import CASE, TABLES
from model.case.where import Mask, matching, parse_where, typed_where
from model.checking.check import Finding, Frames, Rule
from model.checking.rules_targets import wrong_target, wrong_where

NAME = "assumptions"
RANGE = ("target", "low", "high")


def unknown_scenarios(assumptions: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the assumptions whose alternative is no scenario of the case, if it has any.

    Tables may go without their scenarios, in a workbook or from hand to hand.
    """
    for row, name in enumerate(assumptions["scenario"].tolist()):
        if texts and name and name not in texts:
            remedy = did_you_mean(name, texts, f"write {scenario_file(name)}")
            yield Finding(NAME, row, "scenario", "must be a scenario of the case", remedy)


def without_scenarios(assumptions: pd.DataFrame, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Yield the first assumption with an alternative, where no scenario came with the case."""
    rows = np.flatnonzero((assumptions["scenario"] != "").to_numpy())
    if len(rows) and not texts:
        rule = "no scenario came with the case, so this and other alternatives cannot be tried"
        remedy = "put the folder scenarios beside it"
        yield Finding(NAME, int(rows[0]), "scenario", rule, remedy)


def _range_or_scenario(frames: Frames) -> Iterator[Finding]:
    frame = frames[NAME]
    is_given = {name: _is_filled(frame[name]) for name in (*RANGE, "where", "moves_with")}
    for row, scenario in enumerate(frame["scenario"].tolist()):
        if not scenario:
            rule = "must be filled, unless a scenario stands in place of the range"
            for name in RANGE:
                if not is_given[name][row]:
                    yield Finding(NAME, row, name, rule, "fill it, or name a scenario")
            continue
        others = [name for name, filled in is_given.items() if filled[row]]
        if others:
            rule = f"must be blank where {others[0]} is filled: it stands in place of a range"
            yield Finding(NAME, row, "scenario", rule, "clear one of the two, or write two rows")


def _is_filled(cells: pd.Series) -> Mask:
    filled: Mask = (cells != "").to_numpy() & cells.notna().to_numpy()
    return filled


def _sums_that_stay(frames: Frames) -> Iterator[Finding]:
    """Yield assumptions whose name of a sum is theirs alone, or that cannot share one."""
    for rows in _groups(frames[NAME]).values():
        yield from _wrong_group(rows, frames)


def _groups(assumptions: pd.DataFrame) -> dict[str, list[int]]:
    """The rows of each name of a sum."""
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(assumptions["moves_with"].tolist()):
        if name:
            rows.setdefault(name, []).append(row)
    return rows


def _wrong_group(rows: list[int], frames: Frames) -> Iterator[Finding]:
    frame = frames[NAME]
    first = rows[0]
    if len(rows) == 1:
        rule = "must stand in another row too: what moves needs others that give way"
        yield Finding(NAME, first, "moves_with", rule, "name the others, or clear it")
        return
    is_alike = True
    for row in rows[1:]:
        for name in ("target", "how"):
            if frame[name].iloc[row] != frame[name].iloc[first]:
                is_alike = False
                rule = "must be that of the other rows of the sum, such as {other}"
                remedy = "make them alike, or clear moves_with"
                yield Finding(NAME, row, name, rule, remedy, None, (NAME, first))
    if is_alike and _can_be_picked(rows, frames):
        yield from _overlaps(rows, frames)


def _can_be_picked(rows: list[int], frames: Frames) -> bool:
    """Whether targets and conditions pick rows; others say what is wrong with them."""
    picks = frames[NAME].iloc[rows][["target", "where"]].itertuples(index=False, name=None)
    return not any(wrong_target(target) or wrong_where(target, where, frames)
                   for target, where in picks)  # fmt: skip


def _overlaps(rows: list[int], frames: Frames) -> Iterator[Finding]:
    """Yield what a sum may not have: figures counted twice, blanks, an end beyond the sum."""
    frame = frames[NAME]
    table, _, key = frame["target"].iloc[rows[0]].partition(".")
    if table == CASE.name:
        rule = "a key of case.toml is no part of a sum"
        yield Finding(NAME, rows[0], "moves_with", rule, "clear it")
        return
    figures = frames[table][key].to_numpy(dtype=float)
    seen = np.zeros(len(figures), dtype=bool)
    picks = {row: _picked(table, frame["where"].iloc[row], frames) for row in rows}
    for row, picked in picks.items():
        if (picked & seen).any():
            rule = f"must not pick a row of {table} that another of the sum picks"
            yield Finding(NAME, row, "where", rule, "pick other rows")
            return
        seen |= picked
        if np.isnan(figures[picked]).any():
            rule = "must pick figures, not blanks, where they are part of a sum"
            yield Finding(NAME, row, "where", rule, "pick other rows, or fill them")
            return
    yield from _beyond(picks, figures, frame)


def _picked(table: str, where: str, frames: Frames) -> Mask:
    return matching(frames[table], typed_where(TABLES[table], parse_where(where)))


def _beyond(
    picks: Mapping[int, Mask], figures: Floats, assumptions: pd.DataFrame
) -> Iterator[Finding]:
    """Yield ends of ranges that leave less than nothing of a sum."""
    total = sum(figures[picked].sum() for picked in picks.values())
    for row, picked in picks.items():
        now = figures[picked].sum()
        is_factor = assumptions["how"].iloc[row] == "factor"
        for name in ("low", "high"):
            end = assumptions[name].iloc[row]
            part = now * end if is_factor else end * picked.sum()
            if part > total or (now == total and part != now):
                rule = f"must leave the others of the sum, which is {total:g}, something to give"
                yield Finding(NAME, row, name, rule, "narrow the range")


ASSUMPTION_RULES: tuple[Rule, ...] = (_range_or_scenario, _sums_that_stay)
