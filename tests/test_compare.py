"""Comparison: inputs that differ, changes against the first run, parts that sum to the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.distances import with_distances
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.scenarios.prepare import prepare
from model.store.output_json import json_text
from model.studies.compare import attribution
from model.studies.compare.attribution import SEQUENCE, SHAPLEY, attribute, least_cost_mcny
from model.studies.compare.differences import differences, with_differences
from model.studies.compare.study import compare
from tests.support.cases import TWELVE_REGIONS, same_case

NO_LEDGER = pd.DataFrame(columns=pd.Index(LEDGER))


def small_case(**changes: Any) -> Case:
    """Two regions, one market; A has too much, B too little."""
    case = Case.of(
        Settings("small"),
        origins=pd.DataFrame({"origin": ["A", "B"], "supply_kt": [100.0, 20.0]}),
        sinks=pd.DataFrame(
            {
                "sink": ["A", "B", "M"],
                "demand_kt": [30.0, 50.0, 10.0],
                "kind": ["domestic", "domestic", "export"],
            }
        ),
        lanes=pd.DataFrame(
            [("A", "A", 1.0, 10.0), ("A", "B", 9.0, 90.0), ("B", "B", 2.0, 20.0),
             ("A", "M", 5.0, 500.0)],
            columns=["origin", "sink", "cost_cny_per_t", "km"],
        ),
    )  # fmt: skip
    return case.replace(**changes)


def with_cell(case: Case, table: str, row: int, column: str, value: Any) -> Case:
    frame = case.table(table).copy()
    frame.loc[row, column] = value
    return case.replace(**{table: frame})


def run(case: Case, name: str, ledger: pd.DataFrame = NO_LEDGER) -> Allocation:
    return evaluate(case, ScenarioInfo(name), ledger, RunOptions())


def test_differences_name_cells_and_rows_and_can_be_taken_over() -> None:
    first = small_case()
    second = with_cell(first, "lanes", 1, "cost_cny_per_t", 8.0)
    origin = pd.DataFrame({"origin": ["C"], "supply_kt": [5.0]})
    second = second.replace(
        origins=pd.concat([second.origins, origin]),
        sinks=second.sinks.drop(index=2),
        settings=replace(second.settings, carbon_price_cny_per_t=50.0),
    )
    found = differences(first, second)
    assert [(d.table, d.row, d.column, d.before, d.after) for d in found] == [
        ("case", "", "carbon_price_cny_per_t", "0", "50"),
        ("origins", "origin=C", "", "",
         "origin=C; supply_kt=5; region=C; kind=domestic; cost_cny_per_t=0"),
        ("sinks", "sink=M", "",
         "sink=M; demand_kt=10; kind=export; region=M; price_cny_per_t=0", ""),
        ("lanes", "origin=A; sink=B", "cost_cny_per_t", "9", "8"),
    ]  # fmt: skip
    assert same_case(with_differences(first, second, found), second)
    assert same_case(with_differences(first, second, []), first)
    assert differences(first, first) == []


def test_parallel_links_are_told_apart_by_their_count() -> None:
    links = pd.DataFrame({"from": "A", "to": "B", "mode": "rail", "km": [5.0, 7.0]})
    first = Case.of(Settings("links"), links=links)
    second = with_cell(first, "links", 1, "km", 9.0)
    (found,) = differences(first, second)
    assert (found.row, found.before, found.after) == ("from=A; to=B; mode=rail #2", "7", "9")


def test_shapley_parts_by_hand() -> None:
    """30 kt go A→B at 9. Cheaper lane and more local supply each save less beside the other."""
    first = small_case()
    second = with_cell(first, "lanes", 1, "cost_cny_per_t", 5.0)
    second = with_cell(second, "origins", 1, "supply_kt", 30.0)
    parts, note = attribute(first, second, NO_LEDGER, "alt")
    assert note == ""
    # lane alone −4·30 = −120, supply alone (2−9)·10 = −70; together −150 (20·5 + 30·2 for 330)
    assert dict(zip(parts["what"], parts["cost_mcny"], strict=True)) == pytest.approx(
        {"origins.supply_kt": -0.05, "lanes.cost_cny_per_t": -0.1}
    )
    assert set(parts["rule"]) == {SHAPLEY}


def test_the_ledger_gives_changes_their_names() -> None:
    first = small_case()
    second = with_cell(first, "origins", 1, "supply_kt", 30.0)
    ledger = pd.DataFrame(
        [(1, "origins", "origin=B", "supply_kt", "20", "30", "two lines restart", "", "")],
        columns=pd.Index(LEDGER),
    )
    parts, _ = attribute(first, second, ledger)
    assert parts["what"].tolist() == ["two lines restart"]
    assert parts["cost_mcny"].tolist() == pytest.approx([-0.07])


def test_a_closed_passage_and_the_ways_round_it_are_one_change() -> None:
    first = read_case(TWELVE_REGIONS)
    closed = replace(first.settings, closed_passages=("Suez Canal",))
    second = first.replace(settings=closed)
    one, other = with_distances(first), with_distances(second)
    for before, after in ((one, other), (other, one)):
        parts, _ = attribute(before, after, NO_LEDGER)
        assert parts["what"].tolist() == ["case.closed_passages"]
        dearer = least_cost_mcny(after) - least_cost_mcny(before)
        assert parts["cost_mcny"].tolist() == pytest.approx([dearer])


def test_easing_has_the_decimals_of_what_it_is_a_difference_of() -> None:
    """Else the rest of a subtraction of doubles is no rounding, and the certificate names it."""
    prepared = prepare(TWELVE_REGIONS, ["base", "suez_closed"])
    easing = compare([run(each.case, each.scenario.name) for each in prepared]).easing
    measured = easing.drop(columns=["run", "region", "role"])
    assert measured.map(lambda value: len(repr(value).partition(".")[2]) <= 9).all(axis=None)


def test_a_new_place_comes_with_what_names_it() -> None:
    first = small_case()
    sink = pd.DataFrame({"sink": ["N"], "demand_kt": [10.0]})
    lane = pd.DataFrame({"origin": ["A"], "sink": ["N"], "cost_cny_per_t": [4.0]})
    second = first.replace(
        sinks=pd.concat([first.sinks, sink]), lanes=pd.concat([first.lanes, lane])
    )
    parts, _ = attribute(first, second, NO_LEDGER)
    assert parts["what"].tolist() == ["rows of sinks and rows of lanes"]
    assert parts["cost_mcny"].tolist() == pytest.approx([0.04])


def test_many_names_of_one_group_are_counted() -> None:
    first = small_case()
    origins = [f"N{number}" for number in range(6)]
    more = pd.DataFrame({"origin": origins, "supply_kt": 1.0, "region": "A"})
    lanes = pd.DataFrame({"origin": origins, "sink": "B", "cost_cny_per_t": 1.0})
    second = first.replace(
        origins=pd.concat([first.origins, more]), lanes=pd.concat([first.lanes, lanes])
    )
    ledger = pd.DataFrame(
        [
            (1, "origins", f"origin={name}", "", "", "x", f"plant {name}", "", "")
            for name in origins
        ],
        columns=pd.Index(LEDGER),
    )
    parts, _ = attribute(first, second, ledger)
    (what,) = parts["what"]
    assert what == "plant N0 and plant N1 and plant N2 and 4 more"


def test_where_a_combination_is_infeasible_a_sequence_is_stated() -> None:
    first = small_case()
    second = with_cell(first, "origins", 0, "supply_kt", 50.0)  # alone too little
    second = with_cell(second, "sinks", 1, "demand_kt", 25.0)
    parts, _ = attribute(first, second, NO_LEDGER)
    assert set(parts["rule"]) == {SEQUENCE}
    assert parts["what"].tolist() == ["origins.supply_kt and sinks.demand_kt"]
    cost = [least_cost_mcny(case) for case in (first, second)]
    assert parts["cost_mcny"].sum() == pytest.approx(cost[1] - cost[0])


def test_bounds_that_change_together_may_cross_on_the_way() -> None:
    """Demand and the most that B takes rise from 50 to 60: neither alone can be as it was."""
    first = small_case()
    sinks = first.sinks.assign(max_kt=first.sinks["demand_kt"])
    first = first.replace(sinks=sinks)
    more = sinks.assign(
        demand_kt=sinks["demand_kt"].replace(50.0, 60.0), max_kt=sinks["max_kt"].replace(50.0, 60.0)
    )
    parts, note = attribute(first, first.replace(sinks=more), NO_LEDGER)
    assert note == ""
    assert parts["cost_mcny"].sum() == pytest.approx(0.09)
    assert set(parts["rule"]) == {SEQUENCE}


def test_many_changes_come_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribution, "MOST_GROUPS", 1)
    first = small_case()
    second = with_cell(first, "lanes", 1, "cost_cny_per_t", 5.0)
    second = with_cell(second, "origins", 1, "supply_kt", 30.0)
    parts, _ = attribute(first, second, NO_LEDGER)
    assert set(parts["rule"]) == {SEQUENCE}
    assert parts["cost_mcny"].tolist() == pytest.approx([-0.07, -0.08])


def test_easing_is_the_change_against_the_first_run() -> None:
    first = small_case()
    more = with_cell(first, "origins", 1, "supply_kt", 45.0)
    comparison = compare([run(first, "base"), run(more, "more"), run(first, "base")])
    assert comparison.results == ("base (1)", "more", "base (2)")
    easing = comparison.easing.set_index(["run", "region"])
    assert easing.loc[("more", "all"), "deficit_kt"] == -25.0
    assert easing.loc[("more", "B"), "moved_kt"] == -25.0
    assert easing.loc[("more", "B"), "bn_t_km"] == pytest.approx(-25 * 70 / 1e6)
    assert easing.loc[("more", "B"), "transport_cost_mcny"] == pytest.approx(-25 * 7 / 1000)
    assert easing.loc[("more", "M"), "transport_cost_mcny"] == 0.0
    assert (easing.loc["base (2)"].drop(columns="role").fillna(0.0) == 0.0).all(axis=None)
    parts = comparison.easing[comparison.easing["role"] != "all"].groupby("run").sum()
    whole = comparison.easing[comparison.easing["role"] == "all"].set_index("run")
    for measure in ("deficit_kt", "moved_kt", "bn_t_km", "transport_cost_mcny", "co2_kt"):
        assert parts[measure].to_dict() == pytest.approx(whole[measure].to_dict())
    assert comparison.attribution["run"].tolist() == ["more"]
    assert comparison.lanes.set_index(["origin", "sink"]).loc[("A", "B")].tolist() == [30, 5, 30]


def test_an_infeasible_run_is_compared_as_far_as_it_goes() -> None:
    first = small_case()
    short = with_cell(first, "origins", 0, "supply_kt", 10.0)
    comparison = compare([run(first, "base"), run(short, "short")])
    assert comparison.attribution.empty
    assert comparison.notes == ["short: a run without a feasible plan has no cost to split"]
    assert comparison.inputs["after"].tolist() == ["10"]
    assert comparison.easing["deficit_kt"].isna().all()
    json_text(comparison.as_dict())


@settings(max_examples=30, deadline=None)
@given(
    supply=st.tuples(st.integers(60, 120), st.integers(0, 60)),
    demand=st.tuples(st.integers(0, 30), st.integers(0, 20)),
    cost=st.lists(st.integers(0, 20), min_size=4, max_size=4),
)
def test_parts_sum_to_the_difference(
    supply: tuple[int, int], demand: tuple[int, int], cost: list[int]
) -> None:
    first = small_case()
    second = first.replace(
        origins=first.origins.assign(supply_kt=[float(kt) for kt in supply]),
        sinks=first.sinks.assign(demand_kt=[*map(float, demand), 10.0]),
        lanes=first.lanes.assign(cost_cny_per_t=[float(c) for c in cost]),
    )
    before, after = least_cost_mcny(first), least_cost_mcny(second)
    parts, note = attribute(first, second, NO_LEDGER)
    if before is None or after is None:
        assert note
    else:
        assert parts["cost_mcny"].sum() == pytest.approx(after - before, abs=1e-9)
