"""What can be chosen: projects to build, origins to close, and the rules among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Floats, Integers

if TYPE_CHECKING:
    pass

PROJECT, CLOSURE = "project", "closure"
SUPPLY, LIMIT = "supply_limit", "limit_kept"

RowName = tuple[str, str]
"""Family and name of a row of the program."""


@dataclass(frozen=True)
class Option:
    """One thing to decide, yes or no; of a project of variable size, also how large.

    Attributes
    ----------
    name : as the case has it (in a plan, several options share a project's name)
    kind : project or closure
    raises : row → by how much its upper bound rises, kt (a closure lowers it); of a project
        of variable size the size itself is added
    capacity_kt, min_kt : greatest and least size; equal where the size is fixed
    yearly_kcny : cost of a yes, per year, beside that of capital
    capital_kcny, capital_kcny_per_kt : upfront capital of a yes, and of each kt of size
    annuity : yearly cost of one unit of capital; 0 of a closure
    region, year : where it stands; of a plan, the first year in which it does
    min_load : share of its size that it ships at least if it ships at all
    line : which of the equal lines of its project it is, from 1; all but the first need the one
        before
    """

    name: str
    kind: str
    raises: Mapping[RowName, float]
    capacity_kt: float
    min_kt: float
    yearly_kcny: float = 0.0
    capital_kcny: float = 0.0
    capital_kcny_per_kt: float = 0.0
    annuity: float = 0.0
    region: str = ""
    year: int | None = None
    min_load: float = 0.0
    line: int = 1

    @property
    def lump_kcny(self) -> float:
        """Cost of a yes, per year."""
        return self.yearly_kcny + self.annuity * self.capital_kcny

    @property
    def unit_kcny_per_kt(self) -> float:
        """Cost of each kt of size, per year."""
        return self.annuity * self.capital_kcny_per_kt

    def cost_kcny(self, size_kt: float) -> float:
        """Cost of a yes at a size, per year."""
        return self.lump_kcny + size_kt * self.unit_kcny_per_kt

    def spent_kcny(self, size_kt: float) -> float:
        """Upfront capital of a yes at a size."""
        return self.capital_kcny + size_kt * self.capital_kcny_per_kt

    @property
    def is_sized(self) -> bool:
        """Whether its size is chosen too."""
        return self.min_kt < self.capacity_kt

    @property
    def supplies(self) -> bool:
        """Whether it is a source of its own, rather than raising a limit."""
        return self.is_project and any(family == SUPPLY for family, _ in self.raises)

    @property
    def costs_capital(self) -> bool:
        """Whether its cost is capital for each kt, rather than a sum whatever its size."""
        return self.annuity > 0 and (self.capital_kcny_per_kt > 0 or self.lump_kcny == 0)

    @property
    def is_project(self) -> bool:
        """Whether it builds."""
        return self.kind == PROJECT


@dataclass(frozen=True)
class AnswerRule:
    """A linear rule on the answers: least ≤ Σ weight × answer ≤ most.

    Attributes
    ----------
    label : what the certificate calls it; blank of one that fixes a single answer
    """

    why: str
    weights: Mapping[int, float]
    least: float = -np.inf
    most: float = np.inf
    label: str = ""

    @property
    def forces(self) -> bool:
        """Whether it leaves its answers, each of weight 1, no choice but yes."""
        return self.least == len(self.weights)


@dataclass(frozen=True)
class Load:
    """A project that ships nothing, or at least a share of its size.

    Attributes
    ----------
    members : its options
    capacity_kt : of all of them
    """

    row: RowName
    members: tuple[int, ...]
    share: float
    capacity_kt: float


@dataclass(frozen=True)
class Options:
    """All options of a case and the rules among them."""

    options: tuple[Option, ...]
    rules: tuple[AnswerRule, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.options)

    def numbers(self, name: str) -> list[int]:
        """Projects of this name, without further lines."""
        return [number for number in self.projects if self.options[number].name == name]

    @cached_property
    def projects(self) -> list[int]:
        """Options that build; of a project in lines, its first line."""
        return [number for number in self.decisions if self.options[number].is_project]

    @cached_property
    def closures(self) -> list[int]:
        """Options that close."""
        return [number for number in self.decisions if not self.options[number].is_project]

    @cached_property
    def decisions(self) -> list[int]:
        """Projects and closures, in order: all options but further lines."""
        return [number for number, option in enumerate(self.options) if option.line == 1]

    @cached_property
    def unlined(self) -> list[int]:
        """Projects that do not come in lines."""
        return [number for number in self.projects if len(self.lines(number)) == 1]

    def lines(self, number: int) -> list[int]:
        """All lines of a project by its first, in order; itself alone where it has no others."""
        following = range(number + 1, len(self.options))
        more = takewhile(lambda other: self.options[other].line > 1, following)
        return [number, *more]

    def size_kt(self, sizes: Floats, number: int) -> float:
        """Size of a project with all its lines, of the sizes of all options, (J,)."""
        return float(sizes[self.lines(number)].sum())

    def spent_kcny(self, sizes: Floats, number: int) -> float:
        """Upfront capital of a project with all its lines."""
        return self.options[number].spent_kcny(self.size_kt(sizes, number))

    @cached_property
    def loads(self) -> list[Load]:
        """Projects with a least load, in order."""
        own: dict[RowName, list[int]] = {}
        for number, option in enumerate(self.options):
            if option.min_load > 0:
                own.setdefault(next(iter(option.raises)), []).append(number)
        return [
            Load(
                row,
                tuple(members),
                self.options[members[0]].min_load,
                sum(self.options[number].capacity_kt for number in members),
            )
            for row, members in own.items()
        ]

    @property
    def has_convex_costs(self) -> bool:
        """Whether the cost of every set is a convex function of the budget."""
        return not self.loads or not len(self.sized)

    @cached_property
    def sized(self) -> Integers:
        """Options whose size is chosen too, in order."""
        is_sized = [option.is_sized for option in self.options]
        return np.flatnonzero(np.array(is_sized, bool))
