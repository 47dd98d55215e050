"""How far every flow can vary in plans that cost nearly as little as the best one.

Of pairs of region and sink region, for each lane that the published plan uses, for
what leaves each region and what passes each port. Within 0 % the plans are the optimal face,
fixed by reduced costs; within more they are all plans that cost at most so much more, in
percent of the published plan's freight (of its cost where freight is 0). Every program prices
all lanes on offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pandas as pd

from model.case.case import Case
from model.case.distances import with_distances
from model.case.records import Record
from model.checking.case_faults import refuse_faulty
from model.market.market import KCNY_PER_MCNY
from model.market.network import build_network
from model.studies.allowance import Allowance
from model.studies.ranges.frontier import Reach
from model.studies.ranges.measures import measures, port_measures
from model.studies.ranges.near_optimal import (
    DECIMALS,
    FLOW_COLUMNS,
    LEAST_KT,
    MOST_ALTERNATIVES,
    NearOptimal,
)
from model.studies.steps import counted

WITHIN = 0.01
MOST_NAMED = 6
DIFFERS_COLUMNS = ["alternative", "extra_mcny", "rerouted_kt", "what"]
COLUMNS = [
    "within", "kind", "origin", "sink", "mode", "route", "ship_kt", "low_kt", "high_kt", "label",
]  # fmt: skip


@dataclass(frozen=True)
class Ranges:
    """Least and greatest tonnes over all plans near the optimum.

    Attributes
    ----------
    table : within (a share of freight), kind (`pair`, `lane`, `outflow`, `port`), origin,
        sink, mode, route, ship_kt (in the published plan), low_kt, high_kt, label (`always`,
        `sometimes`, `never`); a port or region stands in `origin`, pairs are of regions
    alternatives : alternative, then the columns of a flow; complete plans within the budget
        that put the most tonnes on pairs which neither the published plan nor an earlier
        alternative uses
    differs : alternative, extra_mcny, rerouted_kt (tonnes that go another way, or come or go), what
    """

    table: pd.DataFrame
    alternatives: pd.DataFrame
    differs: pd.DataFrame


def ranges(
    case: Case, within: Sequence[float] = (WITHIN,), allowance: Allowance | None = None
) -> Ranges:
    """Least and greatest tonnes of every flow in plans that cost little more than the best one.

    Parameters
    ----------
    within : shares of freight by which plans may be dearer, 0 for the optimal plans alone
    allowance : how many rows, and then other plans, may be answered; all without

    Raises
    ------
    NoPlan
        The case has no feasible plan.
    """
    refuse_faulty(case)
    case, allowance = with_distances(case), allowance or Allowance()
    searches: list[NearOptimal] = []
    rows = allowance.collect(_rows(case, sorted(within), allowance, searches))
    table = pd.DataFrame(rows, columns=COLUMNS)
    if not searches:
        return Ranges(
            table,
            pd.DataFrame(columns=["alternative", *FLOW_COLUMNS]),
            pd.DataFrame(columns=DIFFERS_COLUMNS),
        )
    others = searches[0].alternatives(max(within))
    plans = allowance.collect(counted(others, "other plan", MOST_ALTERNATIVES))
    return Ranges(table, *_differences(searches[0], plans))


def _rows(
    case: Case, within: Sequence[float], allowance: Allowance, searches: list[NearOptimal]
) -> Iterator[Record]:
    """Ranges of pairs, regions and lanes, then of ports; the searches behind them are added."""
    searches.append(NearOptimal(case, measures(case), allowance))
    at_ports = port_measures(case, build_network(case))
    if at_ports:
        searches.append(NearOptimal(case, at_ports, allowance, with_lanes=False))
    flows = sum(len(search.quantities) for search in searches)
    for share in within:
        rows = chain.from_iterable(search.rows(share) for search in list(searches))
        yield from counted(rows, f"range within {100 * share:g} %, flow", flows)


def of_used_lanes(case: Case, within: float = WITHIN) -> pd.DataFrame:
    """The ranges of the lanes that the published plan uses, alone."""
    rows = NearOptimal(with_distances(case), [], Allowance()).rows(within)
    return pd.DataFrame(list(rows), columns=COLUMNS)


def _differences(search: NearOptimal, plans: Sequence[Reach]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Alternative plans as tables: all their flows, and how each differs from the published one."""
    base = search.table(search.plan.ship_kt).groupby(["origin", "sink"])["ship_kt"].sum()
    flows, records = [], []
    for number, plan in enumerate(plans, start=1):
        table = search.table(plan.ship_kt)
        flows.append(table.assign(alternative=number))
        own = table.groupby(["origin", "sink"])["ship_kt"].sum()
        change = own.sub(base, fill_value=0.0)
        change = change[change.abs() > LEAST_KT].sort_index()
        order = (-change.abs()).sort_values(kind="stable").index[:MOST_NAMED]
        what = [
            f"{o} to {s} {base.get((o, s), 0.0):,.6g} → {own.get((o, s), 0.0):,.6g} kt"
            for o, s in order
        ]
        gained, lost = change.clip(lower=0.0).sum(), -change.clip(upper=0.0).sum()
        records.append(
            {
                "alternative": number,
                "extra_mcny": round(
                    (plan.cost_kcny - search.plan.objective) / KCNY_PER_MCNY, DECIMALS
                ),
                "rerouted_kt": round(float(max(gained, lost)), DECIMALS),
                "what": "; ".join(what),
            }
        )
    columns_of = ["alternative", *FLOW_COLUMNS]
    together = (
        pd.concat(flows, ignore_index=True)[columns_of]
        if flows
        else pd.DataFrame(columns=columns_of)
    )
    return together, pd.DataFrame(records, columns=DIFFERS_COLUMNS)
