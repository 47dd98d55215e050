"""A program that was exported has the same optimum in other solvers."""

from __future__ import annotations

from pathlib import Path

import highspy
import pandas as pd
import pytest
import swiglpk as glpk  # type: ignore[import-not-found]
from typer.testing import CliRunner

import model
from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.studies.export import solved_case, write_mps
from solve import app

DATA = Path(__file__).parents[1] / "data"
PREBAKED, BATTERY = DATA / "prebaked_2024", DATA / "battery_2024"


def least_by_glpk(path: Path) -> float:
    """What GLPK makes of a file, thousand CNY."""
    glpk.glp_term_out(glpk.GLP_OFF)
    program = glpk.glp_create_prob()
    assert glpk.glp_read_mps(program, glpk.GLP_MPS_FILE, None, str(path)) == 0
    assert glpk.glp_simplex(program, None) == 0
    assert glpk.glp_get_status(program) == glpk.GLP_OPT
    return float(glpk.glp_get_obj_val(program))


def least_by_highs(path: Path) -> float:
    """What HiGHS, which knows nothing of the case, makes of a file, thousand CNY."""
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    assert highs.readModel(str(path)) == highspy.HighsStatus.kOk
    highs.run()
    return float(highs.getObjectiveValue())


@pytest.mark.parametrize("path", [PREBAKED, BATTERY])
def test_other_solvers_find_the_cost_of_a_run(path: Path, tmp_path: Path) -> None:
    case, file = model.read_case(path), tmp_path / "case.mps"
    write_mps(case, file)
    cost = 1000 * model.allocate(case).figures["total_cost_mcny"]
    assert least_by_glpk(file) == pytest.approx(cost, rel=1e-9)
    assert least_by_highs(file) == pytest.approx(cost, rel=1e-9)


def test_names_of_any_script_are_told_apart(tmp_path: Path) -> None:
    names = ["云南 一", "云南 二", "a,\"b'", "a b", "a_b"]
    case = Case.of(
        Settings("odd"),
        origins=pd.DataFrame({"origin": names, "supply_kt": 4.0}),
        sinks=pd.DataFrame({"sink": ["汇", "x y"], "demand_kt": [10.0, 10.0]}),
        lanes=pd.DataFrame(
            {"origin": names, "sink": ["汇", "x y", "x y", "x y", "汇"], "cost_cny_per_t": 2.5}
        ).query("origin != 'a b'"),
    )
    case = case.replace(sinks=case.sinks.assign(demand_kt=8.0))
    assert write_mps(case, tmp_path / "odd.mps") == (7, 4)
    assert least_by_glpk(tmp_path / "odd.mps") == pytest.approx(16 * 2.5)


def test_a_chosen_set_is_exported_as_built(tmp_path: Path) -> None:
    case = Case.of(
        Settings("choice"),
        origins=pd.DataFrame({"origin": ["A"], "supply_kt": [50.0]}),
        sinks=pd.DataFrame({"sink": ["H"], "demand_kt": [40.0]}),
        lanes=pd.DataFrame({"origin": ["A", "P"], "sink": "H", "cost_cny_per_t": [90.0, 10.0]}),
        projects=pd.DataFrame({"project": ["P"], "capacity_kt": [30.0], "fixed_mcny_per_year": 1}),
    )
    run = model.site(case).save(tmp_path)
    write_mps(solved_case(run), tmp_path / "built.mps")
    assert least_by_glpk(tmp_path / "built.mps") == pytest.approx(30 * 10 + 10 * 90)


def test_the_command_names_the_file_and_refuses_other_suffixes(tmp_path: Path) -> None:
    run = ["run", "--case", str(BATTERY), "--out", str(tmp_path), "--quick"]
    assert CliRunner().invoke(app, run).exit_code == 0
    export = ["export", "latest", "--out", str(tmp_path), "--mps"]
    done = CliRunner().invoke(app, [*export, str(tmp_path / "x.mps")])
    assert done.exit_code == 0
    assert "rows" in done.stdout and (tmp_path / "x.mps").is_file()
    with pytest.raises(BadInput, match=r"must end in \.mps"):
        write_mps(model.read_case(BATTERY), tmp_path / "x.lp")
    with pytest.raises(BadInput, match="must be writable"):
        write_mps(model.read_case(BATTERY), tmp_path / "none" / "x.mps")


def test_flows_of_several_runs_stand_in_one_table_with_where_they_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", "base", "uae_300", "--case", str(PREBAKED), "--out", "runs", "--quick"]
    assert CliRunner().invoke(app, words).exit_code == 0
    words = ["export", "base", "uae_300", "--flows", "all.csv", "--out", "runs"]
    assert CliRunner().invoke(app, words).exit_code == 0
    table = pd.read_csv("all.csv")
    assert set(table["scenario"]) == {"base", "uae_300"}
    for run, flows in table.groupby("run"):
        own = pd.read_csv(tmp_path / "runs" / str(run) / "flows.csv")
        assert flows["ship_kt"].tolist() == own["ship_kt"].tolist()
    case = model.read_case(PREBAKED)
    nodes = case.nodes.set_index("node")
    for table_name, role, side in (("origins", "origin", "from"), ("sinks", "sink", "to")):
        places = case.table(table_name).set_index(role)["node"]
        known = table[table[role].isin(places.index)]
        for name, lat in zip(known[role], known[f"{side}_lat"], strict=True):
            assert lat == pytest.approx(nodes.loc[places[name], "lat"], nan_ok=True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "name a file to write"),
        (("--mps", "a.mps", "x"), "one run"),
        (("--flows", "a.txt"), "must end in .csv"),
    ],
)
def test_an_export_that_cannot_be_is_refused(
    words: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model.allocate(model.read_case(BATTERY), quick=True).save(tmp_path / "runs")
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, ["export", "latest", *words, "--out", "runs"])
    assert ended.exit_code != 0
    assert message in ended.output + str(ended.exception)
    assert not list(tmp_path.glob("a.*"))
