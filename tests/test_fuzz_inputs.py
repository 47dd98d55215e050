"""Whatever arrives in a file, it is read or refused in one way; nothing else ever comes out."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from model.case.case import Case
from model.case.distances import placed_legs, with_distances
from model.case.errors import BadInput
from model.case.great_circle import great_circle_km
from model.case.passages import PASSAGE_NAMES
from model.case.write import write_case
from model.reading.read_case import read_case
from model.scenarios.scenario import apply, load_scenario
from tests.support import workbooks
from tests.support.cases import same_case
from tests.support.small_case import FILES, write_file, write_small_case

STEMS = [Path(file).stem for file in FILES]
SCRAPS = st.sampled_from(
    [
        "", ",", "\n", '"', "|", "-1", "1e999", "nan", "NaN", "true", "TRUE", "\0", "\ufeff",
        "\u200b", "9" * 400, "0x10", "１", "North mill", "north mill", "Port", "Port>Farport", "[",
        "]", "{", "=", "'''", "\\u0000", "2024-01-01", "12:00", "1_000", ".5", "+1", "=1+1", ";",
        "\r", "\t", "\x85", "sep=;\n", "sep=,\n", '"sep=\t"\r\n', ",,,\r\n", "FALSE", "5/6/2025",
        "20.5.2025", "2025/5/20 0:00", "sea", "closed_by", "strike",
    ]
)  # fmt: skip
SCENARIO = (
    'title = "t"\nwhy = "w"\n\n'
    '[[step]]\nset = "origins.supply_kt"\nwhere = { origin = "Old mill" }\nvalue = 20\n\n'
    '[[step]]\nappend = "sinks"\nrow = { sink = "X", demand_kt = 3, node = "Port" }\n'
    '\n[[step]]\nscale = "lanes.cost_cny_per_t"\nvalue = 1.1\n\n[[step]]\ndrop = "closures"\n'
)
WORDS = st.sampled_from(
    [
        "origins.supply_kt", "case.year", "case.name", "links.one_way", "duties.from_date",
        "sinks.kind", "limits.via", '"', "true", "1e16", "-1", "2024-01-01", "[1]", '["A", "B|C"]',
        '""', "{ }", "drop", "add", "append", "extends", "lanes", "nan", "[[1]]", "{ sink = [] }",
        "100000000000000000000", "case.closed_passages", '["Suez Canal"]', '["hormuz", "Kiel"]',
        '["malacca", "sunda", "panama"]', "links.closed_by", "links.km", "nodes.lon", "237.5",
    ]
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, text: str, scraps: st.SearchStrategy[str]) -> str:
    """A text with a few pieces of it replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 20)))
        text = text[:start] + draw(scraps | st.text(max_size=5)) + text[end:]
    return text


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[str, bytes]:
    stem = draw(st.sampled_from(STEMS))
    file = next(file for file in FILES if Path(file).stem == stem)
    text = draw(edited(FILES[file], SCRAPS)).encode("utf-8", "surrogatepass")
    return stem, draw(st.just(text) | st.binary(max_size=60))


def read_or_refused(path: Path, scenario: str = "") -> None:
    """Read (and apply); what is accepted must survive being written and read."""
    try:
        case, _ = apply(read_case(path), load_scenario(path, scenario))
    except BadInput as error:
        assert error.faults
        assert all(str(fault).isprintable() for fault in error.faults)
        return
    with tempfile.TemporaryDirectory() as again:
        write_case(case, Path(again))
        assert same_case(case, read_case(Path(again)))
    went_round_stays(case)


def went_round_stays(case: Case) -> None:
    """Lengths computed once are those of a run's own inputs; none is below the great circle."""
    found = with_distances(case)
    with tempfile.TemporaryDirectory() as inputs:
        write_case(found, Path(inputs))
        again = read_case(Path(inputs))
    assert same_case(with_distances(again), again)
    assert same_case(again, found)
    before = case.links.set_index(["from", "to", "mode"])["km"]
    for leg in placed_legs(found.tables(), range(len(found.links))):
        start, end, mode, km, closed_by = found.links.loc[
            leg.row, ["from", "to", "mode", "km", "closed_by"]
        ]
        if before.loc[[(start, end, mode)]].isna().all() and not closed_by:
            assert km >= great_circle_km(*leg.start, *leg.end) * min(1.0, leg.circuity) - 0.051


