"""What passes each port, border, limited link and limit, and the next best way around it."""

from __future__ import annotations

import csv
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest

from model.audit.verify import verify as audit
from model.case.case import Case
from model.case.distances import with_distances
from model.interface.allocate import allocate
from model.verification.verify import verify
from tests.support.forging import seal_again, write
from tests.support.markets import frame, make_case
from tests.support.recipe_cases import recipe_cases
from tests.support.throughput_oracle import passed
from tests.support.varied_cases import varied_cases

SEVERAL, MANY = 12, 1500


def with_ports(case: Case) -> Case:
    kinds = list(islice(cycle(["port", "border", "hub"]), len(case.nodes)))
    return replace(case, nodes=case.nodes.assign(kind=kinds))


def agrees(case: Case) -> int:
    """Compare a case's rows with the oracle's; how many have a next best way."""
    result = allocate(case, quick=True)
    if result.flows.empty:
        return 0
    table = result.throughput
    expected = passed(with_distances(result.case), result.flows)
    keys = [tuple(key) for key in table[["place", "role", "direction"]].to_numpy().tolist()]
    assert sorted(keys) == sorted(expected)
    for key, row in zip(keys, table.to_dict("records"), strict=True):
        right = expected[key]
        assert row["through_kt"] == pytest.approx(right.through, abs=1e-6), key
        if key[1] == "port":
            assert row["by_sea_kt"] == pytest.approx(right.by_sea, abs=1e-6), key
        for column, value in (
            ("next_best_cny_per_t", right.dearer),
            ("closed_cost_mcny", right.closed),
        ):
            assert pd.isna(row[column]) == (value is None), (key, column, row[column], value)
            if value is not None:
                assert row[column] == pytest.approx(value, abs=2e-6), (key, column)
        assert (row["next_best"] == "") == (right.dearer is None), key
        if right.dearer is not None:
            assert row["next_best"] in right.through_whom, key
    return int(table["next_best_cny_per_t"].notna().sum())


def test_rows_are_those_of_every_route_written_out() -> None:
    found = [agrees(with_ports(case)) for _, case in varied_cases(0, SEVERAL)]
    found += [agrees(with_ports(case)) for _, case in recipe_cases(0, SEVERAL)]
    assert sum(map(bool, found)) > SEVERAL // 4


@pytest.mark.slow
def test_rows_are_those_of_every_route_written_out_in_many_cases() -> None:
    found = [agrees(with_ports(case)) for _, case in varied_cases(1000, MANY)]
    assert sum(map(bool, found)) > MANY // 4


CASE = {
    "nodes": frame("node kind", "Mine hub", "East port", "West port", "Abroad market"),
    "modes": frame("mode fixed_cny_per_t cny_per_t_km", "rail 0 1", "sea 0 1"),
    "links": frame(
        "from to mode km limit_kt one_way",
        "Mine East rail 10 - false",
        "Mine West rail 12 - false",
        "East Abroad sea 20 70 false",
        "West Abroad sea 23 - false",
    ),
    "origins": frame("origin supply_kt node", "Mine 100 Mine"),
    "sinks": frame("sink demand_kt kind node", "Abroad 100 export Abroad"),
}


def test_a_port_says_what_passes_and_where_the_next_best_way_goes() -> None:
    table = allocate(make_case(**CASE)).throughput.set_index(["place", "role"])
    east, west = table.loc["East", "port"], table.loc["West", "port"]
    assert (east["through_kt"], east["by_sea_kt"]) == (70, 70)
    assert (east["next_best"], east["next_best_cny_per_t"]) == ("West", 5)
    assert east["closed_cost_mcny"] == pytest.approx(70 * 5 / 1000)
    assert west["through_kt"] == 30
    assert pd.isna(west["next_best_cny_per_t"])  # the way by East is full
    link = table.loc["East>Abroad:sea", "link"]
    assert (link["direction"], link["limit"], link["used_share"]) == ("East>Abroad", 70, 1)
    assert table.loc["Abroad>East:sea", "link"]["through_kt"] == 0


def test_every_changed_cell_is_found(tmp_path: Path) -> None:
    saved = allocate(make_case(**CASE)).save(tmp_path)
    file = saved / "throughput.csv"
    header, *rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    assert audit(saved) == [] and verify(saved).agrees
    for column, name in enumerate(header):
        changed = [list(row) for row in rows]
        changed[0][column] = "7" if changed[0][column] != "7" else "8"
        write(file, header, changed)
        seal_again(saved)
        assert not verify(saved).agrees, name
        if name != "next_best":
            assert audit(saved), name


@pytest.mark.parametrize("seed", range(6))
def test_the_audit_derives_the_same(seed: int, tmp_path: Path) -> None:
    for number, case in [*varied_cases(20 * seed, 3), *recipe_cases(20 * seed, 1)]:
        result = allocate(with_ports(case), quick=True)
        if not result.flows.empty:
            assert audit(result.save(tmp_path)) == [], number
