"""Why an origin supplies a sink, or does not, in sentences that can be read out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.case.records import Record
from reports.language.names import part_words
from reports.language.numbers import MINUS, adding_up, listed, plain
from reports.page.studies import WHY

if TYPE_CHECKING:
    from model.result.allocation import Allocation

SMALL = 1e-6


def why_question(result: Allocation) -> str:
    """Return the question about the pair."""
    found = _found(result)
    does = "supply" if found.get("ship_kt", 0.0) > SMALL else "not supply"
    return f"Why does {found.get('origin', 'it')} {does} {found.get('sink', 'that sink')}?"


def why_sentences(result: Allocation) -> list[str]:
    """Return the reason, what another tonne would cost, and what doing otherwise costs."""
    found = _found(result)
    if not found:
        return []
    texts = _used(found) if found["ship_kt"] > SMALL else _unused(found)
    forced, kt = found["forced_mcny"], found["forced_kt"]
    if forced is not None:
        costs = f"cost {plain(forced)} MCNY a year more" if forced > SMALL else "cost nothing more"
        texts.append(f"Solved again, {plain(kt)} kt more through it {costs}.")
    return texts


def _found(result: Allocation) -> Record:
    found: Record = result.studies.get(WHY) or {}
    return found


def _used(found: Record) -> list[str]:
    """Why a pair that ships does."""
    pair = f"{found['origin']} supplies {found['sink']} with {plain(found['ship_kt'])} kt a year"
    without = found["without_mcny"]
    if without is None:
        return [f"{pair} because without it there is no plan."]
    if without <= SMALL:
        return [f"{pair}, but need not: a plan without it costs the same."]
    return [f"{pair} because the best plan without it costs {plain(without)} MCNY a year more."]


def _unused(found: Record) -> list[str]:
    """Why a pair that does not ship does not."""
    pair, dearer = f"{found['origin']} to {found['sink']}", found["dearer_cny_per_t"]
    if dearer is None:
        return [
            f"Because of this: {found['obstacle']}." if found["obstacle"] else "No lane joins them."
        ]
    if dearer <= SMALL:
        text = f"It could at the same cost: a tonne from {pair} replaces others that cost as much."
        return [text, *_moved(found)]
    total, texts = adding_up(dearer, [part["cny_per_t"] for part in found["parts"]])
    parts = [
        f"{part_words(part['part'])} {text}"
        for part, text in zip(found["parts"], texts, strict=True)
    ]
    first = f"Because a tonne from {pair} would cost {total} CNY more in all: {listed(parts)}."
    return [first, *_moved(found)]


def _moved(found: Record) -> list[str]:
    """What one tonne through the pair would move."""
    moves = found["displaces"].replace("; ", ", ").replace(" -", f" {MINUS}")
    return [f"One tonne through it changes other flows: {moves}."] if moves else []
