"""New capacity at a region as a case has it: one more origin beside those that stand there."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, count

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.commodities import commodities, input_uses
from model.case.errors import BadInput, Fault, quoted
from model.case.names import did_you_mean
from model.case.records import Record
from model.market.selection import SEPARATOR, names_in
from model.result.balance import home_origins, home_sinks, is_maker, own_sinks
from model.result.definitions import DOMESTIC


def site_names(case: Case, regions: Iterable[str]) -> dict[str, str]:
    """What the origin of new capacity at each region is called: a name that the case has not."""
    taken = {*case.origins["origin"], *case.lanes["origin"], *case.projects["project"]}
    names: dict[str, str] = {}
    for region in dict.fromkeys(regions):
        numbered = (f"{region} (new {number})" for number in count(2))
        names[region] = next(
            name for name in chain([f"{region} (new)"], numbered) if name not in taken
        )
        taken.add(names[region])
    return names


def regions_of(case: Case) -> list[str]:
    """Regions at which capacity can be added: those with an origin or a domestic sink."""
    home = case.sinks[case.sinks["kind"] == DOMESTIC]
    return sorted(set(case.origins["region"]) | set(home["region"]))


def deficit_regions(case: Case) -> list[str]:
    """Regions whose domestic demand exceeds their supply, the shortest of supply first."""
    demand = home_sinks(case).groupby("region")["demand_kt"].sum()
    supply = home_origins(case).groupby("region")["supply_kt"].sum()
    short = demand.sub(supply, fill_value=0.0)
    short = short[short > 0].sort_index().sort_values(ascending=False, kind="stable")
    return [str(region) for region in short.index]


def short_with_makers(case: Case) -> list[str]:
    """Those of them where something is made: they say what new capacity costs."""
    made_at = set(case.origins["region"][is_maker(case)])
    return [region for region in deficit_regions(case) if region in made_at]


def with_sites(case: Case, regions: Iterable[str], cost_cny_per_t: float | None = None) -> Case:
    """The case with an origin of no supply yet for new capacity at each region.

    It stands where the cheapest origin stands that makes the case's own commodity in the region
    (the first by name among equals), at that origin's cost of production, with the same recipes,
    explicit lanes to it and from it, duties and limits. A region without such an origin takes its
    place from its sink, else from what stands there, and then its cost must be given.

    Raises
    ------
    BadInput
        A region is unknown, or nothing says where it is or what production costs there.
    """
    sites, lanes = [], [case.lanes]
    limits, duties, recipes = case.limits, case.duties, [case.recipes]
    for region, name in site_names(case, regions).items():
        like, site = _site(case, region, cost_cny_per_t)
        site["origin"] = name
        sites.append(site)
        if like:
            sent = case.lanes[case.lanes["origin"] == like]
            lanes.append(sent.assign(origin=name, min_kt=0.0))
            brought = _lanes_of_inputs(case, like)
            lanes.append(brought.assign(sink=name, min_kt=0.0))
            recipes.append(case.recipes[case.recipes["origin"] == like].assign(origin=name))
            ends = ("origin", "sink") if len(brought) else ("origin",)
            limits, duties = (_with_name(table, like, name, ends) for table in (limits, duties))
    return case.replace_unchecked(
        origins=_stacked([case.origins, pd.DataFrame(sites)]),
        lanes=_stacked(lanes),
        recipes=_stacked(recipes),
        limits=limits,
        duties=duties,
    )


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _site(case: Case, region: str, cost_cny_per_t: float | None) -> tuple[str, Record]:
    """The row of a new origin, and the origin whose lanes and limits it shares (blank: none)."""
    here = case.origins[(case.origins["region"] == region) & is_maker(case)]
    site: Record = {"supply_kt": 0.0, "region": region}
    if here.empty:
        return "", site | _first_of_region(case, region, cost_cny_per_t)
    like = here.sort_values(["cost_cny_per_t", "origin"], kind="stable").iloc[0]
    cost = like["cost_cny_per_t"] if cost_cny_per_t is None else cost_cny_per_t
    site |= {"kind": like["kind"], "node": like["node"], "cost_cny_per_t": cost}
    return str(like["origin"]), site


def _first_of_region(case: Case, region: str, cost_cny_per_t: float | None) -> Record:
    """Place and cost of the first origin of a region that makes nothing."""
    known = regions_of(case)
    if region not in known:
        remedy = did_you_mean(region, known, f"the regions are {', '.join(known)}")
        raise BadInput([Fault("--at", quoted(region), "must be a region of the case", remedy)])
    places = pd.concat([own_sinks(case, DOMESTIC), case.sinks, case.origins])
    nodes = places["node"][(places["region"] == region) & (places["node"] != "")]
    if nodes.empty:
        rule = "new capacity takes its lanes from an origin of the region or from the network"
        remedy = "give the region an origin with lanes, or its sink a node"
        raise BadInput([Fault("--at", quoted(region), rule, remedy)])
    if cost_cny_per_t is None:
        rule = "no origin there says what production costs"
        raise BadInput([Fault("--at", quoted(region), rule, "add --cost CNY_PER_T")])
    return {"node": nodes.iloc[0], "cost_cny_per_t": cost_cny_per_t}


def _lanes_of_inputs(case: Case, origin: str) -> pd.DataFrame:
    """Explicit lanes that bring an origin what it takes."""
    taken = {use.input for use in input_uses(case) if use.origin == origin}
    sent = dict(zip(case.origins["origin"], commodities(case, case.origins), strict=True))
    brings = [sent.get(start, "") in taken for start in case.lanes["origin"]]
    return case.lanes[(case.lanes["sink"] == origin) & np.array(brings, dtype=bool)]


def _with_name(table: pd.DataFrame, like: str, name: str, ends: Iterable[str]) -> pd.DataFrame:
    """Selections that name one origin, in these columns, name the other too."""
    named = {
        end: [
            SEPARATOR.join([*names_in(cell), name]) if like in names_in(cell) else cell
            for cell in table[end]
        ]
        for end in ends
    }
    return table.assign(**named)
