"""What the README says survives every range and structure is what the program finds."""

from __future__ import annotations

import pandas as pd
import pytest

from model.studies.curve.curve import capacity_curves
from model.studies.sensitivity.study import sensitivity
from reports.language.numbers import plain
from tests.support.readme import (
    Rows,
    between_provinces,
    conclusion,
    equal_cost_ranges,
    plain_spaces,
    says,
    solved,
    table_after,
)

STRUCTURES = (
    "base", "as_printed", "hubs_one_place", "others_one_place", "others_split", "wagons_only",
    "suez_open", "captive_floor", "coke", "all_alternatives",
)  # fmt: skip
SPLIT = ("Hebei", "Shanxi", "Jiangsu", "Shaanxi", "Chongqing", "Sichuan", "Hubei", "Fujian")

pytestmark = pytest.mark.system


def largest_flows() -> Rows:
    """The eight largest flows of the base, in the base and under every choice of structure."""
    found = {name: between_provinces(solved(name)) for name in STRUCTURES}
    return [
        [f"{start} → {end}", *(kt_of(found[name], start, end) for name in STRUCTURES)]
        for start, end in found["base"].head(8).index
    ]


def kt_of(flows: pd.Series, start: str, end: str) -> str:
    """What a flow carries; in brackets that of Others where a province of it is not apart."""
    if (start, end) in flows.index:
        return plain(flows[start, end], 0)
    whole = tuple("Others" if name in SPLIT else name for name in (start, end))
    has_others = any("Others" in pair for pair in flows.index)
    return f"({plain(flows.get(whole, 0.0), 0)})" if has_others and "Others" in whole else "0"


def test_the_largest_flows_under_every_structure() -> None:
    assert table_after("What survives, and what does not") == plain_spaces(largest_flows())


def test_how_many_flows_are_accidents() -> None:
    used = equal_cost_ranges().query("ship_kt > 0")
    moved = used[[start != end for start, end in used.index]]
    forced = moved[moved["low_kt"] > 0]
    assert says(f"Of the {len(moved)} flows between provinces or to markets {len(forced)} are in")


def test_which_provinces_gain_most_whatever_the_structure() -> None:
    best = [set(conclusion(name).sites[:5]) for name in STRUCTURES]
    assert set.intersection(*best) == {"Yunnan", "Guangxi", "Guizhou"}
    first = {name for name in STRUCTURES if conclusion(name).sites[0] != "Xinjiang"}
    assert first == {"coke", "all_alternatives"}


def test_what_coke_does_to_the_first_tonne() -> None:
    for scenario, place, says_so in (
        ("coke", "Xinjiang", "Xinjiang’s first tonne is worth {}"),
        ("coke", "Yunnan", "Yunnan’s {} by the cheapest way, by Qinzhou"),
        ("coke_by_land", "Yunnan", "{} by land alone"),
    ):
        (curve,) = capacity_curves(solved(scenario).case, [place], 1.0)
        assert says(says_so.format(plain(-curve.pieces[0].slope, 0)))


def test_henan_and_shandong_supply_yunnan_and_qinghai_whoever_supplies_which() -> None:
    found = [between_provinces(solved(name)) for name in STRUCTURES]
    for flows in found:
        for sink in ("Yunnan", "Qinghai"):
            assert sum(flows.get((origin, sink), 0.0) for origin in ("Henan", "Shandong")) > 0
    assert len({flows.index[0] for flows in found}) > 1
    ranges = equal_cost_ranges()
    assert says(f"Henan → Yunnan may be anything from {kt_range(ranges, 'Henan', 'Yunnan')}")
    assert says(f"Shandong → Qinghai from {kt_range(ranges, 'Shandong', 'Qinghai', unit='')}")
    sure = ranges.loc[("Hebei", "Inner Mongolia")]
    assert says(f"({plain(sure['low_kt'], 0)}–{plain(sure['high_kt'], 0)} kt in every plan")


def kt_range(ranges: pd.DataFrame, start: str, end: str, unit: str = " kt") -> str:
    row = ranges.loc[(start, end)]
    return f"{plain(row['low_kt'], 0)} to {plain(row['high_kt'], 0)}{unit}"


def test_what_the_conclusions_rest_on() -> None:
    now, table = sensitivity(solved().case)
    assert now is not None
    assert says(f"Each of the {len(table)} assumed figures")
    widest = table.iloc[0]
    low, high = plain(widest["cost_at_low_mcny"], 0), plain(widest["cost_at_high_mcny"], 0)
    assert says(f"from {low} to {high} MCNY")
    turned = table[table["turns"].str.contains("flow")]
    assert says(f"{len(turned)} of them turn the largest flow")
    for name in turned["assumption"]:
        assert says(name[0].lower() + name[1:])
    orders = [order.split(" > ") for order in (*table["sites_at_low"], *table["sites_at_high"])]
    assert all({*order[:2]} == {"Xinjiang", "Yunnan"} for order in orders)
    assert all({*order[2:4]} == {"Guangxi", "Guizhou"} for order in orders)
