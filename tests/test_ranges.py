"""Ranges bracket every plan there is near the optimum; labels, alternatives, ports."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from model.case.case import Case, Settings
from model.case.errors import NoPlan
from model.reading.read_case import read_case
from model.store.output_json import json_text
from model.studies.ranges.frontier import Frontier, FrontierPoint, edge
from model.studies.ranges.study import ranges
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import frame, least_cost, make_case, transport_case

CLOSE = 1e-5


def oracle(
    supply: list[float], demand: list[float], cost: np.ndarray, within: float
) -> dict[tuple[str, str], tuple[float, float]]:
    """Least and greatest flow of every lane by a linear program with a budget row."""
    origin, sink = (index.ravel() for index in np.indices(cost.shape))
    price = cost.ravel()
    by_origin = np.array([origin == o for o in range(len(supply))], float)
    by_sink = np.array([sink == s for s in range(len(demand))], float)
    best = linprog(price, by_origin, supply, by_sink, demand)
    budget = best.fun * (1 + within) + 1e-9
    found = {}
    for lane in range(len(price)):
        wanted = np.zeros(len(price))
        wanted[lane] = 1.0
        low, high = (
            linprog(
                sign * wanted, np.vstack([by_origin, price]), [*supply, budget], by_sink, demand
            )
            for sign in (1, -1)
        )
        found[f"o{origin[lane]}", f"s{sink[lane]}"] = low.fun, -high.fun
    return found


def of_pairs(
    table: pd.DataFrame, within: float, kind: str = "pair"
) -> dict[tuple[str, str], tuple]:
    rows = table[(table["within"] == within) & (table["kind"] == kind)]
    return {
        (origin, sink): (low, high)
        for origin, sink, low, high in rows[["origin", "sink", "low_kt", "high_kt"]].itertuples(
            index=False, name=None
        )
    }


def test_a_forced_flow_is_always_and_an_accident_sometimes() -> None:
    """s0 takes from o0 or o1 at the same cost; s1 has but one lane; o1 to s1 does not exist."""
    case = transport_case([30, 30], [20, 15], [[5, 4], [5, np.inf]])
    table = ranges(case, (0.0,)).table
    pairs = table[table["kind"] == "pair"].set_index(["origin", "sink"])
    assert pairs.loc[("o0", "s1"), ["low_kt", "high_kt", "label"]].tolist() == [15, 15, "always"]
    assert pairs.loc[("o0", "s0"), ["low_kt", "high_kt", "label"]].tolist() == [0, 15, "sometimes"]
    assert pairs.loc[("o1", "s0"), ["low_kt", "high_kt", "label"]].tolist() == [5, 20, "always"]
    assert pairs.loc[("o1", "s1"), ["low_kt", "high_kt", "label"]].tolist() == [0, 0, "never"]
    outflow = table[table["kind"] == "outflow"].set_index("origin")
    assert outflow.loc["o0", ["low_kt", "high_kt"]].tolist() == [15, 30]


def test_two_routes_of_one_pair_range_apart() -> None:
    """By P 10 CNY/t, by Q 10.1: at 1 % all may go by either, the pair is forced."""
    case = make_case(
        origins=frame("origin supply_kt node", "A 10 A"),
        sinks=frame("sink demand_kt node", "B 10 B"),
        nodes=frame("node kind", "A hub", "P port", "Q port", "B market"),
        modes=frame("mode", "rail", "sea"),
        links=frame("from to mode cost_cny_per_t", "A P rail 5", "P B sea 5", "A Q rail 5",
                    "Q B sea 5.1"),
    )  # fmt: skip
    table = ranges(case, (0.0, 0.005, 0.01)).table.set_index(["kind", "within"]).sort_index()
    span = ["low_kt", "high_kt"]
    assert table.loc[("pair", 0.01), span].to_numpy().ravel().tolist() == [10, 10]
    assert table.loc[("lane", 0.0), span].to_numpy().ravel().tolist() == [10, 10]
    assert table.loc[("lane", 0.005), span].to_numpy().ravel().tolist() == pytest.approx([5, 10])
    assert table.loc[("lane", 0.01), span].to_numpy().ravel().tolist() == pytest.approx([0, 10])
    ports = table.loc[("port", 0.005)].set_index("origin")[span]
    assert ports.loc["P"].tolist() == pytest.approx([5, 10])
    assert ports.loc["Q"].tolist() == pytest.approx([0, 5])


def test_a_limited_link_leaves_no_detour_unpriced() -> None:
    """The cheap route holds 4 kt, the second 3, the third any: lanes range within these."""
    case = make_case(
        origins=frame("origin supply_kt node", "A 10 A"),
        sinks=frame("sink demand_kt node", "B 10 B"),
        nodes=frame("node", "A", "P", "Q", "R", "B"),
        modes=frame("mode", "rail"),
        links=frame("from to mode cost_cny_per_t limit_kt", "A P rail 5 4", "P B rail 5 -",
                    "A Q rail 6 3", "Q B rail 6 -", "A R rail 7 -", "R B rail 7 -"),
    )  # fmt: skip
    table = ranges(case, (0.0, 0.1)).table.set_index(["kind", "within"]).sort_index()
    zero = table.loc[("lane", 0.0)].set_index("route")[["low_kt", "high_kt"]]
    assert zero["low_kt"].tolist() == zero["high_kt"].tolist() == [4, 3, 3]
    some = table.loc[("lane", 0.1)].set_index("route")[["low_kt", "high_kt"]]
    budget = 0.1 * (40 + 36 + 42)
    assert some.loc["A >rail> P >rail> B"].tolist() == pytest.approx([4 - budget / 4, 4])
    assert some.loc["A >rail> Q >rail> B"].tolist() == pytest.approx([0, 3])
    assert some.loc["A >rail> R >rail> B"].tolist() == pytest.approx([3, 6 + (budget - 6) / 4])


def test_another_plan_of_a_seller_ships_elsewhere_and_is_told_once() -> None:
    """Selling less is near the best plan too, yet goes no other way: B serves H, and A sells 80."""
    case = Case.of(
        Settings("seller"),
        origins=pd.DataFrame({"origin": ["A", "B"], "supply_kt": [100.0, 100.0]}),
        sinks=pd.DataFrame(
            {
                "sink": ["H", "P"],
                "demand_kt": [50.0, 0.0],
                "max_kt": [50.0, 80.0],
                "price_cny_per_t": [np.nan, 100.5],
                "kind": ["domestic", "export"],
            }
        ),
        lanes=pd.DataFrame(
            {
                "origin": ["A", "A", "B"],
                "sink": ["H", "P", "H"],
                "cost_cny_per_t": [100.0, 100.0, 101.0],
            }
        ),
    )
    found = ranges(case, (0.01,))
    told = found.differs.iloc[0]
    assert len(found.differs) == 1
    assert told["extra_mcny"] == pytest.approx((30 * 0.5 + 20 * 1.0) / 1000)
    assert told["rerouted_kt"] == pytest.approx(80.0)
    plan = found.alternatives.set_index(["origin", "sink"])["ship_kt"]
    assert plan["B", "H"] == pytest.approx(50.0)


def test_alternatives_are_complete_plans_within_the_budget() -> None:
    case = read_case(TWELVE_REGIONS)
    found = ranges(case, (0.01,))
    cost = least_cost(case)
    assert cost is not None
    assert len(found.differs) == 4
    for number, plan in found.alternatives.groupby("alternative"):
        total = (plan["ship_kt"] * plan["cost_cny_per_t"]).sum()
        assert total == pytest.approx(1.01 * cost)
        received = plan.groupby("sink")["ship_kt"].sum()
        demand = case.sinks.set_index("sink")["demand_kt"]
        assert received.reindex(demand.index).to_numpy() == pytest.approx(demand.to_numpy())
        sent = plan.groupby("origin")["ship_kt"].sum()
        supply = case.origins.set_index("origin")["supply_kt"]
        assert (sent <= supply.reindex(sent.index) + CLOSE).all()
        told = found.differs.set_index("alternative").loc[number]
        assert told["rerouted_kt"] > 1000
        assert told["extra_mcny"] == pytest.approx(0.01 * cost / 1000)
    json_text({"table": found.table, "differs": found.differs})


def test_alternatives_do_not_depend_on_what_was_asked_before() -> None:
    case = read_case(TWELVE_REGIONS)
    alone, after_others = ranges(case, (0.05,)), ranges(case, (0.0, 0.01, 0.05))
    pd.testing.assert_frame_equal(alone.differs, after_others.differs)
    pd.testing.assert_frame_equal(alone.alternatives, after_others.alternatives)


def test_the_base_ranges_widen_and_hold_the_published_plan() -> None:
    table = ranges(read_case(TWELVE_REGIONS), (0.0, 0.01, 0.05)).table
    assert (table["low_kt"] <= table["ship_kt"] + CLOSE).all()
    assert (table["high_kt"] >= table["ship_kt"] - CLOSE).all()
    keys = ["kind", "origin", "sink", "mode", "route"]
    by_share = [rows.set_index(keys) for _, rows in table.groupby("within")]
    for narrow, wide in combinations(by_share, 2):
        assert (wide["low_kt"] <= narrow["low_kt"] + CLOSE).all()
        assert (wide["high_kt"] >= narrow["high_kt"] - CLOSE).all()


def test_an_infeasible_case_has_no_ranges() -> None:
    with pytest.raises(NoPlan):
        ranges(transport_case([1], [2], [[1]]))


def test_a_frontier_of_known_corners() -> None:
    corners = [(0.0, 0.0), (4.0, 1.0), (7.0, 3.0), (9.0, 9.0)]
    solves = 0

    def solve(price: float) -> FrontierPoint:
        nonlocal solves
        solves += 1
        measure, cost = min(corners, key=lambda corner: corner[1] - price * corner[0])
        return FrontierPoint(cost, measure, np.array([measure]))

    frontier = Frontier(solve, [FrontierPoint(0.0, 0.0, np.zeros(1))], 1e6)
    for budget, measure in [(0.5, 2.0), (1.0, 4.0), (2.0, 5.5), (6.0, 8.0), (9.0, 9.0), (20, 9.0)]:
        reach = frontier.reach(budget)
        assert reach.measure == pytest.approx(measure)
        assert reach.ship_kt[0] == pytest.approx(measure)
        assert reach.cost_kcny <= budget + 1e-9
    assert solves <= 10


def test_a_frontier_looks_on_where_a_known_plan_turns_out_to_be_no_corner() -> None:
    corners = [(1.0, 0.0), (5.0, 0.0), (9.0, 4.0)]

    def solve(price: float) -> FrontierPoint:
        measure, cost = min(corners, key=lambda corner: corner[1] - price * corner[0])
        return FrontierPoint(cost, measure)

    frontier = Frontier(solve, [FrontierPoint(0.0, 1.0), FrontierPoint(3.0, 5.0)], 1e6)
    assert frontier.reach(1.0).measure == pytest.approx(6.0)


TONNES = st.integers(0, 12)


@settings(max_examples=15, deadline=None)
@given(
    supply=st.lists(TONNES, min_size=3, max_size=3),
    demand=st.lists(TONNES, min_size=2, max_size=2),
    cost=st.lists(st.integers(1, 6), min_size=6, max_size=6),
    within=st.sampled_from([0.0, 0.01, 0.05, 0.3]),
)
def test_ranges_agree_with_a_budget_row(
    supply: list[int], demand: list[int], cost: list[int], within: float
) -> None:
    if sum(supply) < sum(demand):
        return
    case = transport_case(supply, demand, np.reshape(cost, (3, 2)))
    table = ranges(case, (within,)).table
    expected = oracle(supply, demand, np.reshape(cost, (3, 2)).astype(float), within)
    for pair, (low, high) in of_pairs(table, within).items():
        assert (low, high) == pytest.approx(expected[pair], abs=CLOSE), pair
    for pair, (low, high) in of_pairs(table, within, "lane").items():
        assert (low, high) == pytest.approx(expected[pair], abs=CLOSE), pair


@settings(max_examples=15, deadline=None)
@given(
    supply=st.lists(TONNES, min_size=2, max_size=2),
    demand=st.lists(TONNES, min_size=2, max_size=2),
    cost=st.lists(st.integers(1, 4), min_size=4, max_size=4),
)
def test_ranges_bracket_every_optimal_vertex(
    supply: list[int], demand: list[int], cost: list[int]
) -> None:
    if sum(supply) < sum(demand):
        return
    case: Case = transport_case(supply, demand, np.reshape(cost, (2, 2)))
    best, plans = np.inf, []
    for a in range(min(supply[0], demand[0]) + 1):  # whole numbers hold every vertex
        for b in range(min(supply[0] - a, demand[1]) + 1):
            ship = np.array([a, b, demand[0] - a, demand[1] - b])
            if ship[2] + ship[3] <= supply[1]:
                plans.append((float(ship @ cost), ship))
                best = min(best, plans[-1][0])
    optimal = np.array([ship for value, ship in plans if value == best])
    found = of_pairs(ranges(case, (0.0,)).table, 0.0)
    for lane, pair in enumerate([("o0", "s0"), ("o0", "s1"), ("o1", "s0"), ("o1", "s1")]):
        assert found[pair] == (optimal[:, lane].min(), optimal[:, lane].max())


def test_measures_and_limits_of_any_names_are_kept_apart() -> None:
    """`A` to `B C` and `A B` to `C` would make one name; so would a limit of the user's own."""
    limits = pd.DataFrame({"limit": ["pair A B C", "row 1"], "origin": ["o1", ""],
                           "max_kt": [3.0, 9.0], "min_kt": [1.0, np.nan]})  # fmt: skip
    case = transport_case([5, 5], [4, 4], [[1, 2], [2, 9]], limits=limits)
    case = case.replace(
        origins=case.origins.assign(region=["A", "A B"]),
        sinks=case.sinks.assign(region=["C", "B C"]),
    )
    table = ranges(case, (0.0,)).table
    pairs = table[table["kind"] == "pair"].set_index(["origin", "sink"])["ship_kt"]
    assert pairs.to_dict() == {
        ("A", "B C"): 4.0, ("A", "C"): 1.0, ("A B", "B C"): 0.0, ("A B", "C"): 3.0
    }  # fmt: skip


