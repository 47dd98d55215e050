"""Why a pair ships what it does: parts that add up, and exact prices of doing otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.errors import BadInput, NoPlan
from model.store.output_json import json_text
from model.studies.questions import why_question
from model.studies.why import Why, why_pair
from reports.page.why_instead import instead_sentences
from tests.support.markets import frame, least_cost, make_case, transport_case

HAND = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])


def forced(case: Case, origin: str, sink: str, least: float, most: float) -> float | None:
    limit = frame("limit min max origin sink", f"pair {least} {most} {origin} {sink}")
    return least_cost(case.replace(limits=limit))


def check(answer: Why, case: Case) -> None:
    base = least_cost(case)
    assert base is not None
    extra = forced(case, answer.origin, answer.sink, answer.ship_kt + answer.forced_kt, 1e6)
    if answer.forced_mcny is None:
        assert extra is None and answer.obstacle
    else:
        assert extra is not None
        assert answer.forced_mcny == pytest.approx((extra - base) / 1000, abs=1e-9)
    if answer.dearer_cny_per_t is not None:
        step = 1e-3
        near = forced(case, answer.origin, answer.sink, answer.ship_kt + step, 1e6)
        assert near is not None
        assert answer.dearer_cny_per_t == pytest.approx((near - base) / step, abs=1e-4)
        parts = sum(part.cny_per_t for part in answer.parts)
        assert parts == pytest.approx(answer.dearer_cny_per_t, abs=1e-6)
        freight = sum(leg.cost_cny_per_t for leg in answer.legs)
        assert freight == pytest.approx(answer.lane.freight_cny_per_t)
    if answer.ship_kt:
        without = forced(case, answer.origin, answer.sink, 0, 0)
        assert (answer.without_mcny is None) == (without is None)
        if without is not None:
            assert answer.without_mcny == pytest.approx((without - base) / 1000, abs=1e-9)
    json_text(answer.as_dict())


def test_an_unused_pair_by_hand() -> None:
    """o1 to s0 costs 4; it takes a tonne of o1 from s1, where o0's costs 9 instead of 2."""
    answer = why_pair(HAND, "o1", "s0", 5.0)
    assert answer.ship_kt == 0.0
    assert answer.dearer_cny_per_t == 10.0
    assert {part.part: part.cny_per_t for part in answer.parts} == {
        "freight": 4.0,
        "scarcity at o1": 7.0,
        "price at s0": -1.0,
    }
    assert answer.displaces == "o1 to s0 +1; o0 to s0 -1; o0 to s1 +1; o1 to s1 -1"
    assert answer.forced_mcny == pytest.approx(0.05)
    assert answer.spared_cny_per_t is None
    check(answer, HAND)


def test_a_used_pair_by_hand() -> None:
    answer = why_pair(HAND, "o1", "s1", 5.0)
    assert answer.ship_kt == 20.0
    assert answer.spared_cny_per_t == 7.0
    assert answer.without_mcny == pytest.approx(0.14)
    assert answer.obstacle == "no tonne more can be sent, because of the supply of o1"
    check(answer, HAND)


costs = st.lists(st.integers(1, 9), min_size=9, max_size=9)


@given(costs, st.lists(st.integers(0, 30), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_a_region_is_asked_as_all_of_its_places_together(unit: list[int], kt: list[int]) -> None:
    """Each of o0 and o1 is of the region West, each of s1 and s2 of East."""
    lanes = [unit[row : row + 3] for row in (0, 3, 6)]
    case = transport_case([40, 40, 40], kt, lanes)
    regions = {
        "origins": case.origins.assign(region=["West", "West", "o2"]),
        "sinks": case.sinks.assign(region=["s0", "East", "East"]),
    }
    asked = why_pair(case.replace(**regions), "West", "East", 5.0)
    assert asked.lane is not None
    assert asked.lane.origin in ("o0", "o1") and asked.lane.sink in ("s1", "s2")
    check(replace(asked, origin="o0|o1", sink="s1|s2"), case)


def test_no_lane_and_limits_are_named() -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [float("inf"), 2]])
    answer = why_pair(case, "o1", "s0")
    assert answer.obstacle == "no lane joins them"
    assert answer.legs == [] and answer.forced_mcny is None
    capped = HAND.replace(limits=frame("limit max origin sink", "gate 0 o1 s0"))
    answer = why_pair(capped, "o1", "s0")
    assert answer.obstacle == "no tonne more can be sent, because of limit gate"
    answer = why_pair(HAND, "o1", "s0", 25.0)
    assert answer.dearer_cny_per_t == 10.0
    assert answer.obstacle == "25 kt more are too many to be sent"


