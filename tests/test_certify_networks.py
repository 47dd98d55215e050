"""Proofs over networks: routes enumerated by networkx, limits, passages, random programs."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from model.certify.bound import dual_bound
from model.certify.certificate import certify_texts
from model.certify.derive import derive_program
from model.certify.lanes import LaneKey, find_lane
from model.certify.paths import Arc, Network, ShortestPaths, Weights
from model.certify.program import ZERO, Program
from model.certify.reading import CertificateError
from tests.support.certified_texts import outputs
from tests.support.random_texts import Texts, random_networks

NETWORK: Texts = {
    "case.toml": 'name = "port"\nyear = 2024\ncarbon_price_cny_per_t = 100.5\n',
    "origins.csv": "origin,supply_kt,node,cost_cny_per_t\nEast,60,A,3\nWest,40,B,1\n",
    "sinks.csv": "sink,demand_kt,kind,node\nMarket,50,export,D\nSmelter,30,domestic,C\n",
    "nodes.csv": "node\nA\nB\nC\nD\nP\nQ\n",
    "modes.csv": (
        "mode,fixed_cny_per_t,cny_per_t_km,gco2_per_t_km\nrail,15,0.11,10\nsea,40,0.02,5.4\n"
    ),
    "links.csv": (
        "from,to,mode,km,cost_cny_per_t,limit_kt,one_way\n"
        "A,P,rail,300.5,,20,\nA,Q,rail,500,,,\nB,C,rail,200,,,true\nB,Q,rail,350,,,\n"
        "C,A,rail,100,,,\nP,D,sea,5000,,,\nQ,D,sea,4800,,,\nQ,D,sea,4800,150,,\n"
    ),
    "limits.csv": "limit,min,max,via,origin\nQ is small,,35,Q,\nWest stays busy,10,,,West\n",
    "duties.csv": "duty,rate,value_cny_per_t,from_date,kind\nnew,0.1,50,2024-06-01,export\n",
}


def simple_routes(program: Program, origin: str, sink: str) -> list[LaneKey]:
    """Every route that repeats no node, enumerated by networkx."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(program.networks[""].nodes)
    for arc in program.networks[""].arcs:
        graph.add_edge(arc.tail, arc.head, key=arc.step, mode=arc.mode)
    start, end = program.origins[origin].node, program.sinks[sink].node
    keys = []
    for path in nx.all_simple_edge_paths(graph, start, end):
        modes = [graph.edges[edge]["mode"] for edge in path]
        stretches = [m for i, m in enumerate(modes) if not i or modes[i - 1] != m]
        route = start + "".join(f" >{step}> {head}" for _, head, step in path)
        keys.append(LaneKey(origin, sink, "+".join(stretches), route))
    return keys


def lanes_on_offer(program: Program) -> list[LaneKey]:
    explicit = [LaneKey(*key, "") for key in program.explicit]
    pairs = product(program.origins, program.sinks) if program.networks[""].arcs else ()
    return explicit + [key for pair in pairs for key in simple_routes(program, *pair)]


def solve_over_all_lanes(texts: Texts) -> Texts | None:
    """Flows and floating-point duals by scipy, over every lane; None where there is no plan."""
    program = derive_program(texts)
    lanes = [find_lane(program, key) for key in lanes_on_offer(program)]
    labels = list(program.rows)
    matrix = np.array([[float(lane.weights.get(row, 0)) for lane in lanes] for row in labels])
    sides = [
        (sign * matrix[place], sign * float(bound), row, sign)
        for place, row in enumerate(labels)
        for sign, bound in ((1, program.rows[row].high), (-1, program.rows[row].low))
        if bound is not None
    ]
    answer = linprog(
        [float(lane.cost_cny_per_t) for lane in lanes],
        A_ub=np.array([side[0] for side in sides]),
        b_ub=[side[1] for side in sides],
        bounds=[
            (float(lane.min_kt), None if lane.max_kt is None else float(lane.max_kt))
            for lane in lanes
        ],
    )
    if answer.status != 0:
        return None
    duals: dict[str, float] = {}
    for (_, _, row, sign), dual in zip(sides, answer.ineqlin.marginals, strict=True):
        duals[row] = duals.get(row, 0.0) + sign * float(dual)
    flows = {
        lane.key: repr(float(kt)) for lane, kt in zip(lanes, answer.x, strict=True) if kt > 1e-9
    }
    return outputs(flows, duals=duals)


