"""Closed passages of which something cannot be told are refused; a length or a place tells it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model.case.distances import with_distances
from model.case.errors import BadInput
from model.reading.read_case import read_case
from tests.support.cases import read_case_with_warnings

FOUND = Path(__file__).parent / "data/found"


def test_ends_far_from_the_sea_are_refused_by_name() -> None:
    with pytest.raises(BadInput) as caught:
        read_case(FOUND / "near-and-inland-ports")
    assert [str(fault) for fault in caught.value.faults] == [
        "links.csv:3:km: a blank found; must be given, since Wuhan lies 529 km from the nearest "
        "sea lane, above 200 km; write the length, or move the node",
        "links.csv:4:km: a blank found; must be given, since Lanzhou lies 1,275 km from the "
        "nearest sea lane, above 200 km; write the length, or move the node",
    ]


def written(folder: Path, links: str, nodes: str, closed: str) -> Path:
    """Write a case of one sea link and return its folder."""
    folder.mkdir()
    for name, text in {
        "case.toml": f'name = "x"\nclosed_passages = [{closed}]\n',
        "origins.csv": "origin,supply_kt,node\nO,10,A\n",
        "sinks.csv": "sink,demand_kt,node\nT,5,B\n",
        "modes.csv": "mode,cny_per_t_km\nsea,0.03\n",
        "nodes.csv": nodes,
        "links.csv": links,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


PLACED = "node,lat,lon\nA,36.07,120.32\nB,51.95,4.1\n"
LINK = "from,to,mode,km\nA,B,sea,{}\n"


@pytest.mark.parametrize(
    ("links", "nodes", "closed", "message"),
    [
        (
            LINK.format(20000), "node\nA\nB\n", '"suez"',
            'links.csv:2: "A to B" found; whether it goes through a closed passage (suez) '
            "cannot be known, since node A has no coordinates; write lat and lon of A",
        ),
        (
            LINK.format(20000), "node,lat,lon\nA,30.6,114.3\nB,51.95,4.1\n", '"Suez Canal"',
            'links.csv:2: "A to B" found; whether it goes through a closed passage (suez) '
            "cannot be known, since A lies 529 km from the nearest sea lane, above 200 km; move "
            "the node to its port, or fill in closed_by if nothing goes through",
        ),
        (
            LINK.format(20000), PLACED, '"Sues"',
            'case.toml:2:closed_passages: "Sues" found; must be a node, or a sea passage; did you '
            'mean "suez"?',
        ),
        (
            LINK.format(20000), PLACED, '"kiel"',
            'case.toml:2:closed_passages: "kiel" found; must be a node, or a sea passage; sea '
            "passages are babalmandab, bering, bosporus, chili, dardanelles, gibraltar, malacca, "
            "northwest, ormuz, panama, south_africa, suez, sunda",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_refused(
    tmp_path: Path, links: str, nodes: str, closed: str, message: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_case(written(tmp_path / "case", links, nodes, closed))
    assert str(caught.value) == f"{message}\n1 fault; nothing was written"


@pytest.mark.parametrize(
    ("links", "nodes", "closed"),
    [
        (LINK.format(900), "node,lat,lon\nA,30.6,114.3\nB,31.23,121.9\n", '"suez"'),  # a river port
        (LINK.format(20000), "node\nA\nB\nSuez Canal\n", '"Suez Canal"'),  # a node of the case
        (LINK.format(20000), "node\nA\nB\n", '"Northwest Passage"'),  # closed at any time
        ("from,to,mode,km,closed_by\nA,B,sea,20000,strike\n", "node\nA\nB\n", '"suez"'),
    ],
)
def test_what_can_be_told_otherwise_is_read(
    tmp_path: Path, links: str, nodes: str, closed: str
) -> None:
    case = read_case(written(tmp_path / "case", links, nodes, closed))
    pd.testing.assert_frame_equal(with_distances(case).links, case.links)


def test_given_lengths_below_the_great_circle_warn(tmp_path: Path) -> None:
    folder = written(tmp_path / "case", LINK.format(7000), PLACED, "")
    _, warnings = read_case_with_warnings(folder)
    assert warnings == [
        'links.csv:2:km: "7000" found; the great circle between its ends has 8,440 km; look at the '
        "length and at both nodes"
    ]
