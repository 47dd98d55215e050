"""Reading, ordering and writing cases: what goes in comes out, whatever the order of rows."""

from __future__ import annotations

import dataclasses
import os
import random
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.case.names import folded, nearest
from model.case.schema import MAX_NUMBER, TABLES
from model.case.write import cell_texts, format_number, table_text, write_case
from model.reading.raw import RawTable
from model.reading.read_case import read_case
from tests.conftest import DANTZIG
from tests.support.cases import read_case_with_warnings, same_case
from tests.support.random_cases import cases
from tests.support.small_case import FILES, changed, write_file, write_small_case

ROOT = Path(__file__).parents[1]


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


@given(cases())
@settings(max_examples=25, deadline=None)
def test_a_written_case_reads_back_and_writes_the_same_bytes(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        write_case(case, first)
        again = read_case(first)
        assert same_case(case, again)
        write_case(again, second)
        assert bytes_of(first) == bytes_of(second)


def test_the_small_case_reads_back_with_every_table(tmp_path: Path) -> None:
    case = read_case(write_small_case(tmp_path / "given"))
    assert [name for name in TABLES if not len(case.table(name))] == ["recipes", "groups"]
    write_case(case, tmp_path / "written")
    assert same_case(case, read_case(tmp_path / "written"))


def test_a_minimal_case_has_every_table_and_every_column(tmp_path: Path) -> None:
    for file, text in DANTZIG.items():
        write_file(tmp_path / file, text)
    case, warnings = read_case_with_warnings(tmp_path)
    assert warnings == []
    for name, table in TABLES.items():
        assert tuple(case.table(name).columns) == table.column_names
    assert case.origins.to_dict("records")[0] | {"capacity_kt": None} == {
        "origin": "San Diego",
        "supply_kt": 600.0,
        "region": "San Diego",
        "kind": "domestic",
        "node": "",
        "capacity_kt": None,
        "cost_cny_per_t": 0.0,
        "commodity": "",
        "source": "",
        "grade": "",
    }
    assert case.lanes["min_kt"].eq(0).all() and case.lanes["max_kt"].isna().all()
    write_case(case, tmp_path / "again")
    assert set(bytes_of(tmp_path / "again")) == set(DANTZIG)
    assert bytes_of(tmp_path / "again")["sinks.csv"] == (
        b"sink,demand_kt\nChicago,300\nNew York,325\nTopeka,275\n"
    )


def test_a_case_whose_supply_is_all_in_projects_needs_no_origins(tmp_path: Path) -> None:
    files = DANTZIG | {"projects.csv": "project,capacity_kt\nSeattle,350\nSan Diego,600\n"}
    for file, text in files.items():
        if file != "origins.csv":
            write_file(tmp_path / file, text)
    assert len(read_case(tmp_path).origins) == 0


@given(st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_rows_and_columns_does_not_matter(chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        given_order = read_case(write_small_case(Path(temporary, "given")))
        folder = Path(temporary, "shuffled")
        for file, text in FILES.items():
            write_file(folder / file, text if file == "periods.csv" else shuffled(text, chance))
        assert same_case(given_order, read_case(folder))


def shuffled(text: str, chance: random.Random) -> str:
    if "\n" not in text or "," not in text:
        return text
    rows = [line.split(",") for line in text.splitlines()]
    order = chance.sample(range(len(rows[0])), len(rows[0]))
    lines = [",".join(row[place] for place in order) for row in rows]
    return "\n".join([lines[0], *chance.sample(lines[1:], len(lines) - 1)]) + "\n"


def test_a_byte_order_mark_and_other_line_ends_make_no_difference(tmp_path: Path) -> None:
    plain = read_case(write_small_case(tmp_path / "plain"))
    folder = tmp_path / "marked"
    for file, text in FILES.items():
        write_file(folder / file, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert same_case(plain, read_case(folder))


def test_blank_lines_are_passed_over_and_lines_still_counted(tmp_path: Path) -> None:
    closures = "\norigin,saved_mcny_per_year\n\n,\nOld mill,12\n"
    folder = write_small_case(tmp_path, closures=closures)
    assert len(read_case(folder).closures) == 1
    write_small_case(tmp_path, closures=closures.replace("12", "x"))
    with pytest.raises(BadInput, match=re.escape('closures.csv:5:saved_mcny_per_year: "x"')):
        read_case(folder)


@pytest.mark.parametrize(
    "name", ["=1+1", "+a", "-5", "@x", "<script>alert(1)</script>", "山东", "a;b=c"]
)
def test_any_name_is_kept_as_it_is(tmp_path: Path, name: str) -> None:
    renamed = {
        stem: FILES[f"{stem}.csv"].replace("Old mill", name)
        for stem in ("origins", "observed", "closures")
    }
    case = read_case(write_small_case(tmp_path / "a", **renamed))
    assert name in set(case.origins["origin"])
    write_case(case, tmp_path / "b")
    assert same_case(case, read_case(tmp_path / "b"))


def test_zero_supply_demand_and_capacity_are_read(tmp_path: Path) -> None:
    folder = write_small_case(
        tmp_path,
        sinks=changed("sinks.csv", "Overseas,40", "Overseas,0"),
        lanes=changed("lanes.csv", ",10,80", ",0,0"),
        origins=changed("origins.csv", "North mill,300", "North mill,0"),
    )
    case, warnings = read_case_with_warnings(folder)
    assert warnings == []
    assert case.sinks.set_index("sink").loc["Overseas", "demand_kt"] == 0


def test_the_row_order_is_by_code_point_in_any_locale(tmp_path: Path) -> None:
    frame = pd.DataFrame({"origin": ["b", "Ä", "a", "B", "京"], "supply_kt": 1.0})
    case = Case.of(Settings("x"), origins=frame)
    assert case.origins["origin"].tolist() == ["B", "a", "b", "Ä", "京"]


def test_old_names_are_read_with_a_warning(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case")
    present = read_case(folder)
    text = (
        (folder / "limits.csv").read_text("utf-8").replace("limit,min,max", "limit,min_kt,max_kt")
    )
    write_file(folder / "limits.csv", text)
    write_file(folder / "case.toml", FILES["case.toml"] + 'beside_scenario = "other"\n')
    write_file(
        folder / "assumptions.csv", "assumption,target,low,high\nport,limits.max_kt,80,120\n"
    )
    line = len(FILES["case.toml"].splitlines()) + 1
    case, warnings = read_case_with_warnings(folder)
    assert case.limits.equals(present.limits)
    assert case.settings.companion_scenario == "other"
    assert case.assumptions["target"].tolist() == ["limits.max"]
    assert [note for note in warnings if "is called" in note] == [
        f'case.toml:{line}:beside_scenario: "beside_scenario" found; it is called '
        "companion_scenario now; write companion_scenario",
        'limits.csv:1:min_kt: "min_kt" found; it is called min now; write min',
        'limits.csv:1:max_kt: "max_kt" found; it is called max now; write max',
        'assumptions.csv:2:target: "limits.max_kt" found; it is called limits.max now; '
        "write limits.max",
    ]


def test_a_column_may_not_stand_under_both_names(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case")
    write_file(folder / "limits.csv", "limit,max_kt,max\nport,100,100\n")
    with pytest.raises(BadInput, match=r'limits.csv:1:max: "max" again found; a column may stand'):
        read_case(folder)


def test_a_path_may_be_text(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case")
    assert same_case(read_case(str(folder)), read_case(folder))


def test_replace_puts_a_table_in_order_and_leaves_the_case_alone() -> None:
    case = Case.of(Settings("x"), origins=pd.DataFrame({"origin": ["b", "a"], "supply_kt": [1, 2]}))
    more = pd.DataFrame({"supply_kt": [3, 4], "origin": ["d", "c"], "region": ["", "R"]})
    other = case.replace(origins=more, settings=Settings("y"))
    assert case.origins["origin"].tolist() == ["a", "b"] and case.settings.name == "x"
    assert other.origins["region"].tolist() == ["R", "d"]
    assert tuple(other.origins.columns) == TABLES["origins"].column_names
    assert not same_case(case, other)
    with pytest.raises(BadInput, match='"colour" found; origins has no such column'):
        case.replace(origins=more.assign(colour="red"))
    with pytest.raises(TypeError, match="no such table: oranges"):
        Case.of(Settings("x"), oranges=more)
    with pytest.raises(dataclasses.FrozenInstanceError):
        case.settings = Settings("z")  # type: ignore[misc]


def test_blanks_are_what_the_schema_says() -> None:
    frame = pd.DataFrame({"from": ["a"], "to": ["b"], "mode": [None], "km": [None]})
    link = Case.of(Settings("x"), links=frame.astype({"km": float})).links.iloc[0]
    assert link["mode"] == "" and np.isnan(link["km"]) and link["one_way"] is np.False_


@given(st.floats(-1e15, 1e15, allow_nan=False, exclude_min=True, exclude_max=True))
def test_numbers_are_written_as_the_decimals_that_read_back(value: float) -> None:
    text = format_number(value)
    assert float(text) == value
    assert not text.endswith(".0")


@pytest.mark.parametrize("text", ["0", "-3", "7515", "0.225", "1e-7", "2E5", "007", "1.50", "1e+3"])
def test_plain_decimals_are_read(tmp_path: Path, text: str) -> None:
    paths = changed("paths.csv", "sinks.demand_kt,sink=East,2025,260", f"nodes.lat,,2025,{text}")
    if float(text) > 90:
        paths = paths.replace("nodes.lat", "sinks.demand_kt")
    assert read_case(write_small_case(tmp_path, paths=paths)).paths["value"][0] == float(text)


def test_the_bundled_cases_are_sound() -> None:
    for folder in sorted(ROOT.glob("data/*/case.toml")):
        _, warnings = read_case_with_warnings(folder.parent)
        assert warnings == [], folder.parent.name


def test_places_in_files_and_in_sheets() -> None:
    rows = [["x", "1"], ["y", "2"]]
    table = RawTable("origins", ("origin", "supply_kt"), rows, [2, 5], "origins.csv")
    assert table.place() == "origins.csv"
    assert table.place(1) == "origins.csv:5"
    assert table.place(1, "supply_kt") == "origins.csv:5:supply_kt"
    assert table.place(None, "supply_kt") == "origins.csv:1:supply_kt"
    sheet = dataclasses.replace(table, file="case.xlsx", sheet="origins", header_line=3)
    assert sheet.place(1, "supply_kt") == "case.xlsx:origins!B5"
    assert sheet.place(None, "supply_kt") == "case.xlsx:origins!B3"
    assert sheet.place(0, "region") == "case.xlsx:origins!2"
    assert sheet.place() == "case.xlsx:origins"


@given(st.text(min_size=1))
def test_what_looks_alike_folds_alike(text: str) -> None:
    assert folded(f" {text}\u00a0") == folded(text)
    assert folded(unicodedata.normalize("NFD", text)) == folded(text)


def test_the_nearest_name_is_the_same_every_time() -> None:
    assert nearest("Yunan", {"Yunnan", "Hunan", "Henan"}) == "Yunnan"
    assert nearest("yunnan", {"Yunnan", "Hunan"}) == "Yunnan"
    assert nearest("Zzz", {"Yunnan", "Hunan"}) == ""
    many = {f"plant {number}" for number in range(30_000)}
    assert nearest("plant 1234x", many) in many


def test_reading_and_writing_are_the_same_in_another_locale_and_hash_seed(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case")
    program = (
        "import sys; from pathlib import Path; from model.reading.read_case import read_case;"
        "from model.case.write import write_case;"
        "write_case(read_case(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    written = []
    for number, extra in enumerate(
        [{"LC_ALL": "C", "PYTHONHASHSEED": "1"}, {"LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}]
    ):
        target = tmp_path / f"written{number}"
        command = [sys.executable, "-c", program, str(folder), str(target)]
        subprocess.run(command, cwd=ROOT, env=os.environ | extra, check=True)
        written.append(bytes_of(target))
    assert written[0] == written[1]


def test_two_hundred_thousand_lanes_are_read(tmp_path: Path) -> None:
    count = 450
    origins = "".join(f"o{number},10\n" for number in range(count))
    sinks = "".join(f"s{number},10\n" for number in range(count))
    lanes = "".join(f"o{a},s{b},{a + b + 1}\n" for a in range(count) for b in range(count))
    write_file(tmp_path / "case.toml", 'name = "large"\n')
    write_file(tmp_path / "origins.csv", f"origin,supply_kt\n{origins}")
    write_file(tmp_path / "sinks.csv", f"sink,demand_kt\n{sinks}")
    write_file(tmp_path / "lanes.csv", f"origin,sink,cost_cny_per_t\n{lanes}")
    assert len(read_case(tmp_path).lanes) == count * count


def test_only_columns_that_say_something_are_written() -> None:
    table = TABLES["links"]
    frame = Case.of(
        Settings("x"),
        links=pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["rail"], "one_way": [True]}),
    ).links
    assert table_text(table, frame) == "from,to,mode,one_way\na,b,rail,true\n"
    assert cell_texts(table.by_name["km"], frame) == [""]
    assert MAX_NUMBER == 1e15
