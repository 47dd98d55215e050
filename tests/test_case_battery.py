"""The bundled case with duties: its figures, duties by date, break points by brute force."""

from __future__ import annotations

import importlib.util
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.result.balance import figures
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.scenarios.scenario import apply, list_scenarios, load_scenario
from model.solve.column_generation import Allocator
from model.solve.optimum import Optimum
from model.studies.curve.curve import Curve, figure_curve
from model.studies.parametric.figure import Figure

CASE = Path(__file__).parents[1] / "data" / "battery_2024"
GRADES = {"reported", "derived", "external", "assumed"}
WITHOUT_GRADE = {"observed", "sources", "names", "assumptions"}
SCENARIOS = list_scenarios(CASE)
RATE = Figure("duties.rate")
MOST = 10.0

PLANTS = {
    "oman_100": ("Zhongke Oman", 0.095248),
    "malaysia_50": ("Shangtai Malaysia", 0.104768),
    "indonesia_80": ("BTR Indonesia", 0.108899),
    "morocco_60": ("BTR Morocco", 0.140812),
    "finland_50": ("Shanshan Finland", 0.283976),
}
"""Scenario → the plant in it, and the duty on all producers in China above which it ships."""


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(CASE / f"{name}.csv")


def tables() -> list[str]:
    return sorted(path.stem for path in CASE.glob("*.csv"))


@cache
def case_under(scenario: str) -> Case:
    return apply(read_case(CASE), load_scenario(CASE, scenario))[0]


@cache
def solved(scenario: str) -> Allocation:
    case, ledger = apply(read_case(CASE), load_scenario(CASE, scenario))
    return evaluate(case, ScenarioInfo(scenario), ledger, RunOptions())


@cache
def rate_on(origin: str, scenario: str) -> float:
    """All duties together on a company, in the year of a scenario."""
    case = case_under(scenario)
    held = case.duties["origin"].str.split("|").apply(lambda names: origin in names)
    began = case.duties["from_date"].str[:4].astype(int) <= (case.settings.year or 0)
    return float(case.duties.loc[held & began, "rate"].sum())


@cache
def duty_curve(scenario: str) -> Curve:
    return figure_curve(case_under(scenario), RATE, 0.0, MOST)


def solved_at(scenario: str, rate: float) -> tuple[Allocator, Optimum]:
    """A solve from nothing at one duty: the brute force of these tests."""
    allocator = Allocator(compile_market(RATE.put(case_under(scenario), rate)))
    return allocator, allocator.optimise()


def shipped_by(plant: str, allocator: Allocator, optimum: Optimum) -> float:
    number = allocator.market.origins.index(plant)
    return float(optimum.ship_kt[np.asarray(optimum.lanes.origin) == number].sum())


# Figures


def test_markets_and_producers_add_up_to_what_is_printed() -> None:
    origins = table("origins").set_index("origin")
    assert table("sinks")["demand_kt"].sum() == 2206
    at_home = origins[origins["kind"] == "domestic"]
    stock_built = 354.6 + 228.6 + 226.8 + 136.7 + 75.1 - (339.5 + 225.7 + 216.5 + 132.3 + 68.9)
    assert at_home["supply_kt"].sum() - stock_built == pytest.approx(2115)
    assert origins.loc["Other producers", "supply_kt"] == 2206 - 2115


def test_unit_values_are_revenue_over_sales() -> None:
    observed = table("observed").dropna(subset="region").query("origins.isna()")
    revenue, sales = (
        observed[observed["quantity"] == quantity].set_index("region")["value"]
        for quantity in ("yearly_revenue_bn_cny", "shipped_kt")
    )
    sales = sales[revenue.index]
    value = table("duties").query("duty != 'Section 301'").set_index("origin")["value_cny_per_t"]
    for company in revenue.index:
        assert value[company] == round(1e6 * revenue[company] / sales[company]), company
    mean = round(1e6 * revenue.sum() / sales.sum())
    assert value["Rest of China"] == value["Huzhou Kaijin|Shanghai Shaosheng"] == mean == 24341


@pytest.mark.parametrize(
    ("project", "capex"),
    [
        ("Shangtai Malaysia 50", 154e6 * 7.12 / 50e3),
        ("BTR Indonesia I", 478e6 * 7.12 / 80e3),
        ("Zhongke Morocco I", 5e9 / 100e3),
        ("Zhongke Oman II", 8e9 / 200e3),
        ("Shanshan Finland I", 1.28e9 * 7.79 / 100e3),
    ],
)
def test_capital_is_what_was_announced_over_the_size(project: str, capex: float) -> None:
    projects = table("projects").set_index("project")
    assert projects.loc[project, "capex_cny_per_t"] == round(capex)


