"""A quick run ends with the first plan that is proved, says so, and is verified as one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model import Result, allocate, load_run, plan, read_case, site, verify
from model.audit.disagreement import Disagreement
from model.case.case import Case
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.store.output_json import json_text
from reports.pages import write_pages
from reports.terminal.headline import headline
from tests.conftest import Ended
from tests.support.cases import TWELVE_REGIONS
from tests.support.degenerate import degenerate
from tests.support.forging import seal_again
from tests.support.markets import transport_case
from tests.support.varied_cases import varied_cases

Command = Callable[..., Ended]


@pytest.fixture
def ties() -> Case:
    """Two plans of one cost."""
    return transport_case([5, 5], [5, 5], [[3, 3], [3, 3]])


def test_a_quick_run_has_a_plan_of_least_cost_without_prices_or_search_for_equals(
    ties: Case, tmp_path: Path
) -> None:
    quick = allocate(ties, quick=True)
    assert (quick.status, quick.figures["objective_kcny"]) == ("optimal", 30.0)
    assert "prices" not in quick.tables
    folder = quick.save(tmp_path)
    assert not (folder / "prices.csv").exists()
    assert quick.answer.summary()["ties"] == "unresolved"
    assert quick.answer.certificate["found"]["word"] == "proved"
    assert verify(folder).agrees
    again = load_run(folder)
    assert again.content.is_quick and again.content.prices.empty
    assert again.answer.summary()["ties"] == "unresolved"


def test_a_plain_run_has_settled_which_plan_is_published(ties: Case) -> None:
    assert allocate(ties).answer.summary()["ties"] == "resolved"
    none = allocate(transport_case([1], [5], [[3]]), quick=True)
    assert (none.status, none.answer.summary()["ties"]) == ("infeasible", None)


def with_published_plan(case: Case, quick: Result) -> Result:
    """A quick run as it would be had the solver found the published plan first."""
    plain = allocate(case).content
    lanes = quick.content.lanes | {"used": plain.lanes["used"]}
    run = replace(plain, provenance=quick.content.provenance, lanes=lanes)
    return Result(run.answer(), run, quick.question)


def test_every_plan_of_least_cost_may_be_that_of_a_quick_run(tmp_path: Path) -> None:
    others = 0
    for seed in range(12):
        case = degenerate(seed)
        quick = allocate(case, quick=True)
        if quick.status != "optimal":
            continue
        other = with_published_plan(case, quick)
        if not other.flows.equals(quick.flows):
            others += 1
            assert verify(other.save(tmp_path)).agrees, seed
    assert others > 0


@pytest.mark.parametrize(
    ("key", "said"),
    [("proved_bound_mcny", 20.0), ("tables_proved", False), ("gap_share", 0.5), ("seed", 1)],
)
def test_a_quick_run_of_another_plan_states_no_figure_more(
    tmp_path: Path, key: str, said: object
) -> None:
    """Flows written otherwise, or another plan, let no key pass that a run does not have."""
    case = degenerate(next(seed for seed in range(12) if _has_another(seed)))
    folder = with_published_plan(case, allocate(case, quick=True)).save(tmp_path)
    assert verify(folder).agrees
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    (folder / "run.json").write_text(json_text(content | {key: said}), encoding="utf-8")
    seal_again(folder)
    assert not verify(folder).agrees


def _has_another(seed: int) -> bool:
    quick = allocate(degenerate(seed), quick=True)
    if quick.status != "optimal":
        return False
    return not with_published_plan(degenerate(seed), quick).flows.equals(quick.flows)


def test_a_plan_is_never_quick(tmp_path: Path) -> None:
    case = read_case(TWELVE_REGIONS)
    folder = plan(case).save(tmp_path)
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    content["provenance"]["options"]["quick"] = True
    (folder / "run.json").write_text(json_text(content), encoding="utf-8")
    seal_again(folder)
    assert not verify(folder).agrees


def test_prices_left_out_of_a_plain_run_are_missed(ties: Case, tmp_path: Path) -> None:
    folder = allocate(ties).save(tmp_path)
    (folder / "prices.csv").unlink()
    assert Disagreement("prices.csv", "", "no file", "one") in verify(folder).disagreements


def test_the_page_and_the_terminal_say_that_a_run_was_quick(ties: Case, tmp_path: Path) -> None:
    quick, plain = allocate(ties, quick=True), allocate(ties)
    text, other = (
        (run.save(tmp_path, write_pages) / "report.html").read_text("utf-8")
        for run in (quick, plain)
    )
    for words in ("This is a quick run", "A quick run leaves out marginal values"):
        assert words in text and words not in other
    assert "quick: one of the plans of this cost" in headline(quick.content)
    assert "quick" not in headline(plain.content)


def test_quick_on_the_command_line(command: Command, dantzig: Path) -> None:
    ended = command("run", "--case", dantzig, "--quick", "--json")
    assert (ended.code, ended.json["ties"]) == (0, "unresolved")
    assert ended.json["provenance"]["options"]["quick"] is True
    both = command("run", "--case", dantzig, "--quick", "--full")
    assert both.code == 2 and "give one of them" in both.err
    with pytest.raises(ValueError, match="full or quick"):
        allocate(transport_case([5], [5], [[3]]), full=True, quick=True)
    assert "--quick" in command("run", "--help").out


def check_costs(first: int, count: int) -> None:
    for seed, case in varied_cases(first, count):
        plain, quick = (
            evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions(quick=is_quick))
            for is_quick in (False, True)
        )
        assert plain.status == quick.status, seed
        costs = [run.figures["objective_kcny"] for run in (plain, quick)]
        if None not in costs:
            np.testing.assert_allclose(*costs, rtol=1e-9, atol=1e-6, err_msg=f"seed {seed}")


def test_quick_runs_cost_what_plain_ones_do() -> None:
    check_costs(300, 25)


@pytest.mark.slow
def test_a_thousand_quick_runs_cost_what_plain_ones_do() -> None:
    check_costs(20_000, 1_000)


def test_a_quick_choice_is_the_set_alone(tmp_path: Path) -> None:
    case = read_case(TWELVE_REGIONS)
    quick, whole = (site(case, budget_mcny=1000, top=1, quick=each) for each in (True, False))
    for name in ("opened", "opened_kt", "total_cost_mcny", "proved_bound_mcny"):
        assert quick.figures[name] == whole.figures[name]
    folder = quick.save(tmp_path)
    assert not list(folder.glob("options.csv")) and not list(folder.glob("budget.csv"))
    assert verify(folder).agrees
    with pytest.raises(ValueError, match="full or quick"):
        site(case, full=True, quick=True)
