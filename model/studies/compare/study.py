"""Runs side by side: what went in otherwise, what came out, and where the cost differs from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.case.records import Json
from model.market.market import KCNY_PER_MCNY
from model.result.answer import Answer
from model.result.definitions import DECIMALS, EXPORT, KT_KM_PER_BN_T_KM, Ends, located
from model.result.deliveries import deliveries, received
from model.result.figures import COMPARISON
from model.result.outputs import columns_of
from model.studies.compare.attribution import COLUMNS as ATTRIBUTION_COLUMNS
from model.studies.compare.attribution import attribute
from model.studies.compare.differences import differences

if TYPE_CHECKING:
    from model.result.allocation import Allocation

EASING = [
    "deficit_kt",
    "moved_kt",
    "bn_t_km",
    "transport_cost_mcny",
    "co2_kt",
    "self_sufficiency",
]
"""What easing of the mismatch is measured by."""
WHOLE = "all"
INPUT_COLUMNS = columns_of(COMPARISON, "inputs")


WORST_FIRST = ("limit", "infeasible", "optimal")


@dataclass(frozen=True)
class Comparison:
    """Runs compared with the first of them.

    Attributes
    ----------
    results : a name for each run, its scenario's, numbered where several share it
    figures : figure, then a column per run; figures are numbers of `run.json`
    regions : run, then the columns of balance.csv
    lanes : origin, sink, then tonnes per run in kt (0 where the pair is not used)
    inputs : run, table, row, column, before, after; a row that only one run has is blank
        in `column`, and on the side where it is missing
    easing : run, region, role (`all`, `region`, `market`), then the change against the first
        run of deficit_kt, moved_kt (into the region from others), bn_t_km, transport_cost_mcny
        and co2_kt (of shipments to it) and self_sufficiency
    attribution : run, what, changes, cost_mcny, rule; cost_mcny sums to the difference of
        total cost against the first run
    notes : what could not be compared, and why
    status : the worst of the runs'
    """

    results: tuple[str, ...]
    figures: pd.DataFrame
    regions: pd.DataFrame
    lanes: pd.DataFrame
    inputs: pd.DataFrame
    easing: pd.DataFrame
    attribution: pd.DataFrame
    notes: list[str] = field(default_factory=list)
    status: str = "optimal"

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        names = ("figures", "regions", "lanes", "inputs", "easing", "attribution")
        return {name: getattr(self, name) for name in names}

    def as_dict(self) -> Json:
        """The comparison as JSON-ready values; tables are lists of records."""
        tables = {
            name: [
                {key: None if value != value else value for key, value in record.items()}
                for record in table.to_dict("records")
            ]
            for name, table in self.tables().items()
        }
        return {"results": list(self.results), **tables, "notes": self.notes}

    def answer(self, runs: Sequence[str]) -> Answer:
        """The comparison as a run folder holds it; `runs` are the folders compared."""
        details = {"runs": list(runs), **self.as_dict()}
        return Answer(COMPARISON, self.status, {}, self.tables(), details=details)

    def with_place(self, answer: Answer) -> Comparison:
        """The comparison as it was saved: it says nothing of its place."""
        return self


def compare(results: Sequence[Allocation]) -> Comparison:
    """Set runs side by side, the first one as the base.

    Parameters
    ----------
    results : sequence of Allocation, at least one

    Source
    ------
    L. S. Shapley, A value for n-person games (1953), for the split of cost.
    """
    names = run_names(results)
    base, others = results[0], list(zip(names[1:], results[1:], strict=True))
    parts, notes = [], []
    for name, other in others:
        split, note = attribute(base.case, other.case, other.changes, name)
        parts.append(split)
        if note:
            notes.append(f"{name}: {note}")
    statuses = [result.status for result in results]
    return Comparison(
        status=next(status for status in WORST_FIRST if status in statuses),
        results=tuple(names),
        figures=_figures(results, names),
        regions=pd.concat(
            [r.balance.assign(run=n)[["run", *r.balance]] for n, r in zip(names, results)],  # noqa: B905
            ignore_index=True,
        ),
        lanes=_lanes(results, names),
        inputs=pd.DataFrame(
            [
                {"run": name, **{key: getattr(change, key) for key in INPUT_COLUMNS[1:]}}
                for name, other in others
                for change in differences(base.case, other.case)
            ],
            columns=INPUT_COLUMNS,
        ),
        easing=_easing(results, names),
        attribution=_stacked(parts, ATTRIBUTION_COLUMNS),
        notes=notes,
    )


def run_names(results: Sequence[Allocation]) -> list[str]:
    """A name for each run: its scenario's, numbered where several runs share it."""
    given = [result.scenario.name for result in results]
    seen: Counter[str] = Counter()
    names = []
    for name in given:
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if given.count(name) > 1 else name)
    return names


