"""Studies answer cases of every small shape, or say that no plan is feasible; none crashes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import NoPlan
from model.reading.read_case import read_case
from model.scenarios.info import ScenarioInfo
from model.studies.questions import (
    capacity_question,
    figure_question,
    ranges_question,
    sweep_question,
    why_question,
)
from model.studies.sensitivity.study import sensitivity
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation
from model.studies.whatif.session import WhatIf
from tests.support.markets import frame, make_case, transport_case

FOUND = Path(__file__).parent / "data" / "found"
NETWORK = {
    "origins": frame("origin supply_kt node", "O 10 A"),
    "sinks": frame("sink demand_kt node", "T 5 B"),
    "nodes": frame("node kind", "A port", "B port", "C hub"),
    "modes": frame("mode cny_per_t_km", "sea 0.1"),
    "links": frame("from to mode km", "A B sea 10"),
}


def network(settings: dict[str, Any] | None = None, **tables: pd.DataFrame) -> Case:
    return make_case(settings, **{**NETWORK, **tables})


FEASIBLE = {
    "lanes of projects alone": lambda: read_case(FOUND / "lanes-of-projects-only"),
    "a market abroad alone": lambda: network(
        sinks=frame("sink demand_kt node kind", "T 5 B export")
    ),
    "an origin abroad alone": lambda: network(
        origins=frame("origin supply_kt node kind", "O 10 A abroad")
    ),
    "one place": lambda: network(sinks=frame("sink demand_kt node", "T 5 A")),
    "no demand": lambda: network(sinks=frame("sink demand_kt node", "T 0 B")),
    "room without demand": lambda: network(sinks=frame("sink demand_kt max_kt node", "T 0 4 B")),
    "no demand and a limit of 0": lambda: network(
        limits=frame("limit min max", "cap 0 0"), sinks=frame("sink demand_kt node", "T 0 B")
    ),
    "no link open and no demand": lambda: network(
        {"closed_passages": ("A",)}, sinks=frame("sink demand_kt node", "T 0 B")
    ),
    "one lane": lambda: transport_case([5], [5], [[3]]),
    "one lane that costs nothing": lambda: transport_case([5], [5], [[0]]),
    "ties": lambda: transport_case([5, 5], [5, 5], [[3, 3], [3, 3]]),
    "one region": lambda: network(
        origins=frame("origin supply_kt node region", "O 10 A R", "Q 3 B R"),
        sinks=frame("sink demand_kt node region", "T 5 B R"),
    ),
    "a sink without node": lambda: network(sinks=frame("sink demand_kt node", "T 5 B", "U 0 -")),
    "grams": lambda: network(
        origins=frame("origin supply_kt node", "O 1e-6 A"),
        sinks=frame("sink demand_kt node", "T 1e-7 B"),
    ),
}
INFEASIBLE = {
    "too little supply": lambda: network(sinks=frame("sink demand_kt node", "T 50 B")),
    "no supply": lambda: network(origins=frame("origin supply_kt node", "O 0 A")),
    "a limit of 0": lambda: network(limits=frame("limit max via", "cap 0 A>B")),
    "no link open": lambda: network({"closed_passages": ("A",)}),
}


def draws_of(case: Case) -> pd.DataFrame:
    spread = Distribution("uniform", low=0.5, high=1.5)
    plan = DrawPlan((Variation("v", "sinks.demand_kt", distribution=spread),), draws=3)
    return sweep_question(case, plan, None).tables["sweep_draws"]


def with_assumption(case: Case) -> Case:
    rows = frame("assumption target low high how", "d sinks.demand_kt 0.5 2 factor")
    return case.replace(assumptions=rows)


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in FEASIBLE.items()])
def test_a_case_of_any_shape_is_answered(make: Callable[[], Case]) -> None:
    case = make()
    origin, sink = case.origins["origin"].iloc[0], case.sinks["sink"].iloc[0]
    regions = [case.origins["region"].iloc[0]] * 2
    curves = capacity_question(case, regions, 20.0, None).studies["curves"]
    assert curves["to_kt"].iloc[-1] == 20.0
    assert len(figure_question(case, "demand", [sink], 0.0, 3e-7).studies["curve"])
    for within in ("0%", "10%"):
        assert len(ranges_question(case, within).studies["ranges"])
    assert why_question(case, origin, sink, 1.0).studies["why"]["origin"] == origin
    assert (draws_of(case)["status"] != "failed").all()
    assert len(sensitivity(with_assumption(case))[1]) == 1
    session = WhatIf.of(case, ScenarioInfo("base"))
    for knob in session.knobs:
        for value in (knob.low, knob.high):
            assert session.quick({knob.key: value}).status in ("optimal", "infeasible")


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in INFEASIBLE.items()])
def test_a_case_without_a_plan_is_said_to_have_none(make: Callable[[], Case]) -> None:
    case = make()
    for ask in (
        lambda: figure_question(case, "rate", ["sea"], 0.0, 1.0),
        lambda: ranges_question(case, "1%"),
        lambda: why_question(case, "O", "T", 1.0),
    ):
        with pytest.raises(NoPlan):
            ask()
    assert (draws_of(case)["status"] != "failed").all()
    assert sensitivity(with_assumption(case))[0] is None
