"""The figures of a sweep: what varies, drawn for a case and checked against its schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from model.arrays import Floats, Integers
from model.case.case import Case
from model.case.cells import Value
from model.case.change import moved
from model.case.errors import Fault, quoted, raise_any
from model.case.schema import CASE, TABLES, column
from model.case.where import matching
from model.checking.check import LEAST_AND_MOST, out_of_bounds
from model.checking.rules_network import NO_MIN, may_have_min
from model.checking.rules_targets import MIN
from model.studies.sweep.distributions import Distribution

CHUNK_DRAWS = 250
"""Draws of a chunk; the same whoever works, so that the answers are."""
CHUNK_DRAWS_IN_HASTE = 10
"""Draws of a chunk under a time limit, which is looked at between chunks; one, where each draw is a
case of its own."""


@dataclass(frozen=True)
class Variation:
    """One `[[vary]]`: which figures vary, and how.

    Attributes
    ----------
    name : what results call it
    target : `table.column`, or `case.KEY`
    where : values by column that a row must have
    each : whether every row draws its own
    is_factor : whether what is drawn multiplies the case's figure
    distribution : None where a CSV brings the figures
    group : of figures drawn together; blank means alone
    """

    name: str
    target: str
    where: Mapping[str, list[Value]] = field(default_factory=dict)
    each: bool = False
    is_factor: bool = True
    distribution: Distribution | None = None
    group: str = ""

    @property
    def how(self) -> Literal["set", "scale"]:
        """What is drawn does so to the case's figure."""
        return "scale" if self.is_factor else "set"

    @property
    def table(self) -> str:
        """Name of the table."""
        return self.target.partition(".")[0]

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.target.partition(".")[2]


@dataclass(frozen=True)
class DrawPlan:
    """A whole `DRAWS.toml`.

    Attributes
    ----------
    correlations : by group
    given : (N, V) figures of the user's own, or None
    files : what it was read from
    """

    variations: tuple[Variation, ...]
    seed: int = 1
    draws: int = 1000
    keep: tuple[str, ...] = ("prices",)
    correlations: Mapping[str, float] = field(default_factory=dict)
    given: Floats | None = None
    files: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Lever:
    """One drawn number and the rows of a column that it moves.

    Attributes
    ----------
    name : of the variation, and of the row where each row draws its own
    variation : it belongs to
    rows : rows of the table, in the case's order
    """

    name: str
    variation: Variation
    rows: Integers


@dataclass(frozen=True)
class Draws:
    """N draws of L levers: factors, or figures.

    Attributes
    ----------
    levers : L of them
    value : (N, L)
    """

    levers: tuple[Lever, ...]
    value: Floats

    def __len__(self) -> int:
        return len(self.value)

    def part(self, rows: slice) -> Draws:
        """Some of the draws; figures that are known of all are known of these."""
        part = Draws(self.levers, self.value[rows])
        part._figures.update({key: figures[rows] for key, figures in self._figures.items()})
        return part

    def first(self, count: int | None) -> Draws:
        """So many of the first draws; all where no number is given."""
        return self.part(slice(0, count))

    def chunks(self, *, in_haste: bool, as_cases: bool = False) -> list[Draws]:
        """All draws in parts of one size, the last one the rest."""
        size = CHUNK_DRAWS
        if in_haste:
            size = 1 if as_cases else CHUNK_DRAWS_IN_HASTE
        return [self.part(slice(at, at + size)) for at in range(0, len(self), size)]

    @cached_property
    def targets(self) -> set[str]:
        """`table.column` of everything that varies."""
        return {lever.variation.target for lever in self.levers}

    def column(self, target: str, base: Floats) -> Floats:
        """The figures of a column in every draw, (N, rows), or (1, rows) where none varies.

        Levers that move the same figure act in the order of the file; blanks stay blank
        under a factor. Found once for each column, and not to be written to.
        """
        if target not in self.targets:
            return base[None, :]
        key = target, base.tobytes()
        if key not in self._figures:
            self._figures[key] = self._moved(target, base)
            self._figures[key].flags.writeable = False
        return self._figures[key]

    @cached_property
    def _figures(self) -> dict[tuple[str, bytes], Floats]:
        return {}

    def _moved(self, target: str, base: Floats) -> Floats:
        """The figures of a column that levers move in every draw, (N, rows)."""
        moving = [
            (position, lever)
            for position, lever in enumerate(self.levers)
            if lever.variation.target == target
        ]
        figures = np.repeat(base[None, :], len(self), axis=0)
        untouched = np.ones(len(base), dtype=bool)
        for position, lever in moving:
            drawn = self.value[:, position, None]
            now = base[lever.rows] if untouched[lever.rows].all() else figures[:, lever.rows]
            figures[:, lever.rows] = moved(now, lever.variation.how, drawn)
            untouched[lever.rows] = False
        return figures


