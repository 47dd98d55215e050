"""Every `reported` and `derived` figure of both cases again, from what paper and article print."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.support import paper_tables as printed

DATA = Path(__file__).parents[1] / "data"
PREBAKED, BATTERY = DATA / "prebaked_2024", DATA / "battery_2024"
GROUP = "Liaoning|Ningxia|Hebei|Shanxi|Jiangsu|Shaanxi|Chongqing|Sichuan|Hubei|Fujian"
"""Table 3's Others by province."""
KT = 1000
RECOMPUTED = ("reported", "derived")
Row = dict[str, Any]


@cache
def rows(case: Path, table: str) -> list[Row]:
    frame = pd.read_csv(case / f"{table}.csv", dtype=str, keep_default_na=False)
    return [{str(key): cell for key, cell in row.items()} for row in frame.to_dict("records")]


def appended(case: Path, table: str) -> Iterator[Row]:
    """Rows that scenarios bring in."""
    for path in sorted((case / "scenarios").glob("*.toml")):
        for step in tomllib.loads(path.read_text(encoding="utf-8")).get("step", []):
            if step.get("append") == table:
                yield {key: str(cell) for key, cell in step["row"].items()}


def graded(case: Path, table: str) -> list[Row]:
    """Every row of a table that says that its figures are printed or follow from print."""
    every = [*rows(case, table), *appended(case, table)]
    return [row for row in every if row.get("grade") in RECOMPUTED]


def most_precise(quantity: str, region: str, table: dict[str, float]) -> float:
    return KT * printed.TEXT.get((quantity, region), table[region])


DEMAND = {name: row[1] for name, row in printed.TABLE_3.items()}
PRINTED_BY = {"supply_kt": 0, "demand_kt": 1, "export_kt": 2, "balance_kt": 3}


# Prebaked anodes


def test_outputs_and_capacities() -> None:
    found = graded(PREBAKED, "origins")
    assert len(found) == 13
    for row in found:
        region = row["region"]
        assert float(row["supply_kt"]) == most_precise("output", region, printed.OUTPUT), region
        assert float(row["capacity_kt"]) == pytest.approx(KT * printed.CAPACITY[region]), region


def test_demands_and_markets() -> None:
    found = graded(PREBAKED, "sinks")
    assert {row["kind"] for row in found} == {"domestic", "export"}
    for row in found:
        want = printed.MARKETS.get(row["sink"])
        if row["kind"] == "domestic":
            want = most_precise("demand", row["region"], DEMAND)
        assert float(row["demand_kt"]) == want, row["sink"]
    assert {row["sink"] for row in found if row["kind"] == "export"} == {*printed.MARKETS} - {
        "Total"
    }


def test_exports_by_province() -> None:
    found = {row["region"]: float(row["max"]) for row in rows(PREBAKED, "limits")}
    assert found.pop("Shandong") == KT * printed.TEXT["exports", "Shandong"]
    assert found.pop("Henan") == KT * printed.TABLE_3["Henan"][2]
    assert found.pop(GROUP) == KT * printed.TABLE_3[printed.OTHERS][2]
    ((others, most),) = found.items()
    assert most == 0
    nought = {name for name, row in printed.TABLE_3.items() if row[2] == 0}
    assert set(others.split("|")) == nought


def test_captive_tonnes_of_2016() -> None:
    """Self-supply of 2016, of today's demand; at most the province's output and its demand."""
    floors = [row for row in graded(PREBAKED, "limits") if row.get("min")]
    assert {row["region"] for row in floors} == set(printed.SELF_SUPPLY_2016)
    demand: dict[str, float] = {}
    made: dict[str, float] = {}
    for total, table, column in ((demand, "sinks", "demand_kt"), (made, "origins", "supply_kt")):
        for row in rows(PREBAKED, table):
            total[row["region"]] = total.get(row["region"], 0.0) + float(row[column])
    for row in floors:
        region = row["region"]
        share = printed.SELF_SUPPLY_2016[region] * demand[region]
        least = min(share, demand[region], made[region])
        assert float(row["min"]) == pytest.approx(least, abs=0.5), region


def test_what_the_first_case_is_compared_with() -> None:
    seen = 0
    for row in rows(PREBAKED, "observed"):
        source, quantity, region = row["source"], row["quantity"], row["region"]
        if not source.startswith("lang2025"):
            continue
        seen += 1
        name = {"": "Total", GROUP: printed.OTHERS}.get(region, region)
        if source == "lang2025_s52":
            want = KT * printed.SECTION_5_2[region]
        elif source == "lang2025_t4":
            want = printed.MARKETS["Total"]
        elif (source, quantity) == ("lang2025_text", "supply_kt"):
            want = KT * printed.NATIONAL_OUTPUT
        else:
            want = KT * printed.TABLE_3[name][PRINTED_BY[quantity]]
        assert float(row["value"]) == pytest.approx(want), (quantity, region)
    assert seen == 47


