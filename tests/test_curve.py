"""Curves are exact: they agree with re-solving everywhere, bend one way, and say what changes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.errors import BadInput, NoPlan
from model.reading.read_case import read_case
from model.studies.curve.curve import figure_curve
from model.studies.curve.tables import figure_table
from model.studies.parametric.figure import Figure
from model.studies.questions import figure_of
from tests.support.cases import TWELVE_REGIONS
from tests.support.curves import TONNES, check_curve
from tests.support.markets import frame, least_cost, make_case, transport_case
from tests.support.small_case import write_small_case

FOUND = Path(__file__).parent / "data" / "found"


@pytest.fixture(scope="module")
def base() -> Case:
    return read_case(TWELVE_REGIONS)


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


def test_a_feasible_part_may_be_one_point() -> None:
    """Nothing can be made, so that nothing can be asked for but nothing."""
    case = read_case(FOUND / "curve-of-one-point")
    least = Figure("limits.min", {"limit": ["inputs"]})
    for end in (4.0, 5.0, 9.0, 16.0):
        (piece,) = figure_curve(case, least, 0.0, end).pieces
        assert (piece.start, piece.end, piece.cost_kcny) == (0.0, 0.0, 0.0)


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