def _stacked(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _figures(results: Sequence[Allocation], names: list[str]) -> pd.DataFrame:
    """Figures that are numbers in some run, one a row."""
    shown = dict.fromkeys(
        figure
        for result in results
        for figure, value in result.figures.items()
        if isinstance(value, int | float) and figure != "seconds"
    )
    table = pd.DataFrame({"figure": list(shown)})
    for name, result in zip(names, results, strict=True):
        values = [result.figures.get(figure) for figure in shown]
        table[name] = np.array([np.nan if value is None else value for value in values], float)
    return table


def _lanes(results: Sequence[Allocation], names: list[str]) -> pd.DataFrame:
    """Tonnes of every pair that some run uses."""
    columns = [
        result.flows.groupby(["origin", "sink"])["ship_kt"].sum().rename(name)
        for name, result in zip(names, results, strict=True)
    ]
    return pd.concat(columns, axis=1).astype(float).fillna(0.0).sort_index().reset_index()


def _easing(results: Sequence[Allocation], names: list[str]) -> pd.DataFrame:
    """Changes of what measures the mismatch, the whole first, then each region and market."""
    base = _measures(results[0])
    tables = []
    for name, result in zip(names[1:], results[1:], strict=True):
        change = _measures(result).sub(base).round(DECIMALS) + 0.0
        change = change.sort_index(level="role", sort_remaining=False, kind="stable")
        tables.append(change.reset_index().assign(run=name))
    return _stacked(tables, ["run", "region", "role", *EASING])[["run", "region", "role", *EASING]]


def _measures(result: Allocation) -> pd.DataFrame:
    """Measures of easing, by role and region."""
    sold = located(result.case, deliveries(result.case, result.flows))
    ends, legs = Ends.of(sold), received(result.case, result.flows)
    haul = (sold["ship_kt"] * sold["km"]).where(ends.domestic, 0.0) / KT_KM_PER_BN_T_KM
    delivered = pd.DataFrame(
        {
            "region": sold["to_region"],
            "role": np.where(ends.to_market, "market", "region"),
            "moved_kt": sold["ship_kt"].where(ends.moved, 0.0),
            "bn_t_km": haul,
        }
    )
    paid = pd.DataFrame(
        {
            "region": legs["to_region"],
            "role": np.where(legs["to_kind"] == EXPORT, "market", "region"),
            "transport_cost_mcny": legs["ship_kt"] * legs["freight_cny_per_t"] / KCNY_PER_MCNY,
            "co2_kt": legs["co2_kt"],
        }
    )
    amount = pd.concat([delivered, paid], ignore_index=True).fillna(
        dict.fromkeys(("moved_kt", "bn_t_km", "transport_cost_mcny", "co2_kt"), 0.0)
    )
    by_place = amount.groupby(["role", "region"]).sum()
    balance = result.balance.set_index(["role", "region"])[["deficit_kt", "self_sufficiency"]]
    table = balance.join(by_place).fillna(dict.fromkeys(by_place.columns, 0.0))
    table = table[EASING].astype(float)
    whole = [result.figures.get(measure) for measure in EASING]
    table.loc[(WHOLE, WHOLE), :] = [np.nan if value is None else value for value in whole]
    return table
