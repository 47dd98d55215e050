"""What new capacity is worth along its size, against resolving."""

from __future__ import annotations

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
from model.studies.curve.curve import capacity_curves, pairs
from model.studies.curve.tables import capacity_table
from model.studies.sites import deficit_regions, site_names, with_sites
from tests.support.cases import TWELVE_REGIONS
from tests.support.curves import TONNES, check_curve
from tests.support.markets import frame, least_cost, transport_case

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


def test_new_capacity_gets_a_name_that_the_case_has_not() -> None:
    case = read_case(FOUND / "origin-named-new")
    assert site_names(case, ["R", "R", "O"]) == {"R": "R (new 2)", "O": "O (new)"}
    (curve,) = capacity_curves(case, ["R"], 10.0)
    assert [(p.start, p.end, p.slope) for p in curve.pieces] == [(0.0, 10.0, 0.0)]
    (curve,) = capacity_curves(case, ["R"], 10.0, cost_cny_per_t=0.0)
    assert curve.pieces[0].slope == 0.0


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
