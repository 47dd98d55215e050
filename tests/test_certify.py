"""The exact certificate: hand-solved cases, wrong claims, networks, random programs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from model.audit.corner import corner_of
from model.audit.marginals import marginal_value_table
from model.certify.basis import Basis
from model.certify.bound import dual_bound
from model.certify.certificate import certify, certify_texts
from model.certify.derive import derive_program
from model.certify.elimination import SingularError, solve_exactly
from model.certify.lanes import LaneKey, find_lane
from model.certify.paths import Arc, Network, ShortestPaths, Weights
from model.certify.program import ZERO, Program
from model.certify.reading import CertificateError
from tests.support.random_texts import Texts, random_networks

DANTZIG: Texts = {
    "case.toml": 'name = "dantzig"\n',
    "origins.csv": "origin,supply_kt\nSan Diego,600\nSeattle,350\n",
    "sinks.csv": "sink,demand_kt\nChicago,300\nNew York,325\nTopeka,275\n",
    "lanes.csv": (
        "origin,sink,cost_cny_per_t\nSan Diego,Chicago,162\nSan Diego,New York,225\n"
        "San Diego,Topeka,126\nSeattle,Chicago,153\nSeattle,New York,225\nSeattle,Topeka,162\n"
    ),
}
DANTZIG_FLOWS = {
    ("San Diego", "New York"): 275,
    ("San Diego", "Topeka"): 275,
    ("Seattle", "Chicago"): 300,
    ("Seattle", "New York"): 50,
}

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


def flows_text(flows: Mapping[tuple[str, ...], object]) -> str:
    rows = [",".join([*(*key, "", "")[:4], str(kt)]) for key, kt in flows.items()]
    return "\n".join(["origin,sink,mode,route,ship_kt", *rows]) + "\n"


def outputs(flows: Mapping[tuple[str, ...], object], **certificate: object) -> Texts:
    return {"flows.csv": flows_text(flows), "certificate.json": json.dumps(certificate)}


def basis_of(columns: Mapping[tuple[str, ...], str], rows: Mapping[str, str]) -> dict[str, object]:
    fields = LaneKey._fields
    return {
        "columns": [
            dict(zip(fields, (*key, "", "")[:4], strict=True)) | {"at": at}
            for key, at in columns.items()
        ],
        "rows": [{"row": row, "at": at} for row, at in rows.items()],
    }


DANTZIG_BASIS = basis_of(
    dict.fromkeys(DANTZIG_FLOWS, "basic"),
    {
        "supply_limit[San Diego]": "basic",
        "supply_limit[Seattle]": "upper",
        "demand_met[Chicago]": "lower",
        "demand_met[New York]": "lower",
        "demand_met[Topeka]": "lower",
    },
)


# Hand-solved


def test_dantzig_is_proved_from_its_basis() -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS))
    assert found == {
        "word": "proved",
        "reason": "",
        "plan_from": "basis",
        "duals_from": "basis",
        "objective_kcny": {"exact": "153675", "about": 153675.0},
        "violation_kt": {"exact": "0", "about": 0.0},
        "violated": None,
        "bound_kcny": {"exact": "153675", "about": 153675.0},
        "gap_kcny": {"exact": "0", "about": 0.0},
        "relative_gap": 0.0,
        "pairs_priced": 6,
        "least_reduced_cost_cny_per_t": {"exact": "0", "about": 0.0},
    }


def test_two_by_two_has_the_duals_worked_out_by_hand() -> None:
    # From a (10 kt) to s costs 1, to t 4; from b (10 kt) to s 3, to t 4.5; s and t need 8 each.
    # Cheapest: a to s 8, then a to t 2 and b to t 6: 8 + 8 + 27 = 43. b has kt to spare, so its
    # price is 0, that of t 4.5, a's −0.5, that of s 1.5.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\n",
        "sinks.csv": "sink,demand_kt\ns,8\nt,8\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\na,t,4\nb,s,3\nb,t,4.5\n",
    }
    program = derive_program(texts)
    columns = dict.fromkeys([("a", "s"), ("a", "t"), ("b", "t")], "basic")
    rows = {"supply_limit[a]": "upper", "demand_met[s]": "lower", "demand_met[t]": "upper"}
    basis = Basis(program, basis_of(columns, rows))
    assert basis.duals() == {
        "supply_limit[a]": Fraction(-1, 2),
        "demand_met[s]": Fraction(3, 2),
        "demand_met[t]": Fraction(9, 2),
    }
    assert basis.plan().cost_kcny() == 43
    assert dual_bound(program, basis.duals()).value_kcny == 43
    assert marginal_value_table(program, corner_of(program, basis)) == {
        ("a", "origin"): (Fraction(1, 2), Fraction(1, 2)),
        ("b", "origin"): (0, 0),
        ("s", "sink"): (Fraction(3, 2), Fraction(3, 2)),
        ("t", "sink"): (Fraction(9, 2), Fraction(9, 2)),
    }


def test_marginals_at_a_degenerate_plan_see_lanes_that_carry_nothing() -> None:
    # lanes at 1 and 3, 10 kt each, demand 10: the last kt cost 1, the next 3.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\nb,s,3\n",
    }
    program = derive_program(texts)
    rows = {"supply_limit[a]": "basic", "supply_limit[b]": "basic", "demand_met[s]": "lower"}
    corner = corner_of(program, Basis(program, basis_of({("a", "s"): "basic"}, rows)))
    assert marginal_value_table(program, corner) == {
        ("a", "origin"): (2, 0),
        ("b", "origin"): (0, 0),
        ("s", "sink"): (1, 3),
    }


def test_a_bound_that_cannot_move_has_no_marginal() -> None:
    texts = {
        "origins.csv": "origin,supply_kt\na,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\n",
    }
    program = derive_program(texts)
    rows = {"supply_limit[a]": "basic", "demand_met[s]": "lower"}
    corner = corner_of(program, Basis(program, basis_of({("a", "s"): "basic"}, rows)))
    assert marginal_value_table(program, corner) == {
        ("a", "origin"): (None, 0),
        ("s", "sink"): (1, None),
    }


def test_lane_bounds_count_in_the_bound() -> None:
    # a to s is forced to 2 kt at 9, b to s stops at 5 kt at 1, c gives the rest at 4.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\nc,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": ("origin,sink,cost_cny_per_t,min_kt,max_kt\na,s,9,2,\nb,s,1,,5\nc,s,4,,\n"),
    }
    basis = basis_of(
        {("b", "s"): "upper", ("c", "s"): "basic"},
        {"demand_met[s]": "lower"},
    )
    flows = {("a", "s"): 2, ("b", "s"): 5, ("c", "s"): 3}
    found = certify_texts(texts, outputs(flows, basis=basis))
    assert (found["word"], found["objective_kcny"]["exact"]) == ("proved", "35")
    assert found["gap_kcny"]["exact"] == "0"


# Claims that are not proved


def test_a_dearer_plan_is_claimed_with_its_gap() -> None:
    dearer = {("San Diego", "Chicago"): 300, ("San Diego", "Topeka"): 275}
    dearer |= {("Seattle", "New York"): 325}
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(dearer, duals=duals))
    assert (found["word"], found["gap_kcny"]["exact"]) == ("claimed", "2700")
    assert found["reason"] == "a gap of 0.017266187050359712 remains"


def test_a_plan_that_breaks_a_bound_is_not_proved() -> None:
    broken = DANTZIG_FLOWS | {("Seattle", "New York"): 51}
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(broken, duals=duals))
    assert (found["word"], found["violated"]) == ("claimed", "supply_limit[Seattle]")
    assert found["reason"] == "supply_limit[Seattle] is broken by 1.0"


@pytest.mark.parametrize(
    "certificate", [{}, {"basis": {"columns": [], "rows": []}}, {"duals": {"no_such_row[x]": 5.0}}]
)
def test_a_plan_can_prove_itself_by_the_prices_of_its_lanes(certificate: dict[str, object]) -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, **certificate))
    assert (found["word"], found["duals_from"]) == ("proved", "plan, near those claimed")


def test_noise_in_published_figures_is_sharpened_away() -> None:
    noisy = {key: kt + 3e-8 for key, kt in DANTZIG_FLOWS.items()}
    duals = {"demand_met[Chicago]": 153.00000000001, "demand_met[New York]": 224.99999999998}
    duals |= {"demand_met[Topeka]": 126.00000000003, "supply_limit[Seattle]": -1e-11}
    found = certify_texts(DANTZIG, outputs(noisy, duals=duals))
    assert (found["word"], found["plan_from"]) == ("proved", "flows, sharpened")
    assert found["gap_kcny"]["exact"] == "0"


def test_a_singular_basis_falls_back_to_the_published_figures() -> None:
    columns = dict.fromkeys([("San Diego", "Chicago"), ("San Diego", "Chicago", "")], "basic")
    basis = basis_of(columns, {"demand_met[Topeka]": "lower"})
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=basis, duals=duals))
    assert (found["word"], found["plan_from"]) == ("proved", "flows, sharpened")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"flows.csv": flows_text({("Seattle", "Paris"): 1})}, "Seattle to Paris: no such origin"),
        ({"certificate.json": "{"}, "certificate.json: Expecting property name"),
        ({"certificate.json": '{"duals": NaN}'}, "certificate.json: NaN is not a number"),
        ({"flows.csv": "origin,sink,ship_kt\nSeattle,Chicago\n"}, "flows.csv: row 2 has 2 cells"),
        ({"flows.csv": flows_text({("Seattle", "Chicago"): "1,0"})}, "flows.csv: row 2 has 6"),
        ({"flows.csv": flows_text({("Seattle", "Chicago"): "inf"})}, "'inf' is not a decimal"),
    ],
)
def test_what_cannot_be_read_is_claimed_only(change: Texts, reason: str) -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS) | change)
    assert found["word"] == "claimed"
    assert found["reason"].startswith(reason)


def test_a_lane_that_stands_twice_is_refused() -> None:
    repeated = DANTZIG | {"lanes.csv": DANTZIG["lanes.csv"] + "Seattle,Chicago,0.1\n"}
    found = certify_texts(repeated, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS))
    assert found["reason"] == "lanes.csv: Seattle to Chicago stands twice"


def test_lanes_of_several_modes_join_a_pair_once() -> None:
    header, *rows = DANTZIG["lanes.csv"].splitlines()
    lanes = [f"{row},,0,1.5" for row in rows] + [
        "Seattle,Topeka,0.1,rail,100,",
        "San Diego,Topeka,0.2,sea,,",
    ]
    several = DANTZIG | {"lanes.csv": "\n".join([f"{header},mode,km,max_kt", *lanes]) + "\n"}
    explicit = derive_program(several).explicit
    assert (len(explicit), explicit.count_pairs()) == (8, 6)
    assert explicit["Seattle", "Topeka", "rail"].km == 100
    assert explicit["San Diego", "Topeka", "sea"].km == 0
    assert explicit["San Diego", "Chicago", ""].max_kt == Fraction(3, 2)
    assert ("Seattle", "Topeka", "sea") not in explicit
    assert explicit.joins("Seattle", "Topeka") and not explicit.joins("Topeka", "Seattle")


# Networks


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


# Infeasible


def test_a_shortage_is_proved_with_its_least_tonnes() -> None:
    short = DANTZIG | {"sinks.csv": "sink,demand_kt\nChicago,360\nNew York,390\nTopeka,330\n"}
    weights = dict.fromkeys(("supply_limit[San Diego]", "supply_limit[Seattle]"), -1.0)
    weights |= {f"demand_met[{sink}]": 1.0 for sink in ("Chicago", "New York", "Topeka")}
    found = certify_texts(short, outputs({}, farkas=weights))
    assert found == {
        "word": "proved",
        "reason": "no plan can exist",
        "excess": {"exact": "130", "about": 130.0},
        "shortage_kt_at_least": {"exact": "130", "about": 130.0},
        "violation_at_least": {"exact": "130", "about": 130.0},
        "rows": sorted(weights),
    }


def test_a_cut_through_the_network_is_checked_over_all_routes() -> None:
    closed = NETWORK | {"case.toml": 'name = "port"\nclosed_passages = ["P"]\n'}
    weights = {"demand_met[Market]": 1.0, "limit_kept[Q is small]": -1.0}
    found = certify_texts(closed, outputs({}, farkas=weights))
    assert (found["word"], found["shortage_kt_at_least"]["exact"]) == ("proved", "15")
    open_again = certify_texts(NETWORK, outputs({}, farkas=weights))
    assert open_again["word"] == "claimed"  # now P passes the rest


def test_a_false_cut_is_not_believed() -> None:
    weights = {"demand_met[Chicago]": 1.0, "supply_limit[Seattle]": -1.0}
    assert certify_texts(DANTZIG, outputs({}, farkas=weights))["word"] == "claimed"


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


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 8), st.randoms(use_true_random=False))
def test_elimination_solves_what_it_should(size: int, chance: random.Random) -> None:
    truth = {
        column: Fraction(chance.randint(-9, 9), chance.randint(1, 5)) for column in range(size)
    }
    equations = {
        row: {
            column: Fraction(value)
            for column in range(size)
            if (value := chance.choice([0, 0, 1, -1, 2]))
        }
        for row in range(size)
    }
    right = {
        row: sum((truth[c] * w for c, w in terms.items()), Fraction(0))
        for row, terms in equations.items()
    }
    dense = np.array([[float(equations[r].get(c, 0)) for c in range(size)] for r in range(size)])
    if np.linalg.matrix_rank(dense) == size:
        assert solve_exactly(equations, right) == truth
    else:
        with pytest.raises(SingularError):
            solve_exactly(equations, right)
        solved = solve_exactly(equations, right, guess=truth)
        for row, terms in equations.items():
            assert sum((solved[c] * w for c, w in terms.items()), Fraction(0)) == right[row]


# The package itself


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; import model.certify\n"
        "ours = {m for m in sys.modules if m.startswith('model')}\n"
        "assert all(m == 'model' or m.startswith('model.certify') for m in ours), ours\n"
        "outside = {m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names)\n"
        "assert outside <= {'model', '__main__'}, outside\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_folder_is_certified_as_its_texts_are(tmp_path: Path) -> None:
    texts = outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS)
    (tmp_path / "inputs").mkdir()
    for name, text in DANTZIG.items():
        (tmp_path / "inputs" / name).write_text(text, encoding="utf-8")
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert certify(tmp_path) == certify_texts(DANTZIG, texts)


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
