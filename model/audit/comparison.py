"""A comparison, every figure derived again from the flows and inputs of its runs.

How a difference of cost is split over its causes takes programs that no run has solved; here it is
held to its sum, the difference of the two costs.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from model.audit.deliveries import EXPORT, Flow, deliveries
from model.audit.disagreement import OF_PRICES, Disagreement, compare_number, compare_table, show
from model.audit.figures import (
    BALANCE,
    KT_KM_PER_BN_T_KM,
    Figures,
    balance,
    flows_of,
    run_figures,
)
from model.audit.stored import Stored, read_stored
from model.certify.program import KCNY_PER_MCNY, ZERO
from model.certify.proof import published_plan
from model.certify.reading import exact, exact_or_none, read_output

WHOLE = "all"
EASING = (
    "deficit_kt", "moved_kt", "bn_t_km", "transport_cost_mcny", "co2_kt", "self_sufficiency",
)  # fmt: skip
MEASURED = ("moved_kt", "bn_t_km", "transport_cost_mcny", "co2_kt")
"""Those of them that flows add up to; the others are of a region's balance."""
WORST_FIRST = ("limit", "infeasible", "optimal")
UNCOMPARED = "seconds"
Place = tuple[str, str]
"""A region and its role: region or market."""
Rows = dict[tuple[str, ...], Figures]


def runs_of(run: Path, content: Mapping[str, Any]) -> list[Path]:
    """Where the runs of a comparison are: beside it, or else where it says."""
    named = [Path(name) for name in content["runs"]]
    companions = [run.parent / path.name for path in named]
    pairs = zip(companions, named, strict=True)
    return [companion if companion.is_dir() else path for companion, path in pairs]


def check_comparison(
    content: Mapping[str, Any], outputs: Mapping[str, str], runs: Sequence[Path]
) -> Iterator[Disagreement]:
    """Figures and names of a comparison that its runs do not give.

    Parameters
    ----------
    content : run.json of the comparison
    outputs : name → text of its tables
    """
    if not runs:
        yield Disagreement("run.json", "runs", "none", "the runs that were compared")
        return
    compared = [Compared(read_stored(run)) for run in runs]
    names = run_names(compared)
    status = next(x for x in WORST_FIRST if x in [each.status for each in compared])
    for figure, said, found in (
        ("status", content.get("status"), status),
        ("results", content.get("results"), names),
    ):
        if said != found:
            yield Disagreement("run.json", figure, show(said), show(found))
    for table, keys, expected in (
        ("figures", ("figure",), _figures(names, compared)),
        ("regions", ("run", "region", "role"), _regions(names, compared)),
        ("lanes", ("origin", "sink"), _lanes(names, compared)),
        ("easing", ("run", "region", "role"), _easing(names, compared)),
    ):
        yield from compare_table(read_output(outputs, table), keys, expected, OF_PRICES)
    yield from _attribution(outputs, names, compared)