def file_is_read_or_refused(broken: tuple[str, bytes]) -> None:
    stem, content = broken
    with tempfile.TemporaryDirectory() as folder:
        read_or_refused(write_small_case(Path(folder), **{stem: content}))


@given(broken_files())
@settings(max_examples=60, deadline=None)
@example(("case", b'name = "x"\nyear = ' + b"9" * 5000))
@example(("case", b'name = "x"\ndiscount_rate = 0x' + b"f" * 5000))
@example(("case", b"name = " + b"[" * 5000))
@example(("case", b'"a\\nb" = 1\nname = "x"\n'))
@example(("names", b"name,local_name,\x1b[31m\na,b,c\n"))
@example(("names", b'name,local_name\n"' + b"a" * 200_000 + b'",b\n'))
def test_any_file_of_a_case_is_read_or_refused(broken: tuple[str, bytes]) -> None:
    file_is_read_or_refused(broken)


@given(edited(SCENARIO, SCRAPS | WORDS))
@settings(max_examples=60, deadline=None)
@example('[[step]]\nset = "case.name"\nvalue = ""\n')
@example('[[step]]\nset = "origins.origin"\nvalue = "same"\n')
@example('[[step]]\ndrop = "origins"\n')
@example('[[step]]\nscale = "origins.supply_kt"\nvalue = 1e14\n')
def test_any_scenario_is_applied_or_refused(text: str) -> None:
    scenario_is_applied_or_refused(text)


def scenario_is_applied_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_small_case(Path(temporary))
        scenario = folder / "scenarios" / "trial.toml"
        write_file(scenario, text.encode("utf-8", "surrogatepass"))
        read_or_refused(folder, "trial")


# Sea legs: any place, any passages closed

SEA_NODES = ["A", "B", "C", "Suez Canal", "panama"]
LATITUDES = st.floats(-90, 90).map(lambda degrees: round(degrees, 2)) | st.just("")
LONGITUDES = st.floats(-180, 360).map(lambda degrees: round(degrees, 2)) | st.just("")
PORTS = st.sampled_from(
    [(36.07, 120.32), (1.26, 103.84), (26.2, 50.6), (51.95, 4.1), (40.6, 285.99), (37.8, -122.4)]
)


@st.composite
def sea_cases(draw: st.DrawFn) -> dict[str, str]:
    """A case of links by sea, by its files."""
    places = [draw(PORTS | st.tuples(LATITUDES, LONGITUDES)) for _ in SEA_NODES]
    nodes = "".join(
        f"{name},{lat},{lon}\n" for name, (lat, lon) in zip(SEA_NODES, places, strict=True)
    )
    ends = st.lists(st.sampled_from(SEA_NODES), min_size=2, max_size=2, unique=True)
    links = "".join(
        ",".join(
            [*draw(ends), draw(st.sampled_from(["sea", "sea_slow", "rail"])),
             draw(st.sampled_from(["", "", "0", "150", "9000", "20000"])),
             draw(st.sampled_from(["", "", "12.5"])), draw(st.sampled_from(["", "", "", "ice"]))]
        ) + "\n"
        for _ in range(draw(st.integers(1, 5)))
    )  # fmt: skip
    closed = draw(st.lists(st.sampled_from([*PASSAGE_NAMES, *SEA_NODES, "Kiel"]), max_size=4))
    return {
        "case.toml": f'name = "sea"\nclosed_passages = {json.dumps(closed, ensure_ascii=False)}\n',
        "origins.csv": "origin,supply_kt,node\nO,10,A\n",
        "sinks.csv": "sink,demand_kt,node\nT,5,B\n",
        "modes.csv": "mode,cny_per_t_km,circuity\nsea,0.03,\nsea_slow,0.02,1.2\nrail,0.1,\n",
        "nodes.csv": f"node,lat,lon\n{nodes}",
        "links.csv": f"from,to,mode,km,cost_cny_per_t,closed_by\n{links}",
    }


