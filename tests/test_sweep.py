"""Sweeps: every draw as if it were a case of its own, whoever solves it."""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.result.outputs import DRAWN
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.solve.column_generation import Allocator
from model.studies.parametric.figure import TARGETS
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Draws, Variation, base_figures, draw
from model.studies.sweep.program import flat_program
from model.studies.sweep.resolve_each import drawn_case
from model.studies.sweep.study import sweep
from tests.support.cases import TWELVE_REGIONS
from tests.support.markets import frame, make_case, market_of, transport_case
from tests.support.variations import around, vary

ROOT = Path(__file__).parents[1]
CLOSE = {"rel": 1e-7, "abs": 1e-6}


@pytest.fixture(scope="module")
def base() -> Case:
    return read_case(TWELVE_REGIONS)


@pytest.fixture
def mixed() -> Case:
    """Explicit lanes beside a network of two modes, a duty, carbon, and an origin abroad."""
    return make_case(
        {"carbon_price_cny_per_t": 80.0, "year": 2024},
        origins=frame(
            "origin supply_kt node cost_cny_per_t kind region",
            *["o0 30 A 5 domestic North", "o1 25 B 7 domestic South", "o2 9 D 1 abroad Far"],
        ),
        sinks=frame(
            "sink demand_kt max_kt node kind region",
            *["s0 12 - C domestic North", "s1 9 30 D export Sea", "s2 8 - A domestic South"],
        ),
        nodes=pd.DataFrame({"node": list("ABCD")}),
        modes=frame(
            "mode fixed_cny_per_t cny_per_t_km gco2_per_t_km", "rail 20 0.2 10", "sea 60 0.02 5"
        ),
        links=frame(
            "from to mode km cost_cny_per_t",
            *["A B rail 100 -", "B C rail 120 -", "A C rail 300 45", "C D sea 900 -"],
            *["B D sea 1500 -", "A B sea 50 -"],
        ),
        lanes=frame(
            "origin sink cost_cny_per_t mode km min_kt max_kt",
            *["o0 s0 30 rail 200 1 6", "o1 s1 75 sea 800 0 -", "o2 s1 20 sea 100 0 4"],
        ),
        limits=frame(
            "limit min max kind origin", "ports - 10 export o0", "own 2 - domestic o1"
        ).replace({None: ""}),
        duties=frame("duty rate value_cny_per_t kind from_date", "d 0.1 90 export 2024-05-01"),
    )


def check_draw(case: Case, draws: Draws, number: int, row: pd.Series) -> None:
    """A draw of a sweep against the same case solved as a run."""
    one = draws.part(slice(number, number + 1))
    result = evaluate(
        drawn_case(with_distances(case), one), ScenarioInfo("x"), pd.DataFrame(), RunOptions()
    )
    assert result.status == row["status"]
    if result.status == "optimal":
        for name in ("total_cost_mcny", "shipped_kt", "export_kt", "deficit_kt"):
            assert row[name] == pytest.approx(result.figures[name], **CLOSE), name
        parts = ("transport", "production", "duty", "carbon")
        total = sum(row[f"{part}_cost_mcny"] for part in parts)
        assert total == pytest.approx(row["total_cost_mcny"], **CLOSE)
        if not result.lanes["other_plans_cost_the_same"]:
            for name in set(DRAWN) & set(result.figures):
                assert row[name] == pytest.approx(result.figures[name], **CLOSE), name
    else:
        assert result.diagnosis is not None
        assert row["short_kt"] == pytest.approx(result.diagnosis.shortage_kt, **CLOSE)


SOLVED_ANEW = {"links.limit_kt", "sinks.price_cny_per_t", "sinks.shortage_cny_per_t"}
"""Targets whose draws have no program of lanes alone; they are compared elsewhere."""


@pytest.mark.parametrize("target", sorted(set(TARGETS) - SOLVED_ANEW))
def test_every_target_as_a_run_of_its_own(mixed: Case, target: str) -> None:
    plan = DrawPlan((vary(target, 0.4), vary("origins.supply_kt", 0.3)), draws=12)
    found = sweep(mixed, plan)
    draws = draw(with_distances(mixed), plan)
    assert flat_program(with_distances(mixed), compile_market(with_distances(mixed)), draws.targets)
    for number, (_, row) in enumerate(found.draws.iterrows()):
        check_draw(mixed, draws, number, row)


@pytest.mark.parametrize("limited", ["links.limit_kt", "modes.cny_per_t_km"])
def test_limited_links_are_solved_again(mixed: Case, limited: str) -> None:
    links = mixed.links.assign(limit_kt=[9.0, np.nan, 12.0, 20.0, np.nan, np.nan])
    case = mixed.replace(links=links)
    plan = DrawPlan((vary(limited, 0.5), vary("sinks.demand_kt", 0.2)), draws=12)
    found = sweep(case, plan)
    draws = draw(with_distances(case), plan)
    for number, (_, row) in enumerate(found.draws.iterrows()):
        check_draw(case, draws, number, row)


@pytest.mark.parametrize("targets", [["origins.supply_kt", "sinks.demand_kt"], ["links.km"]])
def test_the_bundled_case_as_runs_of_their_own(base: Case, targets: list[str]) -> None:
    plan = DrawPlan(tuple(vary(target, 0.08) for target in targets), draws=300)
    found = sweep(base, plan)
    draws = draw(with_distances(base), plan)
    for number in (0, 7, 150, 299):
        check_draw(base, draws, number, found.draws.iloc[number])
    assert found.counts["optimal"] + found.counts["infeasible"] == 300


