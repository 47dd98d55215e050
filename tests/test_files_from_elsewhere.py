"""Files as spreadsheet programs write them, and what is there in place of a file."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case.errors import BadInput, Fault
from model.reading.files import kind_of
from model.reading.read_case import read_case
from model.scenarios.prepare import check_case
from tests.conftest import Ended
from tests.support.cases import same_case
from tests.support.small_case import FILES, write_file, write_small_case

Command = Callable[..., Ended]
FOUND = Path(__file__).parent / "data/found"


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read_case(folder)
    return [str(fault) for fault in caught.value.faults]


def as_excel(text: str) -> str:
    """Return a table as a spreadsheet program saves it again."""
    lines = text.replace("true", "TRUE").replace("false", "False").splitlines()
    return "".join(f"{line},,\r\n" for line in lines)


@pytest.mark.parametrize("first_line", ["", "sep=,\r\n", '"sep=,"\r\n', "SEP=,,,\r\n"])
def test_a_case_saved_again_by_a_spreadsheet_program_is_the_same(
    tmp_path: Path, first_line: str
) -> None:
    folder = write_small_case(tmp_path / "case")
    case = read_case(folder)
    for name, text in FILES.items():
        if name.endswith(".csv"):
            write_file(folder / name, "\ufeff" + first_line + as_excel(text))
    assert same_case(read_case(folder), case)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_another_delimiter_is_read_where_a_line_names_it(tmp_path: Path, delimiter: str) -> None:
    folder = write_small_case(tmp_path / "case")
    case = read_case(folder)
    origins = FILES["origins.csv"].replace(",", delimiter)
    write_file(folder / "origins.csv", f"sep={delimiter}\n{origins}")
    assert same_case(read_case(folder), case)


def test_the_booleans_of_a_spreadsheet_program_are_read() -> None:
    assert list(read_case(FOUND / "excel-booleans").links["one_way"]) == [True]


def test_lines_are_counted_with_the_one_that_names_the_delimiter(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case", origins="sep=;\norigin;supply_kt\nA;5\nB;-1\n")
    assert 'origins.csv:4:supply_kt: "-1" found; must be at least 0; write 0 or more' in faults_of(
        folder
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "sep=:\norigin:supply_kt\nA:5\n",
            'origins.csv:1: "sep=:" found; columns must be separated by commas, semicolons or '
            "tabs; save it as CSV with commas",
        ),
        (
            "origin,supply_kt,,\nA,5,,\nB,5,,note\n",
            "origins.csv:1: no name over column 3 found; every column must have a name; name it, "
            "or delete the column",
        ),
        (
            "origin,supply_kt\nA,5,\nB,5,,note\n",
            "origins.csv:3: 4 cells found; the header has 2 columns; add or remove commas; a cell "
            'that holds a comma stands in double quotes ("a, b")',
        ),
    ],
)
def test_a_value_under_no_title_is_refused(tmp_path: Path, text: str, message: str) -> None:
    assert message in faults_of(write_small_case(tmp_path / "case", origins=text))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025/5/20", "2025-05-20"), ("2025-5-2", "2025-05-02"), ("2025.05.20", "2025-05-20"),
        ("20.05.2025", "2025-05-20"), ("5/20/2025", "2025-05-20"), ("20/5/2025", "2025-05-20"),
        ("5/5/2025", "2025-05-05"), ("2025-05-20 00:00:00", "2025-05-20"),
        ("2025/5/20 0:00", "2025-05-20"),
    ],
)  # fmt: skip
def test_an_unambiguous_day_is_read(tmp_path: Path, text: str, day: str) -> None:
    duties = f"duty,rate,value_cny_per_t,from_date\nD,0.1,100,{text}\n"
    case = read_case(write_small_case(tmp_path / "case", duties=duties))
    assert list(case.duties["from_date"]) == [day]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5/6/2025", "must be a day written YYYY-MM-DD, and this may be 2025-05-06 or 2025-06-05"),
        ("20/5/25", "must be a day written YYYY-MM-DD"),
        ("2025/20/5", "must be a day written YYYY-MM-DD"),
        ("2025/5-20", "must be a day written YYYY-MM-DD"),
        ("31/2/2025", "must be a day written YYYY-MM-DD"),
        ("2025-05-20 12:00", "must be a day written YYYY-MM-DD"),
        ("45797", "must be a day written YYYY-MM-DD"),
    ],
)
def test_any_other_day_is_refused(tmp_path: Path, text: str, rule: str) -> None:
    duties = f"duty,rate,value_cny_per_t,from_date\nD,0.1,100,{text}\n"
    assert faults_of(write_small_case(tmp_path / "case", duties=duties)) == [
        f'duties.csv:2:from_date: "{text}" found; {rule}; write it like 2025-05-20'
    ]


def to_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


PLAIN = "it must be a plain file; put a file there, or take it away"
KINDS: list[tuple[Callable[[Path], object], str]] = [
    (os.mkfifo, f"a named pipe found; {PLAIN}"),
    (Path.mkdir, f"a folder found; {PLAIN}"),
    (to_device, f"a device found; {PLAIN}"),
    (
        to_nowhere,
        "an error (No such file or directory) found; the file must be readable; look at it",
    ),
]


@pytest.mark.parametrize(("make", "rest"), KINDS)
@pytest.mark.parametrize("name", ["limits.csv", "links.csv", "case.toml", "borders.geojson"])
def test_what_is_no_file_is_refused_and_all_else_is_checked(
    tmp_path: Path, make: Callable[[Path], object], rest: str, name: str
) -> None:
    outlines = '\noutlines = ["borders.geojson"]\n' if name == "borders.geojson" else ""
    folder = write_small_case(tmp_path / "case", sinks="sink,demand_kt\nT,-1\n")
    write_file(folder / "case.toml", FILES["case.toml"] + outlines)
    (folder / name).unlink(missing_ok=True)
    make(folder / name)
    found = faults_of(folder)
    assert f"{name}: {rest}" in found
    assert 'sinks.csv:2:demand_kt: "-1" found; must be at least 0; write 0 or more' in found


@pytest.mark.parametrize(("make", "rest"), KINDS)
def test_what_is_no_scenario_file_is_refused_and_others_are_checked(
    tmp_path: Path, make: Callable[[Path], object], rest: str
) -> None:
    folder = write_small_case(tmp_path / "case")
    (folder / "scenarios").mkdir()
    make(folder / "scenarios/pipe.toml")
    write_file(folder / "scenarios/typing.toml", 'titel = "x"\n')
    with pytest.raises(BadInput) as caught:
        check_case(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        f"scenarios/pipe.toml: {rest}",
        'scenarios/typing.toml:titel: "titel" found; there is no such key; did you mean "title"?',
    ]


@pytest.mark.parametrize("make", [os.mkfifo, to_device])
def test_a_workbook_must_be_a_file(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "case.xlsx")
    with pytest.raises(BadInput) as caught:
        read_case(tmp_path / "case.xlsx")
    assert caught.value.faults == [
        Fault(
            str(tmp_path / "case.xlsx"),
            kind_of(tmp_path / "case.xlsx"),
            "a case must be a folder or an .xlsx workbook",
            "check the path",
        )
    ]


@pytest.mark.parametrize("name", ["d.toml", "e.toml", "f.toml", "run.json.toml"])
def test_draws_named_like_a_file_of_the_run_replace_none(command: Command, name: str) -> None:
    file = FOUND / "draws-named-like-a-file" / name
    ended = command("sweep", file, "--draws", "3", "--out", "runs", "--json")  # which verifies
    folder = Path(ended.json["run"])
    assert (folder / "flows.csv").read_text("utf-8").startswith("origin,sink,")
    assert json.loads((folder / "run.json").read_text("utf-8"))["kind"] == "sweep"
    assert ended.json["studies"]["sweep"]["counts"]["draws"] == 3


def test_a_table_of_draws_may_lie_anywhere_and_bear_any_name(
    command: Command, tmp_path: Path
) -> None:
    write_file(tmp_path / "sub/d.toml", "demand\n0.9\n1.0\n")
    varies = '[[vary]]\nname = "demand"\ntarget = "sinks.demand_kt"\nhow = "factor"\n'
    write_file(tmp_path / "d.toml", f'csv = "sub/d.toml"\n{varies}')
    ended = command("sweep", tmp_path / "d.toml", "--out", "runs", "--json")  # which verifies
    assert ended.json["studies"]["sweep"]["counts"]["draws"] == 2


@pytest.mark.parametrize("folder", ["draws", "scenarios", "by_path", "table", "other"])
def test_a_scenario_may_lie_in_a_folder_of_any_name(
    command: Command, tmp_path: Path, folder: str
) -> None:
    case = write_small_case(tmp_path / "case")
    write_file(case / "scenarios/west.toml", '[[step]]\nset = "case.year"\nvalue = 2030\n')
    file = write_file(tmp_path / folder / "west.toml", 'title = "Mine"\nextends = "less"\n')
    write_file(tmp_path / folder / "less.toml", '[[step]]\nset = "case.year"\nvalue = 2031\n')
    ended = command("run", file, "--case", case, "--out", "runs", "--json")  # which verifies
    assert ended.json["scenario"]["title"] == "Mine"
    assert "year = 2031" in (Path(ended.json["run"]) / "inputs/case.toml").read_text("utf-8")


@pytest.mark.parametrize("name", ["flows.csv", "run.json", "given.zip", "inputs/lanes.csv"])
def test_a_run_with_a_pipe_in_it_is_refused(command: Command, dantzig: Path, name: str) -> None:
    run = Path(command("run", "--case", dantzig, "--out", "runs", "--json").json["run"])
    (run / name).unlink()
    os.mkfifo(run / name)
    for arguments in (["verify", run], ["compare", run, run], ["explore", run]):
        ended = command(*arguments, "--out", "runs")
        message = f"{run / name}: no plain file found; a run holds plain files alone; take it away"
        assert (ended.code, ended.said) == (2, f"{message}\n1 fault; nothing was written\n")
    assert command("list", "--out", "runs").code == 0


@pytest.mark.parametrize("make", [os.mkfifo, to_device, Path.touch])
def test_scenarios_must_stand_in_a_folder(
    command: Command, tmp_path: Path, make: Callable[[Path], object]
) -> None:
    case = write_small_case(tmp_path / "case")
    make(case / "scenarios")
    ended = command("check", "--case", case)
    assert (ended.code, ended.err) == (
        2,
        "scenarios: no folder found; scenarios stand in a folder of that name; make it a folder, "
        "or rename it\n1 fault; nothing was written\n",
    )
    assert command("run", "--case", case, "--out", "runs").code == 0


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, to_device])
def test_what_is_no_file_of_draws_is_refused(
    command: Command, tmp_path: Path, make: Callable[[Path], object]
) -> None:
    case = write_small_case(tmp_path / "case")
    make(tmp_path / "draws.toml")
    varies = '[[vary]]\nname = "d"\ntarget = "sinks.demand_kt"\nhow = "factor"\n'
    write_file(tmp_path / "by_table.toml", f'csv = "table.csv"\n{varies}')
    make(tmp_path / "table.csv")
    for draws, file in (("draws.toml", "draws.toml"), ("by_table.toml", "table.csv")):
        ended = command("sweep", draws, "--case", case, "--out", "runs")
        assert ended.code == 2
        assert f"{file}: a" in ended.said and PLAIN in ended.said
        assert not list(tmp_path.glob("runs/*"))


@pytest.mark.parametrize("make", [os.mkfifo, to_device, Path.touch])
def test_runs_go_into_a_folder_alone(
    command: Command, tmp_path: Path, dantzig: Path, make: Callable[[Path], object]
) -> None:
    make(tmp_path / "elsewhere")
    ended = command("run", "--case", dantzig, "--out", "elsewhere")
    assert ended.code == 2
    assert "the folder of runs must be a folder; give another folder to --out" in ended.said or (
        "runs are not written through a link that leaves its folder" in ended.said
    )
    for verb, more in (("verify", []), ("compare", ["elsewhere"]), ("explore", [])):
        assert command(verb, "elsewhere", *more).code == 2
