"""Networks with limited links against `networkx.network_simplex`, an independent oracle."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.case.case import Case
from tests.support.markets import frame, least_cost, make_case

Arc = tuple[int, int, int, int | None]


def network_case(balance: dict[int, int], arcs: list[Arc]) -> Case:
    """Nodes that send (> 0) or need (< 0), and one-way links with cost and capacity."""
    nodes = sorted(set(balance) | {end for arc in arcs for end in arc[:2]})
    return make_case(
        origins=pd.DataFrame(
            [(f"from{n}", float(kt), f"n{n}") for n, kt in balance.items() if kt > 0],
            columns=["origin", "supply_kt", "node"],
        ),
        sinks=pd.DataFrame(
            [(f"to{n}", float(-kt), f"n{n}") for n, kt in balance.items() if kt < 0],
            columns=["sink", "demand_kt", "node"],
        ),
        nodes=pd.DataFrame({"node": [f"n{n}" for n in nodes]}),
        modes=frame("mode", "road"),
        links=pd.DataFrame(
            [
                (f"n{a}", f"n{b}", "road", float(c), np.nan if u is None else float(u), True)
                for a, b, c, u in arcs
            ],
            columns=["from", "to", "mode", "cost_cny_per_t", "limit_kt", "one_way"],
        ),
    )


def simplex_cost(balance: dict[int, int], arcs: list[Arc]) -> int | None:
    graph = nx.MultiDiGraph()
    graph.add_nodes_from((n, {"demand": -kt}) for n, kt in balance.items())
    for a, b, cost, capacity in arcs:
        limit = {} if capacity is None else {"capacity": capacity}
        graph.add_edge(a, b, weight=cost, **limit)
    graph.add_nodes_from((n, {"demand": 0}) for n in graph if "demand" not in graph.nodes[n])
    try:
        cost, _ = nx.network_simplex(graph)
    except nx.NetworkXUnfeasible:
        return None
    return int(cost)


def agree(balance: dict[int, int], arcs: list[Arc]) -> int | None:
    expected = simplex_cost(balance, arcs)
    found = least_cost(network_case(balance, arcs))
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-6))
    return expected


@st.composite
def instances(draw: st.DrawFn, most_nodes: int = 9) -> tuple[dict[int, int], list[Arc]]:
    size = draw(st.integers(3, most_nodes))
    node = st.integers(0, size - 1)
    arc = st.tuples(node, node, st.integers(0, 20), st.none() | st.integers(0, 9))
    arcs = draw(
        st.lists(arc.filter(lambda a: a[0] != a[1]), min_size=size, max_size=4 * size, unique=True)
    )
    ends = draw(st.lists(node, min_size=2, max_size=size, unique=True))
    half = len(ends) // 2
    sent = draw(st.lists(st.integers(1, 9), min_size=half, max_size=half))
    takers = ends[half:]
    share, rest = divmod(sum(sent), len(takers))
    balance = dict(zip(ends[:half], sent, strict=True))
    balance |= {n: -(share + (i < rest)) for i, n in enumerate(takers)}
    return balance, arcs


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances())
def test_random_networks(instance: tuple[dict[int, int], list[Arc]]) -> None:
    agree(*instance)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(instances(14))
def test_thousands_of_random_networks(instance: tuple[dict[int, int], list[Arc]]) -> None:
    agree(*instance)


@pytest.mark.parametrize(("nodes", "links", "seed"), [(30, 150, 1), (60, 500, 2), (128, 1500, 3)])
def test_larger_networks_with_binding_limits(nodes: int, links: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, nodes, (links, 2))
    ends = ends[ends[:, 0] != ends[:, 1]]
    ring = np.column_stack([np.arange(nodes), (np.arange(nodes) + 1) % nodes])
    arcs: list[Arc] = [(int(a), int(b), 500, None) for a, b in ring]
    arcs += [(int(a), int(b), int(rng.integers(1, 100)), int(rng.integers(2, 15))) for a, b in ends]
    balance = {n: int(rng.integers(5, 30)) for n in range(0, nodes, 4)}
    total, takers = sum(balance.values()), list(range(2, nodes, 4))
    balance |= {n: -(total // len(takers)) for n in takers}
    balance[takers[0]] -= total % len(takers)
    assert agree(balance, list(dict.fromkeys(arcs))) is not None


def test_free_links_both_ways_make_no_endless_round() -> None:
    arcs: list[Arc] = [(0, 1, 0, 3), (1, 0, 0, 3), (1, 2, 0, 2), (2, 1, 0, 2), (0, 2, 5, None)]
    assert agree({0: 4, 2: -4}, arcs) == 10


def test_prices_a_hair_on_the_wrong_side_of_zero_pay_for_no_circle() -> None:
    rng = np.random.default_rng(3)
    nodes, links = 256, 2000
    ends = [(int(a), int(b)) for a, b in rng.integers(0, nodes, (links, 2)) if a != b]
    arcs: list[Arc] = [(n, (n + 1) % nodes, 500, None) for n in range(nodes)]
    arcs += [(a, b, int(rng.integers(1, 100)), int(rng.integers(1, 10))) for a, b in ends]
    balance = {n: int(rng.integers(5, 30)) for n in range(0, nodes, 4)}
    total, takers = sum(balance.values()), list(range(2, nodes, 4))
    balance |= {n: -(total // len(takers)) for n in takers}
    balance[takers[0]] -= total % len(takers)
    assert agree(balance, list(dict.fromkeys(arcs))) is not None
