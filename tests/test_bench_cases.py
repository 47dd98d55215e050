"""The synthetic plant-level case adds up to the paper's tables, and says that it is made up."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks._arc_program import ArcProgram
from benchmarks._instances import KINDS, make
from benchmarks._lane_program import main as solve_lanes
from benchmarks._large_cases import write_lanes, write_network
from benchmarks._plant_options import write as write_options
from benchmarks._plants import CLASSES, ENTERPRISES, PRINTED, plant_case, plants_of
from model.case.distances import with_distances
from model.case.write import write_case
from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.scenarios.prepare import check_case
from model.solve.column_generation import allocate
from model.solve.solution import Status
from tests.support.cases import same_case


def test_plants_add_up_to_provinces_and_classes() -> None:
    base = with_distances(read_case(PRINTED))
    plants = plants_of(base, np.random.default_rng(1))
    by_region = plants.groupby("region")[["capacity_kt", "supply_kt"]].sum()
    known = base.origins.set_index("region")
    for column in ("capacity_kt", "supply_kt"):
        assert by_region[column].to_dict() == pytest.approx(known[column].to_dict())
    count = plants["class"].value_counts()
    assert [count[name] for name in CLASSES] == list(ENTERPRISES) and len(plants) == 111
    capacity_mt = plants.groupby("class")["capacity_kt"].sum() / 1000
    # The paper prints 13.35, 9.491 and 7.53; its rounded shares of Table 1 add up to a little else.
    assert capacity_mt["high"] == pytest.approx(13.35, abs=0.05)
    assert capacity_mt["medium"] == pytest.approx(9.491, abs=0.05)
    assert capacity_mt["low"] + capacity_mt["idle"] == pytest.approx(7.53, abs=0.05)
    idle = plants[plants["class"] == "idle"]
    assert idle["capacity_kt"].mean() == pytest.approx(127, abs=2)
    assert (idle["supply_kt"] == 0).all()


def test_what_is_written_by_hand_costs_what_the_program_finds(tmp_path: Path) -> None:
    write_options(tmp_path)
    optimum = allocate(compile_market(with_distances(read_case(tmp_path))))
    by_hand = ArcProgram(tmp_path, with_choice=False).program.solve()
    assert by_hand == pytest.approx(optimum.objective, rel=1e-9)


def test_lanes_by_hand_cost_what_the_program_finds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_lanes(tmp_path, places=60)
    optimum = allocate(compile_market(read_case(tmp_path)))
    solve_lanes(str(tmp_path))
    by_hand = json.loads(capsys.readouterr().out)["total_cost_mcny"]
    assert by_hand == pytest.approx(optimum.objective / 1000, rel=1e-9)


def test_the_limited_network_reaches_every_sink(tmp_path: Path) -> None:
    write_network(tmp_path)
    case = read_case(tmp_path)
    assert len(case.limits) == len(case.origins) == len(case.sinks) == 150
    assert ArcProgram(tmp_path, with_choice=False).program.solve() > 0


def test_smelters_add_up_to_demand() -> None:
    base, case = read_case(PRINTED), plant_case()
    wanted = base.sinks.groupby("region")["demand_kt"].sum().to_dict()
    assert case.sinks.groupby("region")["demand_kt"].sum().to_dict() == pytest.approx(wanted)
    assert (case.sinks["kind"] == "domestic").sum() == 100
    assert case.settings.title.startswith("Synthetic")


def test_the_case_can_be_written_read_and_solved(tmp_path: Path) -> None:
    case = plant_case()
    write_case(case, tmp_path / "plants")
    again = read_case(tmp_path / "plants")
    assert same_case(case, again)
    _, scenarios, _ = check_case(tmp_path / "plants")
    assert scenarios == []
    optimum = allocate(compile_market(with_distances(again)))
    assert optimum.status is Status.OPTIMAL


def test_months_cost_what_the_year_does_without_seasons() -> None:
    year = allocate(compile_market(plant_case())).objective
    assert allocate(compile_market(plant_case(2))).objective == pytest.approx(year)


@pytest.mark.parametrize("kind", KINDS)
def test_instances_are_whole_numbers_and_the_same_again(kind: str) -> None:
    one, other = make(kind, 20, 30), make(kind, 20, 30)
    assert np.array_equal(one.cost_cny_per_t, other.cost_cny_per_t)
    assert one.supply_kt.sum() > one.demand_kt.sum()
    thousandths = one.cost_cny_per_t * 1000
    assert np.allclose(thousandths, thousandths.round(), atol=1e-6)
