"""Commands as a user gives them: what they print, write and return."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
RUN_FILES = {
    "balance.csv",
    "certificate.json",
    "changes.csv",
    "flows.csv",
    "throughput.csv",
    "inputs",
    "given.zip",
    "datapackage.json",
    "manifest.json",
    "observed.csv",
    "prices.csv",
    "report.html",
    "report.xlsx",
    "run.json",
}
FIGURES = {
    "total_cost_mcny", "transport_cost_mcny", "land_cost_mcny", "sea_cost_mcny",
    "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny", "fixed_cost_mcny", "shipped_kt",
    "domestic_kt", "export_kt", "unshipped_kt", "deficit_kt", "moved_kt", "bn_t_km",
    "mean_haul_km", "export_bn_t_km", "self_sufficiency", "co2_kt", "lanes_offered", "lanes_used",
    "run", "solver", "seconds",
}  # fmt: skip
SHORT = {
    "case.toml": 'name = "short"\n',
    "origins.csv": "origin,supply_kt\nA,10\n",
    "sinks.csv": "sink,demand_kt\nB,30\n",
    "lanes.csv": "origin,sink,cost_cny_per_t\nA,B,1\n",
}
MORE_CHICAGO = """
title = "More for Chicago"
why = "to see the cost rise"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["Chicago"] }
value = 310
why = "ten more"
"""
TOO_MUCH = MORE_CHICAGO.replace("310", "3100")

Command = Callable[..., Any]


def test_dantzig_in_its_own_units(command: Command, dantzig: Path) -> None:
    ended = command("run", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["status"] == "optimal"
    assert ended.json["objective_kcny"] == pytest.approx(153.675, abs=1e-9)
    assert ended.json["total_cost_mcny"] == pytest.approx(0.153675, abs=1e-12)
    assert set(ended.json) >= FIGURES
    folder = Path(ended.json["run"])
    assert folder.parent == Path("runs")
    assert {path.name for path in folder.iterdir()} == RUN_FILES
    assert json.loads((folder / "run.json").read_text()) == ended.json


def test_options_without_a_command_run(command: Command, dantzig: Path) -> None:
    ended = command("--case", dantzig, "--out", "runs", "--json")
    assert (ended.code, ended.json["kind"]) == (0, "run")


def test_a_run_prints_its_headline_and_page(command: Command, dantzig: Path) -> None:
    ended = command("run", "--case", dantzig, "--out", "runs")
    page = next(Path("runs").glob("*/report.html"))
    assert ended.code == 0
    assert ended.out.startswith("base: proved optimal\n")
    assert "0.1537 MCNY/yr, 0.1708 CNY/t shipped" in ended.out
    assert ended.out.endswith(f"{page}\n")


def test_an_infeasible_case_is_diagnosed_and_written(
    command: Command, make_folder: Callable[..., Path]
) -> None:
    ended = command("run", "--case", make_folder("short", SHORT), "--out", "runs", "--json")
    assert ended.code == 3
    assert ended.json["status"] == "infeasible"
    assert ended.json["total_cost_mcny"] is None
    assert "20" in ended.err
    assert "B" in ended.err
    assert {path.name for path in Path(ended.json["run"]).iterdir()} >= {"run.json", "report.html"}


def test_the_time_limit_without_a_plan_writes_nothing(command: Command, dantzig: Path) -> None:
    ended = command("run", "--case", dantzig, "--out", "runs", "--time-limit", "0", "--json")
    assert ended.code == 4
    assert (ended.json["status"], ended.json["run"]) == ("limit", None)
    assert "none was found in time; nothing was written" in ended.err
    assert not Path("runs").exists()


def test_bad_input_is_refused_with_every_fault_and_nothing_written(
    command: Command, dantzig: Path
) -> None:
    (dantzig / "origins.csv").write_text("origin,supply_kt\nSeattle,-350\nSan Diego,\n")
    ended = command("run", "--case", dantzig, "--out", "runs")
    assert ended.code == 2
    assert ended.out == ""
    *faults, count = ended.said.splitlines()
    assert {fault.split(";")[0] for fault in faults} == {
        'origins.csv:2:supply_kt: "-350" found',
        "origins.csv:3:supply_kt: a blank found",
    }
    assert count == "2 faults; nothing was written"
    assert not Path("runs").exists()


def test_bad_input_as_json_is_one_object(command: Command, dantzig: Path) -> None:
    (dantzig / "origins.csv").write_text("origin,supply_kt\nSeattle,-350\n")
    ended = command("run", "--case", dantzig, "--json")
    assert ended.code == 2
    assert ended.json["status"] == "refused"
    assert ended.json["faults"][0].startswith('origins.csv:2:supply_kt: "-350" found; ')


def test_an_unknown_option_is_bad_usage(command: Command) -> None:
    ended = command("run", "--cse", "x")
    assert ended.code == 2
    assert "No such option: --cse" in ended.err


def test_a_missing_case_is_bad_input(command: Command) -> None:
    ended = command("run", "--case", "nowhere")
    assert ended.code == 2
    assert ended.said.startswith("nowhere: ")


def test_several_scenarios_make_a_run_each_and_a_comparison(
    command: Command, dantzig: Path, make_folder: Callable[..., Path]
) -> None:
    make_folder("dantzig/scenarios", {"more.toml": MORE_CHICAGO, "much.toml": TOO_MUCH})
    ended = command("run", "base", "much", "more", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 3
    assert [run["status"] for run in ended.json["runs"]] == ["optimal", "infeasible", "optimal"]
    assert [run["scenario"]["name"] for run in ended.json["runs"]] == ["base", "much", "more"]
    for run in ended.json["runs"]:
        assert Path(run["run"], "manifest.json").is_file()
    assert Path(ended.json["comparison"]["run"], "report.html").is_file()
    assert len(list(Path("runs").iterdir())) == 4


def test_an_unknown_scenario_is_refused_before_anything_is_solved(
    command: Command, dantzig: Path
) -> None:
    ended = command("run", "base", "bse", "--case", dantzig, "--out", "runs")
    assert ended.code == 2
    assert "bse" in ended.err
    assert not Path("runs").exists()


def test_a_fault_of_the_program_is_one_line_and_the_others_run(
    command: Command,
    dantzig: Path,
    make_folder: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import model.run

    make_folder("dantzig/scenarios", {"more.toml": MORE_CHICAGO})
    evaluate = model.run.evaluate

    def fail_on_more(case: Any, scenario: Any, *rest: Any) -> Any:
        if scenario.name == "more":
            raise ZeroDivisionError("a fault\nin two lines")
        return evaluate(case, scenario, *rest)

    monkeypatch.setattr("model.run.evaluate", fail_on_more)
    ended = command("run", "more", "base", "--case", dantzig, "--out", "runs", "--json")
    assert ended.code == 1
    assert "error: a fault in two lines (--debug shows where)\n" in ended.err
    assert "Traceback" not in ended.err
    assert [run["status"] for run in ended.json["runs"]] == ["error", "optimal"]
    assert len(list(Path("runs").iterdir())) == 1
    assert "Traceback" in command("run", "more", "--case", dantzig, "--debug").err


def test_an_input_that_changes_during_the_run_is_noticed(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import model.run

    evaluate = model.run.evaluate

    def change_and_evaluate(*given: Any) -> Any:
        with (dantzig / "sinks.csv").open("a") as sinks:
            sinks.write("Boston,1\n")
        return evaluate(*given)

    monkeypatch.setattr("model.run.evaluate", change_and_evaluate)
    ended = command("run", "--case", dantzig, "--out", "runs")
    assert ended.code == 2
    assert ended.said == (
        "sinks.csv: another content than when it was read found; "
        "inputs must not change during a run; run again\n1 fault; nothing was written\n"
    )
    assert not Path("runs").exists()


def test_a_run_again_from_its_own_inputs_gives_the_same_bytes(
    command: Command, dantzig: Path
) -> None:
    first = Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"])
    ended = command("run", "--case", first / "inputs", "--out", "runs", "--json")
    second = Path(ended.json["run"])
    assert second != first
    for path in sorted(first.rglob("*.csv")) + sorted(first.rglob("*.toml")):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path.name


def test_check_accepts_the_bundled_case(command: Command) -> None:
    ended = command("check")
    assert ended.code == 0, ended.err
    assert ended.out.startswith("prebaked_2024: valid; scenarios: ")


def test_check_lists_faults_of_scenarios_too(
    command: Command, dantzig: Path, make_folder: Callable[..., Path]
) -> None:
    (dantzig / "origins.csv").write_text("origin,supply_kt\nSeattle,350\nSan Diego,600\n")
    make_folder("dantzig/scenarios", {"bad.toml": MORE_CHICAGO.replace("Chicago", "Chikago")})
    ended = command("check", "--case", dantzig)
    assert ended.code == 2
    assert "bad.toml" in ended.err


def test_list_shows_cases_scenarios_and_runs(command: Command, dantzig: Path) -> None:
    name = Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"]).name
    listing = command("list", "--out", "runs", "--json").json
    assert "prebaked_2024" in listing["cases"]
    assert listing["scenarios"] and all(listing["scenarios"].values())
    assert listing["runs"] == {
        name: {"status": "optimal", "total_cost_mcny": pytest.approx(0.153675)}
    }
    assert f"  {name}  optimal  0.2 MCNY a year\n" in command("list", "--out", "runs").out


def test_list_deletes_old_runs_only_when_asked_to(command: Command, dantzig: Path) -> None:
    def run() -> str:
        return Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"]).name

    old, new = run(), run()
    refused = command("list", "--out", "runs", "--keep", "1")
    assert refused.code == 2
    assert "add --yes" in refused.err
    assert set(command("list", "--out", "runs", "--json").json["runs"]) == {old, new}
    kept = command("list", "--out", "runs", "--status", "infeasible", "--keep", "0", "--yes")
    assert (kept.code, "0 runs deleted" in kept.err) == (0, True)
    ended = command("list", "--out", "runs", "--keep", "1", "--yes", "--json")
    assert list(ended.json["runs"]) == [new]
    assert not Path("runs", old).exists()


def test_compare_takes_names_and_paths(command: Command, dantzig: Path) -> None:
    runs = [
        Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"])
        for _ in range(2)
    ]
    ended = command("compare", runs[0].name, runs[1], "--out", "runs", "--json")
    assert ended.code == 0, ended.err
    assert Path(ended.json["run"], "report.html").is_file()


def test_a_run_that_is_not_there_is_bad_input(command: Command) -> None:
    ended = command("verify", "nothing")
    assert ended.code == 2
    assert ended.said == (
        "nothing: no finished run found; a run must be a finished run folder; "
        "`solve.py list` shows those there are\n1 fault; nothing was written\n"
    )


def test_verify_agrees_with_a_run_and_names_a_changed_figure(
    command: Command, dantzig: Path
) -> None:
    folder = Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"])
    assert command("verify", folder.name, "--out", "runs").code == 0
    flows = folder / "flows.csv"
    flows.write_text(flows.read_text().replace("San Diego,New York", "San Diego,Chicago", 1))
    ended = command("verify", folder)
    assert ended.code == 5
    assert "flows.csv" in ended.out


def test_runs_that_were_moved_are_compared(command: Command, dantzig: Path) -> None:
    for _ in range(2):
        assert command("run", "--case", dantzig, "--out", "runs").code == 0
    Path("runs").rename("kept")
    ended = command("compare", *sorted(Path("kept").iterdir()), "--out", "kept", "--json")
    assert ended.code == 0
    assert command("verify", ended.json["run"]).code == 0


def test_a_template_is_made_once_and_an_empty_one_is_refused(command: Command) -> None:
    assert command("template", "new.xlsx").code == 0
    again = command("template", "new.xlsx")
    assert again.code == 2
    assert "exists already" in again.err
    for name, why in (("new.csv", "end its name in .xlsx"), ("no/new.xlsx", "no is no folder")):
        refused = command("template", name)
        assert refused.code == 2
        assert why in refused.err
        assert not Path(name).exists()
    ended = command("run", "--case", "new.xlsx", "--out", "runs")
    assert ended.code == 2
    assert "new.xlsx" in ended.err


@pytest.mark.system
def test_ctrl_c_ends_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "solve.py"), "--out", str(tmp_path / "runs")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "interrupted; finished runs are kept, nothing is half-written"
    assert "Traceback" not in err
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())
