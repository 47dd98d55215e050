"""Marginal values are exact on both sides, degenerate or not, and say what sets them."""

from __future__ import annotations

import math
import re
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.market.arc_flow import arc_flow
from model.reading.read_case import read_case
from model.solve import marginal_values
from model.solve.basis_change import BasisChange
from model.solve.column_generation import Allocator
from model.solve.marginal_values import marginal_value_table
from model.solve.optimum import Optimum
from model.solve.solution import Status
from model.solve.tie_break import break_ties
from tests.support.cases import TWELVE_REGIONS
from tests.support.degenerate import degenerate
from tests.support.markets import frame, least_cost, make_case, market_of, transport_case
from tests.support.varied_cases import varied_cases

STEP = 1e-3


def prices(case: Case) -> pd.DataFrame:
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    assert optimum.status is Status.OPTIMAL
    plan = break_ties(allocator, optimum).plan
    return marginal_value_table(allocator, plan).set_index(["role", "place"])


def moved(case: Case, role: str, place: str, step: float) -> Case:
    table, key, column = {
        "origin": ("origins", "origin", "supply_kt"),
        "sink": ("sinks", "sink", "demand_kt"),
        "limit": ("limits", "limit", "max"),
    }[role]
    rows = case.table(table)
    figures = rows[column].where(rows[key] != place, rows[column] + step)
    return case.replace(**{table: rows.assign(**{column: figures})})


def check_by_resolving(case: Case, found: pd.DataFrame) -> None:
    base = least_cost(case)
    assert base is not None
    for (role, place), row in found.iterrows():
        for side, step in (("left_cny_per_t", -STEP), ("right_cny_per_t", STEP)):
            there = None
            if moved_figure(case, role, place) + step >= 0:
                there = least_cost(moved(case, role, place, step))
            worth = row[side]
            if there is None:
                assert math.isnan(worth), (role, place, side)
                assert row[side.replace("cny_per_t", "reason")]
            else:
                sign = 1 if role == "sink" else -1
                assert worth == pytest.approx(sign * (there - base) / step, abs=1e-4)


def moved_figure(case: Case, role: str, place: str) -> float:
    table, key, column = {
        "origin": ("origins", "origin", "supply_kt"),
        "sink": ("sinks", "sink", "demand_kt"),
        "limit": ("limits", "limit", "max"),
    }[role]
    rows = case.table(table).set_index(key)
    return float(rows.loc[place, column])


def test_two_lanes_at_the_end_of_the_first() -> None:
    """Lanes at 1 and 3, ten each, demand ten: the next tonne costs 3, the last cost 1."""
    case = transport_case([10, 10], [10], [[1], [3]])
    found = prices(case)
    sink = found.loc[("sink", "s0")]
    assert (sink["left_cny_per_t"], sink["right_cny_per_t"]) == (1.0, 3.0)
    assert sink["right_reason"] == "o1 ships 1 more; o1 to s0 +1"
    assert sink["left_reason"] == "o0 ships 1 less; o0 to s0 -1"
    origin = found.loc[("origin", "o0")]
    assert (origin["left_cny_per_t"], origin["right_cny_per_t"]) == (2.0, 0.0)
    check_by_resolving(case, found)


def test_a_chain_is_told_from_the_place_to_where_it_ends() -> None:
    case = transport_case([20, 30], [10, 15], [[1, 2], [9, 3.5]])
    case = moved(case, "origin", "o0", -5.0)
    found = prices(case)
    assert found.loc[("sink", "s0"), "right_reason"] == (
        "o1 ships 1 more; o0 to s0 +1; o0 to s1 -1; o1 to s1 +1"
    )
    assert found.loc[("sink", "s0"), "right_cny_per_t"] == 1 - 2 + 3.5
    check_by_resolving(case, found)


def test_a_side_that_cannot_move_says_what_binds_it() -> None:
    limits = frame("limit max origin", "gate 10 o0")
    found = prices(transport_case([30], [10], [[2]], limits=limits))
    sink = found.loc[("sink", "s0")]
    assert math.isnan(sink["right_cny_per_t"])
    assert sink["right_reason"] == "cannot change this way: bound by gate"
    gate = found.loc[("limit", "gate")]
    assert math.isnan(gate["left_cny_per_t"]) and gate["right_cny_per_t"] == 0.0


def test_prices_of_the_base_agree_with_resolving() -> None:
    case = read_case(TWELVE_REGIONS)
    found = prices(case)
    some = found.iloc[[0, 5, 9, 11, 13, 18, 25, 33, 35, 36, 37]]
    check_by_resolving(case, some)
    home = found.loc["sink"]
    assert home.loc["Yunnan", "right_cny_per_t"] > home.loc["Shandong", "right_cny_per_t"]


TONNES = st.integers(0, 12)


