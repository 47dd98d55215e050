"""How each kind of page begins: its question, the answer, a picture, what that rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from model.result.figures import RUN, SITE
from reports.figures.curves import curves
from reports.figures.sankey import sankey
from reports.figures.style import Picture
from reports.language import say
from reports.maps.outlines import Outlines
from reports.maps.region_map import region_map
from reports.page.answer import answer, cost, grounds, use_of_supply
from reports.page.capacity import curve_question, curve_sentences
from reports.page.firmness import ranges_picture, ranges_sentences
from reports.page.section import Section, Sentences, Text, section
from reports.page.siting import siting_picture, siting_question, siting_sentences
from reports.page.studies import curve_steps
from reports.page.sweep import sweep_picture, sweep_sentences
from reports.page.why import why_question, why_sentences

if TYPE_CHECKING:
    from model.result.allocation import Allocation

MOST = 5  # sentences: the answer, and at most four more
OF_RUN = "Can demand be met, and what does that cost at least?"
NO_PLAN = "Can demand be met?"


@dataclass(frozen=True)
class Opening:
    """What stands before everything that is folded.

    Attributes
    ----------
    question : the title of the page
    sentences : the answer first
    picture : that shows it
    rests_on : a sentence; blank where there is nothing to say
    """

    question: str
    sentences: Sequence[str]
    picture: Picture | None = None
    rests_on: str = ""

    def section(self) -> Section | None:
        """Return it as the first section of a page."""
        return section(
            "answer",
            "The answer",
            Sentences(tuple(self.sentences[:MOST])),
            self.picture,
            Text(say("What it rests on: {grounds}", grounds=self.rests_on))
            if self.rests_on
            else None,
        )


_Question = Callable[["Allocation"], str]
_Sentences = Callable[["Allocation"], list[str]]
_Picture = Callable[["Allocation"], "Picture | None"]
STUDIES: dict[str, tuple[_Question, _Sentences, _Picture]] = {
    SITE: (siting_question, siting_sentences, siting_picture),
    "curve": (curve_question, curve_sentences, lambda run: curves(curve_steps(run))),
    "ranges": (
        lambda run: say("How far may flows vary at nearly the same cost?"),
        ranges_sentences,
        ranges_picture,
    ),
    "why": (why_question, why_sentences, lambda run: None),
    "sweep": (
        lambda run: say("What may the cost come to where figures are uncertain?"),
        sweep_sentences,
        sweep_picture,
    ),
}
"""Of each kind of study: its question, its answer, its picture."""


def opening(
    result: Allocation, outlines: Outlines, base: Allocation | None = None, kind: str = RUN
) -> Opening:
    """Return the opening of the page of a run with a plan, by its kind."""
    found = _found(result, kind)
    if found:
        question, _, shown = STUDIES[kind]
        return Opening(question(result), found, shown(result), grounds(result))
    picture = region_map(result, outlines) or sankey(result)
    return Opening(say(OF_RUN), answer(result, base), picture, grounds(result))


def answer_sentences(
    result: Allocation, base: Allocation | None = None, kind: str = RUN
) -> list[str]:
    """Return the question and the sentences with which the page of a run with a plan begins."""
    found = _found(result, kind)
    if found:
        return [STUDIES[kind][0](result), *found[:MOST]]
    return [say(OF_RUN), *answer(result, base)[:MOST]]


def _found(result: Allocation, kind: str) -> list[str]:
    """The answer of a study; empty where there is none, so that the run answers."""
    found = STUDIES[kind][1](result) if kind in STUDIES else []
    if not found or kind == SITE:
        return found
    return [*found, cost(result), use_of_supply(result)][:MOST]
