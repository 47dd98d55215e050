"""Random sites and plans: the certificate derives all that is published, and notices any change."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from model import Result, plan, site
from model.audit.check_plan import check_plan
from model.audit.siting import check_siting
from model.case.errors import BadInput, SolverFailed
from model.certify.reading import read_json, read_texts
from tests.support.plan_cases import random_plan
from tests.support.varied_cases import varied_case


def planned(seed: int) -> Result:
    case, budget, number = random_plan(seed)
    return plan(case, budget_mcny=budget, max_projects=number)


def sited(seed: int) -> Result | None:
    case = varied_case(seed)
    return None if case is None else site(case, top=1)


def saved(answer: Callable[[int], Result | None], seed: int, out: Path) -> Path | None:
    """The folder of a random answer: saving it is refused where it is derived otherwise."""
    try:
        result = answer(seed)
    except (BadInput, SolverFailed):
        return None  # no question, or no answer, to certify
    if result is None or not result.answer.has_content:
        return None
    return result.save(out / f"{seed}")


def with_a_cell_changed(text: str, dice: random.Random) -> str | None:
    """A table with one number changed; None where it has none."""
    header, *rows = csv.reader(io.StringIO(text))
    places = [
        (row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell and cell.replace(".", "", 1).isdigit()
    ]
    if not places:
        return None
    row, column = dice.choice(places)
    rows[row][column] = repr(float(rows[row][column]) * 1.25 + 0.5)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    return written.getvalue()


def plan_is_certified(seed: int, out: Path) -> None:
    folder = saved(planned, seed, out)
    if folder is None:
        return
    inputs, outputs, dice = read_texts(folder / "inputs"), read_texts(folder), random.Random(seed)
    assert list(check_plan(inputs, outputs)) == []
    for name in ("schedule.csv", "years.csv", "flows.csv", "stocks.csv"):
        forged = with_a_cell_changed(outputs[name], dice)
        if forged is not None:
            assert list(check_plan(inputs, outputs | {name: forged})), (seed, name, forged)


def site_is_certified(seed: int, out: Path) -> None:
    folder = saved(sited, seed, out)
    if folder is None:
        return
    assert list(check_siting(folder)) == []
    summary = read_json(read_texts(folder), "run.json")
    for name, kt in (summary.get("opened_kt") or {}).items():
        sizes = summary["opened_kt"] | {name: kt * 2 + 1}
        assert list(check_siting(folder, summary | {"opened_kt": sizes})), (seed, name)
    if summary.get("opened"):
        capital = summary["capital_mcny"] + 1
        assert list(check_siting(folder, summary | {"capital_mcny": capital})), seed


@pytest.mark.parametrize("seed", range(12))
def test_a_random_plan_is_derived_and_a_changed_one_is_not(seed: int, tmp_path: Path) -> None:
    plan_is_certified(seed, tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_random_site_is_derived_and_a_changed_one_is_not(seed: int, tmp_path: Path) -> None:
    site_is_certified(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(12, 2012, 100))
def test_thousands_of_random_plans_are_derived(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 100):
        plan_is_certified(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(12, 2012, 100))
def test_thousands_of_random_sites_are_derived(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 100):
        site_is_certified(seed, tmp_path)
