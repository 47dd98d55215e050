"""What a curve says in sentences: worth of added capacity, or cost along another figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from model.result.study_tables import tables_of
from reports.frames import records
from reports.language import say
from reports.language.names import selected_words
from reports.language.numbers import listed, plain, some
from reports.page.studies import CURVE, KCNY_PER_MCNY, curve_steps, saving_mcny

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.curves import Step

BLOCK_KT = 500.0  # of new capacity, for which places are compared where the curves go so far
NAMED = 3
LEAST_MCNY = 1e-6


def block_kt(steps: Mapping[str, Sequence[Step]]) -> float:
    """Return the size for which places are compared: no further than each curve goes."""
    return min([BLOCK_KT, *(pieces[-1][1] for pieces in steps.values())])


def worth_of_block(steps: Mapping[str, Sequence[Step]]) -> str:
    """Return where a block of capacity saves most, MCNY a year."""
    size = block_kt(steps)
    saved = {place: saving_mcny(pieces, size) for place, pieces in steps.items()}
    best = sorted(
        (place for place in saved if saved[place] > LEAST_MCNY), key=lambda p: (-saved[p], p)
    )
    if not best:
        return say(
            "New capacity of {size} kt would save nothing at {places}.",
            size=plain(size),
            places=some(sorted(saved), NAMED),
        )
    if len(saved) == 1:
        return say(
            "New capacity of {size} kt at {place} would save {amount} MCNY a year, before what it "
            "costs to build.",
            size=plain(size),
            place=best[0],
            amount=plain(saved[best[0]]),
        )
    named = listed(
        say("{place} ({amount} MCNY)", place=place, amount=plain(saved[place]))
        for place in best[:NAMED]
    )
    return say(
        "New capacity of {size} kt would save most a year at {places}, before what it costs to "
        "build.",
        size=plain(size),
        places=named,
    )


def curve_question(result: Allocation) -> str:
    """Return the question of the curve."""
    steps = curve_steps(result)
    if steps:
        places = some(list(steps), NAMED)
        return say("What is more capacity worth at {places}?", places=places)
    figures = [selected_words(str(rows[0]["figure"])) for rows in _curves(result)]
    return say("What does supply cost at another {figure}?", figure=some(figures, 1))


def curve_sentences(result: Allocation) -> list[str]:
    """Return what a curve answers: the block, then where each curve turns first."""
    steps = curve_steps(result)
    if steps:
        return [worth_of_block(steps), *_first_tonnes(steps)]
    return [_along(rows) for rows in _curves(result)]


def _first_tonnes(steps: Mapping[str, Sequence[Step]]) -> list[str]:
    """How much each place saves by its first tonnes, and up to what size."""
    firsts = [
        say(
            "{amount} CNY each at {place}, up to {kt} kt",
            amount=plain(pieces[0][2]),
            place=place,
            kt=plain(pieces[0][1]),
        )
        for place, pieces in steps.items()
        if pieces[0][2] > LEAST_MCNY
    ]
    return [say("The first tonnes save {parts}.", parts=some(firsts, NAMED))] if firsts else []


def _curves(result: Allocation) -> list[list[dict[str, object]]]:
    frames = tables_of(result.studies.get(CURVE)).values()
    return [records(frame) for frame in frames if "per_unit" in frame and len(frame)]


def _along(rows: list[dict[str, object]]) -> str:
    """The least cost at both ends of a curve along a figure."""
    table = pd.DataFrame(rows)
    first, last = table.iloc[0], table.iloc[-1]
    end = last["cost_mcny"] + last["per_unit"] * (last["to"] - last["from"]) / KCNY_PER_MCNY
    text = (
        "As {figure} goes from {start} to {stop} {unit}, the least cost stays at {cost} MCNY a "
        "year."
    )
    if abs(end - first["cost_mcny"]) >= LEAST_MCNY:
        text = (
            "As {figure} goes from {start} to {stop} {unit}, the least cost goes from {cost} to "
            "{end} MCNY a year."
        )
    return say(
        text,
        figure=selected_words(str(first["figure"])),
        start=plain(first["from"]),
        stop=plain(last["to"]),
        unit=say(str(first["unit"]).replace("/year", " a year")),
        cost=plain(first["cost_mcny"]),
        end=plain(end),
    )
