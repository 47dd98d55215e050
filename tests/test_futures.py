"""One set for several futures: what it says, refuses and keeps; `verify` of its folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from model import load_run, read_case, site, site_together, verify
from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.case.write import write_case
from model.interface.result import Result
from reports.pages import write_pages
from tests.support.forging import seal_again

DATA = Path(__file__).parents[1] / "data"
CRITERIA = ("expected", "worst", "regret")


def small() -> Case:
    """Two buyers, one plant, two projects that either of them may want.

    A tonne from the plant costs 10 CNY at either buyer; a project serves its own for 1 CNY, and 100
    kt of it cost 500 kCNY a year. Capital is 10 MCNY each over 20 years without interest.
    """
    tables = {
        "origins": {"origin": ["plant"], "supply_kt": [300.0]},
        "sinks": {"sink": ["East", "West"], "demand_kt": [100.0, 80.0]},
        "lanes": {
            "origin": ["plant", "plant", "new East", "new West"],
            "sink": ["East", "West", "East", "West"],
            "cost_cny_per_t": [10.0, 10.0, 1.0, 1.0],
        },
        "projects": {
            "project": ["new East", "new West"],
            "capacity_kt": [100.0, 100.0],
            "capex_cny_per_t": [100.0, 100.0],
            "life_years": [20.0, 20.0],
        },
    }
    frames = {table: pd.DataFrame(rows) for table, rows in tables.items()}
    return Case.of(Settings("small", discount_rate=0.0), **frames)


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    """The small case with two scenarios: West uses more, East uses less; one without a plan."""
    folder = tmp_path / "case"
    write_case(small(), folder)
    scenarios = folder / "scenarios"
    scenarios.mkdir()
    step = '[[step]]\nset = "{}"\nwhere = {{ {} = ["{}"] }}\nvalue = {}\n'
    texts = {
        "west_grows": step.format("sinks.demand_kt", "sink", "West", 100),
        "east_shrinks": step.format("sinks.demand_kt", "sink", "East", 40),
        "too_much": step.format("sinks.demand_kt", "sink", "West", 900),
        "east_forced": step.format("projects.forced", "project", "new East", "true"),
        "west_forced": step.format("projects.forced", "project", "new West", "true"),
        "smaller": step.format("projects.capacity_kt", "project", "new West", 50),
        "dropped": 'drop = "projects"\nwhere = { project = ["new West"] }\n'
        '[[step]]\ndrop = "lanes"\nwhere = { origin = ["new West"] }\n',
    }
    for name, text in texts.items():
        text = text if text.startswith("[[") else f"[[step]]\n{text}"
        (scenarios / f"{name}.toml").write_text(f'title = "{name}"\n{text}', encoding="utf-8")
    return folder


def cases(folder: Path, *names: str) -> list[Case]:
    return [read_case(folder, scenario=name) for name in names]


def together(folder: Path, *names: str, criterion: str = "expected", **asked: object) -> Result:
    return site_together(cases(folder, *names), together=criterion, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("criterion", CRITERIA)
def test_figures_by_hand(case_folder: Path, criterion: str) -> None:
    """Of one project: East saves 900 − 500 kCNY, or 360 − 500; West 720 − 500, or 220."""
    names = "base", "east_shrinks"
    found = together(case_folder, *names, criterion=criterion, max_projects=1)
    # nothing: 1.8, 1.2; East: 1.4, 1.34; West: 1.58, 0.98; the best alone: 1.4, 0.98
    expected = {
        "expected": (["new West"], 1.28),
        "worst": (["new East"], 1.4),
        "regret": (["new West"], 0.18),
    }[criterion]
    assert (found.figures["opened"], found.figures["criterion_value_mcny"]) == expected
    assert found.status == "optimal"
    assert found.figures["best_by_scenario_mcny"] == pytest.approx(
        {"base": 1.4, "east_shrinks": 0.98}
    )
    if criterion == "expected":
        assert found.figures["value_of_perfect_information_mcny"] == pytest.approx(0.09)
        assert found.figures["value_of_stochastic_solution_mcny"] == pytest.approx(0.09)
        assert found.figures["cost_by_scenario_mcny"] == pytest.approx(
            {"base": 1.58, "east_shrinks": 0.98}
        )


def test_weights_decide(case_folder: Path) -> None:
    names = "base", "east_shrinks"
    for weights, opened in (("3/4,1/4", ["new East"]), ("0.5,0.5", ["new West"])):
        found = together(case_folder, *names, weights=weights, max_projects=1)
        assert found.figures["opened"] == opened


@pytest.mark.parametrize("criterion", CRITERIA)
def test_equal_futures_are_one(tmp_path: Path, criterion: str) -> None:
    write_case(small(), tmp_path)
    (tmp_path / "scenarios").mkdir()
    for name in ("same", "again"):
        text = f'title = "{name}"\n'
        (tmp_path / "scenarios" / f"{name}.toml").write_text(text, encoding="utf-8")
    found = together(tmp_path, "base", "same", "again", criterion=criterion)
    alone = site(read_case(tmp_path))
    assert found.figures["opened"] == alone.figures["opened"]
    assert found.figures["total_cost_mcny"] == alone.figures["total_cost_mcny"]
    assert set(found.figures["regret_by_scenario_mcny"].values()) == {0.0}
    gaps = found.sets["gap_mcny"].tolist()
    assert criterion == "regret" or gaps == pytest.approx(alone.sets["gap_mcny"].tolist())


def test_sets_that_are_named_are_valued_by_the_same_rules(case_folder: Path) -> None:
    asked = ["new East,new West", "nothing"]
    found = together(case_folder, "base", "east_shrinks", sets=asked)
    rows = found.given.set_index(["set", "scenario"])
    both, none = rows.loc["new East,new West"], rows.loc["nothing"]
    assert both["cost_mcny"].tolist() == pytest.approx([1.18, 1.12])
    assert both["saves_mcny"].tolist() == pytest.approx([0.62, 0.08])
    assert none["saves_mcny"].tolist() == [0.0, 0.0]
    assert both["regret_mcny"].tolist() == pytest.approx([0.0, 0.14])


@pytest.mark.parametrize(
    ("names", "asked", "said"),
    [
        (("base",), {}, "--together: 1 scenario found"),
        (("base", "base"), {}, "every future must have a name of its own"),
        (("base", "smaller"), {}, "100 kt in base, 50 kt in smaller"),
        (("base", "dropped"), {}, "a project of base, not of dropped"),
        (("base", "west_grows"), {"weights": "0.5,0.4"}, "a sum of 0.9"),
        (("base", "west_grows"), {"weights": "1.5,-0.5"}, "-1/2"),
        (("base", "west_grows"), {"weights": "1"}, "1 weights"),
        (("base", "west_grows"), {"weights": "a,b"}, "decimals or fractions"),
        (("base", "west_grows"), {"weights": "0.5,0.5", "criterion": "worst"}, "drop them"),
        (("base", "west_grows"), {"criterion": "best"}, "expected, worst, regret"),
        (("base", "west_grows"), {"sets": ["new Est"]}, "new East"),
    ],
)
def test_what_cannot_be_is_refused(
    case_folder: Path, names: tuple[str, ...], asked: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        together(case_folder, *names, **asked)  # type: ignore[arg-type]
    assert said in str(refused.value)


def test_no_set_names_the_future_that_stands_in_the_way(case_folder: Path) -> None:
    alone = together(case_folder, "base", "too_much", criterion="regret")
    assert alone.status == "infeasible"
    assert alone.answer.diagnosis is not None
    assert alone.answer.diagnosis.headline.startswith("Under too_much: ")
    names = "base", "east_forced", "west_forced"
    none = together(case_folder, *names, criterion="worst", max_projects=1)
    assert none.status == "infeasible"
    assert none.answer.diagnosis is not None
    assert none.answer.diagnosis.headline.startswith("Under west_forced: no set that serves base")


@pytest.mark.parametrize("criterion", CRITERIA)
def test_a_folder_agrees_and_what_is_forged_is_named(
    case_folder: Path, tmp_path: Path, criterion: str
) -> None:
    found = together(case_folder, "base", "east_shrinks", criterion=criterion, sets=["new East"])
    run = found.save(tmp_path / "runs", pages=write_pages)
    assert verify(run).disagreements == ()
    assert set(load_run(run).tables) == {"futures", "sets", "regret", "given"}
    text = (run / "run.json").read_text(encoding="utf-8")
    for forge in (
        lambda said: said["regret_by_scenario_mcny"].update(base=-1.0),
        lambda said: said["best_by_scenario_mcny"].update(base=0.5),
        lambda said: said.update(criterion_value_mcny=0.1),
        lambda said: said.update(fixed_cost_mcny=0.1),
        lambda said: said.update(opened=["new West"]),
    ):
        content = json.loads(text)
        forge(content)
        _forged(run, "run.json", json.dumps(content))
        assert not verify(run).agrees
        _forged(run, "run.json", text)
    for file in ("sets.csv", "given.csv", "futures/base/flows.csv", "futures/base/balance.csv"):
        whole = (run / file).read_text(encoding="utf-8")
        _forged(run, file, whole.replace("1", "2"))
        assert any(file in str(each) for each in verify(run).disagreements), file
        _forged(run, file, whole)
    shutil.rmtree(run / "futures" / "base")
    seal_again(run)
    assert not verify(run).agrees


def _forged(run: Path, file: str, text: str) -> None:
    (run / file).write_text(text, encoding="utf-8")
    seal_again(run)


def test_an_infeasible_folder_agrees(case_folder: Path, tmp_path: Path) -> None:
    run = together(case_folder, "base", "too_much").save(tmp_path / "runs", pages=write_pages)
    assert verify(run).disagreements == ()


@pytest.mark.parametrize(
    ("criterion", "words"),
    [("expected", "expected cost"), ("worst", "worst cost"), ("regret", "regret")],
)
def test_the_table_of_the_readme_is_what_the_command_finds(criterion: str, words: str) -> None:
    names = "base", "suez_open", "exit_low_and_shut", "known_projects_2025"
    cases = [read_case(DATA / "prebaked_2024", scenario=name) for name in names]
    figures = site_together(cases, together=criterion, budget_mcny=2000, quick=True).figures
    built = ", ".join(f"{name} ({kt:.0f})" for name, kt in figures["opened_kt"].items())
    regrets = ", ".join(f"{each:.1f}" for each in figures["regret_by_scenario_mcny"].values())
    row = f"| {words} | {built} | {figures['total_cost_mcny']:,.1f} | {regrets} |"
    text = (DATA.parent / "README.md").read_text(encoding="utf-8")
    assert row in text
    if criterion == "expected":
        informed = figures["value_of_perfect_information_mcny"]
        naive = figures["value_of_stochastic_solution_mcny"]
        assert f"would be worth {informed:.1f} MCNY a year" in text
        assert f"least expected cost would cost {naive:.1f} more on average" in text


def test_a_limit_gives_the_best_so_far_and_says_what_is_not_proved(
    case_folder: Path, tmp_path: Path
) -> None:
    late = together(case_folder, "base", "east_shrinks", criterion="regret", time_limit_s=0.0)
    assert late.status == "limit"
    run = late.save(tmp_path / "runs", pages=write_pages)
    found = verify(run)
    assert found.agrees
    assert any("a limit came before" in line for line in found.not_covered)
    assert "which is not proved" in (run / "report.html").read_text(encoding="utf-8")
