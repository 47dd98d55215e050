"""Outline files of a case: read with it, kept with its runs, refused where they are none."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.case.write import write_case
from model.reading.read_case import read_case
from model.scenarios.scenario import apply, load_scenario
from tests.conftest import Ended
from tests.support import workbooks
from tests.support.cases import same_case
from tests.support.small_case import changed, write_file, write_scenario, write_small_case

SQUARE = [[110, 30], [120, 30], [120, 40], [110, 40], [110, 30]]
FEATURE = {
    "type": "Feature",
    "properties": {"name": "North"},
    "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
}
COLLECTION = {"type": "FeatureCollection", "role": "regions", "features": [FEATURE]}
MINE = json.dumps(COLLECTION | {"source": "Drawn by hand"}) + "\n"
NAMED = changed("case.toml", "year = 2024", 'outlines = ["mine.geojson"]\nyear = 2024')


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    folder = write_small_case(tmp_path / "case", case=NAMED)
    write_file(folder / "mine.geojson", MINE)
    return folder


def test_a_run_keeps_them_and_can_be_run_again(
    case_folder: Path, command: Callable[..., Ended]
) -> None:
    first = Path(command("run", "--case", case_folder, "--out", "runs", "--json").json["run"])
    assert (first / "inputs" / "mine.geojson").read_text() == MINE
    assert "Drawn by hand" in (first / "report.html").read_text()
    assert "mine.geojson" in json.loads((first / "run.json").read_text())["provenance"]["inputs"]
    assert command("verify", first).code == 0
    again = command("run", "--case", first / "inputs", "--out", "runs", "--json")
    assert (Path(again.json["run"]) / "inputs" / "mine.geojson").read_text() == MINE
    assert same_case(read_case(first / "report.xlsx"), read_case(first / "inputs"))
    (first / "inputs" / "mine.geojson").write_text(MINE.replace("110", "111"))
    assert command("verify", first).code == 5


def test_a_case_with_outlines_reads_back(case_folder: Path, tmp_path: Path) -> None:
    case = read_case(case_folder)
    assert case.outlines == {"mine.geojson": MINE}
    write_case(case, tmp_path / "again")
    assert same_case(case, read_case(tmp_path / "again"))


def test_what_is_not_there_is_refused(case_folder: Path, tmp_path: Path) -> None:
    (case_folder / "mine.geojson").unlink()
    message = (
        "found; an outline file must stand beside the case; put it there, or drop its name\n"
        "1 fault; nothing was written"
    )
    with pytest.raises(BadInput) as refused:
        read_case(case_folder)
    assert str(refused.value) == f'case.toml:2:outlines: "mine.geojson" {message}'
    sheets = workbooks.MINIMAL | {"case": [*workbooks.MINIMAL["case"], ["outlines", "mine.json"]]}
    with pytest.raises(BadInput) as refused:
        read_case(workbooks.make(tmp_path / "case.xlsx", sheets))
    assert str(refused.value) == f'case.xlsx:case!B4:outlines: "mine.json" {message}'


NO_OUTLINES = {
    "no JSON": "{",
    "another type": "[]",
    "no collection": json.dumps(COLLECTION | {"type": "Feature"}),
    "no role": json.dumps({"type": "FeatureCollection", "features": [FEATURE]}),
    "a point": json.dumps(
        COLLECTION
        | {"features": [FEATURE | {"geometry": {"type": "Point", "coordinates": [1, 2]}}]}
    ),
    "no name": json.dumps(COLLECTION | {"features": [FEATURE | {"properties": {}}]}),
    "metres": MINE.replace("30", "3000000"),
    "deep": "[" * 100_000,
}


@pytest.mark.parametrize("text", NO_OUTLINES.values(), ids=NO_OUTLINES.keys())
def test_what_is_no_outline_file_is_refused(case_folder: Path, text: str) -> None:
    write_file(case_folder / "mine.geojson", text)
    with pytest.raises(BadInput) as refused:
        read_case(case_folder)
    assert str(refused.value) == (
        "mine.geojson: no outline file found; it must be a GeoJSON FeatureCollection of named "
        "polygons in degrees; write it so, with a top-level member role, one of regions, "
        "surroundings, world\n1 fault; nothing was written"
    )


def test_a_step_chooses_among_those_of_the_case(case_folder: Path) -> None:
    case = read_case(case_folder)
    step = '[[step]]\nset = "case.outlines"\nvalue = "{}"\n'
    write_scenario(case_folder, "none", step.format(""))
    assert apply(case, load_scenario(case_folder, "none"))[0].outlines == {}
    write_scenario(case_folder, "other", step.format("other.geojson"))
    with pytest.raises(BadInput) as refused:
        apply(case, load_scenario(case_folder, "other"))
    assert str(refused.value) == (
        'scenarios/other.toml:step 1:value: "other.geojson" found; a step may choose among the '
        "outlines of the case only; name it in the case too\n1 fault; nothing was written"
    )


def test_what_a_scenario_extends_is_hashed_and_watched(
    command: Callable[..., Ended], case_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    step = '[[step]]\nscale = "origins.supply_kt"\nvalue = 1.1\n'
    write_scenario(case_folder, "base_of_all", step)
    write_scenario(case_folder, "top", f'extends = "base_of_all"\n{step}')
    ended = command("run", "top", "--case", case_folder, "--out", "runs", "--json")
    hashed = ended.json["provenance"]["inputs"]
    assert {"scenarios/top.toml", "scenarios/base_of_all.toml"} <= set(hashed)
    import model.run

    evaluate = model.run.evaluate

    def change_and_evaluate(*given: object) -> object:
        write_scenario(case_folder, "base_of_all", step + "\n")
        return evaluate(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("model.run.evaluate", change_and_evaluate)
    ended = command("run", "top", "--case", case_folder, "--out", "runs")
    assert ended.code == 2
    assert ended.said.splitlines()[-2:] == [
        "scenarios/base_of_all.toml: another content than when it was read found; "
        "inputs must not change during a run; run again",
        "1 fault; nothing was written",
    ]