@settings(max_examples=50, deadline=None)
@given(
    supply=st.lists(TONNES, min_size=2, max_size=2),
    demand=st.lists(TONNES, min_size=2, max_size=2),
    cost=st.lists(st.integers(0, 9) | st.none(), min_size=4, max_size=4),
    cap=st.integers(0, 15),
)
def test_both_sides_agree_with_resolving(
    supply: list[int], demand: list[int], cost: list[int | None], cap: int
) -> None:
    price = np.array([np.inf if value is None else value for value in cost], float).reshape(2, 2)
    price[0, 0] = 4.0
    limits = frame("limit max sink", f"cap {cap} s0")
    case = transport_case(supply, demand, price, limits=limits)
    if least_cost(case) is None:
        return
    check_by_resolving(case, prices(case))


def by_programs(allocator: Allocator, plan: Optimum) -> pd.DataFrame:
    """The table with a directional program for every side."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(marginal_values, "arc_flow", lambda _: None)
        patch.setattr(BasisChange, "flows", lambda *_: None)
        return marginal_value_table(allocator, plan)


def check_by_programs(case: Case, name: str) -> pd.DataFrame | None:
    """Compare both sides of every place, and return the table; None without a plan."""
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    if optimum.status is not Status.OPTIMAL:
        return None
    plan = break_ties(allocator, optimum).plan
    found, solved = marginal_value_table(allocator, plan), by_programs(allocator, plan)
    for side in ("left", "right"):
        column = f"{side}_cny_per_t"
        np.testing.assert_allclose(found[column], solved[column], rtol=0, atol=2e-6, err_msg=name)
        stops = found[f"{side}_reason"].str.startswith("cannot change this way")
        assert (stops == solved[column].isna()).all(), name
    return found


def moves_in(reason: str) -> tuple[dict[str, float], dict[str, float]]:
    """Changes of flows that a reason tells, by origin and by sink."""
    sent: dict[str, float] = defaultdict(float)
    taken: dict[str, float] = defaultdict(float)
    for origin, sink, kt in re.findall(r"(\S+) to (\S+) ([+-][\d.e-]+)", reason):
        sent[origin] += float(kt)
        taken[sink] += float(kt)
    return sent, taken


def check_reasons(case: Case, found: pd.DataFrame, name: str) -> None:
    """Changes keep every other demand met, and are one unit of the place's own bound."""
    for row in found.itertuples():
        for step, worth, reason in (
            (-1, row.left_cny_per_t, row.left_reason),
            (+1, row.right_cny_per_t, row.right_reason),
        ):
            sent, taken = moves_in(reason)
            if math.isnan(worth) or not taken:
                continue
            where = name, row.place, reason
            for sink in case.sinks["sink"]:
                own = step if (row.role, row.place) == ("sink", sink) else 0.0
                assert taken[sink] == pytest.approx(own), where
            if row.role == "origin":
                assert sent[row.place] == pytest.approx(step), where


def check_networks(seeds: range) -> None:
    for seed in seeds:
        case = degenerate(seed)
        found = check_by_programs(case, f"seed {seed}")
        if found is not None:
            check_reasons(case, found, f"seed {seed}")


def test_degenerate_networks_agree_with_directional_programs() -> None:
    check_networks(range(20))


def test_cases_over_all_tables_agree_with_directional_programs() -> None:
    for seed, case in varied_cases(0, 15):
        check_by_programs(case, f"seed {seed}")


def test_limits_of_an_origin_a_sink_a_link_and_the_whole_lie_on_arcs() -> None:
    rows = ["one - 6 a - -", "two 1 - b - -", "three - 4 - s -", "road - 5 - - A>B:road"]
    limits = frame("limit min max origin sink via", *rows, "whole - 9 - - -")
    case = make_case(
        origins=frame("origin supply_kt node cost_cny_per_t", "a 6 A 1", "b 9 A 3"),
        sinks=frame("sink demand_kt node", "s 4 B", "t 3 B"),
        nodes=frame("node", "A", "B"),
        modes=frame("mode fixed_cny_per_t cny_per_t_km", "road 1 0", "rail 4 0"),
        links=frame("from to mode km limit_kt", "A B road 1 5", "A B rail 1 9"),
        limits=limits.fillna({"origin": "", "sink": "", "via": ""}),
    )
    assert arc_flow(market_of(case)) is not None
    found = check_by_programs(case, "arcs")
    assert found is not None
    values = found.set_index(["role", "place"])
    assert values.loc[("limit", "one"), "left_cny_per_t"] == 2.0
    assert values.loc[("limit", "road"), "left_cny_per_t"] == 3.0
    assert values.loc[("limit", "two"), "right_cny_per_t"] == -2.0
    assert values.loc[("sink", "t"), "right_reason"] == "b ships 1 more; b to t +1"


@pytest.mark.slow
def test_a_thousand_networks_agree_with_directional_programs() -> None:
    check_networks(range(2_000, 3_000))


@pytest.mark.slow
def test_a_thousand_cases_over_all_tables_agree_with_directional_programs() -> None:
    for seed, case in varied_cases(5_000, 1_000):
        check_by_programs(case, f"seed {seed}")
