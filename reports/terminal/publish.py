"""Results become run folders, and what a command says of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.result.answer import CUT_SHORT
from reports.language import say
from reports.pages import NO_EXTRAS, Extras, spoken_of, write_pages
from reports.terminal.console import progress
from reports.terminal.outcome import Outcome

if TYPE_CHECKING:
    from model.interface.result import Result


def published(result: Result, out: Path, extras: Extras = NO_EXTRAS) -> Outcome:
    """Save a result, if there is one, with its pages; say what it came to."""
    if result.answer.has_content:
        with progress(say("Saving {result}", result=repr(result))):
            result.save(out, partial(write_pages, extras=extras))
    elif result.question is not None:
        result.answer = result.question.sealed(result.answer)
    has_content = result.answer.has_content
    with spoken_of(result):
        entry, texts = result.answer.summary(), [_headline(result)]
    if CUT_SHORT in result.studies:
        entry["status"] = result.status
    return Outcome(entry, texts, result if has_content else None)


def _headline(result: Result) -> str:
    """What a terminal shows of a result."""
    from reports.page.futures import futures_headline
    from reports.page.plan_sections import plan_headline
    from reports.terminal.headline import comparison_headline, headline

    content: Any = result.content
    if result.kind == "plan":
        return plan_headline(content)
    if result.kind == "futures":
        return futures_headline(content)
    if result.kind == "comparison":
        return comparison_headline(content, result.answer.figures["run"])
    return headline(content)