@pytest.mark.parametrize("name", [name for name in tables() if name not in {"sources", "names"}])
def test_every_row_has_a_source_that_is_listed(name: str) -> None:
    cited = table(name)["source"].dropna()
    assert len(cited) == len(table(name))
    assert set(cited.str.split("|").explode()) <= set(table("sources")["source"])


@pytest.mark.parametrize("name", [name for name in tables() if name not in WITHOUT_GRADE])
def test_every_row_has_a_grade(name: str) -> None:
    assert set(table(name)["grade"]) <= GRADES


def test_every_assumed_market_size_and_cost_has_a_range_around_it() -> None:
    assumptions = table("assumptions").query("scenario.isna()").fillna({"where": ""})
    assert (assumptions["low"] < assumptions["high"]).all()
    case = read_case(CASE)
    for row in assumptions.itertuples():
        now = Figure(str(row.target), str(row.where), str(row.how)).now(case)
        assert now is None or row.low <= now <= row.high, row.assumption
    ranged = "; ".join(assumptions["where"])
    assumed = table("sinks")["sink"].tolist() + table("modes")["mode"].tolist()
    origins = table("origins")
    assumed += origins.loc[origins["grade"] == "assumed", "origin"].tolist()
    assert all(f"={name}" in ranged for name in assumed)


@pytest.mark.parametrize("sink", table("sinks")["sink"])
def test_the_range_of_a_market_alone_leaves_a_plan(sink: str) -> None:
    """Stock carries the difference, so that each assumption can be varied by itself."""
    assumptions = table("assumptions").query("scenario.isna()").set_index("where")
    for end in ("low", "high"):
        size = float(assumptions.loc[f"sink={sink}", end])
        case = Figure("sinks.demand_kt", f"sink={sink}").put(case_under("base"), size)
        assert Allocator(compile_market(case)).optimise().status.name == "OPTIMAL", (sink, end)


def test_distances_are_reproduced_by_their_script() -> None:
    spec = importlib.util.spec_from_file_location("battery_distances", CASE / "distances.py")
    assert spec is not None
    assert spec.loader is not None
    distances = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(distances)
    links = table("links").set_index(["from", "to", "mode"])["km"]
    computed = distances.computed_km()
    np.testing.assert_allclose(computed[links.index], links, atol=0.05)


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_says_what_why_and_on_whose_word(name: str) -> None:
    text = (CASE / "scenarios" / f"{name}.toml").read_text(encoding="utf-8")
    scenario = tomllib.loads(text)
    sources = set(table("sources")["source"])
    assert all(scenario[key] for key in ("title", "why", "source"))
    assert set(scenario["source"].split("|")) <= sources
    for step in scenario.get("step", []):
        assert step["why"]
        assert step["grade"] in GRADES
        assert set(step["source"].split("|")) <= sources


# Duties


def test_duties_apply_from_the_year_of_their_date() -> None:
    assert solved("no_duty").figures["duty_cost_mcny"] == 0
    assert solved("base").figures["duty_cost_mcny"] == pytest.approx(397.79, abs=0.01)
    assert (
        solved("no_order_2026").figures["total_cost_mcny"]
        == solved("base").figures["total_cost_mcny"]
    )


@pytest.mark.parametrize(
    ("scenario", "others", "named"),
    [
        ("base", 0.25, 0.25),
        ("preliminary", 0.25 + 0.0655, 0.25 + 7.1203),
        ("amended_july_2025", 0.25 + 0.1158, 0.25 + 7.2103),
        ("dumping_july_2025", 0.25 + 0.1158 + 0.935, 0.25 + 7.2103 + 1.0272),
        ("final", 0.25 + 0.6682 + 0.935, 0.25 + 0.6686 + 1.0272),
        ("no_order_2026", 0.25, 0.25),
        ("petition", 0.25 + 9.2, 0.25 + 9.2),
    ],
)
def test_the_rates_by_date_are_those_that_were_published(
    scenario: str, others: float, named: float
) -> None:
    for company in ("BTR", "Shanshan", "PTL", "Rest of China"):
        assert rate_on(company, scenario) == pytest.approx(others)
    assert rate_on("Huzhou Kaijin", scenario) == pytest.approx(named)


def test_what_was_never_imposed_says_so() -> None:
    text = (CASE / "scenarios" / "final.toml").read_text(encoding="utf-8")
    assert "never imposed" in tomllib.loads(text)["title"]


