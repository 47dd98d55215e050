"""What a search came to; what is not proved has a type that code which needs proof cannot take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Answer = TypeVar("Answer", covariant=True)


@dataclass(frozen=True)
class Proved(Generic[Answer]):
    """The best answer: the search ended by itself.

    Attributes
    ----------
    bound : no answer costs less, by the search's own claim
    """

    best: Answer
    bound: float


@dataclass(frozen=True)
class CutShort(Generic[Answer]):
    """A search that a limit ended: what it had found says nothing of what it had not.

    Attributes
    ----------
    found : the best answer so far, if any
    bound : no answer costs less; minus infinity where nothing is known
    reason : which limit, in words
    """

    found: Answer | None
    bound: float
    reason: str


@dataclass(frozen=True)
class Impossible:
    """No answer keeps all the rules: the search ended by itself."""


Outcome = Proved[Answer] | CutShort[Answer] | Impossible
"""Take it apart with `match` or `isinstance`: only `Proved` has a `best`."""

TIME = "the time limit"


def answer_of(outcome: Outcome[Answer]) -> Answer | None:
    """The answer at hand, proved or not, to show or to start from; never to conclude from."""
    match outcome:
        case Proved(best=best):
            return best
        case CutShort(found=found):
            return found
        case Impossible():
            return None


def bound_of(outcome: Outcome[Answer]) -> float:
    """What no answer undercuts; infinity where there is none."""
    return float("inf") if isinstance(outcome, Impossible) else outcome.bound
