"""The figures of the README are what the program says today: its tables, made again."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.result.allocation import Allocation
from model.scenarios.prepare import prepare
from model.studies.curve.curve import Curve, capacity_curves, figure_curve, pairs
from model.studies.curve.tables import capacity_table
from model.studies.parametric.figure import Figure
from model.studies.sites import deficit_regions, regions_of
from model.studies.siting.requirements import Requirements
from model.studies.siting.site import SiteOptions, site
from reports.language.numbers import percent, plain
from tests.support.readme import (
    BATTERY,
    PREBAKED,
    ROOT,
    Rows,
    plain_spaces,
    says,
    solved,
    table_after,
)

CAPACITY = ("yunnan_775", "inner_mongolia_1095", "yunnan_and_inner_mongolia", "all_deficits")
BUDGETS_MCNY = (1000, 2000, 4000)
PLANTS_ABROAD = {
    "oman_100": "Zhongke Oman",
    "malaysia_50": "Shangtai Malaysia",
    "indonesia_80": "BTR Indonesia",
    "morocco_60": "BTR Morocco",
    "finland_50": "Shanshan Finland",
}

pytestmark = pytest.mark.system


def cost_parts_mcny(result: Allocation) -> pd.DataFrame:
    """Cost of every link and every loading of the plan: mode, grade of the length, MCNY."""
    links, modes = result.case.links, result.case.modes.set_index("mode")
    parts = []
    for flow in result.flows.itertuples():
        if not flow.route:
            parts.append((flow.mode, "", flow.cost_mcny))  # a lane of its own: next door
        stops = re.split(r" >([^>]+)> ", flow.route)
        last = ""
        for start, mode, end in zip(stops[::2], stops[1::2], stops[2::2], strict=False):
            there = (links["from"] == start) & (links["to"] == end)
            back = (links["from"] == end) & (links["to"] == start)
            (link,) = links[(links["mode"] == mode) & (there | back)].to_dict("records")
            grade, cost_cny_per_t = "", link["cost_cny_per_t"]
            if pd.isna(cost_cny_per_t):
                grade, cost_cny_per_t = link["grade"], link["km"] * modes.at[mode, "cny_per_t_km"]
            parts.append((mode, grade, flow.ship_kt * cost_cny_per_t / 1000))
            if mode != last:
                parts.append((mode, "", flow.ship_kt * modes.at[mode, "fixed_cny_per_t"] / 1000))
            last = mode
    return pd.DataFrame(parts, columns=["mode", "grade", "mcny"])


def base_figures() -> Rows:
    told: dict[str, Any] = solved().figures
    per_t = 1000 * told["total_cost_mcny"] / told["shipped_kt"]
    observed = solved().observed.set_index("quantity")
    spread, in_market = observed.loc["price_spread_cny_per_t", ["reproduced", "reported"]]

    def whole(name: str) -> str:
        return plain(told[name], 0)

    return [
        [
            "least cost of freight",
            f"{whole('total_cost_mcny')} MCNY a year, {plain(per_t, 1)} CNY/t",
        ],
        ["of it land, sea", f"{whole('land_cost_mcny')}, {whole('sea_cost_mcny')} MCNY"],
        [
            "shipped",
            f"{whole('shipped_kt')} kt: {whole('domestic_kt')} at home, {whole('export_kt')}"
            f" exported; {whole('unshipped_kt')} kt stay",
        ],
        [
            f"deficit of {len(deficit_regions(solved().case))} provinces",
            f"{whole('deficit_kt')} kt",
        ],
        [
            "cross a provincial border",
            f"{whole('moved_kt')} kt; mean haul {whole('mean_haul_km')} km",
        ],
        [
            "price, north-west over east",
            f"{plain(spread, 0)} CNY/t found; {plain(in_market, 0)} in the market",
        ],
    ]


def balances() -> Rows:
    observed = solved().observed
    rows = observed[(observed["quantity"] == "balance_kt") & (observed["region"] != "")]
    held = sorted(rows.to_dict("records"), key=lambda row: -row["reproduced"])
    whole = observed[(observed["quantity"] == "balance_kt") & (observed["region"] == "")]
    return [
        [
            "Table 3's Others" if "|" in row["region"] else row["region"] or "China",
            plain(row["reproduced"], 0),
            plain(row["reported"], 0),
            plain(row["difference"], 0, signed=True),
            plain(row["tolerance"], 0),
        ]
        for row in [*held, *whole.to_dict("records")]
    ]


def easing() -> Rows:
    rows = []
    printed = [f"as_printed_{name}" for name in CAPACITY]
    for scenario in ("base", *CAPACITY, "as_printed", *printed):
        figures: dict[str, Any] = solved(scenario).figures
        coke: dict[str, Any] = solved(with_coke(scenario)).figures
        rows.append(
            [
                f"`{scenario}`",
                plain(figures["deficit_kt"], 0),
                plain(figures["moved_kt"], 0),
                plain(figures["bn_t_km"], 2),
                plain(figures["total_cost_mcny"], 0),
                percent(figures["self_sufficiency"]),
                plain(coke["moved_kt"], 0),
                plain(coke["bn_t_km"], 2),
                plain(coke["total_cost_mcny"], 0),
            ]
        )
    return rows


def with_coke(scenario: str) -> str:
    """The scenario that makes a market pay for coke and pitch too."""
    if scenario.startswith("as_printed"):
        return scenario.replace("as_printed", "as_printed_coke", 1)
    return "coke" if scenario == "base" else f"coke_{scenario}"


@cache
def worth() -> list[Curve]:
    case = solved().case
    return capacity_curves(case, regions_of(case))


def first_tonnes() -> Rows:
    printed = solved("as_printed").case
    regions = [name for name in regions_of(printed) if name in regions_of(solved().case)]
    alone = {curve.of: curve for curve in capacity_curves(printed, regions, 1.0)}
    everywhere = regions_of(solved().case)
    inputs = {curve.of: curve for curve in capacity_curves(solved("coke").case, everywhere, 1.0)}
    return [
        [
            curve.of,
            plain(-curve.pieces[0].slope, 0),
            plain(curve.pieces[0].end),
            plain((curve.cost_kcny(0.0) - curve.cost_kcny(500.0)) / 1000, 0),
            plain(-alone[curve.of].pieces[0].slope, 0) if curve.of in alone else "—",
            plain(abs(inputs[curve.of].pieces[0].slope), 0),
        ]
        for curve in sorted(worth(), key=lambda curve: curve.pieces[0].slope)
    ]


def breaks() -> Rows:
    curves = capacity_table(worth())
    return [
        [
            place,
            f"{plain(row['from_kt'])}–{plain(row['to_kt'])}",
            plain(row["value_cny_per_t"], 0),
            row["ends"] or "—",
        ]
        for place in ("Yunnan", "Inner Mongolia")
        for row in curves[curves["place"] == place].to_dict("records")
        if row["from_kt"] < solved().balance.set_index("region").at[place, "deficit_kt"]
    ]


@cache
def sited(budget_mcny: int) -> Allocation:
    prepared = prepare(PREBAKED, ["base"])[0]
    requirements, options = (
        Requirements(budget_mcny=float(budget_mcny)),
        SiteOptions(top=2, full=True),
    )
    return site(prepared.case, prepared.scenario, prepared.ledger, requirements, options).result


def recommended(budget_mcny: int) -> list[str]:
    studies = sited(budget_mcny).studies
    best, second = pd.DataFrame(studies["site_sets"]).to_dict("records")
    built = pd.DataFrame(studies["site_options"]).query("chosen")
    chosen, other = set(best["set"].split("; ")), set(second["set"].split("; "))
    change = [f"with {name}" for name in sorted(other - chosen)]
    change += [f"without {name}" for name in sorted(chosen - other)]
    flips = pd.DataFrame(studies["site_cost_flips"]).dropna(subset=["change_share"])
    flip = flips.loc[flips["change_share"].abs().idxmin()]
    side = "above" if flip["chosen"] else "below"
    return [
        plain(budget_mcny, 0),
        ", ".join(f"{row.option} ({plain(row.size_kt, 0)})" for row in built.itertuples()),
        plain(best["capital_mcny"], 0),
        plain(solved().figures["total_cost_mcny"] - best["cost_mcny"], 1),
        ", ".join(change),
        plain(best["gap_mcny"] + second["gap_mcny"], 3),
        f"{flip['option']} {side} {plain(flip['stays_best_below'], 0)} CNY per t/a"
        f" ({percent(flip['change_share'], signed=True)})",
    ]


def duty_breaks() -> Rows:
    rows = []
    for scenario, plant in PLANTS_ABROAD.items():
        case = prepare(BATTERY, [scenario])[0].case
        curve = figure_curve(case, Figure("duties.rate"), 0, 10)
        at = next(
            at
            for at, (_, change) in zip(curve.breakpoints, curve.texts, strict=False)
            if f"{plant} to United States 0" in change
        )
        rows.append([f"`{scenario}`", plant, percent(at, 2).replace("\N{NO-BREAK SPACE}", " ")])
    return rows


@pytest.mark.parametrize(
    ("heading", "made_again"),
    [
        ("What a run says", base_figures),
        ("Does it reproduce the paper?", balances),
        ("What new capacity eases", easing),
        ("What the first tonne is worth", first_tonnes),
        ("Where that worth breaks, and why", breaks),
        ("A second market: anodes for batteries", duty_breaks),
    ],
)
def test_a_table_of_the_readme(heading: str, made_again: Any) -> None:
    assert table_after(heading) == plain_spaces(made_again())


@pytest.mark.parametrize("budget_mcny", BUDGETS_MCNY)
def test_what_to_build_within_a_budget(budget_mcny: int) -> None:
    row = table_after("Where to build")[BUDGETS_MCNY.index(budget_mcny)]
    assert row == plain_spaces([recommended(budget_mcny)])[0]


def test_the_share_of_cost_that_is_assumed() -> None:
    result = solved()
    assert set(result.case.modes["grade"]) == {"assumed"}
    parts = cost_parts_mcny(result)
    total = parts["mcny"].sum()
    assert total == pytest.approx(result.figures["total_cost_mcny"], rel=1e-9)
    rail = parts.loc[parts["mode"].isin(["rail", "rail_container"]), "mcny"].sum()
    founded = parts.loc[parts["grade"].isin(["external", "derived"]), "mcny"].sum()
    assert says(f"{percent(rail / total, 0)} of it is rail")
    assert says(f"{percent(founded / total, 0)} of it lies on lengths")


def test_values_do_not_add() -> None:
    (row,) = pairs(solved().case, ["Yunnan", "Guangxi"], 500.0).to_dict("records")
    assert says(f"save {plain(row['lost_mcny'], 0)} MCNY less than the sum of each alone")


def test_what_a_sweep_says(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "solve.py"), "sweep", str(ROOT / "docs" / "draws.toml")]
    done = subprocess.run(
        [*command, "--out", str(tmp_path)], capture_output=True, text=True, check=True
    )
    nine_in_ten = re.search(r"nine in ten ([\d,]+) to ([\d,]+)", done.stdout)
    assert nine_in_ten is not None
    assert says(f"nine in ten cost {nine_in_ten[1]} to {nine_in_ten[2]} MCNY")
