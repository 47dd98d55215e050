"""Exact solution of a sparse system of linear equations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Generic, TypeVar

Equation = TypeVar("Equation", bound=Hashable)
Unknown = TypeVar("Unknown", bound=Hashable)


class SingularError(Exception):
    """The system has no solution, or more than one and no guess to choose by."""


def solve_exactly(
    equations: Mapping[Equation, Mapping[Unknown, Fraction]],
    right: Mapping[Equation, Fraction],
    guess: Mapping[Unknown, Fraction] | None = None,
) -> dict[Unknown, Fraction]:
    """Solve Σ_u equations[e][u] x[u] = right[e] for every e; an absent right-hand side is 0.

    Gaussian elimination that takes equations with fewest unknowns first: bases of transport
    programs are nearly triangular, so that little is left to eliminate and little fills in.

    Parameters
    ----------
    equations, right
        Coefficients that are not 0, and what they add up to.
    guess
        Value of each unknown that the equations leave free. Without it the solution has to be
        unique.

    Raises
    ------
    SingularError
        No solution, or several and no guess.
    """
    system = _System(equations, right)
    pivots = system.eliminate(has_guess=guess is not None)
    if system.holders and guess is None:
        raise SingularError
    solution = {unknown: (guess or {})[unknown] for unknown in system.holders}
    for name, pivot in reversed(pivots):
        terms, value = system.left[name], system.value[name]
        for unknown, coefficient in terms.items():
            if unknown != pivot:
                value -= coefficient * solution[unknown]
        solution[pivot] = value / terms[pivot]
    return solution


class _System(Generic[Equation, Unknown]):
    """Equations being eliminated.

    Attributes
    ----------
    left, value : coefficients that are not 0, and right-hand sides
    holders : of each unknown that is not a pivot, the equations that it stands in
    by_length : equations by how many unknowns they hold; those that gave a pivot are gone
    """

    def __init__(
        self,
        equations: Mapping[Equation, Mapping[Unknown, Fraction]],
        right: Mapping[Equation, Fraction],
    ) -> None:
        self.left = {name: dict(terms) for name, terms in equations.items()}
        self.value = {name: right.get(name, Fraction(0)) for name in equations}
        self.holders: defaultdict[Unknown, set[Equation]] = defaultdict(set)
        self.by_length: defaultdict[int, dict[Equation, None]] = defaultdict(dict)
        for name, terms in self.left.items():
            self.by_length[len(terms)][name] = None
            for unknown in terms:
                self.holders[unknown].add(name)

    def eliminate(self, *, has_guess: bool) -> list[tuple[Equation, Unknown]]:
        """Take a pivot from every equation, and it out of the others; return them in order."""
        pivots = []
        for _ in range(len(self.left)):
            length = min(length for length, members in self.by_length.items() if members)
            name = next(iter(self.by_length[length]))
            del self.by_length[length][name]
            terms = self.left[name]
            if not terms:
                if self.value[name] or not has_guess:
                    raise SingularError
                continue
            pivot = min(terms, key=lambda unknown: len(self.holders[unknown]))
            pivots.append((name, pivot))
            for unknown in terms:
                self.holders[unknown].discard(name)
            for other in self.holders.pop(pivot):
                self._take_out(pivot, name, other)
        return pivots

    def _take_out(self, pivot: Unknown, name: Equation, other: Equation) -> None:
        """Subtract so much of an equation from another that it loses the pivot."""
        terms, changed = self.left[name], self.left[other]
        del self.by_length[len(changed)][other]
        factor = changed.pop(pivot) / terms[pivot]
        for unknown, coefficient in terms.items():
            if unknown == pivot:
                continue
            changed[unknown] = changed.get(unknown, Fraction(0)) - factor * coefficient
            if changed[unknown]:
                self.holders[unknown].add(other)
            else:
                del changed[unknown]
                self.holders[unknown].discard(other)
        self.value[other] -= factor * self.value[name]
        self.by_length[len(changed)][other] = None
