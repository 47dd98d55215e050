"""What makes a set the best of those that serve several futures, and what each future weighs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from fractions import Fraction

from model.case.errors import BadInput, Fault, quoted, raise_any


class Criterion(StrEnum):
    """What is minimised."""

    EXPECTED = "expected"
    WORST = "worst"
    REGRET = "regret"

    def of(self, costs: Sequence[float], least: Sequence[float], weights: Sequence[float]) -> float:
        """The criterion of a set.

        Parameters
        ----------
        costs : of the set in each future
        least : of each future's own best set
        weights : of each future

        Examples
        --------
        >>> Criterion.REGRET.of([5.0, 9.0], [4.0, 6.0], [0.5, 0.5])
        3.0
        """
        if self is Criterion.EXPECTED:
            return sum(cost * weight for cost, weight in zip(costs, weights, strict=True))
        if self is Criterion.WORST:
            return max(costs)
        return max(cost - best for cost, best in zip(costs, least, strict=True))


def read_criterion(text: str) -> Criterion:
    """The criterion of that name.

    Raises
    ------
    BadInput
    """
    try:
        return Criterion(text)
    except ValueError as error:
        names = ", ".join(Criterion)
        rule = f"must be one of {names}"
        raise BadInput([Fault("--together", quoted(text), rule, "write expected")]) from error


def read_weights(text: str | None, criterion: Criterion, futures: int) -> list[Fraction]:
    """Weights as they are written, in the order of the scenarios; equal ones where none are given.

    Raises
    ------
    BadInput
        They are not numbers, negative, too few or many, do not sum to 1, or are of no use.

    Examples
    --------
    >>> [str(each) for each in read_weights("1/3,0.5,1/6", Criterion.EXPECTED, 3)]
    ['1/3', '1/2', '1/6']
    """
    if text is None:
        return [Fraction(1, futures)] * futures
    given = [_weight(part) for part in text.split(",")]
    faults = []
    if criterion is not Criterion.EXPECTED:
        rule = f"weigh futures in --together expected alone, not in {criterion.value}"
        faults.append(Fault("--weights", quoted(text), rule, "drop them"))
    if len(given) != futures:
        rule = f"must be one for each of {futures} scenarios, in their order"
        faults.append(Fault("--weights", f"{len(given)} weights", rule, "write 0.5,0.3,0.2"))
    faults += [
        Fault("--weights", str(weight), "must be at least 0", "write 0 or more")
        for weight in given
        if weight < 0
    ]
    if sum(given) != 1:
        rule = "must sum to 1; fractions such as 1/3 are exact"
        faults.append(Fault("--weights", f"a sum of {_shown(sum(given))}", rule, "change one"))
    raise_any(faults)
    return given


def _weight(text: str) -> Fraction:
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError) as error:
        rule = "must be decimals or fractions joined by commas"
        raise BadInput([Fault("--weights", quoted(text), rule, "write 0.5,0.3,0.2")]) from error


def _shown(value: Fraction | int) -> str:
    return f"{float(value):.10g}"
