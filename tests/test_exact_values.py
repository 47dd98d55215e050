"""Exact marginal values: shortest paths in a circulation say the same as pivots from the basis."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from model import allocate
from model.audit.circulation import NoCirculationError, circulation
from model.audit.corner import Corner, corner_of
from model.audit.marginals import marginal_value_table, slope
from model.audit.path_values import PathValues
from model.audit.ratio import is_optimal
from model.audit.stored import Stored, read_stored
from model.case.case import Case
from model.certify.basis import Basis
from model.certify.selection import SHORTAGE
from tests.support.degenerate import degenerate
from tests.support.markets import make_case
from tests.support.trade_cases import trade_case
from tests.support.varied_cases import varied_case


def solved(case: Case, out: Path) -> tuple[Stored, Corner] | None:
    """The run of a case and its optimal corner; None where it has no plan."""
    result = allocate(case)
    if result.status != "optimal":
        return None
    stored = read_stored(result.save(out))
    corner = corner_of(stored.program, Basis(stored.program, stored.certificate["basis"]))
    return (stored, corner) if is_optimal(corner) else None


def check(case: Case, out: Path) -> bool:
    """Whether a case is a circulation; if so its values are those of pivots."""
    found = solved(case, out)
    if found is None:
        return False
    stored, corner = found
    try:
        PathValues(circulation(stored.program, corner.ship_kt))
    except NoCirculationError:
        return False
    table = marginal_value_table(stored.program, corner)
    sign = {"supply_limit": -1, "demand_met": 1, "limit_kept": -1}
    role = {"supply_limit": "origin", "demand_met": "sink", "limit_kept": "limit"}
    for label in stored.program.rows:
        family, place = label[:-1].split("[", 1)
        if family == "supply_limit" and stored.program.origins[place].kind == SHORTAGE:
            continue  # what a sink goes without is no origin that a user knows
        for side, step in ((0, -1), (1, +1)):
            by_pivots = slope(corner, label, step)
            expected = None if by_pivots is None else sign[family] * by_pivots
            assert table[place, role[family]][side] == expected, (label, step)
    return True


@pytest.mark.parametrize("seed", range(25))
def test_values_of_degenerate_networks_are_those_of_pivots(seed: int, tmp_path: Path) -> None:
    check(degenerate(seed), tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_values_of_varied_cases_are_those_of_pivots(seed: int, tmp_path: Path) -> None:
    if (case := varied_case(seed)) is not None:
        check(case, tmp_path)


@pytest.mark.parametrize("seed", [5, 20, 26, 34])
def test_values_with_prices_and_shortages_are_those_of_pivots(seed: int, tmp_path: Path) -> None:
    case = trade_case(seed)
    assert case is not None
    check(case, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(40, 2040, 100))
def test_thousands_of_values_are_those_of_pivots(first: int, tmp_path: Path) -> None:
    told = 0
    for seed in range(first, first + 100):
        told += check(degenerate(seed), tmp_path / f"d{seed}")
        if (case := varied_case(seed)) is not None:
            told += check(case, tmp_path / f"v{seed}")
    assert told > 20


def bounded_everywhere() -> Case:
    """Two mills, one smelter of 5 to 8 kt; a link of 3 kt, and limits on a mill and on the whole.

    Near sends at 10 CNY/t by the link, at most 3 kt, Far at 30 by road. The smelter takes its
    least, 5 kt: 3 from Near, 2 from Far, which is bound by a limit of 2 kt. One kt more has
    nowhere to come from; one less saves 30; one more through the link saves 20.
    """
    return make_case(
        origins=pd.DataFrame(
            {"origin": ["Near", "Far"], "supply_kt": [9.0, 9.0], "node": ["N", "F"]}
        ),
        sinks=pd.DataFrame(
            {"sink": ["Smelter"], "demand_kt": [5.0], "max_kt": [8.0], "node": ["S"]}
        ),
        nodes=pd.DataFrame({"node": ["N", "F", "S"]}),
        links=pd.DataFrame(
            {
                "from": ["N", "F"],
                "to": ["S", "S"],
                "mode": ["rail", "road"],
                "km": [10.0, 30.0],
                "limit_kt": [3.0, float("nan")],
            }
        ),
        modes=pd.DataFrame(
            {"mode": ["rail", "road"], "fixed_cny_per_t": [0.0, 0.0], "cny_per_t_km": [1.0, 1.0]}
        ),
        limits=pd.DataFrame(
            {"limit": ["two of Far", "whole"], "origin": ["Far", ""], "max": [2.0, 6.0]}
        ),
    )


def test_values_of_a_network_bounded_everywhere_are_those_worked_out(tmp_path: Path) -> None:
    case = bounded_everywhere()
    assert check(case, tmp_path)
    found = solved(case, tmp_path / "again")
    assert found is not None
    table = marginal_value_table(*(found[0].program, found[1]))
    assert table["Smelter", "sink"] == (Fraction(30), None)
    assert table["two of Far", "limit"] == (None, Fraction(0))
    assert table["N>S:rail", "limit"] == (None, Fraction(20))
    assert table["whole", "limit"] == (Fraction(0), Fraction(0))
    assert table["Near", "origin"] == (Fraction(0), Fraction(0))
