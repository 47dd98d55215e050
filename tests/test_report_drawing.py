"""What is drawn: digits, labels, projections, sea ways, and what many places leave out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.result.routes import RouteStep
from reports.figures.style import INK, classes
from reports.language.numbers import digits_for, percent, plain
from reports.maps.flow_bands import FlowBand, largest_bands
from reports.maps.flow_lines import Load
from reports.maps.labels import Box, Label, extent, place
from reports.maps.outlines import cut_at_edge, load_outlines
from reports.maps.projection import albers, equal_earth
from reports.maps.sea import sea_way
from reports.page.table import readable


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (-1e-13, "0"), (1381.3, "1,381"), (772.0, "772"), (-0.04, "−0.04"),
     (9.7, "9.7"), (0.15367512, "0.1537"), (2_617_896.7, "2,617,897"), (float("nan"), "")],
)  # fmt: skip
def test_numbers_have_sensible_digits(value: float, text: str) -> None:
    assert plain(value) == text


def test_a_long_reason_says_how_much_it_leaves_out() -> None:
    parts = [f"a{number} to b +1" for number in range(12)]
    assert readable("; ".join(parts[:10])) == "; ".join(parts[:10])
    assert readable("; ".join(parts)) == "; ".join(parts[:8]) + "; and 4 more"


def test_map_of_many_lines_draws_the_widest_and_counts_the_rest() -> None:
    bands = [
        FlowBand(RouteStep("A", f"B{number}", "rail"), "domestic", INK, Load(float(number)))
        for number in range(1000)
    ]
    shown, words = largest_bands(bands)
    assert shown == bands[600:]
    assert words == ("The thinnest, 600 of 1,000 lines, each of less than 600 kt, are not drawn. ")
    assert largest_bands(shown) == (shown, "")


def test_columns_share_their_digits() -> None:
    assert digits_for([7.0, -9.7, 2.0]) == 1
    assert digits_for([1280.0, 0.5]) == 0
    assert percent(0.8213) == "82.1\N{NO-BREAK SPACE}%"


def test_labels_do_not_collide() -> None:
    labels = [Label((f"place {n}", "1,234"), 300 + 14 * (n % 5), 200 + 11 * n) for n in range(14)]
    window = Box(0, 0, 800, 600)
    placed = place(labels, window)
    assert len(placed) == len(labels)
    boxes = []
    for item in placed:
        width, height = extent(item.label)
        x, y = item.label.x + item.dx, item.label.y + item.dy
        boxes.append(Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    sides = np.array([box.sides for box in boxes])
    overlaps = [box.overlaps(sides[:i]).sum() for i, box in enumerate(boxes)]
    assert max(overlaps) == 0
    assert place(labels, window) == placed


@pytest.mark.parametrize("project", [albers(105, 36, 25, 47), equal_earth(105)])
def test_projections_keep_areas(project: Any) -> None:
    def area(lon: float, lat: float) -> float:
        corners = [(lon, lat), (lon + 0.1, lat), (lon + 0.1, lat + 0.1), (lon, lat + 0.1)]
        points = [project(*corner) for corner in corners]
        pairs = zip(points, points[1:] + points[:1], strict=True)
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2

    from math import cos, radians

    for lon, lat in ((80, 40), (105, 20), (130, 50)):
        true = radians(0.1) ** 2 * cos(radians(lat + 0.05))
        assert area(lon, lat) == pytest.approx(true, rel=1e-3)


def test_world_is_cut_where_the_map_ends() -> None:
    world = load_outlines().world
    centre = world.centre_lon
    for rings in world.shapes.values():
        for ring in rings:
            for part in cut_at_edge(ring, centre):
                assert all(abs(lon - centre) <= 180 + 1e-9 for lon, _ in part)


def test_ships_keep_to_the_sea_and_out_of_closed_passages() -> None:
    start, end = (120.3, 36.1), (4.0, 52.0)
    through = sea_way(start, end)
    around = sea_way(start, end, frozenset({"suez", "panama"}))
    assert any(30 < lat < 32 and 32 < lon < 33 for lon, lat in through)
    assert min(lat for _, lat in around) < -33


def test_classes_end_at_round_numbers() -> None:
    assert classes([2563.0, -1100.0]) == [500, 2000, 5000]
    assert classes([]) == [1.0, 1.0, 1.0]