def test_plans_near_the_optimum_cost_more_by_a_share_of_their_freight() -> None:
    """100 t cost 100 CNY of freight and 900 of production: 10 % are 10 CNY, or 1 t at 10 more."""
    case = transport_case([100, 100], [100], [[1], [11]])
    case = case.replace(origins=case.origins.assign(cost_cny_per_t=9.0))
    table = ranges(case, (0.1,)).table
    pairs = table[table["kind"] == "pair"].set_index("origin")
    assert pairs.loc["o1", "high_kt"] == pytest.approx(1.0)
    free = case.replace(lanes=case.lanes.assign(cost_cny_per_t=[0.0, 9.0]))
    table = ranges(free, (0.1,)).table
    pairs = table[table["kind"] == "pair"].set_index("origin")
    assert pairs.loc["o1", "high_kt"] == pytest.approx(10.0)  # 10 % of 900, at 9 more


def test_what_may_pass_a_port_is_found_where_the_cheapest_way_on_turns_back() -> None:
    """From N1 by sea to N0 and on by road costs 6; the cheapest way on from N0 leads back."""
    case = make_case(
        origins=frame("origin supply_kt node", "O 5 N1"),
        sinks=frame("sink demand_kt node", "T 5 N2"),
        nodes=frame("node kind", "N0 port", "N1 port", "N2 hub"),
        modes=frame("mode fixed_cny_per_t", "sea 1", "road 0"),
        links=frame(
            "from to mode cost_cny_per_t", "N0 N1 sea 0", "N0 N2 road 5", "N1 N2 road 3"
        ),
    )  # fmt: skip
    table = ranges(case, (0.2,)).table
    ports = table[table["kind"] == "port"].set_index("origin")["high_kt"]
    assert ports.to_dict() == {"N0": 1.0, "N1": 1.0}  # 20 % of 15 CNY, at 3 more


def test_a_plan_that_costs_the_budget_but_for_its_last_digit_is_within_it() -> None:
    budget = 2_617_900.0
    cost = np.array([np.nextafter(budget, np.inf)])
    assert edge(cost, np.array([5.0]), budget) == (0, None)
