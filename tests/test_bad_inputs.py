"""Every bad input gets its whole message, and no traceback; see bad_inputs.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from model.case.errors import BadInput, Fault
from model.reading import files, read_csv
from model.reading.read_case import read_case
from tests.support.cases import read_case_with_warnings
from tests.support.input_cases import TWO_PLANTS, written
from tests.support.small_case import FILES, changed, write_file, write_small_case

INPUTS = tomllib.loads((Path(__file__).parent / "bad_inputs.toml").read_text("utf-8"))["input"]
CASES = {"small": FILES, "two plants": TWO_PLANTS}
OPTIONAL = [Path(file).stem for file in FILES if file != "case.toml"]


def message_of(folder: Path) -> str:
    with pytest.raises(BadInput) as refused:
        read_case(folder)
    return str(refused.value)


def counted(faults: str) -> str:
    """The faults as they are told: with the line that counts them."""
    count = len(faults.splitlines())
    return f"{faults}\n{count} fault{'s' if count > 1 else ''}; nothing was written"


def test_the_case_that_is_broken_below_is_sound(tmp_path: Path) -> None:
    _, warnings = read_case_with_warnings(write_small_case(tmp_path))
    assert warnings == []


@pytest.mark.parametrize("bad", INPUTS, ids=[f"{bad['number']} {bad['name']}" for bad in INPUTS])
def test_bad_input_is_refused_in_full(tmp_path: Path, bad: dict[str, Any]) -> None:
    texts = dict(CASES[bad.get("case", "small")])
    for file, old, new in bad["change"]:
        assert texts[file].count(old) == 1, f"{old!r} must stand once in {file}"
        texts[file] = texts[file].replace(old, new)
    assert message_of(written(tmp_path, texts)) == counted(bad["message"])


@pytest.mark.parametrize(
    ("encoding", "name", "message"),
    [
        ("gbk", "北方", "names.csv:2: byte 0xB1 found; files must be UTF-8; it looks like GBK: "),
        ("latin-1", "Årdal", "names.csv:2: byte 0xC5 found; files must be UTF-8; it looks like "
         "Latin-1: "),
        ("utf-16", "北方", "names.csv:1: byte 0xFF found; files must be UTF-8; it looks like "
         "UTF-16: "),
    ],
)  # fmt: skip
def test_another_encoding_is_named(tmp_path: Path, encoding: str, name: str, message: str) -> None:
    table = f"name,local_name\nNorth,{name}\n".encode(encoding)
    folder = write_small_case(tmp_path, names=table)
    assert message_of(folder) == counted(message + "save it again as UTF-8")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name;local_name\nNorth;北\n", 'names.csv:1: "name;local_name" found; columns must be '
         "separated by commas; save it as CSV with commas instead of semicolons"),
        ("name\tlocal_name\nNorth\t北\n", 'names.csv:1: "name\\x09local_name" found; columns must '
         "be separated by commas; save it as CSV with commas instead of tabs"),
        ("", "names.csv: an empty file found; a table must have a header; write its columns, or "
         "delete the file"),
        ("\n\n", "names.csv: an empty file found; a table must have a header; write its columns, "
         "or delete the file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table(tmp_path: Path, table: str, message: str) -> None:
    assert message_of(write_small_case(tmp_path, names=table)) == counted(message)


def test_a_header_alone_is_none_in_an_optional_table_and_a_fault_in_a_required_one(
    tmp_path: Path,
) -> None:
    header_alone = {stem: FILES[f"{stem}.csv"].partition("\n")[0] + "\n" for stem in OPTIONAL}
    folder = write_small_case(tmp_path / "a", limits=header_alone["limits"], projects=None)
    assert len(read_case(folder).limits) == 0
    folder = write_small_case(tmp_path / "b", **header_alone)
    assert message_of(folder) == counted(
        "origins.csv: no row found; a case must have an origin, unless its supply is all in "
        "projects.csv; add a row\n"
        "sinks.csv: no row found; a case must have a sink; add a row\n"
        "lanes.csv: no row found; a case must have lanes, or a network of nodes.csv, links.csv "
        "and modes.csv; add a row"
    )


def test_a_folder_without_settings_a_missing_folder_and_a_file(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case", case=None)
    assert message_of(folder) == counted(
        'case.toml: no such file found; a case must have it; write it with a line name = "..."'
    )
    rule = "a case must be a folder or an .xlsx workbook; check the path"
    missing = tmp_path / "missing"
    assert message_of(missing) == counted(f"{missing}: nothing of the kind found; {rule}")
    too_long = tmp_path / (300 * "x")
    assert message_of(too_long) == counted(f"{too_long}: nothing of the kind found; {rule}")
    file = folder / "sinks.csv"
    assert message_of(file) == counted(f"{file}: nothing of the kind found; {rule}")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("case.xlsm", "a workbook with macros (.xlsm)"),
        ("case.xls", "a file that ends in .xls"),
        ("case.ODS", "a file that ends in .ods"),
    ],
)
def test_another_spreadsheet_is_told_what_to_do(tmp_path: Path, name: str, found: str) -> None:
    assert message_of(write_file(tmp_path / name, "anything")) == counted(
        f"{name}: {found} found; a case in a workbook must be an .xlsx file; save it as .xlsx "
        "(File, Save as, Excel workbook)"
    )


def test_a_table_with_a_misspelt_file_name_is_refused_and_other_files_are_mentioned(
    tmp_path: Path,
) -> None:
    folder = write_small_case(tmp_path)
    write_file(folder / "draws.csv", "a,b\n1,2\n")
    _, warnings = read_case_with_warnings(folder)
    assert warnings == ["draws.csv: no table of a case; it was not read"]
    write_file(folder / "limit.csv", "limit,max\n")
    assert message_of(folder) == counted(
        "limit.csv: an unknown table found; a file of the case must bear the name of a table; "
        "rename it to limits.csv, or take it out of the folder"
    )


def test_sizes_beyond_the_stated_limits_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_small_case(tmp_path)
    monkeypatch.setattr(read_csv, "MAX_ROWS", 5)
    assert message_of(folder) == counted(
        "nodes.csv: more rows found; a table may have at most 5 rows; aggregate its rows"
    )
    monkeypatch.setattr(files, "MAX_BYTES", 1000)
    write_file(folder / "names.csv", "name,local_name\n" + 1000 * " ")
    assert message_of(folder) == counted(
        "names.csv: a larger file found; a file may have at most 1,000 bytes; split the case, or "
        "aggregate its rows\n"
        "nodes.csv: more rows found; a table may have at most 5 rows; aggregate its rows"
    )


def test_a_thousand_faults_are_counted_and_fifty_are_shown(tmp_path: Path) -> None:
    rows = "".join(f"n{row},bad\n" for row in range(1000))
    lines = message_of(write_small_case(tmp_path, names="name,locul_name\n" + rows)).splitlines()
    assert len(lines) == 2
    rows = "".join(f"n{row},\n" for row in range(1000))
    lines = message_of(write_small_case(tmp_path, names="name,local_name\n" + rows)).splitlines()
    assert lines == [
        "names.csv:2:local_name: a blank found; must be a text; write it (999 more rows likewise)",
        "1000 faults; nothing was written",
    ]
    rows = "".join(f"n{row},{row}\x01\n" for row in range(1000))
    lines = message_of(write_small_case(tmp_path, names="name,local_name\n" + rows)).splitlines()
    assert len(lines) == 52
    assert lines[49].startswith("names.csv:51:local_name: ")
    assert lines[50:] == ["... and 950 more", "1000 faults; nothing was written"]


def test_faults_of_several_tables_come_together(tmp_path: Path) -> None:
    folder = write_small_case(
        tmp_path,
        case=changed("case.toml", "2024", "twenty"),
        origins=changed("origins.csv", "North mill,300", "North mill,-5"),
        sinks=changed("sinks.csv", "Westtown", "Westtwon"),
    )
    assert message_of(folder) == counted(
        "case.toml:2:8: an error (invalid value) found; the file must be TOML; mend the line; "
        'texts stand in double quotes (name = "...")\n'
        'origins.csv:2:supply_kt: "-5" found; must be at least 0; write 0 or more\n'
        'sinks.csv:3:node: "Westtwon" found; must be one of nodes.node; did you mean "Westtown"?'
    )


WARNINGS = {
    "7 supply above capacity": (
        ("origins.csv", ",400,3000", ",290,3000"),
        'origins.csv:2:supply_kt: "300" found; supply is usually at most capacity_kt; look at both',
    ),
    "7 Mt for kt": (
        ("sinks.csv", "Westtown,120", "Westtown,250000"),
        'sinks.csv:3:max_kt: "250000" found; plausible are 0.001 to 100,000 kt/year; is the unit '
        "right?",
    ),
    "7 one figure in Mt": (
        ("origins.csv", "South mill,200", "South mill,0.2"),
        'origins.csv:3:supply_kt: "0.2" found; it is the least, and the next is 50; is it in '
        "kt/year?",
    ),
    "34 next to nothing": (
        ("modes.csv", "rail,30,0.15,10", "rail,30,0.15,1e-12"),
        'modes.csv:2:gco2_per_t_km: "1e-12" found; less than 1e-09 in size counts as 0',
    ),
    "years between periods": (
        (
            "periods.csv",
            "year,holding_cny_per_t,max_stock_kt\n2024,30,50\n2025,30,50\n",
            "year,length_years,max_stock_kt\n2024,0.5,50\n2025,,50\n",
        ),
        'periods.csv:2:length_years: "0.5" found; the next period begins 0.5 years after its end, '
        "and what lies between counts nothing; leave it blank to fill the gap",
    ),
    "a limit without bounds": (
        ("limits.csv", "captive,20", "captive,"),
        'limits.csv:3:limit: "captive" found; it has neither min nor max and limits '
        "nothing; write a bound",
    ),
    "a source that is not listed": (
        ("observed.csv", "survey", "survay"),
        'observed.csv:2:source: "survay" found; sources.csv does not list "survay"; add it there',
    ),
    "an origin that nothing can leave": (
        ("origins.csv", "50,South,Southtown", "50,South,"),
        'origins.csv:4:origin: "Old mill" found; no lane begins there, and it has no node; nothing '
        "can leave it",
    ),
    "a straight railway": (
        ("modes.csv", "rail,30,0.15,10,1.3", "rail,30,0.15,10,"),
        "modes.csv:2:circuity: a blank found; links without km get the length of the great "
        "circle; write how much longer the way is (circuity)",
    ),
    "a duty in per cent": (
        ("duties.csv", "0.0655", "712.03"),
        'duties.csv:2:rate: "712.03" found; plausible are 0.0001 to 20; is the unit right?',
    ),
}


INPUT_WARNINGS = {
    "a source that nobody asks": (
        ("recipes.csv", "anode,coke,1.1\n", ""),
        ("lanes.csv", "Refinery,West,10,100\nRefinery,East,90,900\nPort,East,50,500\n", ""),
        [
            'origins.csv:4:origin: "Refinery" found; no lane begins there, and it has no node (1 '
            "more row likewise); nothing can leave it",
            'origins.csv:4:commodity: "coke" found; no sink and no recipe takes it (1 more row '
            "likewise); add a row to recipes.csv, or a sink of this commodity",
        ],
    ),
    "a case of what nobody sends": (
        ("case.toml", 'commodity = "anode"\n', ""),
        ("sinks.csv", "sink,demand_kt\nSmelter,120\n",
         "sink,demand_kt,commodity\nSmelter,120,anode\n"),
        ['case.toml:commodity: "product" found; no origin and no project sends it, so that '
         "balances count nothing; write one of anode, coke"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("changes", INPUT_WARNINGS.values(), ids=INPUT_WARNINGS.keys())
def test_commodities_that_look_odd_warn(tmp_path: Path, changes: Any) -> None:
    *several, warnings = changes
    texts = dict(TWO_PLANTS)
    for file, old, new in several:
        texts[file] = texts[file].replace(old, new)
    assert read_case_with_warnings(written(tmp_path, texts))[1] == warnings


@pytest.mark.parametrize(("change", "warning"), WARNINGS.values(), ids=WARNINGS.keys())
def test_what_looks_odd_warns_and_is_read(
    tmp_path: Path, change: tuple[str, str, str], warning: str
) -> None:
    file, old, new = change
    folder = write_small_case(tmp_path, **{Path(file).stem: changed(file, old, new)})
    assert read_case_with_warnings(folder)[1] == [warning]


def test_a_wide_span_of_costs_warns(tmp_path: Path) -> None:
    lanes = changed("lanes.csv", "North mill,East,120", "North mill,East,0.00001")
    lanes = lanes.replace("South mill,East,150", "South mill,East,90000")
    assert read_case_with_warnings(write_small_case(tmp_path, lanes=lanes))[1] == [
        'lanes.csv:2:cost_cny_per_t: "0.00001" found; plausible are 0.01 to 100,000 CNY/t; is the '
        "unit right?",
        "case.toml: costs from 1e-05 to 90000 found; they span more than 1e9, and the solution is "
        "checked again without presolve; are the units right?",
    ]


def test_supply_and_demand_in_different_units_warn(tmp_path: Path) -> None:
    sinks = "sink,demand_kt,node\nEast,0.25,Easttown\nWest,0.1,Westtown\nOverseas,0.4,Farport\n"
    assert read_case_with_warnings(write_small_case(tmp_path, sinks=sinks, paths=None))[1] == [
        "sinks.csv: 550 kt of supply for 0.75 kt of demand found; the two are usually of a size; "
        "are both in kt/year?"
    ]


def test_next_to_nothing_is_read_as_zero(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path, modes=changed("modes.csv", "0.15,10", "0.15,1e-12"))
    modes = read_case(folder).modes.set_index("mode")
    assert modes.loc["rail", "gco2_per_t_km"] == 0


def test_a_fault_reads_as_place_value_rule_and_remedy() -> None:
    fault = Fault("a.csv:2:b_kt", '"x"', "must be a number", "write one")
    assert str(fault) == 'a.csv:2:b_kt: "x" found; must be a number; write one'
    assert str(BadInput([fault])) == f"{fault}\n1 fault; nothing was written"
