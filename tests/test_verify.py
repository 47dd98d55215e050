"""`verify`: an honest run agrees, wherever it lies; whatever is changed by hand is named."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from model.audit.disagreement import Disagreement
from model.audit.verify import verify
from model.case.write import write_case
from model.certify.certificate import certify
from model.reading.read_case import read_case
from model.result.answer import Answer
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.scenarios.scenario import apply, load_scenario
from model.store.folder import RunFolder
from model.store.output_csv import to_csv
from model.store.output_json import json_text
from model.store.provenance import provenance
from model.store.store import save
from tests.support.published import LINEAR, case_files
from tests.support.random_texts import Texts, random_networks
from tests.support.small_case import write_scenario, write_small_case

SCENARIO = """
title = "More in the West"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["West"] }
value = 110
why = "a test"
[[step]]
scale = "modes.cny_per_t_km"
where = { mode = ["rail"] }
value = 1.1
why = "a test"
[[step]]
set = "case.carbon_price_cny_per_t"
value = 120
why = "a test"
[[step]]
drop = "projects"
where = { project = ["Quay"] }
why = "a test"
[[step]]
append = "lanes"
row = { origin = "South mill", sink = "West", cost_cny_per_t = 175.5, mode = "truck", km = 500 }
why = "a test"
"""
ORIGINS = (
    "origin,supply_kt,region,node,capacity_kt,cost_cny_per_t\n"
    "North mill,300,North,Northtown,400,3000\n"
    "South mill,200,East,Southtown,250,3100\n"
    "Old mill,50,South,Southtown,60,3500\n"
)
OBSERVED = (
    "quantity,region,value,unit,tolerance,source,origins\n"
    "balance_kt,South,50,kt,10,survey,\n"
    "supply_minus_demand_kt,North|South,200,kt,100,survey,\n"
    "price_spread_cny_per_t,West,30,CNY/t,,survey,East\n"
    "suppliers,East,1,count,,survey,South mill\n"
)


def store(case_folder: Path, out: Path, scenario: str) -> Path:
    """A run folder as the command line makes it, but for page and workbook."""
    case, ledger = apply(read_case(case_folder), load_scenario(case_folder, scenario))
    result = evaluate(case, ScenarioInfo(scenario), ledger, RunOptions())
    result.provenance.update(provenance({}))
    save(result.answer(), out, add=add_pages)
    (made,) = out.iterdir()
    return made


def add_pages(_: Answer, folder: RunFolder) -> None:
    folder.write("report.html", "<p>a page</p>")
    folder.write("report.xlsx", b"a workbook")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("verify")
    case = write_small_case(base / "case", origins=ORIGINS, observed=OBSERVED)
    write_scenario(case, "west", SCENARIO)
    return store(case, base / "runs", "west")


@pytest.fixture(scope="module")
def infeasible(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("verify-infeasible")
    sinks = "sink,demand_kt,kind,node\nEast,520,domestic,Easttown\nWest,100,domestic,Westtown\n"
    duties = None
    case = write_small_case(base / "case", sinks=sinks, duties=duties, observed=None)
    return store(case, base / "runs", "")


@pytest.fixture
def run(honest: Path, tmp_path: Path) -> Path:
    """A copy of the honest run that a test may spoil."""
    return Path(shutil.copytree(honest, tmp_path / "copied elsewhere"))


def forge_manifest(run: Path) -> None:
    """Make the manifest fit whatever the files now hold."""
    files = [path for path in run.rglob("*") if path.is_file() and path.name != "manifest.json"]
    listed = {
        path.relative_to(run).as_posix(): {
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "bytes": path.stat().st_size,
        }
        for path in files
    }
    (run / "manifest.json").write_text(json.dumps({"files": listed}), encoding="utf-8")


def named(found: list[Disagreement], file: str, figure: str) -> bool:
    return any(entry.file == file and figure in entry.figure for entry in found)


def table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))


def write_rows(path: Path, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


# An honest run


def test_a_run_that_was_copied_agrees(run: Path) -> None:
    assert verify(run) == []


def test_the_run_is_proved_with_no_gap(honest: Path) -> None:
    found = json.loads((honest / "certificate.json").read_text(encoding="utf-8"))["found"]
    assert (found["word"], found["gap_kcny"]["exact"]) == ("proved", "0")


def test_an_infeasible_run_agrees(infeasible: Path) -> None:
    found = json.loads((infeasible / "certificate.json").read_text(encoding="utf-8"))["found"]
    assert found["word"] == "proved"
    assert verify(infeasible) == []


# Files


@pytest.mark.parametrize("figure", ["report.html", "report.xlsx", "inputs/links.csv", "run.json"])
def test_a_file_changed_in_one_byte_is_named(run: Path, figure: str) -> None:
    path = run / figure
    path.write_bytes(path.read_bytes() + b"\n")
    assert named(verify(run), figure, "sha256")


def test_a_file_that_is_gone_or_new_is_named(run: Path) -> None:
    (run / "report.html").unlink()
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    assert [str(entry) for entry in verify(run)] == [
        "notes.txt: no such file said; one found",
        "report.html: a file said; none found",
    ]


@pytest.mark.parametrize("name", ["run.json", "certificate.json", "flows.csv", "inputs/case.toml"])
def test_a_file_that_cannot_be_read_is_no_crash(run: Path, name: str) -> None:
    (run / name).write_text('"\x00{', encoding="utf-8")
    assert verify(run)
    (run / name).write_bytes(b"\xff\xfe")
    assert verify(run)


# Figures, with the manifest forged


@pytest.mark.parametrize("file", ["flows.csv", "balance.csv", "prices.csv", "observed.csv"])
def test_every_number_of_a_table_is_found_when_changed(run: Path, file: str) -> None:
    rows = table(run / file)
    tried = 0
    for place in range(1, len(rows)):
        for column, name in enumerate(rows[0]):
            old = rows[place][column]
            if not old.replace(".", "", 1).lstrip("-").isdigit():
                continue
            tried += 1
            rows[place][column] = str(float(old) + 0.01)
            write_rows(run / file, rows)
            forge_manifest(run)
            assert named(verify(run), file, name), f"{rows[place]}, {name}"
            rows[place][column] = old
    assert tried > 10


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("flows.csv", "origin"),
        ("flows.csv", "mode"),
        ("flows.csv", "route"),
        ("balance.csv", "region"),
        ("balance.csv", "role"),
        ("prices.csv", "place"),
        ("prices.csv", "role"),
        ("observed.csv", "quantity"),
        ("observed.csv", "unit"),
        ("observed.csv", "holds"),
        ("observed.csv", "note"),
    ],
)
def test_every_name_of_a_table_is_found_when_changed(run: Path, file: str, column: str) -> None:
    rows = table(run / file)
    for row in rows[1:]:
        row[rows[0].index(column)] = "elsewhere"
    write_rows(run / file, rows)
    forge_manifest(run)
    assert {entry.file for entry in verify(run)} & {file}


@pytest.mark.parametrize("file", ["flows.csv", "balance.csv", "prices.csv", "observed.csv"])
def test_a_row_left_out_or_doubled_is_found(run: Path, file: str) -> None:
    rows = table(run / file)
    for tampered in (rows[:-1], [*rows, rows[-1]]):
        write_rows(run / file, tampered)
        forge_manifest(run)
        assert file in {entry.file for entry in verify(run)}


def test_every_figure_of_the_summary_is_found_when_changed(run: Path) -> None:
    path = run / "run.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    figures = [
        name
        for name, value in content.items()
        if isinstance(value, int | float) and name not in {"seconds"}
    ]
    assert len(figures) >= 22
    for name in figures:
        path.write_text(json.dumps(content | {name: content[name] + 0.01}), encoding="utf-8")
        forge_manifest(run)
        assert named(verify(run), "run.json", name), name
        path.write_text(json.dumps(content | {name: None}), encoding="utf-8")
        forge_manifest(run)
        assert named(verify(run), "run.json", name), name


def test_without_its_certificate_a_run_is_not_believed(run: Path) -> None:
    (run / "certificate.json").unlink()
    forge_manifest(run)
    assert named(verify(run), "certificate.json", "found.word")


def test_a_manifest_that_cannot_be_read_is_named(run: Path) -> None:
    (run / "manifest.json").write_text("{", encoding="utf-8")
    assert [entry.file for entry in verify(run)] == ["manifest.json"]


@pytest.mark.parametrize("status", ["infeasible", "limit", "solved", None])
def test_another_status_is_found(run: Path, status: str | None) -> None:
    path = run / "run.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(content | {"status": status}), encoding="utf-8")
    forge_manifest(run)
    assert verify(run)


def leaves(content: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(content, dict):
        return [leaf for key, value in content.items() for leaf in leaves(value, (*path, key))]
    if isinstance(content, list):
        return [leaf for key, value in enumerate(content) for leaf in leaves(value, (*path, key))]
    return [path]


def with_leaf(content: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> str:
    copy = json.loads(json.dumps(content))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = change(holder[path[-1]])
    return json.dumps(copy)


def test_every_figure_of_the_certificate_is_found_when_changed(run: Path) -> None:
    path = run / "certificate.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    for leaf in leaves(content):
        if leaf[0] == "basis" and leaf[-1] not in {"route", "origin"}:
            continue
        text = with_leaf(content, leaf, lambda old: old + 1 if isinstance(old, float) else "x")
        path.write_text(text, encoding="utf-8")
        forge_manifest(run)
        assert "certificate.json" in {entry.file for entry in verify(run)}, leaf


@pytest.mark.parametrize("row", range(1, 6))
def test_every_step_of_the_ledger_is_borne_out(run: Path, row: int) -> None:
    rows = table(run / "changes.csv")
    column = "after" if rows[row][rows[0].index("after")] else "row"
    old = rows[row][rows[0].index(column)]
    rows[row][rows[0].index(column)] = old[:-1] + "7" if column == "after" else "origin=South mill"
    write_rows(run / "changes.csv", rows)
    forge_manifest(run)
    assert "changes.csv" in {entry.file for entry in verify(run)}, rows[row]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("origins.csv", "North mill,300", "North mill,250"),
        ("sinks.csv", "West,110", "West,90"),
        ("sinks.csv", "Overseas,40,export", "Overseas,40,domestic"),
        ("lanes.csv", "North mill,East,120", "North mill,East,121"),
        ("links.csv", "Easttown,Port,road,200", "Easttown,Port,road,201"),
        ("duties.csv", "0.0655", "0.0755"),
        ("limits.csv", "port,,100", "port,,10"),
        ("limits.csv", "captive,20", "captive,200"),
        ("modes.csv", "road,10", "road,11"),
        ("case.toml", "120", "121"),
        ("observed.csv", ",200,kt", ",210,kt"),
    ],
)
def test_an_input_that_the_outputs_do_not_follow_from_is_found(
    run: Path, file: str, old: str, new: str
) -> None:
    path = run / "inputs" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert named(verify(run), f"inputs/{file}", "sha256")
    forge_manifest(run)
    assert verify(run)


def test_a_plan_of_equal_cost_that_is_not_the_proved_one_is_named(run: Path) -> None:
    rows = table(run / "flows.csv")
    ship = rows[0].index("ship_kt")
    rows[1][ship] = repr(float(rows[1][ship]) + 1e-5)
    write_rows(run / "flows.csv", rows)
    forge_manifest(run)
    assert named(verify(run), "flows.csv", "ship_kt")


@pytest.mark.parametrize("change", ["shortage", "weights", "status"])
def test_an_infeasible_run_that_was_changed_is_found(
    infeasible: Path, tmp_path: Path, change: str
) -> None:
    run = Path(shutil.copytree(infeasible, tmp_path / "run"))
    name = "certificate.json" if change == "weights" else "run.json"
    content = json.loads((run / name).read_text(encoding="utf-8"))
    if change == "shortage":
        content["diagnosis"]["shortage_kt"] += 1
    elif change == "weights":
        content["farkas"] = {row: -weight for row, weight in content["farkas"].items()}
    else:
        content["status"] = "optimal"
    (run / name).write_text(json.dumps(content), encoding="utf-8")
    forge_manifest(run)
    assert verify(run)


# Published and random programs through the whole model


def run_of(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Solve the case in a folder, write its run beside it; return it and what certifying found."""
    changes = pd.DataFrame(columns=["step", "table", "row", "column", "before", "after"])
    result = evaluate(read_case(folder), ScenarioInfo("base"), changes, RunOptions())
    run = folder / "run"
    run.mkdir()
    write_case(result.case, run / "inputs")
    for name in ("flows", "balance", "prices", "changes", "observed"):
        (run / f"{name}.csv").write_text(to_csv(getattr(result, name)), encoding="utf-8")
    (run / "run.json").write_text(json_text(result.answer().summary()), encoding="utf-8")
    certificate = run / "certificate.json"
    certificate.write_text(json_text(result.certificate), encoding="utf-8")
    found = certify(run)
    certificate.write_text(json_text(result.certificate | {"found": found}), encoding="utf-8")
    forge_manifest(run)
    return run, found