def draw(case: Case, plan: DrawPlan, count: int | None = None) -> Draws:
    """Draw the figures of a case.

    Parameters
    ----------
    count : int, optional
        How many draws, where not as many as the plan says.

    Raises
    ------
    BadInput
        A condition matches no row, a figure that varies is blank, or a draw gives a figure
        that the column does not allow.
    """
    levers = _levers(case, plan)
    size = plan.draws if count is None else count
    if plan.given is None:
        value = _drawn(plan, levers, size)
    else:
        place = {variation.name: number for number, variation in enumerate(plan.variations)}
        value = plan.given[:size, [place[lever.variation.name] for lever in levers]]
    draws = Draws(levers, value)
    _refuse_impossible(case, plan, draws)
    return draws


def _drawn(plan: DrawPlan, levers: tuple[Lever, ...], count: int) -> Floats:
    """Draws of every lever; within a group by a Gaussian copula of equal correlations."""
    rng = np.random.Generator(np.random.Philox(plan.seed))
    own = rng.standard_normal((count, len(levers)))
    groups = sorted({lever.variation.group for lever in levers} - {""})
    common = dict(zip(groups, rng.standard_normal((len(groups), count)), strict=True))
    value = np.empty((count, len(levers)))
    for position, lever in enumerate(levers):
        normal = own[:, position]
        if lever.variation.group:
            shared = plan.correlations[lever.variation.group]
            normal = np.sqrt(shared) * common[lever.variation.group] + np.sqrt(1 - shared) * normal
        assert lever.variation.distribution is not None
        value[:, position] = lever.variation.distribution.of_normal(normal)
    return value


def _levers(case: Case, plan: DrawPlan) -> tuple[Lever, ...]:
    faults: list[Fault] = []
    levers: list[Lever] = []
    for number, variation in enumerate(plan.variations, start=1):
        place = f"{_file(plan)}:vary {number}"
        rows, names = _rows(case, variation)
        if not len(rows):
            rule, remedy = f"must match a row of {variation.table}", f"see {variation.table}.csv"
            faults.append(Fault(f"{place}:where", quoted(str(variation.where)), rule, remedy))
        base = base_figures(case, variation.target)
        if len(rows) and np.isnan(base[rows]).all() and variation.target != "sinks.max_kt":
            rule = "a figure that varies must be given in the case"
            faults.append(Fault(f"{place}:target", "a blank", rule, "write it there"))
        if variation.target == MIN and not may_have_min(case.limits, case.links)[rows].all():
            faults.append(Fault(f"{place}:target", MIN, NO_MIN, "pick other limits"))
        if variation.each:
            levers += [
                Lever(f"{variation.name} {name}", variation, np.array([row]))
                for row, name in zip(rows, names, strict=True)
            ]
        else:
            levers.append(Lever(variation.name, variation, rows))
    raise_any(faults)
    return tuple(levers)


def _rows(case: Case, variation: Variation) -> tuple[Integers, list[str]]:
    """Rows that a variation moves, and what to call each."""
    if variation.table == CASE.name:
        return np.array([0]), [""]
    table, frame = TABLES[variation.table], case.table(variation.table)
    rows = np.flatnonzero(matching(frame, variation.where))
    named = table.key or tuple(c.name for c in table.columns if c.required and not c.is_number)
    return rows, [" > ".join(filter(None, frame.iloc[row][list(named)])) for row in rows]


def base_figures(case: Case, target: str) -> Floats:
    """The case's own figures of a target, (rows,)."""
    table, _, column = target.partition(".")
    if table == CASE.name:
        return np.array([getattr(case.settings, column)], dtype=float)
    return case.table(table)[column].to_numpy(dtype=float)


def _refuse_impossible(case: Case, plan: DrawPlan, draws: Draws) -> None:
    """Refuse draws that give a figure its column does not allow, or a least above a most."""
    faults = []
    for target in sorted(draws.targets):
        figures = draws.column(target, base_figures(case, target))
        wrong = np.argwhere(out_of_bounds(column(target), figures) | np.isinf(figures))
        if len(wrong):
            number, row = wrong[0]
            places = [v for v in plan.variations if v.target == target]
            place = f"{_file(plan)}:vary {plan.variations.index(places[-1]) + 1}"
            found = f"{figures[number, row]:g} for {target} in draw {number + 1}"
            rule = f"must be {column(target).bounds_in_words or 'a number'}"
            remedy = "narrow the distribution, or cut it off with low and high"
            faults.append(Fault(place, found, rule, remedy))
    for table, low, high in LEAST_AND_MOST:
        pair = f"{table}.{low}", f"{table}.{high}"
        if set(pair) & draws.targets:
            least_kt, most_kt = (draws.column(t, base_figures(case, t)) for t in pair)
            crossed = np.argwhere(least_kt > most_kt)
            if len(crossed):
                found = f"{pair[0]} above {pair[1]} in draw {crossed[0][0] + 1}"
                rule, remedy = f"{low} must be at most {high}", "vary both, or narrow the one"
                faults.append(Fault(_file(plan), found, rule, remedy))
    raise_any(faults)


def _file(plan: DrawPlan) -> str:
    return plan.files[0].name if plan.files else "draws"
