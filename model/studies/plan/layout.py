"""Which column and which row of the plan's program stands for what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from model.studies.plan.period_budgets import PeriodBudget
from model.studies.plan.places import Places
from model.studies.plan.start import Purchase, Start
from model.studies.plan.starts import Starts
from model.studies.siting.options import AnswerRule


@dataclass(frozen=True)
class SparseRow:
    """least ≤ Σ weight × column ≤ most."""

    weights: Mapping[int, float]
    least: float = -np.inf
    most: float = np.inf


@dataclass(frozen=True)
class PeriodLoad:
    """A project that makes nothing in a period, or at least a share of its size.

    Attributes
    ----------
    row : of the program, what it makes
    members : its starts that stand in the period
    share, capacity_kt : the greatest of these
    """

    row: int
    members: tuple[int, ...]
    share: float
    capacity_kt: float


@dataclass(frozen=True)
class PlanLayout:
    """Which column and row stands for what.

    Columns: the lanes of every period, stocks of every period that carries (of each origin that can
    hold them), the J answers, the sizes of the starts that are sized, whether each project with a
    least load runs in each period. Rows begin with those of the market of every period.
    """

    places: Places
    starts: Starts

    @cached_property
    def first_lane(self) -> list[int]:
        """Column of the first lane of every period; at the end, of the first stock."""
        return list(accumulate((len(lanes) for lanes in self.places.lanes), initial=0))

    @cached_property
    def first_row(self) -> list[int]:
        """Row of the first origin of every period; at the end, the first that is no market's."""
        return list(accumulate((m.row_count for m in self.places.markets), initial=0))

    def stocks(self, period: int) -> slice:
        """Columns of what is carried from a period to the next."""
        count = len(self.places.stock_origins)
        first = int(self.first_lane[-1]) + count * self.places.carries.index(period)
        return slice(first, first + count)

    @property
    def first_answer(self) -> int:
        """Column of the first answer."""
        return self.first_lane[-1] + len(self.places.carries) * len(self.places.stock_origins)

    @property
    def answers(self) -> slice:
        """Columns of all answers."""
        return slice(self.first_answer, self.first_answer + len(self.starts))

    def answer(self, start: int) -> int:
        """Column of an answer."""
        return self.first_answer + start

    @cached_property
    def sizes(self) -> list[tuple[int, float]]:
        """Column and factor that make the size of each start: its own, or capacity × answer."""
        terms, following = [], self.answers.stop
        for number, start in enumerate(self.starts.starts):
            own = (following, 1.0), (self.answer(number), start.capacity_kt)
            terms.append(own[0] if start.is_sized else own[1])
            following += start.is_sized
        return terms

    @property
    def runs(self) -> slice:
        """Columns that say whether projects with a least load run."""
        first = int(self.answers.stop) + sum(start.is_sized for start in self.starts.starts)
        return slice(first, first + len(self.loads))

    @property
    def width(self) -> int:
        """How many columns there are."""
        return int(self.runs.stop)

    @cached_property
    def loads(self) -> list[PeriodLoad]:
        """Projects with a least load, period by period."""
        own: dict[int, list[int]] = {}
        for row, members in self.raised.items():
            for number, _ in members:
                if self.starts.starts[number].min_load > 0:
                    own.setdefault(row, []).append(number)
        return [
            PeriodLoad(
                row,
                tuple(members),
                max(self.starts.starts[number].min_load for number in members),
                self._most_kt(members),
            )
            for row, members in sorted(own.items())
        ]

    def _most_kt(self, members: Iterable[int]) -> float:
        """Greatest size of a project by some of its starts: of one period, all lines."""
        most: dict[int, float] = {}
        for start in (self.starts.starts[number] for number in members):
            most[start.period] = most.get(start.period, 0.0) + start.capacity_kt
        return max(most.values())

    def row_of(self, period: int, start: Start) -> int:
        """Row of a period that a start raises."""
        return int(self.first_row[period]) + self.places.markets[period].row_of(*start.row)

    def rule(self, rule: AnswerRule) -> SparseRow:
        """A rule on answers as a row."""
        weights = {self.answer(number): weight for number, weight in rule.weights.items()}
        return SparseRow(weights, rule.least, rule.most)

    def budget(self, budget: PeriodBudget) -> SparseRow:
        """The budget of a period as a row."""
        return SparseRow(self.spent(budget.purchases), most=budget.most_kcny)

    def spent(self, purchases: Mapping[int, Iterable[Purchase]]) -> dict[int, float]:
        """What purchases of starts cost by column, CNY thousand."""
        weights: dict[int, float] = {}
        for number, own in purchases.items():
            column, factor = self.sizes[number]
            for bought in own:
                for at, kcny in (
                    (self.answer(number), bought.capital_kcny),
                    (column, factor * bought.capital_kcny_per_kt),
                ):
                    if kcny:
                        weights[at] = weights.get(at, 0.0) + kcny
        return weights

    @cached_property
    def raised(self) -> dict[int, list[tuple[int, float]]]:
        """Rows that starts raise: for each, start and kt for each unit of its size."""
        found: dict[int, list[tuple[int, float]]] = {}
        for number, start in enumerate(self.starts.starts):
            for period, kt in zip(start.stands, start.raises_kt, strict=True):
                found.setdefault(self.row_of(period, start), []).append((number, kt))
        return found
