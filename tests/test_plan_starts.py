"""Projects whose start in a plan is fixed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from model import plan, verify
from model.audit.check_plan import check_plan
from model.case.case import Case
from model.case.errors import BadInput
from model.certify.reading import read_json, read_texts
from model.studies.siting.requirements import parse_starts
from tests.support.siting_problems import small

YEARS = pd.DataFrame({"year": [2025.0, 2026.0, 2027.0]})


def planned() -> Case:
    return small(periods=YEARS)


def test_it_starts_when_it_must_at_the_cost_of_that() -> None:
    """A and B pay from the first year on: each year that A waits costs what it saves."""
    free = plan(planned())
    assert free.figures["starts"] == {"A": 2025, "B": 2025}
    late = plan(planned(), starts={"A": "2027"})
    assert late.figures["starts"] == {"A": 2027, "B": 2025}
    never = plan(planned(), exclude=["A"])
    yearly = (never.figures["total_cost_mcny"] - free.figures["total_cost_mcny"]) / sum(
        1.1**-t for t in range(3)
    )
    more = late.figures["total_cost_mcny"] - free.figures["total_cost_mcny"]
    assert more == pytest.approx(yearly * (1 + 1 / 1.1))
    assert late.figures["proved_bound_mcny"] <= late.figures["total_cost_mcny"] + 1e-9


def test_what_does_not_pay_is_built_all_the_same() -> None:
    found = plan(planned(), starts={"C": "2026"})
    assert found.figures["starts"]["C"] == 2026


def test_a_period_is_named_by_its_name() -> None:
    case = small(periods=pd.DataFrame({"period": ["dry", "wet"], "length_years": [0.5, 0.5]}))
    assert plan(case, starts={"A": "wet"}).figures["starts"]["A"] == "wet"


def test_the_folder_agrees_and_a_forged_start_does_not(tmp_path: Path) -> None:
    folder = plan(planned(), starts={"A": "2027"}).save(tmp_path)
    assert verify(folder).agrees
    inputs, outputs = read_texts(folder / "inputs"), read_texts(folder)
    outputs["run.json"] = outputs["run.json"].replace('"A": "2027"', '"A": "2026"')
    assert read_json(outputs, "run.json")["provenance"]["options"]["starts"] == {"A": "2026"}
    assert "2026 asked" in [each.found for each in check_plan(inputs, outputs)]


@pytest.mark.parametrize(
    ("starts", "exclude", "message"),
    [
        ({"D": "2026"}, (), "must be a project that can start in the plan"),
        ({"A": "2030"}, (), "must be a period in which it can start"),
        ({"A": "2026"}, ("A",), "is excluded too"),
    ],
)
def test_starts_that_cannot_be_are_refused(
    starts: dict[str, str], exclude: tuple[str, ...], message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        plan(planned(), starts=starts, exclude=exclude)


@pytest.mark.parametrize("texts", [["A"], ["=2026"], ["A=2026", "A=2027"]])
def test_starts_that_cannot_be_read_are_refused(texts: list[str]) -> None:
    with pytest.raises(BadInput, match="--start"):
        parse_starts(texts)
