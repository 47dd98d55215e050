"""What a map of regions draws: balances, places and scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from reports.figures import style
from reports.frames import balances
from reports.maps.flow_lines import chart, crossing, loads
from reports.maps.frame import Frame, frame_around
from reports.maps.outlines import Outlines
from reports.maps.projection import Point

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def region_nodes(result: Allocation) -> dict[str, str]:
    """Return the first node at which each region supplies or, failing that, takes."""
    case = result.case
    nodes: dict[str, str] = {}
    for table in (case.origins, case.sinks[case.sinks["kind"] != "export"]):
        for region, node in zip(table["region"], table["node"], strict=True):
            if node:
                nodes.setdefault(region, node)
    return nodes


@dataclass(frozen=True)
class Scales:
    """What maps that stand side by side share, and whether they are small."""

    bounds: list[float]  # of the classes of balance, kt
    largest_kt: float  # on the widest line
    is_small: bool = False

    def shade(self, value: float) -> str:
        """Return the colour of a balance."""
        if value == 0:
            return style.LAND
        steps = (step for step, bound in enumerate(self.bounds) if abs(value) <= bound)
        colors = style.SURPLUS if value > 0 else style.DEFICIT
        return colors[next(steps, len(colors) - 1)]


def scales_of(results: Sequence[Allocation], *, is_small: bool = False) -> Scales:
    """Return the scales that fit several results."""
    values = [value for result in results for value in balances(result).values()]
    carried = [
        load.kt
        for result in results
        for load in loads(result.case, crossing(result.case, result.flows)).values()
    ]
    return Scales(style.classes(values), max(carried, default=0.0), is_small)


@dataclass(frozen=True)
class Ground:
    """A result on its outlines: everything on the map finds its place here."""

    result: Allocation
    outlines: Outlines
    scales: Scales

    @cached_property
    def frame(self) -> Frame:
        """The window round all regions of the outlines."""
        project, shapes = self.outlines.regions.project, self.outlines.regions.shapes
        return frame_around(
            project(*point) for rings in shapes.values() for ring in rings for point in ring
        )

    @cached_property
    def at(self) -> dict[str, Point]:
        """Where each node lies, projected."""
        project = self.outlines.regions.project
        return {node: project(*point) for node, point in chart(self.result.case).at.items()}

    @cached_property
    def balance(self) -> dict[str, float]:
        """Balance by region, kt."""
        return balances(self.result)

    @cached_property
    def hubs(self) -> dict[str, Point]:
        """Where each region with a balance supplies or takes, as far as that is in the window."""
        nodes = region_nodes(self.result)
        found = {region: self.at.get(nodes.get(region, "")) for region in self.balance}
        return {
            region: point
            for region, point in found.items()
            if point is not None and self.frame.holds(point)
        }

    @cached_property
    def ports(self) -> list[str]:
        """The ports in the window over which something goes, in order of name."""
        nodes = self.result.case.nodes
        steps = [step for step, _ in loads(self.result.case, self.result.flows)]
        touched = {node for step in steps for node in (step.start, step.end)}
        return sorted(
            port
            for port in touched & set(nodes["node"][nodes["kind"] == "port"])
            if port in self.at and self.frame.holds(self.at[port])
        )

    def middle_of(self, region: str) -> Point | None:
        """Return the hub of a region or, without one, the middle of its largest shape."""
        rings = self.outlines.regions.shapes.get(region)
        if region in self.hubs or not rings:
            return self.hubs.get(region)
        ring = max(rings, key=len)
        lon, lat = (sum(values) / len(ring) for values in zip(*ring, strict=True))
        return self.outlines.regions.project(lon, lat)
