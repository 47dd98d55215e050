"""Cases, runs and comparisons as workbooks: they read back, and nothing in them is a formula."""

from __future__ import annotations

import dataclasses
import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from model.case.case import Case
from model.case.errors import BadInput
from model.case.schema import TABLES
from model.case.workbook_sheets import STUDY_PREFIX, ResultSheet
from model.case.write import write_case
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.solve.diagnosis import Diagnosis
from model.studies.compare.study import Comparison
from reports.workbook import book as book_module
from reports.workbook import case_workbook, comparison_workbook, run_workbook
from reports.workbook.inputs import require_room
from reports.workbook.records import items, study_tables
from tests.support import workbooks
from tests.support.cases import same_case
from tests.support.random_cases import cases
from tests.support.sample_result import sample_case, sample_result

BUNDLED = sorted(path.parent for path in Path(__file__).parents[1].glob("data/*/case.toml"))
EVIL = ("=1+1", "+A1", "-B2", "@SUM(A1)", "<script>alert(1)</script>", '=HYPERLINK("http://x")')


def run(**changes: Any) -> Allocation:
    return Allocation(**vars(sample_result(**changes)))


def read_back(content: bytes, folder: Path) -> Case:
    path = folder / "back.xlsx"
    path.write_bytes(content)
    return read_case(path)