def sea_case_is_read_or_refused(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            write_file(Path(folder) / name, text)
        read_or_refused(Path(folder))


@given(sea_cases())
@settings(max_examples=60, deadline=None)
def test_any_sea_legs_are_measured_or_refused(files: dict[str, str]) -> None:
    sea_case_is_read_or_refused(files)


# Workbooks: odd cells, odd parts, odd bytes

CELLS = (
    SCRAPS
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.booleans()
    | st.none()
    | st.integers()
)


@cache
def sheets_of_small_case() -> dict[str, list[list[object]]]:
    """The small case, sheet by sheet, numbers as numbers."""
    sheets: dict[str, list[list[object]]] = {"case": [["key", "value"], ["name", "Small"]]}
    for file, text in FILES.items():
        if file.endswith(".csv"):
            rows = csv.reader(io.StringIO(text))
            sheets[Path(file).stem] = [[_number(cell) for cell in row] for row in rows]
    return sheets


def _number(cell: str) -> object:
    try:
        return float(cell)
    except ValueError:
        return cell or None


@st.composite
def odd_sheets(draw: st.DrawFn) -> dict[str, list[list[object]]]:
    """The small case with a few cells replaced, or written beyond its tables."""
    sheets = {name: [list(row) for row in rows] for name, rows in sheets_of_small_case().items()}
    for _ in range(draw(st.integers(1, 4))):
        rows = sheets[draw(st.sampled_from(sorted(sheets)))]
        row = rows[draw(st.integers(0, len(rows) - 1))]
        place = draw(st.integers(0, len(row)))
        row[place : place + 1] = [draw(CELLS)]
    return sheets


@cache
def whole_workbook() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return workbooks.make(Path(folder) / "case.xlsx", sheets_of_small_case()).read_bytes()


@st.composite
def odd_archives(draw: st.DrawFn) -> bytes:
    """A workbook with bytes of the archive, or of the XML inside, replaced."""
    packed = whole_workbook()
    if draw(st.booleans()):
        place, piece = draw(st.integers(0, len(packed))), draw(st.binary(max_size=8))
        return packed[:place] + piece + packed[place + draw(st.integers(0, 16)) :]
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    name = draw(st.sampled_from(sorted(parts)))
    pieces = SCRAPS | st.sampled_from(
        ["<", ">", "</row>", "&", "&amp;", "<c/>", 'r="A1"', 't="s"', 't="e"', "<v>9</v>", "<f>"]
    )
    parts[name] = draw(edited(parts[name], pieces))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part, text in parts.items():
            archive.writestr(part, text.encode("utf-8", "surrogatepass"))
    return made.getvalue()


def sheets_are_read_or_refused(sheets: dict[str, list[list[object]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read_or_refused(workbooks.make(Path(folder) / "case.xlsx", sheets))


def archive_is_read_or_refused(packed: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        read_or_refused(write_file(Path(folder) / "case.xlsx", packed))


@given(odd_sheets())
@settings(max_examples=25, deadline=None)
def test_any_workbook_is_read_or_refused(sheets: dict[str, list[list[object]]]) -> None:
    sheets_are_read_or_refused(sheets)


def in_another_encoding(name: bytes) -> bytes:
    """A workbook whose parts say that they are in some encoding."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(whole_workbook())) as archive,
        zipfile.ZipFile(made, "w") as other,
    ):
        for part in archive.namelist():
            other.writestr(part, archive.read(part).replace(b'"UTF-8"', b'"' + name + b'"'))
    return made.getvalue()


@given(odd_archives())
@example(in_another_encoding(b"yes"))
@example(in_another_encoding(b"rot13"))
@example(in_another_encoding(b"UTF-16"))
@settings(max_examples=50, deadline=None)
def test_any_archive_is_read_or_refused(packed: bytes) -> None:
    archive_is_read_or_refused(packed)


# The same by the thousand

many = settings(max_examples=2000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@given(broken_files())
@many
def test_thousands_of_files(broken: tuple[str, bytes]) -> None:
    file_is_read_or_refused(broken)


@pytest.mark.slow
@given(edited(SCENARIO, SCRAPS | WORDS))
@many
def test_thousands_of_scenarios(text: str) -> None:
    scenario_is_applied_or_refused(text)


@pytest.mark.slow
@given(sea_cases())
@many
def test_thousands_of_sea_legs(files: dict[str, str]) -> None:
    sea_case_is_read_or_refused(files)


@pytest.mark.slow
@given(odd_sheets())
@many
def test_thousands_of_workbooks(sheets: dict[str, list[list[object]]]) -> None:
    sheets_are_read_or_refused(sheets)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@given(odd_archives())
@many
def test_thousands_of_archives(packed: bytes) -> None:
    archive_is_read_or_refused(packed)
