"""Several runs as small maps that share their scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from reports.figures import style
from reports.figures.style import Picture
from reports.language import say
from reports.language.numbers import joined, plain
from reports.maps.outlines import Outlines
from reports.maps.region_data import scales_of
from reports.maps.region_map import region_map

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def small_legend(runs: Mapping[str, Allocation]) -> str:
    """Say what colours and lines mean on all of them."""
    scales = scales_of(list(runs.values()), is_small=True)
    return say(
        "Blue: surplus up to {bounds} kt, the darker the more; hatched orange: deficit in the same "
        "steps. Dark lines: domestic; green lines: exports; the widest carries {kt} kt a year.",
        bounds=joined(style.bound_text(bound) for bound in scales.bounds),
        kt=plain(scales.largest_kt),
    )


def small_maps(runs: Mapping[str, Allocation], outlines: Outlines) -> tuple[Picture, ...]:
    """Draw a small map of each run; colours and widths mean the same on all of them."""
    scales = scales_of(list(runs.values()), is_small=True)
    figures = [
        (label, region_map(run, outlines, f"small-map-{number}", scales))
        for number, (label, run) in enumerate(runs.items(), start=1)
    ]
    return tuple(
        replace(figure, title=label, caption="") for label, figure in figures if figure is not None
    )
