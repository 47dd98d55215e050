"""Where labels go so that they do not collide. Deterministic: same input, same places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import numpy as np

from model.arrays import Floats
from reports.figures.style import SMALL_PX, text_width_px

# Directions to try, in order of preference: right, left, above, below, corners.
DIRECTIONS = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1))
DISTANCES_PX = (9, 20, 34, 52, 74)
LINE_PX = 1.25  # line height over font size
LEADER_FROM_PX = 15  # farther labels get a line to their point


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def sides(self) -> tuple[float, float, float, float]:
        """Return left, top, right, bottom."""
        return self.left, self.top, self.right, self.bottom

    def overlaps(self, others: Floats) -> Floats:
        """Return the area shared with each of n boxes, (n, 4) sides, in square pixels, (n,)."""
        left, top, right, bottom = others.T
        width = np.minimum(self.right, right) - np.maximum(self.left, left)
        height = np.minimum(self.bottom, bottom) - np.maximum(self.top, top)
        return np.where((width > 0) & (height > 0), width * height, 0.0)


@dataclass(frozen=True)
class Label:
    """A text that wants to stand near a point; `lines` are printed one below the other."""

    lines: tuple[str, ...]
    x: float
    y: float
    size: float = SMALL_PX
    is_dispensable: bool = False


@dataclass(frozen=True)
class Placed:
    """A label with the offset of its centre from its point, pixels, y downwards."""

    label: Label
    dx: float
    dy: float

    @property
    def has_leader(self) -> bool:
        """Whether the label stands so far off that a line should lead to its point."""
        width, height = extent(self.label)
        gap = hypot(max(0.0, abs(self.dx) - width / 2), max(0.0, abs(self.dy) - height / 2))
        return gap > LEADER_FROM_PX


def extent(label: Label) -> tuple[float, float]:
    """Return width and height of a label, pixels."""
    width = max(text_width_px(line, label.size) for line in label.lines)
    return width + 4, label.size * LINE_PX * len(label.lines) + 2


def place(labels: Sequence[Label], frame: Box, obstacles: Sequence[Box] = ()) -> list[Placed]:
    """Choose for each label, in the order given, the nearest free place around its point.

    A label that nowhere stands free takes the place of least overlap, or is left out when it is
    dispensable. Points of all labels are kept free.
    """
    points = [Box(label.x - 5, label.y - 5, label.x + 5, label.y + 5) for label in labels]
    taken = np.array([box.sides for box in (*obstacles, *points)]).reshape(-1, 4)
    placed = []
    for label in labels:
        near = taken[_reach(label).overlaps(taken) > 0]
        best = min(_candidates(label, frame, near), key=lambda choice: choice[0], default=None)
        if best is None or (best[0] > 0 and label.is_dispensable):
            continue
        _, dx, dy, box = best
        taken = np.vstack([taken, box.sides])
        placed.append(Placed(label, dx, dy))
    return placed


def _reach(label: Label) -> Box:
    """Return the area in which a label may come to stand."""
    width, height = extent(label)
    across, down = width + DISTANCES_PX[-1], height + DISTANCES_PX[-1]
    return Box(label.x - across, label.y - down, label.x + across, label.y + down)


def _candidates(label: Label, frame: Box, taken: Floats) -> list[tuple[float, float, float, Box]]:
    width, height = extent(label)
    found = []
    for distance in DISTANCES_PX:
        for right, down in DIRECTIONS:
            reach = distance * (0.75 if right and down else 1.0)
            dx, dy = right * (reach + width / 2), down * (reach + height / 2)
            x, y = label.x + dx, label.y + dy
            box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if not (frame.left <= box.left and box.right <= frame.right):
                continue
            if not (frame.top <= box.top and box.bottom <= frame.bottom):
                continue
            overlap = sum(box.overlaps(taken).tolist())
            found.append((overlap, dx, dy, box))
            if overlap == 0:
                return [found[-1]]
    return found
