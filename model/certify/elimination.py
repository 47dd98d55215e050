"""Exact solution of a sparse system of linear equations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import TypeVar

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
    left = {name: dict(terms) for name, terms in equations.items()}
    value = {name: right.get(name, Fraction(0)) for name in equations}
    holders: defaultdict[Unknown, set[Equation]] = defaultdict(set)
    by_length: defaultdict[int, dict[Equation, None]] = defaultdict(dict)
    for name, terms in left.items():
        by_length[len(terms)][name] = None
        for unknown in terms:
            holders[unknown].add(name)
    pivots: list[tuple[Equation, Unknown]] = []
    for _ in range(len(left)):
        length = min(length for length, members in by_length.items() if members)
        name = next(iter(by_length[length]))
        del by_length[length][name]
        terms = left[name]
        if not terms:
            if value[name] or guess is None:
                raise SingularError
            continue
        pivot = min(terms, key=lambda unknown: len(holders[unknown]))
        pivots.append((name, pivot))
        for unknown in terms:
            holders[unknown].discard(name)
        for other in holders.pop(pivot):
            changed = left[other]
            del by_length[len(changed)][other]
            factor = changed.pop(pivot) / terms[pivot]
            for unknown, coefficient in terms.items():
                if unknown == pivot:
                    continue
                changed[unknown] = changed.get(unknown, Fraction(0)) - factor * coefficient
                if changed[unknown]:
                    holders[unknown].add(other)
                else:
                    del changed[unknown]
                    holders[unknown].discard(other)
            value[other] -= factor * value[name]
            by_length[len(changed)][other] = None
    if holders and guess is None:
        raise SingularError
    solution = {unknown: (guess or {})[unknown] for unknown in holders}
    for name, pivot in reversed(pivots):
        terms = left[name]
        for unknown, coefficient in terms.items():
            if unknown != pivot:
                value[name] -= coefficient * solution[unknown]
        solution[pivot] = value[name] / terms[pivot]
    return solution
