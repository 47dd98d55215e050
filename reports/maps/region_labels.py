"""Names and balances of regions on a map, placed so that they do not collide."""

from __future__ import annotations

from collections.abc import Iterator

from reports.figures import style
from reports.figures.style import Plotly
from reports.language import named
from reports.language.catalogue import local_names
from reports.language.names import titled
from reports.language.numbers import digits_for, plain
from reports.maps.frame import annotation
from reports.maps.labels import Box, Label, place
from reports.maps.region_data import Ground

REGION_PX, PORT_PX = 12.0, 10.5
SMALL_TEXT = 1.9  # labels of small maps are readable at half the width
LEGEND_PX = (190.0, 280.0)  # room kept free in the lower left corner


def region_labels(ground: Ground, busy: list[Box]) -> list[Plotly]:
    """Return the labels as plotly's annotations: the largest balances choose their places first.

    `busy` boxes, and the legend's corner, are kept free where that is possible.
    """
    frame = ground.frame
    window = Box(2, 2, style.DESIGN_WIDTH_PX - 2, frame.height_px - 2)
    width, height = (0.0, 0.0) if ground.scales.is_small else LEGEND_PX
    legend = Box(0, frame.height_px - height, width, frame.height_px)
    regions = list(_regions(ground))
    ports = [] if ground.scales.is_small else list(_ports(ground))
    placed = place([*regions, *ports], window, [legend, *busy])
    return [
        annotation(item, frame, style.TEAL if item.label in ports else style.INK) for item in placed
    ]


def _regions(ground: Ground) -> Iterator[Label]:
    local, balance = local_names(ground.result.case), ground.balance
    digits = digits_for(balance.values())
    is_small = ground.scales.is_small
    for region in sorted(balance, key=lambda name: (-abs(balance[name]), name)):
        point = ground.middle_of(region)
        if point is None:
            continue
        name = titled(region, "" if is_small else local.get(region, ""))
        lines = (name, plain(balance[region], digits, signed=True))
        size = REGION_PX * (SMALL_TEXT if is_small else 1)
        yield Label(lines, *ground.frame.pixel(point), size, is_dispensable=is_small)


def _ports(ground: Ground) -> Iterator[Label]:
    nodes = ground.result.case.nodes
    names = dict(zip(nodes["node"], nodes["name"], strict=True))
    for port in ground.ports:
        name = str(names.get(port) or port)
        text = name if named(port) == port else named(port)
        yield Label((text,), *ground.frame.pixel(ground.at[port]), PORT_PX, is_dispensable=True)
