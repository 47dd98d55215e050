"""Why an origin supplies a sink, or does not, in sentences that can be read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.case.records import Record
from reports.language import say, word
from reports.language.names import part_words
from reports.language.numbers import MINUS, adding_up, joined, listed, plain
from reports.page.studies import WHY, WHY_INSTEAD
from reports.page.why_instead import instead_question, instead_sentences

if TYPE_CHECKING:
    from model.result.allocation import Allocation

SMALL = 1e-6


def why_question(result: Allocation) -> str:
    """Return the question about the pair."""
    found, instead = _found(result), _instead(result)
    if found and instead:
        return instead_question(found, instead)
    text = "Why does {origin} not supply {sink}?"
    if found.get("ship_kt", 0.0) > SMALL:
        text = "Why does {origin} supply {sink}?"
    origin, sink = found.get("origin", say("it")), found.get("sink", say("that sink"))
    return say(text, origin=origin, sink=sink)


def why_sentences(result: Allocation) -> list[str]:
    """Return the reason, what another tonne would cost, and what doing otherwise costs."""
    found = _found(result)
    if not found:
        return []
    if instead := _instead(result):
        return [" ".join(instead_sentences(found, instead))]
    texts = _used(found) if found["ship_kt"] > SMALL else _unused(found)
    forced, kt = found["forced_mcny"], found["forced_kt"]
    if forced is not None:
        text = "Solved again, {kt} kt more through it cost nothing more."
        if forced > SMALL:
            text = "Solved again, {kt} kt more through it cost {amount} MCNY a year more."
        texts.append(say(text, kt=plain(kt), amount=plain(forced)))
    return texts


def _found(result: Allocation) -> Record:
    found: Record = result.studies.get(WHY) or {}
    return found


def _instead(result: Allocation) -> Record:
    """The same about the other origin, where one was named."""
    found: Record = result.studies.get(WHY_INSTEAD) or {}
    return found


def _used(found: Record) -> list[str]:
    """Why a pair that ships does."""
    pair = say(
        "{origin} supplies {sink} with {kt} kt a year",
        origin=found["origin"],
        sink=found["sink"],
        kt=plain(found["ship_kt"]),
    )
    without = found["without_mcny"]
    if without is None:
        return [say("{pair} because without it there is no plan.", pair=pair)]
    if without <= SMALL:
        return [say("{pair}, but need not: a plan without it costs the same.", pair=pair)]
    text = "{pair} because the best plan without it costs {amount} MCNY a year more."
    return [say(text, pair=pair, amount=plain(without))]


def _unused(found: Record) -> list[str]:
    """Why a pair that does not ship does not."""
    dearer, obstacle = found["dearer_cny_per_t"], found["obstacle"]
    pair = say("{origin} to {sink}", origin=found["origin"], sink=found["sink"])
    if dearer is None and obstacle:
        return [say("Because of this: {obstacle}.", obstacle=word(obstacle))]
    if dearer is None:
        return [say("No lane joins them.")]
    if dearer <= SMALL:
        text = "It could at the same cost: a tonne from {pair} replaces others that cost as much."
        return [say(text, pair=pair), *_moved(found)]
    total, texts = adding_up(dearer, [part["cny_per_t"] for part in found["parts"]])
    parts = [
        say("{part} {amount}", part=part_words(part["part"]), amount=text)
        for part, text in zip(found["parts"], texts, strict=True)
    ]
    text = "Because a tonne from {pair} would cost {total} CNY more in all: {parts}."
    return [say(text, pair=pair, total=total, parts=listed(parts)), *_moved(found)]


def _moved(found: Record) -> list[str]:
    """What one tonne through the pair would move."""
    moves = joined(map(word, found["displaces"].split("; "))).replace(" -", f" {MINUS}")
    text = "One tonne through it changes other flows: {moves}."
    return [say(text, moves=moves)] if moves else []
