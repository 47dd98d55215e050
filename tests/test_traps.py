"""Random small cases, and traps by name, against every simple route written out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings

from model.case.case import Case
from model.market import explicit_lanes as explicit
from model.market import network_lanes as routes
from model.market.explicit_lanes import ExplicitOffer
from model.market.network_lanes import NetworkOffer
from model.solve.column_generation import Allocator
from model.solve.solution import Status
from tests.conftest import Ended
from tests.support import oracle
from tests.support.markets import frame, least_cost, make_case, market_of, transport_case
from tests.support.random_networks import MODES, PLACES, networks


@pytest.fixture(params=["all at once", "few at a time"], autouse=True)
def beginning(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every test runs twice: as small programs are solved, and priced from next to nothing."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "few at a time":
            patch.setattr(explicit, "FEW_LANES", 0)
            patch.setattr(explicit, "BEST_PER_NODE", 1)
            patch.setattr(routes, "MANY_PAIRS", 0)
            patch.setattr(routes, "BEST_PER_NODE", 1)
            patch.setattr(ExplicitOffer, "starting_lanes", lambda self, *_: self.lanes(NONE))
            patch.setattr(
                NetworkOffer, "starting_lanes", lambda self, *_: self.lanes(NONE, NONE, [])
            )
        yield


NONE = np.zeros(0, dtype=np.intp)


def agree(case: Case) -> float | None:
    """Both answers, which must be one."""
    ours, theirs = least_cost(case), oracle.least_cost(case)
    if theirs is None:
        assert ours is None
    else:
        assert ours == pytest.approx(theirs, rel=1e-7, abs=1e-6)
    return ours


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_random_networks_agree_with_every_route_written_out(case: Case) -> None:
    agree(case)


@pytest.mark.slow
@settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))
@given(networks())
def test_thousands_of_random_networks_agree(case: Case) -> None:
    agree(case)


# Feasibility first: the seeds alone allow no plan, lanes further off do.


def test_phase_1_looks_at_every_lane() -> None:
    # Both sinks are nearest to o0, and o0 to both; the seeds leave o1 with its dearest lane only.
    cost = [[1.0, 1.0, 1.0], [9.0, 8.0, 9.0], [7.0, 9.0, 9.0]]
    case = transport_case([10, 10, 10], [10, 10, 10], cost)
    assert agree(case) == pytest.approx(160)


def test_an_unproved_shortage_is_no_infeasibility() -> None:
    rng = np.random.default_rng(7)
    cost = rng.integers(1, 1000, (40, 40)).astype(float)
    case = transport_case([5] * 40, [5] * 40, cost)
    assert agree(case) is not None


def test_infeasible_is_proved_with_the_least_shortage() -> None:
    case = transport_case([10, 5], [12, 8], [[1, np.inf], [2, 3]])
    allocator = Allocator(market_of(case))
    optimum = allocator.optimise()
    assert optimum.status is Status.INFEASIBLE
    assert optimum.objective == pytest.approx(5)


@pytest.mark.parametrize("short", [1e-3, 1e-5, 1e-6, 3e-7, 1e-7, 1e-9, 1e-12])
def test_a_shortage_near_the_tolerance_ends_one_way_or_the_other(short: float) -> None:
    case = transport_case([10_000.0], [5_000.0, 5_000.0 + short], [[1.0, 1.0]])
    optimum = Allocator(market_of(case)).optimise()
    if short >= 1e-6:
        assert optimum.status is Status.INFEASIBLE
    if short <= 1e-9:
        assert optimum.status is Status.OPTIMAL


def test_an_infeasible_case_can_be_solved_again_when_it_is_eased() -> None:
    case = transport_case([10, 5], [12, 8], [[1, 4], [2, 3]])
    allocator = Allocator(market_of(case))
    assert allocator.optimise().status is Status.INFEASIBLE
    market = allocator.market
    upper = market.row_upper_kt.copy()
    upper[0] = 15
    with allocator.bounds((market.row_lower_kt, upper)):
        eased = allocator.optimise()
    assert eased.status is Status.OPTIMAL
    assert eased.objective == pytest.approx(12 + 3 * 4 + 5 * 3)
    assert allocator.optimise().status is Status.INFEASIBLE


# Lanes with a minimum


def test_lanes_with_a_minimum_are_always_in() -> None:
    lanes = frame(
        "origin sink cost_cny_per_t min_kt max_kt",
        *[
            "o0 s0 1 0 -",
            "o0 s1 1 0 -",
            "o1 s0 2 0 -",
            "o1 s1 99 4 -",
            "o1 s2 5 0 3",
            "o0 s2 9 0 -",
        ],
    )
    case = transport_case([20, 20], [5, 5, 5], [[1, 1, 1], [1, 1, 1]], lanes=lanes)
    assert agree(case) == pytest.approx(5 + 1 + 4 * 99 + 3 * 5 + 2 * 9)


def test_a_minimum_that_no_supply_can_keep_is_infeasible() -> None:
    lanes = frame("origin sink cost_cny_per_t min_kt", "o0 s0 1 6", "o1 s0 1 0")
    assert agree(transport_case([5, 5], [7], [[1], [1]], lanes=lanes)) is None


# Selections: a limit changes prices for some pairs only.

ROUTES = frame("from to mode km", "A B rail 100", "B C rail 100", "A C road 300", "A D rail 300")


def routed(*limits: str, links: pd.DataFrame = ROUTES, demand: tuple[float, ...] = (4, 4)) -> Case:
    header = "limit max origin sink kind mode via measure"
    return make_case(
        origins=frame("origin supply_kt node", "o0 10 A", "o1 10 B"),
        sinks=frame(
            "sink demand_kt node kind", f"s0 {demand[0]} C domestic", f"s1 {demand[1]} C export"
        ),
        nodes=pd.DataFrame({"node": PLACES}),
        modes=MODES,
        links=links,
        limits=frame(header, *limits).replace({None: ""}) if limits else pd.DataFrame(),
    )


@pytest.mark.parametrize(
    "limits",
    [
        ("k 2 o1 - - - - ship_kt",),
        ("k 2 - s0 - rail - ship_kt",),
        ("k 2 o0|o1 - export - B ship_kt",),
        ("k 3 - - - - B>C ship_kt",),
        ("k 3 - - - rail B>C:rail ship_kt",),
        ("k 1 o1 s0 - - - ship_kt", "j 2 - - domestic rail - ship_kt"),
        ("k 0 o1 - - - - ship_kt", "j 3 - - - rail - ship_kt", "i 2 - - export - B ship_kt"),
    ],
)
def test_a_limit_prices_only_the_pairs_it_selects(limits: tuple[str, ...]) -> None:
    free, bound = agree(routed()), agree(routed(*limits))
    assert free is not None and (bound is None or bound > free)


def test_a_mode_counts_each_entry_and_via_each_passage() -> None:
    links = frame(
        "from to mode km one_way",
        *["A B rail 100 false", "B D road 50 false", "D C rail 100 false", "A C road 900 false"],
    )
    twice = routed("k 6 - - - rail - ship_kt", links=links, demand=(4, 0))
    assert agree(twice) is not None
    # o1 enters rail once (D to C), o0 twice: six entries leave room for everything from o1.
    none_left = routed("k 1 - - - rail - ship_kt", links=links, demand=(4, 0))
    assert agree(none_left) is not None


@pytest.mark.parametrize("most", [0.004, 0.006, 0.01, 1.0])
def test_a_carbon_cap_moves_goods_to_rail(most: float) -> None:
    links = frame("from to mode km", "A C road 100", "A B road 10", "B C rail 300")
    agree(routed(f"k {most} - - - - - co2_kt", links=links))


@pytest.mark.parametrize("most", [0.1, 0.2, 0.3, 1.0])
def test_a_cap_on_the_cost_of_some_lanes(most: float) -> None:
    agree(routed(f"k {most} o1 - - - - cost_mcny"))


def test_a_limited_link_makes_a_detour_worth_while() -> None:
    links = frame(
        "from to mode km limit_kt",
        *["A C rail 100 3", "A B rail 100 2", "B C rail 100 -", "A D rail 200 -", "D C rail 200 -"],
    )
    assert agree(routed(links=links, demand=(8, 4))) is not None


def test_parallel_links_fill_up_one_after_the_other() -> None:
    links = frame("from to mode km limit_kt", *[f"A C rail {km} 2" for km in (100, 200, 300, 400)])
    case = routed(links=links, demand=(7, 0))
    assert agree(case) == pytest.approx(2 * 40 + 2 * 60 + 2 * 80 + 100)


def test_a_least_emission_through_a_network_is_refused(
    command: Callable[..., Ended], make_folder: Callable[[str, dict[str, str]], Path]
) -> None:
    files = {
        "case.toml": 'name = "least"\n',
        "origins.csv": "origin,supply_kt,node\nO,10,A\n",
        "sinks.csv": "sink,demand_kt,node\nS,4,B\n",
        "nodes.csv": "node\nA\nB\n",
        "modes.csv": "mode,cny_per_t_km,gco2_per_t_km\nrail,0.2,10\n",
        "links.csv": "from,to,mode,km\nA,B,rail,100\n",
        "limits.csv": "limit,min,measure\nk,1,co2_kt\n",
    }
    ended = command("check", "--case", make_folder("least", files))
    assert ended.code == 2
    assert "may have no min where there is a network" in ended.err
