"""A run folder describes its CSV files so that other programs read them with types and units."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from frictionless import Package, system

import model
from model.store.data_package import DATA_PACKAGE

BATTERY = Path(__file__).parents[1] / "data" / "battery_2024"


def site(case: model.Case) -> model.Result:
    return model.site(case, top=2)


@pytest.mark.parametrize("ask", [model.allocate, model.plan, site])
def test_the_frictionless_library_reads_every_file_as_described(
    ask: Callable[[model.Case], model.Result], tmp_path: Path
) -> None:
    run = ask(model.read_case(BATTERY)).save(tmp_path)
    with system.use_context(trusted=True):
        report = Package(str(run / DATA_PACKAGE)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    described = {task.place for task in report.tasks}
    assert described == {path.relative_to(run).as_posix() for path in run.rglob("*.csv")}


def test_fields_carry_units_and_types(tmp_path: Path) -> None:
    run = model.allocate(model.read_case(BATTERY)).save(tmp_path)
    package = json.loads((run / DATA_PACKAGE).read_text(encoding="utf-8"))
    flows = next(each for each in package["resources"] if each["name"] == "flows")
    fields = {field["name"]: field for field in flows["schema"]["fields"]}
    with (run / "flows.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == list(fields)
    assert fields["ship_kt"] | {"description": ""} == {
        "name": "ship_kt",
        "type": "number",
        "title": "Shipped",
        "unit": "kt/yr",
        "description": "",
    }
    assert fields["origin"]["type"] == "string"