PUBLISHED = [
    pytest.param(
        entry,
        id=entry["instance"],
        marks=[pytest.mark.slow] if entry["instance"] == "net8_8_1" else [],
    )
    for entry in LINEAR
]


@pytest.mark.parametrize("entry", PUBLISHED)
def test_published_instances_are_proved_with_no_gap(
    entry: dict[str, Any], make_folder: Callable[[str, Texts], Path]
) -> None:
    run, found = run_of(make_folder("case", case_files(entry)))
    assert found["word"] == "proved", found
    if entry["expected_status"] == "optimal":
        assert found["gap_kcny"]["exact"] == "0"
        assert found["objective_kcny"]["about"] == pytest.approx(entry["expected_objective"])
    if entry["instance"] == "feasopt1":
        assert found["shortage_kt_at_least"]["exact"] == "130"
    assert verify(run) == []


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(texts=random_networks())
def test_random_runs_of_the_model_are_proved_and_agree(
    tmp_path_factory: pytest.TempPathFactory, texts: Texts
) -> None:
    links = list(dict.fromkeys(texts["links.csv"].splitlines()))
    folder = tmp_path_factory.mktemp("random")
    for name, text in (texts | {"links.csv": "\n".join(links) + "\n"}).items():
        (folder / name).write_text(text, encoding="utf-8")
    run, found = run_of(folder)
    assert found["word"] == "proved", found
    assert found.get("gap_kcny", {"exact": "0"})["exact"] == "0"
    assert verify(run) == []