def test_a_lane_through_the_network_adds_up_by_hand() -> None:
    program = derive_program(NETWORK)
    lane = find_lane(program, LaneKey("East", "Market", "rail+sea", "A >rail> Q >sea> D"))
    # 500 km × 0.11 + 15, then 4800 × 0.02 + 40 at sea; (500 × 10 + 4800 × 5.4) g/t at 100.5 CNY/t.
    co2 = Fraction(500 * 10 + 4800 * Fraction("5.4")) / 1_000_000
    assert lane.freight_cny_per_t == 70 + 136
    assert (lane.sea_cny_per_t, lane.land_km, lane.sea_km) == (136, 500, 4800)
    assert (lane.production_cny_per_t, lane.duty_cny_per_t) == (3, 5)
    assert lane.carbon_cny_per_t == Fraction("100.5") * co2
    assert lane.weights == {
        "supply_limit[East]": 1,
        "demand_met[Market]": 1,
        "limit_kept[Q is small]": 1,
    }
    dearer = find_lane(program, LaneKey("West", "Market", "rail+sea", "B >rail> Q >sea#2> D"))
    assert dearer.sea_cny_per_t == 150 + 40
    assert dearer.weights["limit_kept[West stays busy]"] == 1
    limited = find_lane(program, LaneKey("East", "Market", "rail+sea", "A >rail> P >sea> D"))
    assert limited.weights["limit_kept[A>P:rail]"] == 1


@pytest.mark.parametrize(
    "key",
    [
        LaneKey("East", "Market", "rail+sea", "A >rail> X >sea> D"),
        LaneKey("East", "Market", "rail", "A >rail> P"),
        LaneKey("East", "Market", "sea", "A >rail> Q >sea> D"),
        LaneKey("West", "Market", "rail+sea", "C >rail> B >rail> Q >sea> D"),
        LaneKey("East", "Market", "", ""),
    ],
)
def test_what_is_not_on_offer_is_refused(key: LaneKey) -> None:
    with pytest.raises(CertificateError):
        find_lane(derive_program(NETWORK), key)


def test_limits_make_detours_pay_and_the_gap_is_nought() -> None:
    solved = solve_over_all_lanes(NETWORK)
    assert solved is not None
    found = certify_texts(NETWORK, solved)
    assert (found["word"], found["gap_kcny"]["exact"]) == ("proved", "0")
    assert found["pairs_priced"] == 4


def test_closed_passages_close_their_lanes() -> None:
    closed = NETWORK | {"case.toml": 'name = "port"\nclosed_passages = ["P", "Suez"]\n'}
    program = derive_program(closed)
    assert not any("P" in (arc.tail, arc.head) for arc in program.networks[""].arcs)
    assert solve_over_all_lanes(closed) is None  # Q alone passes 35 of the 50 kt


@pytest.mark.parametrize(
    ("selection", "route", "count"),
    [
        ("mode=rail", "A >rail> P >sea> D", 1),
        ("mode=rail|sea", "A >rail> P >sea> D", 2),
        ("via=P", "A >rail> P >sea> D", 1),
        ("via=A", "A >rail> P >sea> D", 1),
        ("via=A;mode=rail", "A >rail> P >sea> D", 0),
        ("via=P;mode=rail", "A >rail> P >sea> D", 1),
        ("via=P;mode=sea", "A >rail> P >sea> D", 0),
        ("via=P>D", "A >rail> P >sea> D", 1),
        ("via=P>D:sea", "A >rail> P >sea> D", 1),
        ("via=D>P", "A >rail> P >sea> D", 0),
        ("via=Q>D:sea", "A >rail> Q >sea#2> D", 1),
        ("via=Q>D:sea#2", "A >rail> Q >sea#2> D", 1),
        ("via=Q>D:sea#2", "A >rail> Q >sea> D", 0),
        ("region=East;kind=export", "A >rail> Q >sea> D", 1),
        ("origin=West", "A >rail> Q >sea> D", 0),
    ],
)
def test_what_a_limit_counts(selection: str, route: str, count: int) -> None:
    cells = dict(part.split("=") for part in selection.split(";"))
    header = ",".join(["limit", "max", *cells])
    limits = f"{header}\nL,5,{','.join(cells.values())}\n"
    program = derive_program(NETWORK | {"limits.csv": limits})
    lane = find_lane(program, LaneKey("East", "Market", "rail+sea", route))
    assert lane.weights.get("limit_kept[L]", 0) == count


