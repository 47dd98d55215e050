"""The report's figures as the page needs them: in full at the start, then only what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from reports.figures.balance import balance_bars
from reports.figures.prices import prices
from reports.figures.sankey import sankey
from reports.figures.style import Picture, Plotly
from reports.maps.outlines import Outline, Outlines, load_outlines
from reports.maps.projection import Projection
from reports.maps.region_data import Scales
from reports.maps.region_map import region_map
from reports.maps.world_map import world_map

if TYPE_CHECKING:
    from model.result.allocation import Allocation

Drawn = dict[str, Plotly | None]
"""What plotly draws, with the words for it, by the figure's name; None: nothing to draw."""


class HeldOutline(Outline):
    """Outlines that are projected once, however often they are drawn."""

    @cached_property
    def project(self) -> Projection:
        """The projection, which remembers its points."""
        return cache(super().project)


def outlines_of(result: Allocation) -> Outlines:
    """The outlines of a result's maps, projected once."""
    return _held(tuple(result.case.outlines.values()))


@lru_cache(maxsize=4)
def _held(own: tuple[str, ...]) -> Outlines:
    found = load_outlines(own)
    regions, surroundings, world = (
        HeldOutline(**vars(outline)) for outline in (found.regions, found.surroundings, found.world)
    )
    return Outlines(regions, surroundings, world, found.sources)


Builder = Callable[["Allocation", Scales], Picture | None]
MOVING: dict[str, Builder] = {
    "region-map": lambda result, scales: region_map(result, outlines_of(result), scales=scales),
    "sankey": lambda result, _: sankey(result),
    "balance-bars": lambda result, _: balance_bars(result),
    "world-map": lambda result, _: world_map(result, outlines_of(result)),
}
"""Figures that follow a knob while it moves, as far as they are in view."""
RESTING: dict[str, Builder] = {
    "prices-sinks": lambda result, _: prices(result, "sink", "prices-sinks"),
    "prices-origins": lambda result, _: prices(result, "origin", "prices-origins"),
}
"""Figures that follow once it rests: prices take some hundred programs of their own."""
FIGURES = MOVING | RESTING


def drawn(result: Allocation, scales: Scales, names: Iterable[str] = FIGURES) -> Drawn:
    """The figures of these names; none where there is no plan.

    Parameters
    ----------
    scales : of the map; those of the start, so that colours and widths keep their meaning
    """
    if not len(result.flows):
        return dict.fromkeys(names)
    return {name: _drawn(FIGURES[name](result, scales)) for name in names}


def _drawn(figure: Picture | None) -> Plotly | None:
    if figure is None:
        return None
    words = {"title": figure.title, "alt": figure.alt, "caption": figure.caption}
    return {
        "data": merged(figure.data),
        "layout": figure.layout,
        "is_map": figure.is_map,
        **words,
    }


def merged(traces: Iterable[Plotly]) -> list[Plotly]:
    """Traces with all plain lines of one look in one: the same picture, drawn in half the time."""
    kept: list[Plotly] = []
    alike: dict[str, Plotly] = {}
    for trace in traces:
        if trace.get("mode") != "lines" or "fill" in trace or trace.get("showlegend", True):
            kept.append(trace)
            continue
        look = json.dumps({key: trace[key] for key in trace if key not in ("x", "y")})
        if look not in alike:
            alike[look] = trace | {"x": list(trace["x"]), "y": list(trace["y"])}
            kept.append(alike[look])
        else:
            for axis in ("x", "y"):
                alike[look][axis] += [None, *trace[axis]]
    return kept


def lean(now: Drawn, start: Drawn) -> Drawn:
    """Figures as their difference from those of the start, which the page already has.

    A trace is the number of the start's trace that it equals; or what differs from the
    start's trace in its place, with that number as `of`, where the points are the same; or
    whole. Of the layout, the keys that differ.
    """
    return {name: _lean(figure, start.get(name)) for name, figure in now.items()}


def _lean(figure: Plotly | None, start: Plotly | None) -> Plotly | None:
    if figure is None or start is None:
        return figure
    known = start["data"]
    data = [
        _lean_trace(trace, number, known[number]) if number < len(known) else trace
        for number, trace in enumerate(figure["data"])
    ]
    layout = {
        key: value for key, value in figure["layout"].items() if start["layout"].get(key) != value
    }
    return figure | {"data": data, "layout": layout}


def _lean_trace(trace: Plotly, number: int, known: Plotly) -> Any:
    if trace == known:
        return number
    points = ("type", "x", "y")
    if trace.keys() == known.keys() and all(trace.get(key) == known.get(key) for key in points):
        changed = {key: value for key, value in trace.items() if known[key] != value}
        return {"of": number, **changed}
    return trace
