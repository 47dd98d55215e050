"""Totals among rows, demand beyond supply, a mistake in many rows: said once, at the right row."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.reading.read_case import read_case
from tests.support.cases import read_case_with_warnings


def written(folder: Path, origins: str, sinks: str, lanes: str, more: str = "") -> Path:
    texts = {
        "case.toml": 'name = "totals"\n',
        "origins.csv": f"origin,supply_kt\n{origins}",
        "sinks.csv": f"sink,demand_kt,shortage_cny_per_t\n{sinks}",
        "lanes.csv": f"origin,sink,cost_cny_per_t\n{lanes}",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    if more:
        (folder / "projects.csv").write_text(more, encoding="utf-8")
    return folder


LANES = "A,S,1\nTotal,S,1\n"


def test_a_row_called_total_is_suspected(tmp_path: Path) -> None:
    case = written(tmp_path, "A,10\nTotal,10\n", "S,5,\n", LANES)
    warnings = read_case_with_warnings(case)[1]
    assert [text for text in warnings if "name of a total" in text] == [
        'origins.csv:3:origin: "Total" found; it has the name of a total, and counts beside the '
        "rows that it may sum; delete the row if it is their sum"
    ]


def test_demand_beyond_supply_is_said(tmp_path: Path) -> None:
    case = written(tmp_path, "A,10\n", "S,25,\n", "A,S,1\n")
    assert read_case_with_warnings(case)[1] == [
        "sinks.csv: 25 kt of demand for 10 kt of supply found; all origins and projects together "
        "cannot meet the demand; is a row missing, or a total among the sinks?"
    ]


@pytest.mark.parametrize(
    ("sinks", "projects"),
    [("S,25,900\n", ""), ("S,25,\n", "project,origin,capacity_kt,capex_cny_per_t\nP,A,15,1\n")],
)
def test_demand_that_may_go_short_or_be_built_for_is_not(
    tmp_path: Path, sinks: str, projects: str
) -> None:
    case = written(tmp_path, "A,10\n", sinks, "A,S,1\n", projects)
    assert not [text for text in read_case_with_warnings(case)[1] if "cannot meet" in text]


def test_a_mistake_in_fifty_rows_is_one_message(tmp_path: Path) -> None:
    lanes = "".join(f"A,S{n},abc\n" for n in range(50))
    sinks = "".join(f"S{n},0,\n" for n in range(50))
    with pytest.raises(BadInput) as refused:
        read_case(written(tmp_path, "A,10\n", sinks, lanes))
    assert str(refused.value) == (
        'lanes.csv:2:cost_cny_per_t: "abc" found; must be a plain decimal number; write the figure,'
        " such as 1234.5 (49 more rows likewise)\n50 faults; nothing was written"
    )
    assert len(refused.value.faults) == 50
