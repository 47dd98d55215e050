"""The scenario with inputs: what is printed of them, recipes kept, and what they do to a curve."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import model
from model.case.case import Case
from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.prepare import prepare
from model.studies.curve.curve import figure_curve
from model.studies.parametric.figure import Figure
from tests.support.markets import least_cost

CASE = Path(__file__).parents[1] / "data" / "prebaked_2024"
FOR_ANODES = 0.7
OUTPUT_KT, IMPORTS_KT = 33_426, 13_399
SHARES = {"East": 57.49, "South": 13.71, "North-east": 9.97, "North-west": 6.86,
          "North": 6.59, "Central": 4.44, "Southwest": 0.94}  # fmt: skip
"""Green coke by region in 2023, % of the country."""


def appended(table: str) -> list[dict[str, Any]]:
    text = (CASE / "scenarios" / "coke.toml").read_text(encoding="utf-8")
    return [step["row"] for step in tomllib.loads(text)["step"] if step.get("append") == table]


@cache
def case_under(name: str) -> Case:
    return prepare(CASE, [name])[0].case


@cache
def solved(name: str) -> Allocation:
    (prepared,) = prepare(CASE, [name])
    return evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions())


def test_coke_by_region_is_what_is_printed() -> None:
    kt = {row["origin"]: row["supply_kt"] for row in appended("origins")}
    within = {
        "East": ["East", "Shandong"],
        "North-west": ["North-west Ürümqi", "North-west Lanzhou"],
        "Southwest": ["Southwest Kunming", "Southwest Chengdu"],
    }
    for region, share in SHARES.items():
        found = sum(kt[f"Coke {name}"] for name in within.get(region, [region]))
        assert found == pytest.approx(OUTPUT_KT * FOR_ANODES * share / 100, abs=0.1), region
    assert sum(SHARES.values()) == pytest.approx(100)
    (limit,) = appended("limits")
    assert limit["max"] == pytest.approx(IMPORTS_KT * FOR_ANODES)
    cost = {row["origin"]: row["cost_cny_per_t"] for row in appended("origins")}
    assert cost["Coke North-west Ürümqi"] == pytest.approx(3737 - 3541, abs=1)
    assert min(cost.values()) == cost["Coke Shandong"] == 0


def test_every_tonne_takes_its_inputs() -> None:
    flows = solved("coke").flows
    own = flows[~flows["commodity"].isin(["green coke", "pitch"])]
    made = own.groupby("origin")["ship_kt"].sum()
    for row in appended("recipes"):
        came = flows[flows["commodity"] == row["input"]].groupby("sink")["ship_kt"].sum()
        assert came[made.index].to_numpy() == pytest.approx((row["t_per_t"] * made).to_numpy())
    assert solved("coke").figures["shipped_kt"] == pytest.approx(21_734, abs=1)


@pytest.mark.parametrize("scenario", ["yunnan_775", "coke_yunnan_775"])
def test_capacity_at_wenshan_is_worth_what_solving_again_says(scenario: str) -> None:
    case, figure = case_under(scenario), Figure("origins.supply_kt", "origin=Yunnan new")
    curve = figure_curve(case, figure, 0, 775)
    for kt in (0.0, 50.0, 775.0):
        assert curve.cost_kcny(kt) == pytest.approx(least_cost(figure.put(case, kt)), rel=1e-9)


def test_inputs_take_most_of_what_a_tonne_at_wenshan_is_worth() -> None:
    """Its coke comes by Qinzhou; without that way nothing much is left."""
    worth = {}
    for scenario in ("yunnan_775", "coke_yunnan_775"):
        figure = Figure("origins.supply_kt", "origin=Yunnan new")
        curve = figure_curve(case_under(scenario), figure, 0, 775)
        worth[scenario] = curve.cost_kcny(0) - curve.cost_kcny(100)
    assert 0 < worth["coke_yunnan_775"] < 0.6 * worth["yunnan_775"]
    flows = solved("coke_yunnan_775").flows
    came = flows[(flows["sink"] == "Yunnan new") & (flows["commodity"] == "green coke")]
    assert len(came) and came["route"].str.startswith("Qinzhou").all()


def test_runs_with_inputs_are_compared_to_the_ninth_decimal(tmp_path: Path) -> None:
    """Parts of a tonne leave figures with more decimals than are published."""
    names = ("coke", "coke_yunnan_775")
    results = [model.allocate(model.read_case(CASE, scenario=name), quick=True) for name in names]
    saved = model.compare(results).save(tmp_path)
    assert model.verify(saved).agrees
