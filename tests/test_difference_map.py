"""The map of differences: lines of what goes up and down, as wide as the change."""

from __future__ import annotations

from dataclasses import replace

from model.result.allocation import Allocation
from reports.figures.style import Picture
from reports.maps.difference_map import LESS, LOOKS, MORE, difference_map
from reports.maps.outlines import load_outlines
from tests.support.sample_result import sample_result


def drawn(before: Allocation, after: Allocation) -> Picture | None:
    outlines = load_outlines()
    return difference_map(before, after, ("old", "new"), outlines, "difference")


def lines(picture: Picture, kind: str) -> list[float]:
    return [
        trace["line"]["width"]
        for trace in picture.data
        if trace.get("meta") == kind and trace["mode"] == "lines" and not trace["showlegend"]
    ]


def test_nothing_is_drawn_where_nothing_differs() -> None:
    assert drawn(sample_result(), sample_result()) is None


def test_more_and_less_are_told_apart_by_colour_and_dash() -> None:
    before = sample_result()
    moved = before.flows["origin"] != before.flows["sink"]
    more = before.flows.assign(ship_kt=before.flows["ship_kt"] * (1.0 + 0.5 * moved))
    up = drawn(before, replace(before, flows=more))
    down = drawn(replace(before, flows=more), before)
    assert up is not None and down is not None
    assert lines(up, MORE) and not lines(up, LESS)
    assert lines(down, LESS) == lines(up, MORE) and not lines(down, MORE)
    assert LOOKS[MORE][0] != LOOKS[LESS][0] and LOOKS[MORE][1] != LOOKS[LESS][1]
    assert "“new”" in up.title and "“old”" in up.title
