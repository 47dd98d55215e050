"""What a curve says in sentences: worth of added capacity, or cost along another figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from model.result.study_tables import tables_of
from reports.frames import records
from reports.language.names import selected_words
from reports.language.numbers import listed, plain, some
from reports.page.studies import CURVE, KCNY_PER_MCNY, curve_steps, saving_mcny

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.curves import Step

BLOCK_KT = 500.0  # of new capacity, for which places are compared where the curves go so far
NAMED = 3
COST = ", before what it costs to build"
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
        return (
            f"New capacity of {plain(size)} kt would save nothing at {some(sorted(saved), NAMED)}."
        )
    if len(saved) == 1:
        mcny = plain(saved[best[0]])
        return f"New capacity of {plain(size)} kt at {best[0]} would save {mcny} MCNY a year{COST}."
    named = listed(f"{place} ({plain(saved[place])} MCNY)" for place in best[:NAMED])
    return f"New capacity of {plain(size)} kt would save most a year at {named}{COST}."


def curve_question(result: Allocation) -> str:
    """Return the question of the curve."""
    steps = curve_steps(result)
    if steps:
        return f"What is more capacity worth at {some(list(steps), NAMED)}?"
    figures = [selected_words(str(rows[0]["figure"])) for rows in _curves(result)]
    return f"What does supply cost at another {some(figures, 1)}?"


def curve_sentences(result: Allocation) -> list[str]:
    """Return what a curve answers: the block, then where each curve turns first."""
    steps = curve_steps(result)
    if steps:
        return [worth_of_block(steps), *_first_tonnes(steps)]
    return [_along(rows) for rows in _curves(result)]


def _first_tonnes(steps: Mapping[str, Sequence[Step]]) -> list[str]:
    """How much each place saves by its first tonnes, and up to what size."""
    firsts = [
        f"{plain(pieces[0][2])} CNY each at {place}, up to {plain(pieces[0][1])} kt"
        for place, pieces in steps.items()
        if pieces[0][2] > LEAST_MCNY
    ]
    return [f"The first tonnes save {some(firsts, NAMED)}."] if firsts else []


def _curves(result: Allocation) -> list[list[dict[str, object]]]:
    frames = tables_of(result.studies.get(CURVE)).values()
    return [records(frame) for frame in frames if "per_unit" in frame and len(frame)]


def _along(rows: list[dict[str, object]]) -> str:
    """The least cost at both ends of a curve along a figure."""
    table = pd.DataFrame(rows)
    first, last = table.iloc[0], table.iloc[-1]
    end = last["cost_mcny"] + last["per_unit"] * (last["to"] - last["from"]) / KCNY_PER_MCNY
    unit = str(first["unit"]).replace("/year", " a year")
    change = end - first["cost_mcny"]
    moved = "stays at" if abs(change) < LEAST_MCNY else "goes from"
    to = "" if abs(change) < LEAST_MCNY else f" to {plain(end)}"
    return (
        f"As {selected_words(str(first['figure']))} goes from {plain(first['from'])} to "
        f"{plain(last['to'])} {unit}, the least cost {moved} {plain(first['cost_mcny'])}{to} MCNY "
        "a year."
    )
