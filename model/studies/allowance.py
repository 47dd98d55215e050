"""How much of a study may be answered: until a moment, or so many of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from model.case.errors import OutOfTime
from model.market.lanes import COST, Objective
from model.market.market import Market
from model.result.answer import ANSWERED, CUT_SHORT
from model.solve.column_generation import Allocator
from model.solve.deadline import NEVER, Deadline
from model.solve.optimum import Optimum
from model.solve.outcome import TIME
from model.solve.solution import Status

Part = TypeVar("Part")


class Allowance:
    """Hands out the parts of a study one by one; each that it hands out is whole and proved.

    Parameters
    ----------
    deadline : nothing is solved after it
    parts : so many parts at most: those that an earlier answer had, to ask it again

    Attributes
    ----------
    answered : parts handed out so far
    is_cut_short : whether some were not
    """

    def __init__(self, deadline: Deadline = NEVER, parts: int | None = None) -> None:
        self.deadline, self.parts = deadline, parts
        self.answered, self.is_cut_short = 0, False

    def collect(self, parts: Iterator[Part]) -> list[Part]:
        """The parts that the allowance admits, in their order."""
        found: list[Part] = []
        while not self.is_cut_short:
            if self.answered == self.parts:
                self.is_cut_short = True
                break
            try:
                found.append(next(parts))
            except StopIteration:
                break
            except OutOfTime:
                self.is_cut_short = True
                break
            self.answered += 1
        return found

    def allocator(self, market: Market) -> Allocator:
        """A session whose every answer is proved: it raises `OutOfTime` where the moment comes."""
        return _Prover(market, deadline=self.deadline)

    def took(self, answered: int, of: int) -> None:
        """Note how many parts were answered by other means than `collect`."""
        self.answered, self.is_cut_short = answered, answered < of

    def note(self) -> dict[str, dict[str, str | int]]:
        """What an answer says of itself where it was cut short; nothing where it is whole."""
        if not self.is_cut_short:
            return {}
        return {CUT_SHORT: {"reason": f"{TIME} came first", ANSWERED: self.answered}}


class _Prover(Allocator):
    """An allocator that knows no answer but a proved one."""

    def optimise(
        self, objective: Objective = COST, among: Market | None = None, *, primal: bool = False
    ) -> Optimum:
        """As an `Allocator`, or raise `OutOfTime`."""
        if self.deadline.has_passed:
            raise OutOfTime
        optimum = super().optimise(objective, among, primal=primal)
        if optimum.status is Status.LIMIT:
            raise OutOfTime
        return optimum
