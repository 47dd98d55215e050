"""Inputs on which a run once went wrong, each with the right answer."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.case.distances import with_distances
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import Deadline
from model.studies.curve.curve import figure_curve
from model.studies.curve.tables import figure_table
from model.studies.parametric.figure import Figure
from tests.conftest import Ended
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import frame, make_case

FOUND = Path(__file__).parent / "data" / "found"


def run(case: Case | str) -> Allocation:
    case = read_case(FOUND / case) if isinstance(case, str) else case
    return evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())


def test_a_duty_is_due_once_however_often_a_route_enters_the_mode() -> None:
    figures = run("duty-by-mode-twice").figures
    assert figures["duty_cost_mcny"] == pytest.approx(5 * 100 / 1000)
    assert figures["total_cost_mcny"] == pytest.approx(0.65)


class Counted(Deadline):
    """A deadline that passes after so many solves."""

    def __init__(self, solves: int) -> None:
        super().__init__(0.0)
        object.__setattr__(self, "left", [3600.0] * solves)

    @property
    def left_s(self) -> float | None:
        """Much, until nothing is left."""
        return self.left.pop() if self.left else 0.0  # type: ignore[attr-defined]


def test_a_time_limit_leaves_at_every_moment_what_was_known_by_then() -> None:
    case = read_case(TWELVE_REGIONS)
    whole = run(case)
    statuses = []
    for solves in (0, 2, 6, 8, 12, 16, 20, 40, 10_000):
        options = ScenarioInfo("base"), pd.DataFrame(), RunOptions()
        cut = evaluate(case, *options, Counted(solves))
        statuses.append(cut.status)
        if cut.status == "optimal":
            assert cut.flows.equals(whole.flows) and cut.prices.equals(whole.prices)
        elif cut.figures["total_cost_mcny"] is not None:
            assert cut.figures["total_cost_mcny"] >= whole.figures["total_cost_mcny"] - 1e-9
            assert cut.prices.empty
    assert statuses[0] == "limit" and statuses[-1] == "optimal"
    assert statuses == sorted(statuses)  # more time never says less


LINKS = frame("from to mode km", "A B rail 10", "B C road 10", "C D rail 10", "A D road 100")
PLACES = pd.DataFrame({"node": ["A", "B", "C", "D"]})
TARIFFS = frame("mode cny_per_t_km", "rail 1", "road 1")


def with_duties(*rows: str, columns: str = "duty rate value_cny_per_t mode via") -> Case:
    return make_case(
        origins=frame("origin supply_kt node", "o 9 A"),
        sinks=frame("sink demand_kt node", "s 1 D"),
        nodes=PLACES,
        links=LINKS,
        modes=TARIFFS,
        duties=frame(columns, *rows),
    )


@pytest.mark.parametrize(
    ("rows", "cost"),
    [
        (["d 0.1 500 rail -"], 30 + 50),  # twice on rail, and dearer by road: 100
        (["d 0.1 800 rail -"], 100),  # the road has no duty
        (["d 0.1 500 - B|C"], 30 + 50),  # two places, one duty
        (["d 0.1 200 rail -", "e 0.1 200 - C"], 30 + 40),  # two duties
        (["d 0.1 400 rail -", "e 0.1 400 road -"], 30 + 80),  # both modes, or by road 140
        (["d 0.1 900 rail -", "e 0.1 600 rail -"], 100),
        (["d 0.1 500 - A"], 30 + 50),  # every route starts there
    ],
)
def test_duties_on_routes_are_chosen_against_each_other(rows: list[str], cost: float) -> None:
    result = run(with_duties(*rows))
    assert result.figures["total_cost_mcny"] * 1000 == pytest.approx(cost)


def test_a_case_whose_lanes_are_all_of_projects_is_solved_or_explained() -> None:
    assert run("lanes-of-projects-only").figures["total_cost_mcny"] == pytest.approx(0.005)
    case = read_case(FOUND / "lanes-of-projects-only")
    unlinked = run(case.replace(links=case.links.iloc[:0]))
    assert unlinked.status == "infeasible"
    assert unlinked.diagnosis is not None
    assert unlinked.diagnosis.headline.startswith("No route to Town. Town needs 5 kt")


def test_passages_closed_until_no_link_is_left_are_explained() -> None:
    case = read_case(FOUND / "lanes-of-projects-only")
    closed = case.replace(settings=replace(case.settings, closed_passages=("A", "B")))
    assert run(closed).status == "infeasible"


def test_a_sink_without_a_node_lives_beside_a_network() -> None:
    assert run("sink-without-node").figures["total_cost_mcny"] == pytest.approx(0.035)


def test_a_closed_node_of_a_sink_is_named(
    command: Callable[..., Ended], make_folder: Callable[[str, dict[str, str]], Path]
) -> None:
    folder = make_folder(
        "small",
        {
            "case.toml": 'name = "small"\nclosed_passages = ["B"]\n',
            "origins.csv": "origin,supply_kt,node\nO,10,A\n",
            "sinks.csv": "sink,demand_kt,node\nT,5,B\nU,1,C\n",
            "links.csv": "from,to,mode,km\nA,B,rail,10\nA,C,rail,10\n",
            "nodes.csv": "node\nA\nB\nC\n",
            "modes.csv": "mode\nrail\n",
        },
    )
    ended = command("run", "--case", folder)
    assert ended.code == 3
    assert "No route to T. T needs 5 kt" in ended.out


@pytest.mark.parametrize("demand_kt", [1 / 30, 1e-3 / 3, 50 / 3, 1.0])
def test_a_small_shipment_keeps_the_digits_of_its_cost(demand_kt: float) -> None:
    case = read_case(FOUND / "one-small-flow")
    result = run(case.replace(sinks=case.sinks.assign(demand_kt=demand_kt)))
    shipped = result.flows["ship_kt"].sum()
    assert shipped == pytest.approx(demand_kt, rel=1e-11)


def test_a_limit_may_be_named_like_a_link() -> None:
    result = run("limit-named-like-link")
    assert result.status == "optimal"
    places = result.prices["place"].tolist()
    assert len(set(places)) == len(places)


def test_a_limit_named_like_a_link_and_its_own_limit_both_hold() -> None:
    case = read_case(FOUND / "limit-named-like-link")
    for most, link in ((3.0, 9.0), (9.0, 3.0)):
        tight = case.replace(
            limits=case.limits.assign(max=most), links=case.links.assign(limit_kt=link)
        )
        result = run(tight)
        assert result.status == "infeasible"
        assert result.diagnosis is not None
        assert result.diagnosis.reach_kt == pytest.approx(3.0)


@pytest.mark.parametrize("parts", [(0.17, 0.33, 0.23, 0.27), (1 / 3, 1 / 3, 1 / 3), (0.1,) * 10])
@pytest.mark.parametrize("total", [19568.0, 1e-3, 7.0, 1e6 / 3])
def test_shares_that_add_up_but_for_the_last_bit_are_all_served(
    parts: tuple[float, ...], total: float
) -> None:
    sinks = pd.DataFrame({"sink": [f"S{n}" for n in range(len(parts))]})
    sinks["demand_kt"] = [total * part for part in parts]
    lanes = sinks[["sink"]].assign(origin="O", cost_cny_per_t=np.arange(1.0, len(parts) + 1))
    case = read_case(FOUND / "shares-that-add-up")
    supply = case.origins.assign(supply_kt=total)
    result = run(case.replace(origins=supply, sinks=sinks, lanes=lanes))
    assert result.status == "optimal"
    assert result.figures["shipped_kt"] == pytest.approx(total, rel=1e-9)
    cost = sum(total * part * (n + 1) for n, part in enumerate(parts)) / 1000
    assert result.figures["total_cost_mcny"] == pytest.approx(cost, rel=1e-9)


def test_the_shares_that_were_found_are_served() -> None:
    assert run("shares-that-add-up").figures["total_cost_mcny"] == pytest.approx(50.8768)


def test_the_slope_of_carbon_is_the_sum_of_emissions_to_its_last_digit() -> None:
    """Σ ship × km × g of the published plan at a price within the piece, in rationals."""
    case = read_case(TWELVE_REGIONS)
    figure = Figure("case.carbon_price_cny_per_t")
    first = figure_curve(case, figure, 0.0, 300.0).pieces[0]
    priced = replace(case.settings, carbon_price_cny_per_t=100.0)
    plan = run(case.replace(settings=priced))
    links = with_distances(case).links
    km = dict(
        zip(zip(links["from"], links["to"], links["mode"], strict=True), links["km"], strict=True)
    )
    grams = dict(zip(case.modes["mode"], case.modes["gco2_per_t_km"], strict=True))
    emitted = Fraction(0)
    for ship_kt, route in zip(plan.flows["ship_kt"], plan.flows["route"], strict=True):
        places = re.split(r" >([^>]+)> ", route)
        for start, mode, end in zip(places[::2], places[1::2], places[2::2], strict=False):
            length = km.get((start, end, mode), km.get((end, start, mode)))
            emitted += math.prod(Fraction(repr(f)) for f in (ship_kt, length, grams[mode]))
    assert first.slope == float(emitted / 10**6)
    table = figure_table(figure_curve(case, figure, 0.0, 300.0))
    assert table["cost_mcny"].tolist() == [plan_cost(case)]


def plan_cost(case: Case) -> float:
    cost: float = run(case).figures["total_cost_mcny"]
    return cost
