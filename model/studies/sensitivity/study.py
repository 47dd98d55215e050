"""What the conclusions rest on: each assumed figure over its range, and where a conclusion turns.

Two conclusions are watched: the largest flow between regions, and the order of regions by
what the first tonne of new capacity there saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.records import Record
from model.studies.allowance import Allowance
from model.studies.parametric.figure import Figure
from model.studies.sensitivity.conclusions import (
    DECIMALS,
    Conclusion,
    Conclusions,
    Effect,
    Idle,
    NewSites,
)
from model.studies.sensitivity.part_of_sum import PartOfSum
from model.studies.steps import counted

TOLERANCE = 1e-2
"""Part of a range to which the place where a conclusion turns is found, by halving."""
BEYOND = 1.0
"""So many times the range further on, at both sides, turns are looked for."""
COLUMNS = [
    "assumption", "figure", "unit", "now", "low", "high", "cost_at_low_mcny", "cost_at_high_mcny",
    "change_mcny", "flow_at_low", "flow_at_high", "sites_at_low", "sites_at_high", "turns",
    "holds_from", "holds_to", "note",
]  # fmt: skip


def sensitivity(
    case: Case, allowance: Allowance | None = None
) -> tuple[Conclusion | None, pd.DataFrame]:
    """Try each range of the case (`assumptions.csv`), the others as they are.

    Where it is part of a sum (`moves_with`), the others of that sum change in proportion.

    Returns
    -------
    now : Conclusion
        Of the case as it stands; None where it has no feasible plan.
    table : pandas.DataFrame
        assumption, figure, unit, now, low, high, cost_at_low_mcny, cost_at_high_mcny,
        change_mcny (high less low), flow_at_low, flow_at_high, sites_at_low, sites_at_high,
        turns (which conclusion is another one at an end of the range: `flow`, `sites`),
        holds_from and holds_to (the values around `now` between which both conclusions hold,
        found to `TOLERANCE` of the range; blank where they hold as far as was looked:
        `BEYOND` times the range further on), note. Largest change first.
    """
    places, allowance = NewSites(case), allowance or Allowance()
    base = market = places.market()
    assumptions = _assumptions(case)
    effects = []
    for each in assumptions:
        effect, market = places.effect(base, market, each.figure, each.low, each.high)
        effects.append(effect)
    found: list[Conclusion] = []

    def records() -> Iterator[Record]:
        conclusions = Conclusions(places, market, allowance)
        if conclusions.now is None:
            return
        found.append(conclusions.now)
        for each, effect in zip(assumptions, effects, strict=True):
            yield _Trial(conclusions, effect, conclusions.now, each).record(each.figure.now(case))

    tried = allowance.collect(counted(records(), "assumption", len(assumptions)))
    table = pd.DataFrame(tried, columns=COLUMNS)
    order = table["change_mcny"].abs().sort_values(ascending=False, kind="stable").index
    return (found[0] if found else None), table.loc[order].reset_index(drop=True)


@dataclass(frozen=True)
class _Assumption:
    """A figure of the case with its range."""

    name: str
    figure: Figure
    low: float
    high: float


def _assumptions(case: Case) -> list[_Assumption]:
    """The assumptions of a case that have a range."""
    ranges = case.assumptions[case.assumptions["scenario"] == ""].to_dict("records")
    figures = [Figure(row["target"], row["where"], row["how"]) for row in ranges]
    sums: dict[str, list[Figure]] = {}
    for row, figure in zip(ranges, figures, strict=True):
        sums.setdefault(row["moves_with"], []).append(figure)
    found = []
    for row, figure in zip(ranges, figures, strict=True):
        if row["moves_with"]:
            others = tuple(each for each in sums[row["moves_with"]] if each is not figure)
            figure = PartOfSum.of(figure, others, case)
        found.append(_Assumption(row["assumption"], figure, row["low"], row["high"]))
    return found


@dataclass(frozen=True)
class _Trial:
    """One assumption tried over its range, the others as they are."""

    conclusions: Conclusions
    effect: Effect
    now: Conclusion
    assumption: _Assumption

    def record(self, at_now: float | None) -> Record:
        """A row of the table."""
        low, high = self.assumption.low, self.assumption.high
        ends = {"low": self._at(low), "high": self._at(high)}
        holds = {"holds_from": np.nan, "holds_to": np.nan}
        if at_now is not None and not isinstance(self.effect, Idle):
            holds = self._holds(at_now)
        figure = self.assumption.figure
        record: Record = {
            "assumption": self.assumption.name,
            "figure": figure.name,
            "unit": figure.unit,
            "now": np.nan if at_now is None else at_now,
            "low": low,
            "high": high,
        }
        for name, found in ends.items():
            record |= {
                f"cost_at_{name}_mcny": np.nan if found is None else found.cost_mcny,
                f"flow_at_{name}": "" if found is None else found.flow,
                f"sites_at_{name}": "" if found is None else " > ".join(found.sites),
            }
        change = round(record["cost_at_high_mcny"] - record["cost_at_low_mcny"], DECIMALS)
        turned = {text for found in ends.values() if found for text in found.turned(self.now)}
        texts = {"turns": " and ".join(sorted(turned)), "note": self._note(ends)}
        return record | {"change_mcny": change} | texts | holds

    def _at(self, value: float) -> Conclusion | None:
        return self.conclusions.at(self.effect, value)

    def _note(self, ends: Mapping[str, Conclusion | None]) -> str:
        return "; ".join(
            ["it moves nothing in this run"] * isinstance(self.effect, Idle)
            + [f"no feasible plan at its {end} end" for end, found in ends.items() if found is None]
        )

    def _holds(self, at_now: float) -> dict[str, float]:
        """How far both conclusions hold on either side; NaN as far as was looked."""
        low, high = self.assumption.low, self.assumption.high
        further, figure = BEYOND * (high - low), self.assumption.figure
        most = figure.most if isinstance(figure, PartOfSum) else float("inf")
        looked = {
            "holds_from": (low, max(low - further, low / 2)),
            "holds_to": (high, min(high + further, most)),
        }
        return {
            name: self._turn(at_now, ends, (high - low) * TOLERANCE)
            if (ends[0] - at_now) * (ends[1] - at_now) >= 0
            else np.nan
            for name, ends in looked.items()
        }

    def _turn(self, start: float, ends: tuple[float, float], nearest: float) -> float:
        """The last value from `start` where the conclusions hold, before the first end without."""
        holds = start
        for end in ends:
            if not self.conclusions.hold(self.effect, end):
                fails = end
                while abs(fails - holds) > nearest:
                    middle = (holds + fails) / 2
                    if self.conclusions.hold(self.effect, middle):
                        holds = middle
                    else:
                        fails = middle
                return holds
            holds = end
        return float("nan")