def test_legs_of_a_route_with_carbon_duty_and_a_port_limit() -> None:
    case = make_case(
        {"carbon_price_cny_per_t": 100.0},
        origins=frame("origin supply_kt node cost_cny_per_t", "A 50 A 7", "C 50 C 30"),
        sinks=frame("sink demand_kt node", "B 20 B"),
        nodes=frame("node", "A", "P", "B", "C"),
        modes=frame("mode fixed_cny_per_t cny_per_t_km gco2_per_t_km",
                    "rail 5 0.1 10", "sea 8 0 0"),
        links=frame("from to mode km cost_cny_per_t limit_kt",
                    "A P rail 100 - -", "P B sea 50 3 12", "C B rail 100 - -"),
        duties=frame("duty rate value_cny_per_t origin", "toll 0.1 20 A"),
    )  # fmt: skip
    answer = why_pair(case, "A", "B", 1.0)
    assert answer.ship_kt == 12.0
    assert [(leg.leg, leg.cost_cny_per_t) for leg in answer.legs] == [
        ("loading, A", 5.0), ("A>P", 10.0), ("loading, P", 8.0), ("P>B", 3.0),
    ]  # fmt: skip
    assert answer.lane.cost_cny_per_t == pytest.approx(26 + 7 + 2 + 0.1)
    assert answer.obstacle == "no tonne more can be sent, because of limit P>B:sea"
    assert answer.spared_cny_per_t == pytest.approx(5 + 10 + 30 + 0.1 - 35.1)
    check(why_pair(case, "C", "B", 1.0), case)


def test_unknown_names_and_infeasible_cases_are_refused() -> None:
    with pytest.raises(BadInput) as caught:
        why_pair(HAND, "o9", "s9")
    assert [fault.where for fault in caught.value.faults] == ["ORIGIN", "SINK"]
    with pytest.raises(NoPlan):
        why_pair(transport_case([1], [2], [[1]]), "o0", "s0")


TONNES = st.integers(0, 12)


@settings(max_examples=50, deadline=None)
@given(
    supply=st.tuples(TONNES, TONNES),
    demand=st.tuples(TONNES, TONNES, TONNES),
    cost=st.lists(st.integers(0, 15), min_size=6, max_size=6),
    pair=st.tuples(st.integers(0, 1), st.integers(0, 2)),
)
def test_answers_agree_with_resolving(
    supply: tuple[int, int],
    demand: tuple[int, int, int],
    cost: list[int],
    pair: tuple[int, int],
) -> None:
    case = transport_case(supply, demand, [cost[:3], cost[3:]])
    if least_cost(case) is None:
        return
    check(why_pair(case, f"o{pair[0]}", f"s{pair[1]}", 2.0), case)


def sentences(first: str, other: str, sink: str, case: Case = HAND) -> str:
    answers = [why_pair(case, origin, sink, 5.0).as_dict() for origin in (first, other)]
    return " ".join(instead_sentences(*answers))


def test_why_one_origin_and_not_another_is_a_paragraph_whose_sums_hold() -> None:
    """A tonne of o1 costs 4, one of o0 1; o1's is worth 7 more at s1: 3 + 7 = 10 in all."""
    assert sentences("o0", "o1", "s0") == (
        "o0 supplies s0 with 30 kt a year, and o1 sends nothing there. "
        "A tonne costs 1 CNY from o0 and 4 CNY from o1. "
        "What tonnes of o1, and room on their way, are worth elsewhere adds 7. "
        "So a tonne from o1 would cost 10 CNY more in all. "
        "One tonne from there changes other flows: "
        "o1 to s0 +1, o0 to s0 −1, o0 to s1 +1, o1 to s1 −1."
    )


def test_why_not_says_so_where_the_other_origin_supplies_the_sink() -> None:
    assert sentences("o1", "o0", "s0") == (
        "It does not: o0 supplies s0 with 30 kt a year, o1 nothing. "
        "A tonne from o1 would cost 10 CNY more in all."
    )


def test_a_tie_between_origins_is_called_a_tie() -> None:
    tied = transport_case([100, 200], [30], [[1], [1]])
    text = sentences("o0", "o1", "s0", tied)
    assert "In all it is a tie" in text or "would cost the same in all" in text


def test_the_other_origin_has_to_be_another_one() -> None:
    with pytest.raises(BadInput, match="must be another origin"):
        why_question(HAND, "o0", "s0", 5.0, rather_than="o0")
