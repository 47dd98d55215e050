"""Curves are exact: they agree with re-solving everywhere, bend one way, and say what changes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.distances import with_distances
from model.case.errors import BadInput, NoPlan
from model.reading.read_case import read_case
from model.studies.curve.curve import Curve, capacity_curves, figure_curve, pairs
from model.studies.curve.tables import capacity_table, figure_table
from model.studies.parametric.figure import Figure
from model.studies.parametric.piecewise import Point, trace
from model.studies.questions import figure_of
from model.studies.sites import deficit_regions, site_names, with_sites
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import frame, least_cost, make_case, transport_case
from tests.support.small_case import write_small_case

FOUND = Path(__file__).parent / "data" / "found"


@pytest.fixture(scope="module")
def base() -> Case:
    return read_case(TWELVE_REGIONS)


def with_capacity(case: Case, region: str, kt: float) -> Case:
    sited = with_sites(case, [region])
    at_site = sited.origins["origin"] == site_names(case, [region])[region]
    return sited.replace(
        origins=sited.origins.assign(supply_kt=sited.origins["supply_kt"].where(~at_site, kt))
    )


def check_curve(curve: Curve, cost_at: dict[float, float]) -> None:
    for at, cost in cost_at.items():
        assert curve.cost_kcny(at) == pytest.approx(cost, rel=1e-9, abs=1e-6), at
    slopes = [piece.slope for piece in curve.pieces]
    assert slopes == sorted(slopes, reverse=curve.shape == "concave")
    assert len(set(slopes)) == len(slopes)
    for before, after in zip(curve.pieces, curve.pieces[1:], strict=False):
        assert before.end == after.start


# Pieces


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_known_function_is_found_with_few_solves(sign: float) -> None:
    lines = [(-5.0, 100.0), (-2.0, 70.0), (0.0, 40.0), (4.0, -32.0)]
    solves = 0

    def solve(at: float) -> Point:
        nonlocal solves
        solves += 1
        cost, slope = max((slope * at + cut, slope) for slope, cut in lines)
        return Point(at, sign * cost, sign * slope)

    pieces = trace(solve, 0.0, 20.0)
    assert [piece.slope for piece in pieces] == [sign * s for s in (-5.0, -2.0, 0.0, 4.0)]
    assert [piece.end for piece in pieces] == [10.0, 15.0, 18.0, 20.0]
    assert solves <= 2 * len(pieces) + 1


@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-200, 200)), min_size=1, max_size=8),
    st.integers(1, 40),
)
def test_any_maximum_of_lines_is_traced(lines: list[tuple[int, int]], high: int) -> None:
    def solve(at: float) -> Point:
        cost, slope = max((slope * at + cut, slope) for slope, cut in lines)
        return Point(at, float(cost), float(slope))

    pieces = trace(solve, 0.0, float(high))
    for at in np.linspace(0, high, 41):
        piece = next(piece for piece in pieces if at <= piece.end)
        assert piece.cost_kcny + piece.slope * (at - piece.start) == pytest.approx(
            solve(at).cost_kcny, abs=1e-6
        )
    slopes = [piece.slope for piece in pieces]
    assert slopes == sorted(set(slopes))


# Capacity


def test_capacity_by_hand() -> None:
    """New tonnes at o1 reach s1 and save 9 − 2 each until o0 serves it no more."""
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    (curve,) = capacity_curves(case, ["o1"], 60.0)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0, 30, -7), (30, 60, 0)]
    assert curve.texts[0] == (
        "o0 ships 1 less; o1 (new) to s1 +1; o0 to s1 -1",
        "o0 to s1 stops; o1 (new) keeps tonnes back",
    )
    table = capacity_table([curve])
    assert table["value_cny_per_t"].tolist() == [7.0, 0.0]
    assert table["saved_mcny"].tolist() == pytest.approx([0.21, 0.21])


def test_the_base_curves_agree_with_resolving(base: Case) -> None:
    regions = ["Yunnan", "Inner Mongolia"]
    for region, curve in zip(regions, capacity_curves(base, regions), strict=True):
        assert curve.pieces[0].start == 0.0 and curve.pieces[-1].end == 1500.0
        near = [at + off for at in curve.breakpoints for off in (-0.01, 0.0, 0.01)]
        grid = sorted({*np.linspace(0, 1500, 16).tolist(), *near})
        costs = {at: least_cost(with_capacity(base, region, at)) for at in grid}
        check_curve(curve, {at: cost for at, cost in costs.items() if cost is not None})
        assert len(costs) == len(grid)
        assert all(ends for _, ends in curve.texts[:-1])


def test_values_of_sites_do_not_add(base: Case) -> None:
    regions = deficit_regions(base)[:3]
    table = pairs(base, regions, 500.0)
    assert len(table) == 3
    assert (table["lost_mcny"] >= 0).all() and (table["lost_mcny"] > 1).any()
    first = table.iloc[0]
    assert first["together_mcny"] == pytest.approx(
        first["alone_mcny"] + first["and_alone_mcny"] - first["lost_mcny"]
    )
    nothing, alone = (
        least_cost(case) for case in (base, with_capacity(base, first["place"], 500.0))
    )
    assert nothing is not None and alone is not None
    assert first["alone_mcny"] == pytest.approx((nothing - alone) / 1000)


def test_a_cost_of_its_own_and_a_region_without_origins(base: Case) -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    (dear,) = capacity_curves(case, ["o1"], 60.0, cost_cny_per_t=5.0)
    assert dear.pieces[0].slope == -2.0
    with pytest.raises(BadInput, match='"o2" found; must be a region or an origin of the case'):
        capacity_curves(case, ["o2"])
    sinks = pd.concat(
        [
            base.sinks,
            base.sinks[base.sinks["sink"] == "Yunnan"].assign(
                sink="N", region="N", demand_kt=0.0, max_kt=5.0
            ),
        ]
    )
    with pytest.raises(BadInput, match="add --cost"):
        capacity_curves(base.replace(sinks=sinks), ["N"])
    (curve,) = capacity_curves(base.replace(sinks=sinks), ["N"], 10.0, cost_cny_per_t=0.0)
    assert curve.of == "N"
    assert [piece.slope for piece in curve.pieces] == [-472.77084]  # a tonne at the smelters


def test_limits_that_name_the_origin_hold_for_new_capacity() -> None:
    limits = frame("limit max origin", "cap 25 o1")
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]], limits=limits)
    (curve,) = capacity_curves(case, ["o1"], 60.0)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0, 5, -7), (5, 60, 0)]
    assert "limit cap is reached" in curve.texts[0][1]


# Other figures


@pytest.mark.parametrize(
    ("figure", "low", "high", "shape"),
    [
        (Figure("modes.cny_per_t_km", "mode=rail"), 0.1, 0.2, "concave"),
        (Figure("case.carbon_price_cny_per_t"), 0.0, 1000.0, "concave"),
        (Figure("links.km", "mode=road_local", "factor"), 0.0, 3.0, "concave"),
        (Figure("sinks.demand_kt", "sink=Yunnan"), 2000.0, 3000.0, "convex"),
        (Figure("limits.max", "limit=Exports of Shandong"), 1640.0, 1700.0, "convex"),
        (Figure("sinks.demand_kt", "kind=domestic", "factor"), 0.97, 1.03, "convex"),
    ],
)
def test_curves_of_the_base_agree_with_resolving(
    base: Case, figure: Figure, low: float, high: float, shape: str
) -> None:
    curve = figure_curve(base, figure, low, high)
    assert curve.shape == shape
    costs = {at: least_cost(figure.put(base, at)) for at in np.linspace(low, high, 6).tolist()}
    check_curve(curve, {at: cost for at, cost in costs.items() if cost is not None})
    assert None not in costs.values()
    table = figure_table(curve)
    assert table["cost_mcny"].iloc[0] == pytest.approx(curve.pieces[0].cost_kcny / 1000)


def test_a_duty_bends_where_another_origin_takes_over() -> None:
    duties = frame("duty rate value_cny_per_t origin", "tax 0 100 o0")
    case = transport_case([50, 30], [40], [[1], [11]], duties=duties)
    curve = figure_curve(case, Figure("duties.rate", "duty=tax"), 0.0, 0.3)
    assert [(p.end, p.slope) for p in curve.pieces] == [(0.1, 4000.0), (0.3, 1000.0)]
    assert curve.texts[0][1] == "o0 to s0 40 → 10 kt; o1 to s0 0 → 30 kt"


def test_a_duty_on_a_route_and_its_limits_are_priced() -> None:
    """Via P costs 10, via Q 12: a duty on P of rate 0.05 × 100 moves all to Q at 0.02."""
    case = make_case(
        origins=frame("origin supply_kt node", "A 10 A"),
        sinks=frame("sink demand_kt node", "B 10 B"),
        nodes=frame("node", "A", "P", "Q", "B"),
        modes=frame("mode", "rail"),
        links=frame(
            "from to mode cost_cny_per_t", "A P rail 5", "P B rail 5", "A Q rail 6", "Q B rail 6"
        ),
        duties=frame("duty rate value_cny_per_t via", "toll 0.05 100 P"),
    )
    curve = figure_curve(case, Figure("duties.rate", "duty=toll"), 0.0, 0.05)
    assert [(p.end, p.slope) for p in curve.pieces] == [(0.02, 1000.0), (0.05, 0.0)]
    assert curve.texts[0][1] == "A to B by another route"


def test_only_the_part_with_a_plan_is_traced() -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    curve = figure_curve(case, Figure("sinks.demand_kt", "sink=s1"), 50.0, 200.0)
    assert curve.pieces[-1].end == 90.0 and curve.requested == (50.0, 200.0)
    curve = figure_curve(case, Figure("origins.supply_kt", "origin=o0"), 10.0, 100.0)
    assert curve.pieces[0].start == 60.0
    with pytest.raises(NoPlan):
        figure_curve(case, Figure("origins.supply_kt", "origin=o0"), 10.0, 50.0)


def test_a_figure_without_effect_is_flat() -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    curve = figure_curve(case, Figure("duties.rate"), 0.05, 0.1)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0.05, 0.1, 0.0)]


def test_a_figure_on_which_no_allocation_depends_in_proportion_is_refused() -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    for target in ("case.discount_rate", "nodes.lat", "modes.circuity", "origins.capacity_kt"):
        with pytest.raises(BadInput, match=f"--of: {target} found; a curve takes a figure on"):
            figure_curve(case, Figure(target), 0.05, 0.1)


def test_values_that_the_case_could_not_hold_are_refused_by_name() -> None:
    limits = frame("limit min max origin", "cap 10 30 o0")
    case = transport_case([100, 20], [10, 10], [[1, 9], [4, 2]], limits=limits)
    figure = Figure("limits.max", "limit=cap")
    with pytest.raises(BadInput, match=re.escape(
        'limits.csv:cap:max: 0 found; must be at least min of "cap", which is 10;'
        " narrow the range"
    )):  # fmt: skip
        figure_curve(case, figure, 0.0, 20.0)
    with pytest.raises(BadInput, match=r"limits\.csv:cap:min: 40 found; must be at most max"):
        figure_curve(case, Figure("limits.min", "limit=cap"), 0.0, 40.0)
    with pytest.raises(BadInput, match=r"--from: -1 for limits\.max where limit=cap found"):
        figure_curve(case, figure, -1.0, 20.0)
    assert figure_curve(case, figure, 10.0, 20.0).pieces[0].start == 10.0


@pytest.mark.parametrize("selection", [{"mode": "road"}, {"via": "Port"}, {"measure": "co2_kt"}])
def test_a_least_that_no_single_lane_stands_for_is_refused(
    tmp_path: Path, selection: dict[str, str]
) -> None:
    """So it is in limits.csv; its prices would pay for going round in circles."""
    case = read_case(write_small_case(tmp_path))
    case = case.replace(
        limits=[{"limit": "port", "max": 200} | selection], paths=[], assumptions=[]
    )
    figure = Figure("limits.min", "limit=port")
    with pytest.raises(
        BadInput, match=r"--of: limits\.min where limit=port found; .*may have no min"
    ):
        figure_curve(case, figure, 0.0, 10.0)
    alone = case.replace(limits=[{"limit": "port", "max": 200, "origin": "South mill"}])
    assert figure_curve(alone, figure, 0.0, 1.0).pieces


def test_a_demand_ends_at_what_its_sink_takes_at_most() -> None:
    case = read_case(FOUND / "curve-beyond-max")
    demand = Figure("sinks.demand_kt", {"sink": ["T"]})
    curve = figure_curve(case, demand, 0.0, 20.0)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0.0, 8.0, 7.0)]
    assert curve.texts[-1][1] == "no plan beyond 8 kt/year: the demand of T meets its other bound"
    with pytest.raises(NoPlan, match="no feasible plan from 10 to 20"):
        figure_curve(case, demand, 10.0, 20.0)
    both = read_case(FOUND / "path-crosses-bound")
    curve = figure_curve(both, Figure("sinks.demand_kt", "sink=Town"), 0.0, 200.0)
    assert [(p.end, p.slope) for p in curve.pieces] == [(1.0, 0.0), (60.0, 3.0)]


def test_what_ends_the_feasible_part_is_named_on_both_sides() -> None:
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]])
    curve = figure_curve(case, Figure("sinks.demand_kt", "sink=s1"), 50.0, 200.0)
    assert curve.texts[-1][1] == (
        "no plan beyond 90 kt/year: the supply of o0, the supply of o1, the demand of s0"
    )
    curve = figure_curve(case, Figure("origins.supply_kt", "origin=o0"), 10.0, 100.0)
    assert curve.texts[0][0].startswith("no plan below 60 kt/year: the supply of o1, the demand of")


def test_a_slope_is_exact_however_small() -> None:
    """100 km at 1 g per t-km: 1e-4 t of CO2 a tonne; 3 tonnes a year make 3e-7 kt."""
    modes = frame("mode gco2_per_t_km", "m 1")
    case = transport_case([0.01], [0.003], [[5]], modes=modes)
    case = case.replace(lanes=case.lanes.assign(mode="m", km=100.0))
    curve = figure_curve(case, Figure("case.carbon_price_cny_per_t"), 0.0, 100.0)
    assert [p.slope for p in curve.pieces] == [3e-7]


def test_new_capacity_gets_a_name_that_the_case_has_not() -> None:
    case = read_case(FOUND / "origin-named-new")
    assert site_names(case, ["R", "R", "O"]) == {"R": "R (new 2)", "O": "O (new)"}
    (curve,) = capacity_curves(case, ["R"], 10.0)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0.0, 10.0, 0.0)]
    (curve,) = capacity_curves(case, ["R"], 10.0, cost_cny_per_t=0.0)
    assert curve.pieces[0].slope == 0.0


def test_names_of_any_form_can_be_asked_of() -> None:
    case = make_case(
        origins=frame("origin supply_kt", "O 9"),
        sinks=frame("sink demand_kt", "T 5").assign(sink="a; b=c"),
        lanes=frame("origin sink cost_cny_per_t", "O T 7").assign(sink="a; b=c"),
    )
    curve = figure_curve(case, figure_of(case, "demand", ["a; b=c"]), 0.0, 9.0)
    assert [(p.end, p.slope) for p in curve.pieces] == [(9.0, 7.0)]


def test_a_figure_that_limits_count_has_no_single_curve() -> None:
    limits = frame("limit max measure", "cap 90 co2_kt")
    modes = frame("mode gco2_per_t_km", "- 10").assign(mode="m")
    case = transport_case([100, 20], [30, 50], [[1, 9], [4, 2]], limits=limits, modes=modes)
    case = case.replace(lanes=case.lanes.assign(mode="m", km=100.0))
    with pytest.raises(BadInput, match="it changes what limits count"):
        figure_curve(case, Figure("modes.gco2_per_t_km", "mode=m"), 5.0, 20.0)


# Random cases

TONNES = st.integers(0, 12)
COSTS = st.lists(st.integers(0, 20) | st.none(), min_size=9, max_size=9)


@example(supply=(0, 0, 0), demand=(0, 3, 12), cost=[0, 0, None, 0, 0, *4 * [None]], cap=None)
@settings(max_examples=20, deadline=None)
@given(supply=st.tuples(TONNES, TONNES, TONNES), demand=st.tuples(TONNES, TONNES, TONNES),
       cost=COSTS, cap=st.none() | st.integers(0, 10))  # fmt: skip
def test_capacity_is_worth_what_resolving_says(
    supply: tuple[int, ...], demand: tuple[int, ...], cost: list[int | None], cap: int | None
) -> None:
    prices = np.array([np.inf if value is None else value for value in cost], float)
    prices[0] = 3.0
    limits = frame("limit max origin", f"cap {cap} o0|o1") if cap is not None else None
    tables = {} if limits is None else {"limits": limits}
    case = transport_case(supply, demand, prices.reshape(3, 3), **tables)
    try:
        (curve,) = capacity_curves(case, ["o0"], 15.0)
    except NoPlan:
        assert least_cost(with_capacity(case, "o0", 15.0)) is None
        return
    for at in np.linspace(0, 15, 16).tolist():
        cost_at = least_cost(with_capacity(case, "o0", at))
        assert (cost_at is None) == (at < curve.pieces[0].start - 1e-9)
        if cost_at is not None:
            check_curve(curve, {at: cost_at})


@settings(max_examples=20, deadline=None)
@given(supply=st.tuples(TONNES, TONNES, TONNES), demand=st.tuples(TONNES, TONNES),
       cost=st.lists(st.integers(0, 20), min_size=6, max_size=6),
       rate=st.integers(1, 9))  # fmt: skip
def test_duties_cost_what_resolving_says(
    supply: tuple[int, ...], demand: tuple[int, ...], cost: list[int], rate: int
) -> None:
    duties = frame("duty rate value_cny_per_t origin", "tax 0.1 10 o0|o1", f"other 0.{rate} 10 o1")
    case = transport_case(supply, demand, np.reshape(cost, (3, 2)), duties=duties)
    figure = Figure("duties.rate", "duty=tax")
    if least_cost(case) is None:
        with pytest.raises(NoPlan):
            figure_curve(case, figure, 0.0, 2.0)
        return
    curve = figure_curve(case, figure, 0.0, 2.0)
    costs = {at: least_cost(figure.put(case, at)) for at in np.linspace(0, 2, 9).tolist()}
    check_curve(curve, {at: value for at, value in costs.items() if value is not None})


# Several places


def test_new_capacity_of_a_region_goes_to_its_places_from_one_pool() -> None:
    """A tonne is worth what it is at the best place, more tonnes what the best split of them is."""
    case = with_distances(read_case(FOUND.parents[2] / "data" / "prebaked_2024"))
    places = ["Yunnan Wenshan", "Yunnan Qujing", "Yunnan Honghe", "Yunnan Dali"]
    (pool,), alone = (capacity_curves(case, names, 1200.0) for names in (["Yunnan"], places))
    assert pool.pieces[0].slope == pytest.approx(min(curve.pieces[0].slope for curve in alone))
    assert "Yunnan Wenshan (new) ships 1 more" in pool.texts[0][0]
    origins = case.origins.set_index("origin")
    for kt in (0.0, 400.0, 1200.0):
        new = origins.loc[places].assign(supply_kt=kt, capacity_kt=kt).reset_index()
        new["origin"] += " more"
        bound = pd.DataFrame([{"limit": "pool", "max": kt, "origin": "|".join(new["origin"])}])
        with_more = case.replace(
            origins=pd.concat([case.origins, new]), limits=pd.concat([case.limits, bound])
        )
        assert pool.cost_kcny(kt) == pytest.approx(least_cost(with_more), rel=1e-9)
        assert all(pool.cost_kcny(kt) <= curve.cost_kcny(kt) + 1e-6 for curve in alone)