@pytest.mark.parametrize(("measure", "most"), [("ship_kt", 9), ("co2_kt", 3), ("cost_mcny", 2)])
def test_limits_in_other_measures_are_priced_exactly(measure: str, most: int) -> None:
    texts = {
        "case.toml": "carbon_price_cny_per_t = 70.5\n",
        "origins.csv": "origin,supply_kt,cost_cny_per_t\na,20,30\nb,20,10\n",
        "sinks.csv": "sink,demand_kt\ns,12\nt,7\n",
        "lanes.csv": (
            "origin,sink,cost_cny_per_t,mode,km\na,s,100,rail,3000\na,t,90,rail,2000\n"
            "b,s,160,road,5000\nb,t,220.5,road,900\na,s,300,road,10\n"
        ),
        "modes.csv": "mode,gco2_per_t_km\nrail,100\nroad,60\n",
        "limits.csv": f"limit,max,mode,measure\nL,{most},rail,{measure}\n",
        "duties.csv": "duty,rate,value_cny_per_t,mode\nd,0.1,40,road\n",
    }
    solved = solve_over_all_lanes(texts)
    assert solved is not None
    found = certify_texts(texts, solved)
    assert (found["word"], found["gap_kcny"]["exact"]) == ("proved", "0")
    duals = json.loads(solved["certificate.json"])["duals"]
    assert duals["limit_kept[L]"] < 0, "the limit has to bind for the test to mean anything"


def test_a_cut_through_the_network_is_checked_over_all_routes() -> None:
    closed = NETWORK | {"case.toml": 'name = "port"\nclosed_passages = ["P"]\n'}
    weights = {"demand_met[Market]": 1.0, "limit_kept[Q is small]": -1.0}
    found = certify_texts(closed, outputs({}, farkas=weights))
    assert (found["word"], found["shortage_kt_at_least"]["exact"]) == ("proved", "15")
    open_again = certify_texts(NETWORK, outputs({}, farkas=weights))
    assert open_again["word"] == "claimed"  # now P passes the rest


# Random programs


@settings(deadline=None, max_examples=60)
@given(random_networks())
def test_the_gap_of_random_networks_is_exactly_nought(texts: Texts) -> None:
    solved = solve_over_all_lanes(texts)
    if solved is not None:
        found = certify_texts(texts, solved)
        assert (found["word"], found["gap_kcny"]["exact"]) == ("proved", "0"), found


@settings(deadline=None, max_examples=40)
@given(random_networks(), st.lists(st.integers(-20, 20), min_size=12, max_size=12))
def test_no_duals_bound_above_the_optimum(texts: Texts, duals: list[int]) -> None:
    solved = solve_over_all_lanes(texts)
    program = derive_program(texts)
    claimed = dict(zip(program.rows, map(Fraction, duals), strict=False))
    try:
        bound = dual_bound(program, claimed)
    except CertificateError:
        return
    if solved is None:
        return
    found = certify_texts(texts, solved)
    assert bound.value_kcny <= Fraction(found["objective_kcny"]["exact"])


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcde"), st.sampled_from("abcde"),
            st.sampled_from(["rail", "sea"]), st.integers(0, 6),
        ),
        max_size=14,
    ),
    st.sampled_from([1, 3, 2**52]),
)  # fmt: skip
def test_compiled_paths_weigh_as_much_as_those_in_rationals(
    links: list[tuple[str, str, str, int]], factor: int
) -> None:
    arcs = tuple(
        Arc(tail, head, mode, f"{mode}#{n}", ZERO, ZERO, ZERO, None)
        for n, (tail, head, mode, _) in enumerate(links)
    )
    network = Network(frozenset("abcde"), arcs, {"rail": Fraction(2), "sea": Fraction(1, 3)})
    weights = [Fraction(weight * factor, 7) for *_, weight in links]
    paths = ShortestPaths(network, Weights(weights, network.fixed_cny_per_t))
    for start in "abcde":
        whole = paths.whole_from(start)
        least = {node: Fraction(weight, paths.scale) for node, weight in whole.items()}
        assert least == paths.from_node(start).least
