"""The figures that everybody asks for first, large."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.result.figures import FIGURES, SHARE, printed
from reports.language import say
from reports.language.numbers import plain
from reports.page.section import Tiles
from reports.page.tables import shown

if TYPE_CHECKING:
    from model.result.allocation import Allocation

TILES = (
    "land_cost_mcny",
    "sea_cost_mcny",
    "deficit_kt",
    "moved_kt",
    "export_kt",
    "unshipped_kt",
    "self_sufficiency",
)
"""Figures that everybody asks for, after the total cost and the cost of a tonne."""


def tiles(result: Allocation, base: Allocation | None = None) -> Tiles:
    """Return the figures that everybody asks for first."""
    total, *others = (_tile(name, result, base) for name in ("total_cost_mcny", *TILES))
    each, before = _cost_of_tonne(result), _cost_of_tonne(base)
    per_tonne = (say("per tonne shipped"), plain(each), say("CNY/t"), _change(each, before))
    return Tiles(tuple(tile for tile in (total, per_tonne, *others) if tile[1]))


def _tile(name: str, result: Allocation, base: Allocation | None) -> tuple[str, str, str, str]:
    """Title, value, unit and change of a figure; no value where it does not apply."""
    about, value = FIGURES[name], result.figures.get(name)
    before = base.figures.get(name) if base is not None else None
    unit = "" if about.unit == SHARE else say(about.unit)
    text = shown(name, value) if name in printed(result.figures) else ""
    return say(about.title), text, unit, _change(value, before, about.unit == SHARE)


def _cost_of_tonne(result: Allocation | None) -> float | None:
    """Total cost per tonne shipped, CNY/t."""
    shipped = result.figures["shipped_kt"] if result is not None else None
    return 1000 * result.figures["total_cost_mcny"] / shipped if result and shipped else None


def _change(value: float | None, before: float | None, is_share: bool = False) -> str:
    if value is None or before is None:
        return ""
    if value == before:
        return say("as base")
    if is_share:
        change = plain(100 * (value - before), 1, signed=True)
        return say("{change} points against the base", change=change)
    return say("{change} against the base", change=plain(value - before, signed=True))