def test_the_tables_of_the_paper_say_what_the_page_of_the_case_says_of_them() -> None:
    """Sums as they are printed, and as they come out."""
    kt = {name: [round(KT * cell) for cell in row] for name, row in printed.TABLE_3.items()}
    total = kt.pop("Total")
    sums = [sum(cells) for cells in zip(*kt.values(), strict=True)]
    assert (sums[0], sums[1]) == (23_120, 19_570) and (total[0], total[1]) == (23_100, 19_560)
    assert round(sum(printed.CAPACITY.values()), 2) == 30.38
    assert round(sum(printed.OUTPUT.values()), 2) == 23.12
    exports = sum(kt for name, kt in printed.MARKETS.items() if name != "Total")
    assert round(exports, 1) == 2165.7
    slips = {
        name for name, (made, used, sent, left) in kt.items()
        if abs(made - used - sent - left) > (15 if sent else 10)
    }  # fmt: skip
    assert slips == set()
    off = {name: made - used - sent for name, (made, used, sent, _) in kt.items()}
    assert (off["Henan"], off[printed.OTHERS]) == (860, 690)


def test_no_other_row_of_the_first_case_claims_to_be_printed() -> None:
    """Lengths of lines apart, which distances.py computes again from what is published."""
    claimed = {
        path.stem
        for path in PREBAKED.glob("*.csv")
        if any(row.get("grade") in RECOMPUTED for row in rows(PREBAKED, path.stem))
    }
    assert claimed == {"limits", "sinks", "links"}


# Battery anodes


def test_companies() -> None:
    found = {row["origin"]: row for row in graded(BATTERY, "origins")}
    rest = found.pop("Other producers")
    assert float(rest["supply_kt"]) == printed.WORLD_KT - printed.CHINA_KT
    assert set(found) == set(printed.COMPANIES)
    for name, row in found.items():
        company = printed.COMPANIES[name]
        assert float(row["supply_kt"]) == company.get("output", company["sales"]), name
        assert row["capacity_kt"] == str(company.get("capacity", "")), name


def value_of(*names: str) -> int:
    """Revenue over sales, CNY/t."""
    every = [printed.COMPANIES[name] for name in names]
    return round(1e6 * sum(c["revenue"] for c in every) / sum(c["sales"] for c in every))


def test_duties_of_the_article() -> None:
    found = graded(BATTERY, "duties")
    assert len(found) == 8
    for row in found:
        is_named = row["origin"] == "Huzhou Kaijin|Shanghai Shaosheng"
        assert float(row["rate"]) == (printed.ON_THE_NAMED if is_named else printed.ON_ALL_OTHERS)
        companies = (row["origin"],) if row["origin"] in printed.COMPANIES else printed.COMPANIES
        assert float(row["value_cny_per_t"]) == value_of(*companies), row["origin"]
        assert row["from_date"] == printed.PRELIMINARY
    for row in rows(BATTERY, "duties"):  # values are the same whatever the duty
        companies = (row["origin"],) if row["origin"] in printed.COMPANIES else printed.COMPANIES
        assert float(row["value_cny_per_t"]) == value_of(*companies), row["duty"]


def test_the_plan_of_morocco_and_what_scenarios_take_from_the_article() -> None:
    stages = graded(BATTERY, "projects")
    assert len(stages) == printed.MOROCCO_STAGES
    size = printed.MOROCCO_STAGES * printed.MOROCCO_STAGE_KT
    for row in stages:
        assert float(row["capacity_kt"]) == printed.MOROCCO_STAGE_KT
        assert float(row["capex_cny_per_t"]) == printed.MOROCCO_MOST_BN_CNY * 1e6 / size
    sales = {row["origin"]: float(row["max"]) for row in graded(BATTERY, "limits")}
    assert sales == {name: row["sales"] for name, row in printed.COMPANIES.items()}
    text = (BATTERY / "scenarios" / "petition.toml").read_text(encoding="utf-8")
    rate, date = (step["value"] for step in tomllib.loads(text)["step"])
    assert (rate, date) == (printed.PETITIONED, printed.FINAL_EXPECTED)


def test_what_the_second_case_is_compared_with() -> None:
    words = {"supply_kt": "output", "shipped_kt": "sales", "year_end_stock_kt": "stock",
             "yearly_revenue_bn_cny": "revenue"}  # fmt: skip
    world = {
        ("shipped_kt", "", ""): printed.WORLD_KT,
        ("shipped_kt", "", "China"): printed.CHINA_KT,
        ("shipped_kt", "Other producers", ""): printed.WORLD_KT - printed.CHINA_KT,
        ("share", "", "China"): printed.CHINA_SHARE,
        ("yearly_growth", "", ""): printed.GROWTH,
    }
    both = [c for c in printed.COMPANIES.values() if "output" in c]
    seen = 0
    for row in rows(BATTERY, "observed"):
        quantity, name, value = row["quantity"], row["region"], float(row["value"])
        if row["source"] == "smm_world":
            want = world[quantity, name, row["origins"]]
        elif name in printed.COMPANIES and quantity in words:
            want = printed.COMPANIES[name][words[quantity]]
        elif quantity == "unshipped_kt":
            companies = both if name == "China" else [printed.COMPANIES[name]]
            want = sum(c["output"] - c["sales"] for c in companies)
        else:
            continue
        seen += 1
        assert value == pytest.approx(want), (quantity, name)
    assert seen == 32


def test_no_other_row_of_the_second_case_claims_to_be_printed() -> None:
    claimed = {
        path.stem
        for path in BATTERY.glob("*.csv")
        if any(row.get("grade") in RECOMPUTED for row in rows(BATTERY, path.stem))
    }
    assert claimed == {"origins", "duties", "projects"}
