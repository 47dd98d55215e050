"""Infeasibility told as a cut in places and tonnes, with repairs that are exact."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.solve.column_generation import Allocator
from model.solve.diagnose import diagnose
from model.solve.diagnosis import Diagnosis
from model.solve.solution import Status
from tests.support.markets import frame, least_cost, make_case, market_of, transport_case


def told(case: Case) -> Diagnosis:
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    assert optimum.status is Status.INFEASIBLE
    return diagnose(case, allocator, optimum)


def test_too_little_supply_is_told_with_the_least_shortage() -> None:
    """GAMS feasopt1: Dantzig's problem with every demand a fifth larger."""
    case = transport_case([350, 600], [390, 360, 330], [[0.225, 0.153, 0.162]] * 2)
    found = told(case)
    assert (found.need_kt, found.reach_kt, found.shortage_kt) == (1080, 950, 130)
    assert found.headline == (
        "s0, s1, s2 need 1,080 kt; at most 950 kt can reach them: short by 130 kt,"
        " because of all supply of o0 350 kt; all supply of o1 600 kt."
    )
    assert [(repair["kt"], repair["what"]) for repair in found.repairs] == [
        (130, "130 kt less demand at s0 or 130 kt less demand at s1 or 130 kt less demand at s2"),
        (130, "130 kt more supply at o0 or 130 kt more supply at o1"),
    ]


NETWORK = {
    "origins": frame("origin supply_kt node", "A 100 A"),
    "sinks": frame("sink demand_kt node", "Here 20 H", "Abroad 50 X"),
    "nodes": frame("node kind", "A hub", "H market", "P port", "X market"),
    "modes": frame("mode", "rail", "sea"),
    "links": frame("from to mode cost_cny_per_t", "A H rail 1", "A P rail 2", "P X sea 3"),
}


def test_a_port_limit_that_starves_one_market_is_named() -> None:
    case = make_case(**NETWORK, limits=frame("limit max via", "quay 30 P"))
    found = told(case)
    assert found.headline == (
        "Abroad needs 50 kt; at most 30 kt can reach it: short by 20 kt, because of limit quay"
        " 30 kt."
    )
    assert [cause["row"] for cause in found.causes] == ["limit_kept[quay]"]
    assert [(repair["row"], repair["what"]) for repair in found.repairs] == [
        ("demand_met[Abroad]", "20 kt less demand at Abroad"),
        ("limit_kept[quay]", "limit quay raised by 20 kt"),
    ]


def test_a_links_own_limit_and_an_explicit_lane_are_named() -> None:
    links = NETWORK["links"].assign(limit_kt=[np.nan, np.nan, 30.0])
    found = told(make_case(**{**NETWORK, "links": links}))
    assert "because of the limit of link P>X:sea 30 kt" in found.headline
    lanes = pd.DataFrame(
        {"origin": ["o0"], "sink": ["s0"], "cost_cny_per_t": [1.0], "max_kt": [4.0]}
    )
    found = told(transport_case([10], [9], [[1]], lanes=lanes))
    assert found.headline == (
        "s0 needs 9 kt; at most 4 kt can reach it: short by 5 kt, because of lane o0 to s0 4 kt."
    )


def test_a_repair_may_take_several_places_at_once() -> None:
    limits = frame("limit max origin", "one 10 o0", "two 10 o1")
    case = transport_case([30, 30], [20, 20], [[1, np.inf], [np.inf, 1]], limits=limits)
    found = told(case)
    assert found.shortage_kt == 20
    assert {repair["what"] for repair in found.repairs} == {
        "limit one raised by 10 kt and limit two raised by 10 kt",
        "10 kt less demand at s0 and 10 kt less demand at s1",
    }


def test_bounds_that_contradict_each_other_are_named() -> None:
    limits = frame("limit min max origin", "least 12 - o0", "most - 5 o0|o1")
    found = told(transport_case([30, 30], [5], [[1], [1]], limits=limits))
    assert "least" in found.headline
    assert all("limit" in repair["what"] for repair in found.repairs)


def test_a_sink_without_a_route_is_told_with_its_neighbours() -> None:
    nodes = frame("node lat lon", "A 30 100", "B 31 100", "Z 50 100")
    case = make_case(
        origins=frame("origin supply_kt node", "A 10 A"),
        sinks=frame("sink demand_kt node", "B 2 B", "Z 3 Z"),
        nodes=nodes,
        modes=frame("mode", "rail"),
        links=frame("from to mode cost_cny_per_t", "A B rail 1"),
    )
    found = told(case)
    assert found.headline.startswith("No route to Z (nearest: B 2,113 km, A 2,224 km). Z needs 3")
    assert found.shortage_kt == 3


TONNES = st.integers(0, 12)


def with_repair(case: Case, row: str, kt: float) -> Case:
    family, name = row.rstrip("]").split("[")
    table, key, column = {
        "supply_limit": ("origins", "origin", "supply_kt"),
        "demand_met": ("sinks", "sink", "demand_kt"),
        "limit_kept": ("limits", "limit", "max"),
    }[family]
    rows = case.table(table)
    change = -kt if family == "demand_met" else kt
    figures = rows[column].where(rows[key] != name, rows[column] + change)
    return case.replace(**{table: rows.assign(**{column: figures})})


@settings(max_examples=50, deadline=None)
@given(
    supply=st.lists(TONNES, min_size=2, max_size=2),
    demand=st.lists(TONNES, min_size=3, max_size=3),
    open_lanes=st.lists(st.booleans(), min_size=6, max_size=6),
    cap=st.integers(0, 20),
)
def test_a_repair_of_one_place_is_enough_and_no_less_is(
    supply: list[int], demand: list[int], open_lanes: list[bool], cap: int
) -> None:
    cost = np.where(np.reshape(open_lanes, (2, 3)), 1.0, np.inf)
    cost[0, 0] = 1.0
    limits = frame("limit max sink", f"cap {cap} s0|s1")
    case = transport_case(supply, demand, cost, limits=limits)
    if least_cost(case) is not None:
        return
    found = told(case)
    assert found.repairs
    assert found.shortage_kt == pytest.approx(sum(sink["short_kt"] for sink in found.sinks))
    cut = sum(repair["kt"] for repair in found.repairs if repair["row"].startswith("demand_met"))
    assert cut == pytest.approx(found.shortage_kt)
    for repair in found.repairs:
        if " and " not in repair["what"]:
            for row in repair["rows"]:
                assert least_cost(with_repair(case, row, repair["kt"])) is not None
                assert least_cost(with_repair(case, row, repair["kt"] - 0.5)) is None
