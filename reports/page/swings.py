"""Swings of the total cost over assumptions and alternatives, as a full run has found them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.tornado import Swing, tornado
from reports.frames import records
from reports.language.numbers import is_number
from reports.page.studies import (
    EFFECT_COLUMNS,
    RESTS_ON,
    STRUCTURE,
    STRUCTURE_COLUMNS,
    table_with,
)

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from reports.figures.style import Picture


def swings_picture(result: Allocation) -> Picture | None:
    """Return the tornado of a full run; None of any other."""
    return tornado(swings(result))


def swings(result: Allocation) -> list[Swing]:
    """Return what each assumption and each alternative makes of the total cost."""
    base = float(result.figures["total_cost_mcny"])
    found = [
        Swing(
            row["assumption"],
            _against(row["cost_at_low_mcny"], base),
            _against(row["cost_at_high_mcny"], base),
            turns=bool(row["turns"]),
        )
        for row in records(table_with(result, RESTS_ON, [*EFFECT_COLUMNS, "turns"]))
    ]
    return found + [
        Swing(row["assumption"], other=_against(row["cost_mcny"], base), turns=bool(row["turns"]))
        for row in records(table_with(result, STRUCTURE, STRUCTURE_COLUMNS))
    ]


def _against(cost_mcny: float, base: float) -> float | None:
    return float(cost_mcny) - base if is_number(cost_mcny) else None