def test_the_duty_is_a_part_of_the_cost_of_its_own() -> None:
    result = solved("preliminary")
    flows, figure = result.flows, result.figures
    taxed = flows[flows["duty_cny_per_t"] > 0]
    assert set(taxed["sink"]) == {"United States"}
    assert set(taxed["origin"]) == {"Shangtai", "Xiangfenghua"}
    rate_times_value = {"Shangtai": 0.3155 * 21741, "Xiangfenghua": 0.3155 * 20058}
    for row in taxed.itertuples():
        assert row.duty_cny_per_t == pytest.approx(rate_times_value[str(row.origin)])
    parts = ("transport", "production", "duty", "carbon", "fixed")
    total = sum(float(figure[f"{part}_cost_mcny"] or 0) for part in parts)
    assert total == pytest.approx(float(figure["total_cost_mcny"] or 0))


def test_the_named_two_sell_nothing_in_the_united_states() -> None:
    flows = solved("preliminary").flows
    named = flows[flows["origin"].isin(["Huzhou Kaijin", "Shanghai Shaosheng"])]
    assert set(named["sink"]) == {"China"}
    assert named["ship_kt"].sum() == pytest.approx(65)


@pytest.mark.parametrize("scenario", ["base", *PLANTS, "overseas_built"])
def test_cost_over_the_duty_agrees_with_re_solves(scenario: str) -> None:
    curve = duty_curve(scenario)
    ends = [piece.end for piece in curve.pieces]
    middles = [(piece.start + piece.end) / 2 for piece in curve.pieces]
    for rate in (0.0, *ends, *middles, 0.0655, 0.25, 0.3155, 1.3008, 1.8532, 9.45):
        _, optimum = solved_at(scenario, rate)
        assert curve.cost_kcny(rate) == pytest.approx(optimum.objective, rel=1e-9), rate


@pytest.mark.parametrize("scenario", PLANTS)
def test_a_plant_enters_at_its_break_point(scenario: str) -> None:
    plant, enters = PLANTS[scenario]
    exact = min(duty_curve(scenario).breakpoints, key=lambda rate: abs(rate - enters))
    assert exact == pytest.approx(enters, abs=1e-6)
    assert shipped_by(plant, *solved_at(scenario, exact - 1e-7)) == 0
    assert shipped_by(plant, *solved_at(scenario, exact + 1e-7)) > 1


@pytest.mark.parametrize("scenario", PLANTS)
def test_a_plant_is_worth_nothing_until_it_enters(scenario: str) -> None:
    _, enters = PLANTS[scenario]
    without, with_it = duty_curve("base"), duty_curve(scenario)
    for rate in (0.0, 0.0655, enters - 1e-6):
        assert without.cost_kcny(rate) == pytest.approx(with_it.cost_kcny(rate))
    assert without.cost_kcny(enters + 0.01) > with_it.cost_kcny(enters + 0.01) + 1


def test_a_break_point_follows_from_four_freights_by_hand() -> None:
    """A tonne from Malaysia frees one of Shangtai, which sells at home instead of Zhongke's."""
    case = RATE.put(case_under("malaysia_50"), 0.108)
    flows = evaluate(case, ScenarioInfo(""), pd.DataFrame(), RunOptions()).flows
    freight = flows.set_index(["origin", "sink"])["freight_cny_per_t"]
    before = solved("base").flows.set_index(["origin", "sink"])["freight_cny_per_t"]
    dearer = (
        2500
        + freight["Shangtai Malaysia", "United States"]
        - before["Shangtai", "United States"]
        + before["Shangtai", "China"]
        - before["Zhongke", "China"]
    )
    assert dearer / 21741 == pytest.approx(PLANTS["malaysia_50"][1], abs=1e-6)


# Runs


def test_sales_of_every_company_are_reproduced() -> None:
    observed = solved("sales_as_reported").observed
    companies = observed[observed["region"].isin(table("duties")["origin"])]
    printed = companies[companies["quantity"].isin(["supply_kt", "shipped_kt", "unshipped_kt"])]
    assert len(printed) == 16
    assert printed["difference"].abs().max() < 1e-6


def test_what_the_base_can_reproduce_it_does_and_the_rest_is_blank() -> None:
    observed = solved("base").observed
    checked = observed[observed["holds"] != ""]
    assert set(checked["holds"]) == {"true"}
    assert len(checked) == 10
    beyond = observed[observed["quantity"].str.startswith("year")]
    assert beyond["reproduced"].isna().all()
    assert len(beyond) == 13


@pytest.mark.parametrize("scenario", ["base", "preliminary", "final", "petition", "overseas_built"])
def test_a_run_has_an_answer_and_its_figures_add_up(scenario: str) -> None:
    result = solved(scenario)
    assert result.answer().has_content
    assert result.status == "optimal"
    again = figures(result.case, result.flows, result.balance)
    assert again["total_cost_mcny"] == pytest.approx(result.figures["total_cost_mcny"])
    assert result.figures["shipped_kt"] == pytest.approx(2206)
    assert result.figures["deficit_kt"] == 0