def test_prices_are_marginal_costs(base: Case) -> None:
    smelters = {"kind": ["domestic"]}
    plan = DrawPlan(
        (Variation("d", "sinks.demand_kt", smelters, each=True, distribution=around(0.02)),),
        draws=5,
    )
    found = sweep(base, plan)
    draws = draw(with_distances(base), plan)
    market = compile_market(with_distances(base))
    sink = market.sinks.index("Yunnan")
    assert found.prices is not None
    for number in range(5):
        case = drawn_case(with_distances(base), draws.part(slice(number, number + 1)))
        cost = []
        for more in (0.0, 0.01):
            demand = case.sinks["demand_kt"] + more * (case.sinks["sink"] == "Yunnan")
            cost.append(
                Allocator(compile_market(case.replace(sinks=case.sinks.assign(demand_kt=demand))))
                .optimise()
                .objective
            )
        price = found.prices[f"sink {market.sinks[sink]} cny_per_t"][number]
        assert price == pytest.approx((cost[1] - cost[0]) / 0.01, rel=1e-4)


def test_an_infeasible_draw_is_recorded_and_the_sweep_goes_on(mixed: Case) -> None:
    value = np.array([[1.0], [9.0], [1.1], [50.0]])
    plan = DrawPlan((Variation("d", "sinks.demand_kt", {"sink": ["s0"]}),), draws=4, given=value)
    wide = mixed.replace(sinks=mixed.sinks.assign(max_kt=np.nan))
    found = sweep(wide, plan)
    assert found.draws["status"].tolist() == ["optimal", "infeasible", "optimal", "infeasible"]
    assert found.draws["short_kt"].tolist()[0] == 0 and found.draws["short_kt"].tolist()[1] > 0
    assert found.counts["infeasible"] == 2
    assert found.draws["total_cost_mcny"].isna().tolist() == [False, True, False, True]


def test_the_same_bytes_for_any_chunks_and_any_order(
    base: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = DrawPlan(
        (vary("origins.supply_kt", 0.05), vary("modes.cny_per_t_km", 0.05)),
        draws=300,
        keep=("prices", "flows"),
    )
    texts = []
    module = importlib.import_module("model.studies.sweep.draws")
    for size in (250, 60, 7):
        monkeypatch.setattr(module, "CHUNK_DRAWS", size)
        texts.append({k: t.to_csv() for k, t in sweep(base, plan).files().items()})
    assert texts[0] == texts[1] == texts[2]


def test_fewer_draws_are_the_first_of_more(base: Case) -> None:
    plan = DrawPlan((vary("origins.supply_kt", 0.05),), draws=40)
    case = with_distances(base)
    assert np.array_equal(draw(case, plan, 20).value, draw(case, plan, 20).value)
    assert not np.array_equal(
        draw(case, plan, 20).value, draw(case, DrawPlan(plan.variations, seed=2), 20).value
    )


def test_drivers_are_ranked_and_explain_the_cost(base: Case) -> None:
    plan = DrawPlan(
        (
            Variation("rail", "modes.cny_per_t_km", {"mode": ["rail"]}, distribution=around(0.2)),
            Variation("little", "origins.supply_kt", distribution=around(0.0001)),
        ),
        draws=200,
    )
    drivers = sweep(base, plan).drivers
    assert drivers["figure"].tolist() == ["rail", "little"]
    assert drivers["regression"][0] == pytest.approx(1.0, abs=0.02)
    assert drivers["rank_correlation"][0] == pytest.approx(1.0, abs=0.02)
    assert drivers["explained_share"][0] > 0.99


def test_lane_and_region_use_add_up(base: Case) -> None:
    plan = DrawPlan((vary("origins.supply_kt", 0.05),), draws=100, keep=("flows",))
    found = sweep(base, plan)
    assert found.flows is not None
    assert found.lanes["used_share"].between(0, 1).all()
    assert found.lanes["mean_kt"].sum() == pytest.approx(found.draws["shipped_kt"].mean())
    count = found.flows.groupby(["origin", "sink"])["draw"].nunique()
    share = found.lanes.set_index(["origin", "sink"])["used_share"]
    assert (share * found.counts["optimal"]).round().to_dict() == count.to_dict()
    outside = found.regions["ships_mean_kt"].sum()
    moved = found.draws["moved_kt"].mean() + found.draws["export_kt"].mean()
    assert outside == pytest.approx(moved)


def test_a_blank_figure_takes_no_factor(mixed: Case) -> None:
    base_km = base_figures(with_distances(mixed), "links.cost_cny_per_t")
    plan = DrawPlan((vary("links.cost_cny_per_t", 0.1, each=False),), draws=3)
    column = draw(with_distances(mixed), plan).column("links.cost_cny_per_t", base_km)
    assert np.array_equal(np.isnan(column[0]), np.isnan(base_km))


@pytest.mark.parametrize("is_flat", [True, False])
def test_a_shortage_is_of_demand_alone_whatever_else_could_give_way(is_flat: bool) -> None:
    """2 kt cost at most 0.006 MCNY: 3 kt go short, though a little more money would do."""
    limits = frame("limit max measure", "money 0.006 cost_mcny")
    case = transport_case([9], [5], [[3]], limits=limits)
    target = "sinks.demand_kt" if is_flat else "lanes.cost_cny_per_t"
    assert (flat_program(case, market_of(case), {target}) is not None) == is_flat
    given = Distribution("uniform", low=0.999999, high=1.000001)
    found = sweep(case, DrawPlan((Variation("v", target, distribution=given),), draws=2))
    assert found.draws["status"].tolist() == ["infeasible"] * 2
    assert found.draws["short_kt"].tolist() == pytest.approx([3.0, 3.0], abs=1e-4)
