"""The page of the linear program: its text per family, and the arrays compiled from it."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyomo.environ as pyo
import pytest
from hypothesis import given, settings
from pyomo.core.base import ConcreteModel

from model.market.columns import columns
from model.market.lanes import Lanes
from model.market.market import Market
from model.reading.read_case import read_case
from model.solve.column_generation import Allocator
from model.solve.lp import build_lp
from model.solve.program import Program, compile_program, from_arrays, from_page
from model.solve.session import Session
from model.solve.warm_program import WarmProgram
from tests.support.markets import array_market, frame, make_case, market_of
from tests.support.random_texts import random_networks


@pytest.fixture
def market() -> Market:
    """Two origins, two sinks, a limit of each kind."""
    return market_of(
        make_case(
            origins=frame("origin supply_kt cost_cny_per_t", "East 10 1", "West 8 2"),
            sinks=frame("sink demand_kt max_kt kind", "Port 3 5 export", "Smelter 6 - domestic"),
            lanes=frame(
                "origin sink cost_cny_per_t mode km min_kt max_kt",
                *["East Port 4 rail 100 0 -", "East Smelter 9 rail 200 1 7"],
                *["West Port 6 road 100 0 -", "West Smelter 2 road 50 0 -"],
            ),
            modes=frame("mode gco2_per_t_km", "rail 10000", "road 50000"),
            limits=frame(
                "limit min max origin kind measure",
                *["carbon - 40 - - co2_kt", "ports 2 4 East|West export ship_kt"],
                "spending - 1 West - cost_mcny",
            ).replace({None: ""}),
        )
    )


def every_lane(market: Market) -> Lanes:
    return Lanes.join([offer.lanes(np.arange(offer.size)) for offer in market.offers])  # type: ignore[attr-defined]


def text_of(model: ConcreteModel) -> str:
    out = io.StringIO()
    for constraint in model.component_data_objects(pyo.Constraint):
        out.write(f"{constraint.name}: {constraint.expr}\n")
    return out.getvalue()


GOLDEN = """\
supply_limit[East]: ship_kt[East>Port] + ship_kt[East>Smelter]  <=  10.0
supply_limit[West]: ship_kt[West>Port] + ship_kt[West>Smelter]  <=  8.0
demand_met[Port]: 3.0  <=  ship_kt[East>Port] + ship_kt[West>Port]  <=  5.0
demand_met[Smelter]: 6.0  <=  ship_kt[East>Smelter] + ship_kt[West>Smelter]  <=  6.0
limit_kept[carbon]: ship_kt[East>Port] + 2.0*ship_kt[East>Smelter] + 5.0*ship_kt[West>Port] \
+ 2.5*ship_kt[West>Smelter]  <=  40.0
limit_kept[ports]: 2.0  <=  ship_kt[East>Port] + ship_kt[West>Port]  <=  4.0
limit_kept[spending]: 0.008*ship_kt[West>Port] + 0.004*ship_kt[West>Smelter]  <=  1.0
"""


def test_every_family_reads_as_on_the_page(market: Market) -> None:
    model = build_lp(market, every_lane(market))
    assert text_of(model) == GOLDEN
    assert str(model.total_cost_kcny.expr) == (
        "5.0*ship_kt[East>Port] + 10.0*ship_kt[East>Smelter]"
        " + 8.0*ship_kt[West>Port] + 4.0*ship_kt[West>Smelter]"
    )
    assert [variable.bounds for variable in model.ship_kt.values()] == [
        (0, None), (1, 7), (0, None), (0, None)
    ]  # fmt: skip


def test_no_symbol_of_the_page_is_left_unpinned(market: Market) -> None:
    model = build_lp(market, every_lane(market))
    families = {family.local_name for family in model.component_objects(pyo.Constraint)}
    assert families == {line.split("[")[0] for line in GOLDEN.splitlines()}
    assert {variable.local_name for variable in model.component_objects(pyo.Var)} == {"ship_kt"}


@pytest.mark.parametrize("compiled", [from_page, from_arrays])
def test_added_columns_are_those_of_the_page(
    market: Market, compiled: Callable[[Market, Lanes], Program]
) -> None:
    lanes = every_lane(market)
    program = compiled(market, lanes)
    assert (program.matrix != columns(market, lanes)).nnz == 0
    assert program.cost.tolist() == lanes.cost_cny_per_t.tolist()
    assert program.lower.tolist() == lanes.min_kt.tolist()
    assert program.upper.tolist() == lanes.max_kt.tolist()
    assert program.row_lower.tolist() == market.row_lower_kt.tolist()
    assert program.row_upper.tolist() == market.row_upper_kt.tolist()


@settings(deadline=None, max_examples=30)
@given(texts=random_networks())
def test_arrays_and_page_give_one_program(
    tmp_path_factory: pytest.TempPathFactory, texts: dict[str, str]
) -> None:
    """Bit for bit, order of entries included, so that the solver goes the same way."""
    links = "\n".join(dict.fromkeys(texts["links.csv"].splitlines()))
    folder = tmp_path_factory.mktemp("case")
    for name, text in (texts | {"links.csv": links}).items():
        (folder / name).write_text(text, encoding="utf-8")
    market = market_of(read_case(folder))
    lanes = WarmProgram(market).lanes
    page, arrays = from_page(market, lanes), from_arrays(market, lanes)
    for name in ("cost", "lower", "upper", "row_lower", "row_upper"):
        assert np.array_equal(getattr(page, name), getattr(arrays, name))
    for name in ("indptr", "indices", "data"):
        assert np.array_equal(getattr(page.matrix, name), getattr(arrays.matrix, name))


def test_rows_that_no_lane_touches_keep_their_bounds(market: Market) -> None:
    program = from_page(market, every_lane(market).take(np.array([0])))
    assert program.row_lower.tolist() == market.row_lower_kt.tolist()
    assert program.row_upper.tolist() == market.row_upper_kt.tolist()


def test_pyomo_and_the_session_agree(market: Market) -> None:
    model = build_lp(market, every_lane(market))
    pyo.SolverFactory("appsi_highs").solve(model)
    optimum = Allocator(market).optimise()
    assert pyo.value(model.total_cost_kcny) == pytest.approx(optimum.objective)


def test_two_lanes_of_one_pair_are_two_columns() -> None:
    lanes = frame("origin sink cost_cny_per_t mode max_kt", "o0 s0 1 rail 3", "o0 s0 2 road -")
    market = market_of(
        make_case(
            origins=frame("origin supply_kt", "o0 9"),
            sinks=frame("sink demand_kt", "s0 5"),
            lanes=lanes,
        )
    )
    model = build_lp(market, every_lane(market))
    assert list(model.LANES) == ["o0>s0", "o0>s0#2"]
    assert Allocator(market).optimise().objective == pytest.approx(3 + 4)


def test_session_and_program_of_a_plain_market() -> None:
    market = array_market([4, 6], [5, 5], [[1, 2], [3, 1]])
    solution = Session(compile_program(market, every_lane(market))).solve()
    assert solution.objective == pytest.approx(4 * 1 + 1 * 3 + 5 * 1)
    assert isinstance(pd.Series(solution.value).sum(), float)
