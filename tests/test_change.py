"""A figure changes in one way, by a scenario, path, draw, knob or curve: to the last bit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.case import Case
from model.case.change import Change, apply_changes
from model.case.decimals import product, products, sums
from model.case.distances import with_distances
from model.case.errors import BadInput
from model.case.periods import timeline
from model.case.schema import TABLES, column
from model.reading.read_case import read_case
from model.scenarios.apply import apply_steps, apply_unchecked
from model.scenarios.step import Step, parse_step
from model.studies.parametric.figure import TARGETS, Figure
from model.studies.plan.periods import case_at
from model.studies.sweep.draws import Draws, Lever, Variation
from model.studies.sweep.resolve_each import drawn_case
from tests.support.cases import TWELVE_REGIONS, same_case
from tests.support.small_case import write_small_case

CARBON = "case.carbon_price_cny_per_t"
DECIMALS = st.one_of(
    st.floats(1e-6, 1e12),
    st.integers(0, 10**9).map(lambda n: n / 1000),
    st.integers(1, 10**15 - 1).map(float),
    st.sampled_from([0.0, 0.1, 1.1, 0.7, 325.0, 2.0**-20, 1 / 3, 0.5, 1.25]),
)


@given(st.lists(DECIMALS, min_size=1, max_size=20), st.lists(DECIMALS, min_size=1, max_size=20))
def test_products_are_those_of_decimals(figures: list[float], factors: list[float]) -> None:
    found = products(np.array(figures), np.array(factors)[:, None])
    for row, factor in enumerate(factors):
        for place, figure in enumerate(figures):
            exact = float(Decimal(repr(figure)) * Decimal(repr(factor)))
            exact = exact if abs(exact) >= 1e-9 else 0.0
            assert found[row, place] == exact == product(figure, factor)


def test_products_that_floats_cannot_round_are_rounded_as_decimals() -> None:
    halfway = 2.0**53 - 1.0  # times 1.5 lies halfway between two floats
    assert products(np.array([halfway]), np.array(1.5)).tolist() == [1.5 * halfway]
    blanks = products(np.array([np.nan, 325.0]), np.array([[1.1], [np.nan]]))
    assert np.isnan(blanks).tolist() == [[True, False], [True, True]] and blanks[0, 1] == 357.5
    assert products(np.array([1e-6]), np.array(1e-4)).tolist() == [0.0]


@given(st.lists(DECIMALS, min_size=1), DECIMALS)
def test_sums_are_those_of_decimals(figures: list[float], more: float) -> None:
    for figure, found in zip(figures, sums(np.array(figures), more).tolist(), strict=True):
        exact = float(Fraction(repr(figure)) + Fraction(repr(more)))
        assert found == (exact if abs(exact) >= 1e-9 else 0.0)


def by_step(case: Case, target: str, where: dict[str, list[str]], how: str, value: float) -> Case:
    return apply_steps(case, [step_of(toml_step(target, where, how, value))])[0]


def toml_step(target: str, where: dict[str, list[str]], how: str, value: float) -> dict[str, Any]:
    action = {"factor": "scale", "absolute": "set"}[how]
    return {action: target, "value": value} | ({"where": where} if where else {})


def step_of(given: dict[str, Any]) -> Step:
    step = parse_step(given, "step", faults := [])
    assert step is not None and not faults
    return step


def by_knob(case: Case, target: str, where: dict[str, list[str]], how: str, value: float) -> Case:
    return apply_unchecked(case, [toml_step(target, where, how, value)])


def by_path(case: Case, target: str, where: dict[str, list[str]], how: str, value: float) -> Case:
    row = {"target": target, "where": text_of(where), "year": 2024.0, "value": value, "how": how}
    time = timeline(case.replace_unchecked(periods=[{"year": 2024}]).periods, None)
    return case_at(case.replace_unchecked(paths=[row]), time, Fraction(0))


def by_curve(case: Case, target: str, where: dict[str, list[str]], how: str, value: float) -> Case:
    return Figure(target, text_of(where), how).put(case, value)


def by_draw(case: Case, target: str, where: dict[str, list[str]], how: str, value: float) -> Case:
    variation = Variation("v", target, where, is_factor=how == "factor")
    rows = np.array([0])
    if target != CARBON:
        table = target.partition(".")[0]
        rows = np.flatnonzero(Change(target, where, "set", value).rows(case.table(table)))
    draws = Draws((Lever("v", variation, rows),), np.array([[value]]))
    return drawn_case(with_distances(case), draws)


def text_of(where: dict[str, list[str]]) -> str:
    return "; ".join(f"{name}={'|'.join(values)}" for name, values in where.items())


WAYS = (by_step, by_knob, by_path, by_curve, by_draw)


def figures(case: Case) -> Case:
    """What a program sees: the tables with lengths, without what is said of scenarios and paths."""
    settings = replace(case.settings, default_scenario="", companion_scenario="")
    return with_distances(case.replace_unchecked(settings=settings, paths=pd.DataFrame()))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(write_small_case(tmp_path_factory.mktemp("case") / "case"))


def changes_of(case: Case, seed: int) -> tuple[str, dict[str, list[str]], str, float]:
    """A random change of a figure that a plan, a sweep and a curve serve."""
    rng = np.random.default_rng(seed)
    target = str(rng.choice([name for name in TARGETS if _is_given(case, name)]))
    how = str(rng.choice(["factor", "absolute"]))
    value = float(
        rng.choice([1.1, 0.9, 1.05, round(1 + rng.random() / 3, 3), 1 + rng.random() / 3])
    )
    if target == CARBON:
        return target, {}, how, value * 100
    table = TABLES[target.partition(".")[0]]
    frame = case.table(table.name)
    has_figure = frame[target.partition(".")[2]].notna() | (target == "links.km")
    names = [c.name for c in table.columns if c.kind in ("name", "choice")]
    name = str(rng.choice(names))
    cell = str(frame.loc[has_figure, name].iloc[int(rng.integers(has_figure.sum()))])
    where = {name: [cell]} if cell and rng.random() < 0.7 else {}
    if how == "absolute":
        base = frame[column(target).name].max()
        value = round(value * (100.0 if np.isnan(base) else float(base)), 3)
    return target, where, how, value


def _is_given(case: Case, target: str) -> bool:
    table, _, name = target.partition(".")
    return target == CARBON or bool(case.table(table)[name].notna().any())


def _assert_same_in_every_way(case: Case, seed: int) -> None:
    change = changes_of(case, seed)
    target, where, how, value = change
    applied = [Change.read(target, text_of(where), how, value)]
    expected = figures(apply_changes(case, applied))
    for way in WAYS:
        try:
            found = figures(way(case, *change))
        except BadInput:
            assert way is by_step, change  # which alone checks what comes out
            continue
        assert same_case(found, expected), (way.__name__, change)


@pytest.mark.parametrize("seed", range(30))
def test_a_change_gives_the_same_case_whoever_makes_it(small: Case, seed: int) -> None:
    _assert_same_in_every_way(small, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1000, 1600))
def test_a_change_of_a_whole_market_gives_the_same_whoever_makes_it(seed: int) -> None:
    _assert_same_in_every_way(TWELVE, seed)


def test_lengths_times_a_tenth_more_are_decimals_everywhere() -> None:
    """128 of 249 lengths once differed in the last digit between a scenario and a draw."""
    given = TWELVE.links["km"].to_numpy(dtype=float)
    expected = [float(Decimal(repr(km)) * Decimal("1.1")) for km in given.tolist()]
    for way in WAYS:
        assert way(TWELVE, "links.km", {}, "factor", 1.1).links["km"].tolist() == expected


def test_a_factor_meets_the_length_that_a_blank_stands_for(small: Case) -> None:
    measured = with_distances(small).links["km"]
    expected = [float(Decimal(repr(km)) * Decimal("1.1")) for km in measured.tolist()]
    for way in WAYS:
        changed = way(small, "links.km", {}, "factor", 1.1)
        assert changed.links["km"].tolist() == expected
    _, ledger = apply_steps(small, [step_of(toml_step("links.km", {}, "factor", 1.1))])
    assert ledger["before"].tolist() == ["200", "900", "5000", "", "1000"]


TWELVE = read_case(TWELVE_REGIONS)
