"""What capital brings: by hand, by another solver of rates, and held to it by `verify`."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

import pytest
from scipy.optimize import brentq

from model import site, verify
from model.case.case import Case
from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.returns import CashFlow
from tests.support.siting_problems import answer, small

FACTOR = capital_recovery_factor(0.1, 20)


def with_projects(**columns: list[object]) -> Case:
    return small(projects=small().projects.assign(**columns))


def money_of(case: Case) -> dict[tuple[str, str], dict[str, float]]:
    rows = answer(case).result.studies["site_money"]
    return {(row["option"], row["basis"]): row for row in rows}


def test_returns_of_each_project_and_of_the_set_by_hand() -> None:
    """A saves 50 kt x 90 CNY/t, B 50 x 110; each is 50 kt of 500 or 600 CNY/t."""
    found = money_of(small())
    for name, capital, cash in (("A", 25.0, 4.5), ("B", 30.0, 5.5), ("", 55.0, 10.0)):
        row = found[name, "margin" if name else "set"]
        assert row["capital_mcny"] == pytest.approx(capital)
        assert row["annuity_mcny"] == pytest.approx(capital * FACTOR)
        assert row["yearly_cash_mcny"] == pytest.approx(cash)
        assert row["npv_mcny"] == pytest.approx(cash / FACTOR - capital)
        assert row["payback_years"] == pytest.approx(capital / cash)
        rate = brentq(lambda r, k=capital, c=cash: c / capital_recovery_factor(r, 20) - k, 1e-6, 1)
        assert row["irr"] == pytest.approx(rate)


def test_what_the_set_already_saves_is_no_cash_of_another() -> None:
    """Beside A and B, C saves but 10 kt x 60 CNY/t: its 45 MCNY never come back."""
    row = money_of(small())["C", "margin"]
    assert row["yearly_cash_mcny"] == pytest.approx(0.6)
    assert row["payback_years"] is None
    assert row["irr"] < 0
    assert money_of(small())["C", "alone"]["yearly_cash_mcny"] == pytest.approx(7.0)


def test_scale_and_yearly_cost_are_in_capital_and_in_cash() -> None:
    case = with_projects(fixed_capex_mcny=[2.0, 0.0, 0.0], fixed_mcny_per_year=[0.5, 0.0, 0.0])
    row = money_of(case)["A", "margin"]
    assert (row["capital_mcny"], row["yearly_cash_mcny"]) == pytest.approx((27.0, 4.0))


def test_without_capital_there_is_no_rate() -> None:
    row = money_of(with_projects(capex_cny_per_t=[0.0, 600.0, 450.0]))["A", "margin"]
    assert row["irr"] is None
    assert row["npv_mcny"] == pytest.approx(4.5 / FACTOR)


def test_cash_begins_after_the_lead() -> None:
    row = money_of(with_projects(lead_years=[2.0, 0.0, 0.0]))["A", "margin"]
    assert row["npv_mcny"] == pytest.approx(4.5 / FACTOR / 1.1**2 - 25.0)


@pytest.mark.parametrize(
    ("lead", "life"), [("0", "20"), ("3", "7"), ("7/12", "5/2"), ("1/2", "3/4"), ("0", "11/12")]
)
def test_at_the_internal_rate_the_value_is_nothing(lead: str, life: str) -> None:
    flow = CashFlow(10.0, 12.5, Fraction(lead), Fraction(life))
    rate = flow.irr()
    assert rate is not None
    assert flow.npv(rate) == pytest.approx(0.0, abs=1e-6)


def test_a_run_states_them_and_verify_holds_it_to_them(tmp_path: Path) -> None:
    folder = site(small(), top=1).save(tmp_path / "runs")
    assert verify(folder).agrees
    file = folder / "money.csv"
    header, *rows = csv.reader(file.read_text().splitlines())
    rows[0][header.index("npv_mcny")] = "99"
    file.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n")
    assert not verify(folder).agrees
