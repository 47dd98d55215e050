"""A result saved is a result read back, and a finished run never changes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.result.absent import not_applicable
from model.result.allocation import RUN_TABLES, Allocation
from model.result.answer import Answer
from model.result.figures import FIGURES, OF_ALLOCATION
from model.scenarios.info import ScenarioInfo
from model.solve.diagnosis import Diagnosis
from model.store.finished_runs import FinishedRun, delete_runs, find_run, list_runs
from model.store.folder import RunFolder
from model.store.output_json import json_text
from model.store.store import load_run
from model.store.store import save as store_answer
from tests.support.cases import same_case

CASE = Case.of(
    Settings("tiny", title="一个小例子"),
    origins=pd.DataFrame({"origin": ["=1+1", "山东"], "supply_kt": [10.5, 0.1 + 0.2]}),
    sinks=pd.DataFrame({"sink": ["'quoted", "@home"], "demand_kt": [5.0, 0.0]}),
    lanes=pd.DataFrame(
        {"origin": "=1+1", "sink": ["'quoted", "@home"], "cost_cny_per_t": [1 / 3, 0.0]}
    ),
)


def a_result(**changes: Any) -> Allocation:
    return replace(
        Allocation(
            case=CASE,
            scenario=ScenarioInfo("base", "As it stands", "to begin with", "none"),
            status="optimal",
            figures={"total_cost_mcny": 1 / 3, "lanes_used": 1, "solver": "HiGHS", "co2_kt": 0.0},
            flows=pd.DataFrame(
                {
                    "origin": ["=1+1"],
                    "sink": ["@home"],
                    "mode": [""],
                    "route": ["-A >rail> B"],
                    "ship_kt": [0.1 + 0.2],
                    "km": [np.nan],
                }
            ),
            balance=pd.DataFrame(
                {"region": ["=1+1", "'x"], "role": "region", "balance_kt": [-2.5, np.nan]}
            ),
            prices=pd.DataFrame({"place": ["山东"], "role": ["origin"], "left_cny_per_t": [-1e-7]}),
            changes=pd.DataFrame({"step": [1], "before": ["-5"], "after": ["=5"]}),
            observed=pd.DataFrame({"quantity": ["balance"], "holds": ["true"]}),
            throughput=pd.DataFrame({"place": ["=port"], "role": ["port"], "through_kt": [0.5]}),
            lanes={"offered": 1, "seen": 1},
            certificate={"duals": {"supply_limit[=1+1]": 0.25}},
            provenance={"created": "2026-01-02T03:04:05.678901+00:00", "inputs": {"a.csv": "0"}},
        ),
        **changes,
    )


def save(result: Allocation, out: Path) -> tuple[Allocation, Path]:
    def certify(answer: Answer, folder: RunFolder) -> Answer:
        certificate = answer.certificate | {"found": {"word": "proved"}}
        folder.write("certificate.json", json_text(certificate))
        return replace(answer, certificate=certificate)

    saved = store_answer(
        result.answer(), out, certify=certify, add=lambda _, folder: folder.write("a.html", "<p>")
    )
    return Allocation.of(saved), Path(saved.figures["run"])


def test_a_saved_result_reads_back_as_it_was(tmp_path: Path) -> None:
    saved, path = save(a_result(), tmp_path)
    again = load_run(path)
    assert same_case(again.case, CASE)
    for name in RUN_TABLES:
        pd.testing.assert_frame_equal(
            getattr(again, name), getattr(saved, name), check_exact=True, check_dtype=False
        )
    for name in ("scenario", "status", "lanes", "diagnosis", "studies", "provenance"):
        assert getattr(again, name) == getattr(saved, name), name
    known = {name: value for name, value in again.figures.items() if value is not None}
    assert known == {name: value for name, value in saved.figures.items() if value is not None}
    assert again.certificate == saved.certificate
    assert again.certificate["found"] == {"word": "proved"}


def test_a_figure_that_does_not_apply_is_null_with_its_reason(tmp_path: Path) -> None:
    figures = dict.fromkeys(OF_ALLOCATION, 1.0) | {"mean_haul_km": None}
    _, path = save(replace(a_result(), figures=figures), tmp_path)
    content = json.loads((path / "run.json").read_text(encoding="utf-8"))
    reasons = content["not_applicable"]
    assert reasons["mean_haul_km"] == "there are no domestic shipments"
    assert all(content[name] is None for name in reasons)
    assert {name for name in FIGURES if content.get(name) is None and name in content} <= {*reasons}


def test_the_run_knows_its_place_and_the_summary_is_its_file(tmp_path: Path) -> None:
    saved, path = save(a_result(), tmp_path)
    content = json.loads((path / "run.json").read_text(encoding="utf-8"))
    assert content == saved.answer().summary()
    assert content["run"] == path.as_posix()
    assert content["total_cost_mcny"] == 1 / 3
    assert path.name.startswith("base-20260102T030405Z-")


def test_names_that_look_like_formulas_are_harmless_and_numbers_intact(tmp_path: Path) -> None:
    _, path = save(a_result(), tmp_path)
    assert (path / "flows.csv").read_text(encoding="utf-8") == (
        "origin,sink,mode,route,ship_kt,km\n'=1+1,'@home,,'-A >rail> B,0.30000000000000004,\n"
    )
    assert (path / "balance.csv").read_text(encoding="utf-8") == (
        "region,role,balance_kt\n'=1+1,region,-2.5\n''x,region,\n"
    )
    assert (path / "changes.csv").read_text(encoding="utf-8") == "step,before,after\n1,-5,'=5\n"


def test_an_infeasible_result_keeps_its_diagnosis(tmp_path: Path) -> None:
    diagnosis = Diagnosis(
        headline="B needs 30 kt",
        sinks=[{"sink": "B", "demand_kt": 30.0, "short_kt": 20.0}],
        need_kt=30.0,
        reach_kt=10.0,
        shortage_kt=20.0,
        causes=[],
        repairs=[],
    )
    figures = {"total_cost_mcny": None}
    saved, path = save(
        a_result(status="infeasible", figures=figures, diagnosis=diagnosis), tmp_path
    )
    again = load_run(path)
    assert (again.status, again.diagnosis) == ("infeasible", diagnosis)
    assert again.figures == saved.figures | dict.fromkeys(not_applicable("run", "infeasible", {}))


def test_studies_are_kept(tmp_path: Path) -> None:
    studies = {"ranges": [{"origin": "山东", "least_kt": 0.5}]}
    _, path = save(a_result(studies=studies), tmp_path)
    assert load_run(path).studies == studies


def test_the_same_result_gives_the_same_bytes_but_for_its_place(tmp_path: Path) -> None:
    _, one = save(a_result(), tmp_path / "one")
    _, other = save(a_result(), tmp_path / "other")
    assert one.name == other.name
    for path in sorted(one.rglob("*")):
        if path.is_file() and path.name not in {"run.json", "manifest.json"}:
            assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


def test_a_finished_run_is_found_by_name_and_path_and_listed(tmp_path: Path) -> None:
    later = a_result(provenance={"created": "2026-01-02T03:04:06+00:00"})
    _, second = save(replace(later, scenario=ScenarioInfo("a")), tmp_path)
    _, first = save(a_result(), tmp_path)
    (tmp_path / ".half.partial").mkdir()
    (tmp_path / "notes").mkdir()
    assert list(list_runs(tmp_path).items()) == [
        (first.name, FinishedRun("optimal", 1 / 3)),
        (second.name, FinishedRun("optimal", 1 / 3)),
    ]
    assert find_run(first.name, tmp_path) == first
    assert find_run(str(first), tmp_path / "elsewhere") == first
    assert list_runs(tmp_path / "nowhere") == {}
    (second / "run.json").write_text("{")
    assert list_runs(tmp_path)[second.name] == FinishedRun("damaged")


@pytest.mark.parametrize("name", ["nothing", "../../etc", "notes", ""])
def test_what_is_no_run_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "notes").mkdir()
    with pytest.raises(BadInput, match="a run must be a finished run folder"):
        find_run(name, tmp_path)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("run.json", "{"),
        ("run.json", "[]"),
        ("run.json", "{}"),
        ("flows.csv", "origin,ship_kt\nA,much\n"),
        ("flows.csv", None),
        ("certificate.json", "\udcff"),
    ],
)
def test_a_damaged_run_is_bad_input(tmp_path: Path, file: str, text: str | None) -> None:
    _, path = save(a_result(), tmp_path)
    if text is None:
        (path / file).unlink()
    else:
        (path / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match=r"must be a finished run folder|must be UTF-8"):
        load_run(path)


def test_a_run_is_found_by_the_beginning_of_its_name_if_no_other_begins_so(tmp_path: Path) -> None:
    _, first = save(a_result(), tmp_path)
    stem, stamp, digest = first.name.rsplit("-", 2)
    assert find_run(f"{stem}-{stamp[:6]}", tmp_path) == first
    first.rename(tmp_path / f"{stem}-{stamp}-{digest[:7]}x")
    save(a_result(), tmp_path)
    with pytest.raises(BadInput, match="2 runs that begin so"):
        find_run(f"{stem}-{stamp[:6]}", tmp_path)


def test_deleted_runs_are_gone_and_the_others_as_they_were(tmp_path: Path) -> None:
    _, first = save(a_result(), tmp_path)
    _, second = save(replace(a_result(), scenario=ScenarioInfo("other")), tmp_path)
    assert list(list_runs(tmp_path, "other")) == [second.name]
    delete_runs(tmp_path, [first.name])
    assert [path.name for path in tmp_path.iterdir()] == [second.name]
    assert load_run(second).status == "optimal"


def test_saving_again_leaves_the_first_run_alone(tmp_path: Path) -> None:
    _, first = save(a_result(), tmp_path)

    def digest() -> dict[str, str]:
        files = sorted(path for path in first.rglob("*") if path.is_file())
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = digest()
    _, second = save(a_result(), tmp_path)
    assert second != first
    assert digest() == before


def test_a_run_is_found_by_its_scenario_and_as_the_latest(tmp_path: Path) -> None:
    for day in (2, 3):
        created = {"created": f"2026-01-0{day}T03:04:05.000000+00:00"}
        save(replace(a_result(), provenance=created), tmp_path)
    last = list(list_runs(tmp_path))[-1]
    assert find_run("base", tmp_path) == find_run("latest", tmp_path) == tmp_path / last
    assert "20260103" in last
