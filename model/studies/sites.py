"""New capacity at a region as a case has it: one more origin beside those that stand there.

A region of several places has one origin more at each of them, and a limit on them together.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, count

import numpy as np
import pandas as pd

from model.case.case import Case, canonical
from model.case.commodities import commodities, input_uses
from model.case.errors import BadInput, Fault, quoted
from model.case.names import did_you_mean
from model.case.records import Record
from model.case.schema import TABLES
from model.market.market import Market
from model.market.selection import SEPARATOR, names_in
from model.result.balance import home_origins, home_sinks, is_maker, own_sinks
from model.result.definitions import DOMESTIC


def site_names(case: Case, places: Iterable[str], besides: Collection[str] = ()) -> dict[str, str]:
    """What new capacity at each place is called, as an origin or a limit: a name of its own."""
    taken = {*besides} | {*case.origins["origin"], *case.lanes["origin"], *case.projects["project"]}
    taken |= set(case.limits["limit"])
    names: dict[str, str] = {}
    for place in dict.fromkeys(places):
        numbered = (f"{place} (new {number})" for number in count(2))
        names[place] = next(
            name for name in chain([f"{place} (new)"], numbered) if name not in taken
        )
        taken.add(names[place])
    return names


def site_rows(case: Case, market: Market, places: Iterable[str]) -> dict[str, int]:
    """The row that bounds new capacity at each place, in the market of `with_sites`."""
    rows = market.rows
    return {
        place: rows["supply_limit", name]
        if ("supply_limit", name) in rows
        else rows["limit_kept", name]
        for place, name in site_names(case, places).items()
    }


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


def with_sites(case: Case, places: Sequence[str], cost_cny_per_t: float | None = None) -> Case:
    """The case with an origin of no supply yet for new capacity at each place.

    A place is a region or an origin. New capacity stands where the cheapest origin stands that
    makes the case's own commodity there (the first by name among equals), at that origin's cost
    of production, with the same recipes, explicit lanes to it and from it, duties and limits.
    Where makers of a region stand at several nodes, there is such an origin at each node, with
    supply to spare, and a limit of nothing yet on them together. A region without a maker takes
    its place from its sink, else from what stands there, and then its cost must be given.

    Raises
    ------
    BadInput
        A place is unknown, or nothing says where it is or what production costs there.
    """
    new, pools, unmade = [], [], []
    names = site_names(case, places)
    likes = {place: makers_of(case, place) for place in names}
    parts = [like for several in likes.values() if len(several) > 1 for like in several]
    part_names = site_names(case, parts, names.values())
    to_spare_kt = float(case.sinks["max_kt"].fillna(case.sinks["demand_kt"]).sum())
    for place, name in names.items():
        if len(likes[place]) > 1:
            several = [part_names[like] for like in likes[place]]
            new += [
                (like, each, to_spare_kt) for like, each in zip(likes[place], several, strict=True)
            ]
            pools.append({"limit": name, "max": 0.0, "origin": SEPARATOR.join(several)})
        elif likes[place]:
            new.append((likes[place][0], name, 0.0))
        else:
            site: Record = {"origin": name, "supply_kt": 0.0, "region": place}
            unmade.append(site | _first_of_region(case, place, cost_cny_per_t))
    return _with_pools(_with_new(case, new, unmade, cost_cny_per_t), pools)


def _with_new(
    case: Case, new: list[tuple[str, str, float]], unmade: list[Record], cost: float | None
) -> Case:
    """The case with rows of origins, and with others like those that stand: like, name, kt."""
    origins = case.origins.set_index("origin")
    sites, lanes, recipes = list(unmade), [case.lanes], [case.recipes]
    limits, duties = case.limits, case.duties
    for like, name, supply_kt in new:
        stands = origins.loc[like]
        site: Record = {"origin": name, "supply_kt": supply_kt}
        site |= {column: stands[column] for column in ("region", "kind", "node")}
        sites.append(site | {"cost_cny_per_t": stands["cost_cny_per_t"] if cost is None else cost})
        sent = case.lanes[case.lanes["origin"] == like]
        brought = _lanes_of_inputs(case, like)
        lanes += [sent.assign(origin=name, min_kt=0.0), brought.assign(sink=name, min_kt=0.0)]
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


def _with_pools(case: Case, pools: list[Record]) -> Case:
    limits = canonical(TABLES["limits"], pd.DataFrame(pools))
    return case.replace_unchecked(limits=_stacked([case.limits, limits])) if pools else case


def makers_of(case: Case, place: str) -> list[str]:
    """The cheapest maker at each node of a region, the first by name; or the origin named."""
    origins = case.origins[is_maker(case)]
    here = origins[origins["region"] == place]
    if here.empty:
        return [place] if place in set(origins["origin"]) else []
    ordered = here.sort_values(["cost_cny_per_t", "origin"], kind="stable")
    return [str(name) for name in ordered.drop_duplicates("node")["origin"]]


def _stacked(frames: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)


def _first_of_region(case: Case, region: str, cost_cny_per_t: float | None) -> Record:
    """Place and cost of the first origin of a region that makes nothing."""
    known = regions_of(case)
    if region not in known:
        remedy = did_you_mean(region, known, f"the regions are {', '.join(known)}")
        raise BadInput(
            [Fault("--at", quoted(region), "must be a region or an origin of the case", remedy)]
        )
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