def files_of(folder: Path) -> dict[str, bytes]:
    """Settings and tables; a workbook holds no scenarios."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.mark.parametrize("folder", BUNDLED, ids=lambda folder: folder.name)
def test_a_bundled_case_survives_the_way_through_a_workbook(folder: Path, tmp_path: Path) -> None:
    case = read_case(folder)
    back = read_back(case_workbook(case), tmp_path)
    assert same_case(case, back)
    write_case(case, tmp_path / "before")
    write_case(back, tmp_path / "after")
    assert files_of(tmp_path / "before") == files_of(tmp_path / "after")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(case=cases())
def test_a_random_case_survives_folder_workbook_folder(case: Case, tmp_path: Path) -> None:
    write_case(case, tmp_path / "before")
    from_folder = read_case(tmp_path / "before")
    back = read_back(case_workbook(from_folder), tmp_path)
    assert same_case(case, back)
    write_case(back, tmp_path / "after")
    assert files_of(tmp_path / "before") == files_of(tmp_path / "after")
    for name in ("before", "after"):
        for path in (tmp_path / name).iterdir():
            path.unlink()


def test_numbers_keep_their_last_digit(tmp_path: Path) -> None:
    demand = [0.1 + 0.2, 1 / 3, 123456.789012345678, math.nextafter(2462, 3000)]
    case = sample_case()
    sinks = case.sinks.head(4).assign(demand_kt=demand)
    back = read_back(case_workbook(case.replace(sinks=sinks)), tmp_path)
    assert back.sinks["demand_kt"].tolist() == demand


def test_a_workbook_is_the_same_bytes_each_time() -> None:
    assert run_workbook(run()) == run_workbook(run())
    assert case_workbook(sample_case()) == case_workbook(sample_case())
    both, found = [run(), run(name="dear", cost_factor=1.2)], comparison_of("sample", "dear")
    assert comparison_workbook(both, found) == comparison_workbook(both, found)


def test_a_run_is_itself_a_case(tmp_path: Path) -> None:
    result = run()
    assert same_case(read_back(run_workbook(result), tmp_path), result.case)


def test_a_run_shows_every_table_of_the_result() -> None:
    result = run(studies={"rests_on": pd.DataFrame({"assumption": ["Rail"], "low_kt": [1.0]})})
    content = run_workbook(result)
    names = workbooks.sheet_names(content)
    inputs = [name for name, frame in result.case.tables().items() if len(frame)]
    assert names == [
        "Summary", "Charts", "Flows", "Balance", "Ports and limits", "Prices", "Observed check",
        "Changes", "Certificate", "Study rests on", "case", *inputs,
    ]  # fmt: skip
    assert set(names) <= set(ResultSheet) | {"Study rests on", "case", *TABLES}
    assert workbooks.read_cells(content, "Study rests on") == [
        ["Assumption", "Low, kt/yr"],
        ["Rail", 1],
    ]

    flows = workbooks.read_cells(content, "Flows")
    assert [row[:4] for row in flows[1:]] == result.flows.iloc[:, :4].to_numpy().tolist()
    for place, (title, name) in enumerate(zip(flows[0], result.flows.columns, strict=True)):
        if name.endswith("_kt"):
            assert "kt" in title
            assert [row[place] for row in flows[1:]] == result.flows[name].tolist()


def test_the_summary_states_the_figures_with_their_units() -> None:
    result = run()
    rows = workbooks.read_cells(run_workbook(result), "Summary")
    shown = {row[0]: row[1:3] for row in rows}
    assert shown["Total cost"] == [result.figures["total_cost_mcny"], "MCNY/yr"]
    assert shown["Mean haul"] == [result.figures["mean_haul_km"], "km"]
    assert rows[1][0] == "Proved optimal: no other plan costs less."


def test_charts_draw_balances_flows_and_costs() -> None:
    content = workbooks.parts(run_workbook(run()))
    charts = [xml for name, xml in content.items() if name.startswith("xl/charts/")]
    assert len(charts) == 3
    rows = workbooks.read_cells(run_workbook(run()), "Charts")
    assert ["Shandong → Shandong"] not in [row[:1] for row in rows]
    assert ["Others → Inner Mongolia", 1100.0] in rows


def test_what_is_not_reproduced_stands_out() -> None:
    content = run_workbook(run())
    assert 'operator="containsText" text="false"' in workbooks.sheet_xml(content, "Observed check")
    assert False in [row[7] for row in workbooks.read_cells(content, "Observed check")]


def test_local_names_stand_beside_the_others() -> None:
    rows = workbooks.read_cells(run_workbook(run()), "Balance")
    assert ["Henan", "河南"] in [row[:2] for row in rows]


@pytest.mark.parametrize("evil", EVIL)
def test_no_name_becomes_a_formula_or_a_link(evil: str, tmp_path: Path) -> None:
    rename = {"Yunnan": evil.replace(">", "")}
    result = run(rename=rename, name=evil)
    content = run_workbook(result)
    both = comparison_workbook([result, run()], comparison_of(evil, "sample"))
    for made in (content, both):
        for name, xml in workbooks.parts(made).items():
            if name.startswith("xl/worksheets/sheet"):
                assert "<f>" not in xml and "<f " not in xml
                assert "<script" not in xml
    assert rename["Yunnan"] in [row[0] for row in workbooks.read_cells(content, "Flows")]
    assert rename["Yunnan"] in read_back(content, tmp_path).origins["origin"].tolist()


@pytest.mark.parametrize("sheet", ["Flows", "Balance", "Prices", "origins", "limits"])
def test_tables_have_filters_and_frozen_panes(sheet: str) -> None:
    content = run_workbook(run()) if sheet != "limits" else case_workbook(sample_case())
    xml = workbooks.sheet_xml(content, sheet)
    assert re.search(r'<pane xSplit="1" ySplit="1" .*state="frozen"', xml)
    assert '<tablePart r:id="' in xml
    tables = [part for name, part in workbooks.parts(content).items() if "tables/table" in name]
    assert tables and all("<autoFilter ref=" in part for part in tables)


def test_an_infeasible_run_tells_why_and_can_be_mended(tmp_path: Path) -> None:
    diagnosis = Diagnosis(
        headline="Yunnan needs 100 kt, at most 60 can reach it: short by 40 kt.",
        sinks=[{"sink": "Yunnan", "demand_kt": 100.0, "short_kt": 40.0}],
        need_kt=100.0,
        reach_kt=60.0,
        shortage_kt=40.0,
        causes=[{"row": "limit_kept[port]", "what": "the port is full", "kt": 40.0}],
        repairs=[],
    )
    found = run()
    result = dataclasses.replace(
        found,
        status="infeasible",
        diagnosis=diagnosis,
        figures=dict.fromkeys(found.figures),
        flows=found.flows.head(0),
        prices=found.prices.head(0),
        observed=found.observed.head(0),
        throughput=found.throughput.head(0),
        certificate={},
    )
    content = run_workbook(result)
    assert "Charts" not in workbooks.sheet_names(content)
    assert workbooks.read_cells(content, "Summary")[2][0] == diagnosis.headline
    assert ["causes, 1, what", "the port is full"] in workbooks.read_cells(content, "Diagnosis")
    assert same_case(read_back(content, tmp_path), result.case)


def test_what_a_workbook_cannot_hold_is_refused_or_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.workbook.run.MAX_ROWS", 10)
    with pytest.raises(BadInput) as caught:
        require_room(sample_case(), max_rows=10)
    assert [str(fault) for fault in caught.value.faults] == [
        "sinks: 13 rows found; a table in a workbook may have 10 rows; "
        "keep this case as a folder of CSV files",
        "nodes: 18 rows found; a table in a workbook may have 10 rows; "
        "keep this case as a folder of CSV files",
        "links: 22 rows found; a table in a workbook may have 10 rows; "
        "keep this case as a folder of CSV files",
    ]
    content = run_workbook(run())
    assert "origins" not in workbooks.sheet_names(content)
    said = [row[0] for row in workbooks.read_cells(content, "Summary")]
    assert "Flows: the first 10 of 19 rows; the run folder has all." in said
    assert any(
        line.startswith("The inputs are left out, being too large (sinks: 13 rows found")
        for line in said
    )
    assert len(workbooks.read_cells(content, "Flows")) == 11


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    case = sample_case()
    long = case.sources.assign(title="x" * (book_module.MAX_TEXT + 1))
    with pytest.raises(BadInput, match=r"sources:title: a text of 32,768 characters found"):
        case_workbook(case.replace(sources=long))


def comparison_of(*names: str) -> Comparison:
    change = {"table": "modes", "row": "rail", "column": "cny_per_t_km", "before": 0.14}
    nothing = pd.DataFrame()
    return Comparison(
        results=names,
        figures=nothing,
        regions=nothing,
        lanes=nothing,
        inputs=pd.DataFrame([{"run": names[-1], **change, "after": 0.21}]),
        easing=nothing,
        attribution=pd.DataFrame([{"run": names[-1], "what": "Rail tariff", "cost_mcny": 3.5}]),
        notes=["dear: costs interact"],
    )


def test_a_comparison_sets_runs_side_by_side() -> None:
    base, dear = run(), run(name="dear", cost_factor=1.5)
    content = comparison_workbook([base, dear], comparison_of("sample", "dear"))
    assert workbooks.sheet_names(content) == [
        "Summary", "Inputs that differ", "Cost attribution", "Flows", "Balance", "Prices",
        "Changes",
    ]  # fmt: skip
    rows = workbooks.read_cells(content, "Summary")
    assert rows[3][0] == "dear: costs interact"
    header = next(row for row in rows if row[0] == "Figure")
    assert header == ["Figure", "Unit", "sample", "dear", "dear against sample"]
    total = next(row for row in rows if row[0] == "Total cost")
    cost = base.figures["total_cost_mcny"]
    assert total[2:] == pytest.approx([cost, 1.5 * cost, 0.5 * cost])
    balance = workbooks.read_cells(content, "Balance")
    assert balance[0][:3] == ["Region", "Balance, kt/yr: sample", "Balance, kt/yr: dear"]
    flows = workbooks.read_cells(content, "Flows")
    assert flows[0][2:] == [
        f"Shipped, kt/yr: {run}" for run in ("sample", "dear", "dear against sample")
    ]
    assert len(flows) == 1 + len(base.flows)
    assert {row[4] for row in flows[1:]} == {0.0}
    assert workbooks.read_cells(content, "Cost attribution") == [
        ["Run", "What", "Cost, MCNY/yr"],
        ["dear", "Rail tariff", 3.5],
    ]


def test_a_comparison_with_an_infeasible_run_leaves_its_figures_blank() -> None:
    base = run()
    none = dataclasses.replace(
        base,
        status="infeasible",
        figures=dict.fromkeys(base.figures),
        **{name: getattr(base, name).head(0) for name in ("flows", "balance", "prices")},
    )
    content = comparison_workbook([base, none], comparison_of("sample", "none"))
    total = next(r for r in workbooks.read_cells(content, "Summary") if r[0] == "Total cost")
    assert total[2:] == [base.figures["total_cost_mcny"], "", ""]


def test_nested_findings_become_flat_tables() -> None:
    nested = {"gap": 0, "by": {"name": "exact", "rounds": [1, 2]}, "basis": [{"row": "a"}] * 61}
    assert items(nested).to_numpy().tolist() == [
        ["gap", 0],
        ["by, name", "exact"],
        ["by, rounds", "1, 2"],
        ["basis", "61 entries"],
    ]
    point = pd.DataFrame({"added_kt": [0.0, 1.0]})
    tables = study_tables(
        {"curves": {"A": point, "B": point}, "ranges": [], "odd": SimpleNamespace}
    )
    assert tables[f"{STUDY_PREFIX}curves"].to_numpy().tolist() == [
        ["A", 0.0], ["A", 1.0], ["B", 0.0], ["B", 1.0],
    ]  # fmt: skip
    assert list(tables) == [f"{STUDY_PREFIX}curves", f"{STUDY_PREFIX}odd"]


def test_the_first_sheet_begins_with_the_answer() -> None:
    content = run_workbook(run(), ["Can it be done?", "It costs 5 MCNY a year."])
    cells = [row[0] for row in workbooks.read_cells(content, "Summary")[1:4]]
    assert cells[:2] == ["Can it be done?", "It costs 5 MCNY a year."]
    assert cells[2].startswith("Proved optimal")