@dataclass(frozen=True)
class Compared:
    """A run, with what its flows come to."""

    stored: Stored

    @property
    def status(self) -> str:
        """As run.json has it."""
        return str(self.stored.summary.get("status"))

    @cached_property
    def flows(self) -> list[Flow]:
        """What its lanes carry."""
        plan = published_plan(self.stored.program, self.stored.outputs)
        return flows_of(self.stored.program, plan)

    @cached_property
    def delivered(self) -> list[Flow]:
        """What arrives, by where it was made."""
        return deliveries(self.stored.program, list(self.flows))

    @cached_property
    def figures(self) -> Figures:
        """Every number of run.json; those that flows give, from these."""
        summary = self.stored.summary
        said: Figures = {
            name: Fraction(value)
            for name, value in summary.items()
            if isinstance(value, Fraction | int) and name != UNCOMPARED
        }
        if not self.flows:
            return said
        found = run_figures(self.stored.program, self.flows, self.stored.fixed_cost_mcny)
        return said | {name: value for name, value in found.items() if name in said}

    @cached_property
    def regions(self) -> dict[Place, Figures]:
        """Its balance; as it stands where there are no flows."""
        if self.flows:
            return balance(self.stored.program, self.delivered)
        table = read_output(self.stored.outputs, "balance")
        return {
            (region, role): dict(zip(BALANCE, map(exact_or_none, cells), strict=True))
            for region, role, *cells in table.records("region", "role", *BALANCE)
        }

    @cached_property
    def easing(self) -> dict[Place, Figures]:
        """What measures the mismatch, of every region and market, and of the whole."""
        amounts: defaultdict[Place, defaultdict[str, Fraction]]
        amounts = defaultdict(lambda: defaultdict(Fraction))
        for flow in self.delivered:
            own = amounts[_place(flow)]
            if flow.is_moved:
                own["moved_kt"] += flow.ship_kt
            if flow.is_domestic:
                own["bn_t_km"] += flow.ship_kt * flow.km / KT_KM_PER_BN_T_KM
        for flow in self.flows:
            own = amounts[_place(flow)]
            freight = flow.ship_kt * flow.lane.freight_cny_per_t
            own["transport_cost_mcny"] += freight / KCNY_PER_MCNY
            own["co2_kt"] += flow.ship_kt * flow.lane.co2_t_per_t
        table: dict[Place, Figures] = {}
        for place, row in self.regions.items():
            sums: Figures = {name: amounts[place][name] for name in MEASURED}
            table[place] = sums | {name: row[name] for name in ("deficit_kt", "self_sufficiency")}
        return {(WHOLE, WHOLE): {name: self.figures.get(name) for name in EASING}, **table}

    @property
    def flow_cost_mcny(self) -> Fraction:
        """What its plan costs, without what it has built."""
        return (self.figures["total_cost_mcny"] or ZERO) - self.stored.fixed_cost_mcny


def _place(flow: Flow) -> Place:
    """Where a flow ends."""
    return flow.sink.region, "market" if flow.sink.kind == EXPORT else "region"


def run_names(compared: Sequence[Compared]) -> list[str]:
    """A name for each run: its scenario's, numbered where several share it."""
    given = [str(each.stored.summary["scenario"]["name"]) for each in compared]
    seen: Counter[str] = Counter()
    names = []
    for name in given:
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if given.count(name) > 1 else name)
    return names


def _figures(names: Sequence[str], compared: Sequence[Compared]) -> Rows:
    shown = dict.fromkeys(name for each in compared for name in each.figures)
    return {
        (figure,): {
            name: each.figures.get(figure) for name, each in zip(names, compared, strict=True)
        }
        for figure in shown
    }


def _regions(names: Sequence[str], compared: Sequence[Compared]) -> Rows:
    return {
        (name, *place): row
        for name, each in zip(names, compared, strict=True)
        for place, row in each.regions.items()
    }


def _lanes(names: Sequence[str], compared: Sequence[Compared]) -> Rows:
    used: Rows = {}
    for name, each in zip(names, compared, strict=True):
        for flow in each.flows:
            row = used.setdefault(flow.lane.key[:2], dict.fromkeys(names, ZERO))
            row[name] = (row[name] or ZERO) + flow.ship_kt
    return used


def _easing(names: Sequence[str], compared: Sequence[Compared]) -> Rows:
    base, rows = compared[0].easing, Rows()
    for name, each in zip(names[1:], compared[1:], strict=True):
        for place in dict.fromkeys([*base, *each.easing]):
            before, after = base.get(place, {}), each.easing.get(place, {})
            rows[(name, *place)] = {
                measure: _change(before.get(measure), after.get(measure)) for measure in EASING
            }
    return rows


def _change(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    return None if before is None or after is None else after - before


def _attribution(
    outputs: Mapping[str, str], names: Sequence[str], compared: Sequence[Compared]
) -> Iterator[Disagreement]:
    """Parts that do not add up to the difference of cost, or are of no such run."""
    parts: dict[str, Fraction] = {}
    for run, cost in read_output(outputs, "attribution").records("run", "cost_mcny"):
        parts[run] = parts.get(run, ZERO) + exact(cost)
    for name, each in zip(names[1:], compared[1:], strict=True):
        if {compared[0].status, each.status} == {"optimal"}:
            found = each.flow_cost_mcny - compared[0].flow_cost_mcny
            figure = f"{name}, all parts"
            said = parts.get(name, ZERO)
            yield from compare_number("attribution.csv", figure, said, found, OF_PRICES)
    for name in parts.keys() - set(names[1:]):
        yield Disagreement("attribution.csv", name, "a run", "none")
