"""A best choice is published as optimal once a second search has found the same cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from model.arrays import Booleans
from model.case.errors import SolverFailed
from model.market.market import KCNY_PER_MCNY
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Outcome, Proved, answer_of

SAME_COST = 1e-6
"""Part by which the costs that two searches find may differ."""
UNCONFIRMED = "the time limit, before a second search had confirmed it"


class Chosen(Protocol):
    """Answers to every question, and what they cost."""

    @property
    def yes(self) -> Booleans:
        """The answers."""

    @property
    def cost_kcny(self) -> float:
        """The cost."""


Choice = TypeVar("Choice", bound=Chosen)


@dataclass(frozen=True)
class Confirmed(Generic[Choice]):
    """The outcome of a first search, proved only if a second one agrees; and what that one found.

    Attributes
    ----------
    second : None where there was nothing to confirm, or no time
    """

    outcome: Outcome[Choice]
    second: Outcome[Choice] | None

    def as_dict(self) -> dict[str, object]:
        """What stands behind the claim, as JSON; nothing more of what was not confirmed."""
        first, again = answer_of(self.outcome), None
        if isinstance(self.outcome, Proved) and self.second is not None:
            again = answer_of(self.second)
        return {
            "search_bound": "claimed",
            "second_search": "solver's own, presolve off, another seed, up to the first cost",
            "second_search_mcny": None if again is None else again.cost_kcny / KCNY_PER_MCNY,
            "second_search_agrees": again is not None,
            "same_set": first is not None
            and again is not None
            and bool(np.array_equal(first.yes, again.yes)),
        }


def confirm(
    outcome: Outcome[Choice], search_again: Callable[[float], Outcome[Choice]], deadline: Deadline
) -> Confirmed[Choice]:
    """Search again, in another way, for what a first search has proved.

    Parameters
    ----------
    search_again : the second search, for what costs less than so much, CNY thousand

    Raises
    ------
    SolverFailed
        The searches disagree.
    """
    if not isinstance(outcome, Proved):
        return Confirmed(outcome, None)
    unconfirmed = CutShort(outcome.best, outcome.bound, UNCONFIRMED)
    if deadline.has_passed:
        return Confirmed(unconfirmed, None)
    cost = outcome.best.cost_kcny
    room = SAME_COST * (1.0 + abs(cost))
    second = search_again(cost + room)
    if isinstance(second, CutShort):
        return Confirmed(unconfirmed, second)
    found = answer_of(second)
    if found is None or abs(found.cost_kcny - cost) > room:
        other = "no answer" if found is None else f"{found.cost_kcny:.12g}"
        raise SolverFailed(
            f"two searches disagree: {cost:.12g} thousand CNY, and then {other}; no result was"
            " written"
        )
    return Confirmed(outcome, second)
