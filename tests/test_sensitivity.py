"""Assumptions tried one by one: costs at both ends are those of solving again, turns are found."""

from __future__ import annotations

import math

import pytest

from model.case.case import Case
from model.reading.read_case import read_case
from model.store.output_json import json_text
from model.studies.parametric.figure import Figure
from model.studies.sensitivity.study import TOLERANCE, sensitivity
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import frame, least_cost, transport_case


def small(*assumptions: tuple[str, str, str, float, float, str]) -> Case:
    """o0 has plenty, o1 and o2 too little; o1's first tonne saves 8, o2's 6."""
    rows = ["assumption target where low high how"]
    cells = [
        " ".join(map(str, (a, t, w or "-", lo, hi, how))) for a, t, w, lo, hi, how in assumptions
    ]
    case = transport_case(
        [100, 10, 10],
        [20, 30, 25],
        [[1, 10, 8], [50, 2, 50], [50, 50, 2]],
        assumptions=frame(rows[0], *cells),
    )
    return case.replace(sinks=case.sinks.assign(region=["o0", "o1", "o2"]))


def test_conclusions_and_their_turns_by_hand() -> None:
    case = small(
        ("price", "lanes.cost_cny_per_t", "origin=o0;sink=s2", 6.0, 12.0, "absolute"),
        ("demand", "sinks.demand_kt", "sink=s2", 20.0, 40.0, "absolute"),
        ("rate", "case.discount_rate", "", 0.05, 0.1, "absolute"),
    )
    now, table = sensitivity(case)
    assert now is not None
    assert (now.flow, now.sites) == ("o0 to o1", ("o1", "o2"))
    rows = table.set_index("assumption")
    price = rows.loc["price"]
    assert price["now"] == 8.0
    assert price["sites_at_high"] == "o2 > o1" and price["sites_at_low"] == "o1 > o2"
    assert price["turns"] == "sites"
    assert price["holds_to"] == pytest.approx(10.0, abs=6 * TOLERANCE)
    assert math.isnan(price["holds_from"])
    demand = rows.loc["demand"]
    assert demand["flow_at_high"] == "o0 to o2" and demand["turns"] == "flow"
    assert demand["holds_to"] == pytest.approx(30.0, abs=20 * TOLERANCE)
    assert rows.loc["rate", "note"] == "it moves nothing in this run"
    assert rows.loc["rate", "change_mcny"] == 0.0
    json_text(table)


def test_an_end_without_a_plan_is_said() -> None:
    case = small(("demand", "sinks.demand_kt", "sink=s1", 20.0, 200.0, "absolute"))
    _, table = sensitivity(case)
    assert table["note"].tolist() == ["no feasible plan at its high end"]
    assert math.isnan(table["cost_at_high_mcny"].iloc[0])
    assert table["holds_to"].iloc[0] <= 85.0


def test_a_demand_beyond_what_its_sinks_take_has_no_plan() -> None:
    """Of several sinks at once, each value is a case of its own, which no file could hold."""
    case = small(("demand", "sinks.demand_kt", "", 20.0, 70.0, "absolute"))
    case = case.replace(sinks=case.sinks.assign(max_kt=60.0))
    (row,) = sensitivity(case)[1].to_dict("records")
    at_low = least_cost(case.replace(sinks=case.sinks.assign(demand_kt=20.0)))
    assert row["cost_at_low_mcny"] * 1000 == pytest.approx(at_low)
    assert math.isnan(row["cost_at_high_mcny"]) and "no feasible plan" in row["note"]


def test_a_figure_that_moves_several_things_is_solved_again() -> None:
    case = small(("all", "lanes.max_kt", "origin=o0", 40.0, 90.0, "absolute"))
    now, table = sensitivity(case)
    assert now is not None
    row = table.iloc[0]
    assert math.isnan(row["now"])
    assert row["cost_at_low_mcny"] == pytest.approx(now.cost_mcny)


def test_costs_of_the_base_agree_with_solving_again() -> None:
    case = read_case(TWELVE_REGIONS)
    now, table = sensitivity(case)
    cost = least_cost(case)
    assert now is not None and cost is not None
    assert now.cost_mcny == pytest.approx(cost / 1000)
    assert len(table) == len(case.assumptions)
    changes = table["change_mcny"].abs().tolist()
    assert changes == sorted(changes, reverse=True)
    stated = case.assumptions.set_index("assumption")
    for row in table.iloc[[0, 1, 3, 6, 9, 14]].to_dict("records"):
        given = stated.loc[row["assumption"]]
        figure = Figure(given["target"], given["where"], given["how"])
        for end in ("low", "high"):
            again = least_cost(figure.put(case, row[end]))
            assert again is not None
            assert row[f"cost_at_{end}_mcny"] == pytest.approx(again / 1000)


def test_an_infeasible_case_rests_on_nothing() -> None:
    now, table = sensitivity(transport_case([1], [2], [[1]]))
    assert now is None and table.empty
