"""Comparisons derived again in rationals: what is published agrees, any other figure does not."""

from __future__ import annotations

import csv
import io
import random
from pathlib import Path

import pytest

from model import Result, allocate, compare, site
from model.audit.comparison import check_comparison, runs_of
from model.case.case import Case
from model.case.errors import BadInput
from model.certify.reading import read_json, read_texts
from tests.support.varied_cases import varied_case

TABLES = ("figures", "regions", "lanes", "easing", "attribution")


def another(case: Case, dice: random.Random) -> Case:
    """The case with other amounts, at times more than can be had."""
    factor = dice.choice((0.5, 0.9, 1.2, 4.0))
    sinks = case.sinks.assign(
        demand_kt=case.sinks["demand_kt"] * factor,
        max_kt=case.sinks["max_kt"] * max(1.0, factor),
    )
    origins = case.origins.assign(cost_cny_per_t=case.origins["cost_cny_per_t"] + 1.0)
    return case.replace_unchecked(sinks=sinks, origins=origins)


def answered(case: Case, dice: random.Random) -> Result | None:
    """A run, or at times a site."""
    if len(case.projects) and dice.random() < 0.4:
        try:
            return site(case, top=1)
        except BadInput:
            return None
    return allocate(case)


def changed(text: str, dice: random.Random) -> str | None:
    """A table with one number another; None where it has none."""
    header, *rows = csv.reader(io.StringIO(text))
    places = [
        (row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell.replace(".", "", 1).removeprefix("-").isdigit() and header[column] != "changes"
    ]
    if not places:
        return None
    row, column = dice.choice(places)
    rows[row][column] = repr(float(rows[row][column]) + 0.25)
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([header, *rows])
    return written.getvalue()


def check(seed: int, out: Path) -> None:
    dice, case = random.Random(seed), varied_case(seed)
    if case is None:
        return
    found = [answered(case, dice), answered(another(case, dice), dice), allocate(case)]
    runs = [result for result in found if result is not None and result.answer.has_content]
    if len(runs) < 2:
        return
    folder = compare(runs).save(out)
    outputs = read_texts(folder)
    content = read_json(outputs, "run.json")
    places = runs_of(folder, content)
    assert list(check_comparison(content, outputs, places)) == []
    optimal = {run.status for run in runs} == {"optimal"}
    for name in TABLES:
        forged = changed(outputs[f"{name}.csv"], dice)
        if forged is not None and (optimal or name != "attribution"):
            assert list(check_comparison(content, outputs | {f"{name}.csv": forged}, places)), name


@pytest.mark.parametrize("seed", range(16))
def test_a_comparison_is_derived_and_a_changed_one_is_not(seed: int, tmp_path: Path) -> None:
    check(seed, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(16, 416, 20))
def test_hundreds_of_comparisons_are_derived(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + 20):
        check(seed, tmp_path / str(seed))
