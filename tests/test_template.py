"""The empty workbook explains itself, offers what fits, and becomes a case when it is filled."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.case.schema import CASE, TABLES
from model.interface.allocate import allocate
from model.reading.read_case import read_case
from model.reading.read_workbook import read_workbook_tables
from reports.workbook import template_workbook
from reports.workbook.examples import examples
from reports.workbook.guidance import explain
from reports.workbook.template import _STEPS
from tests.support import workbooks
from tests.support.cases import same_case

TYPED = {
    "case": [],
    "origins": [["Seattle", 350, "West"], ["San Diego", 600, "West"]],
    "sinks": [["New York", 325], ["Chicago", 300], ["Topeka", 275]],
    "lanes": [
        ["Seattle", "New York", 0.225],
        ["Seattle", "Chicago", 0.153],
        ["San Diego", "New York", 0.225],
        ["San Diego", "Topeka", 0.126],
    ],
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.xlsx"
    template_workbook(path)
    return path


def test_every_table_has_its_sheet_and_every_column_its_header(template: Path) -> None:
    tables, settings = read_workbook_tables(template)
    assert {name: table.header for name, table in tables.items()} == {
        name: table.column_names for name, table in TABLES.items()
    }
    assert settings == {}
    keys = [row[0] for row in workbooks.read_cells(template.read_bytes(), "case")]
    assert keys == ["key", *CASE.column_names]


def test_the_first_sheet_explains_in_which_order_to_fill_what(template: Path) -> None:
    content = template.read_bytes()
    assert workbooks.sheet_names(content)[0] == "Read me"
    rows = workbooks.read_cells(content, "Read me")
    first = [row[0] for row in rows]
    assert first[3:7] == ["1. case", "2. origins", "3. sinks", "4. lanes"]
    assert {name for name, _ in _STEPS} <= {"case", *TABLES}
    explained = {(row[0], row[1]): row[2] for row in rows}
    for table in (CASE, *TABLES.values()):
        for column in table.columns:
            assert explained[table.name, column.name] == column.unit


def test_every_header_has_a_note_with_meaning_and_unit(template: Path) -> None:
    parts = workbooks.parts(template.read_bytes())
    notes = [xml for name, xml in parts.items() if name.startswith("xl/comments")]
    text = unescape("".join(notes))
    assert len(notes) == 1 + len(TABLES)
    for table in (CASE, *TABLES.values()):
        for column in table.columns:
            assert explain(column) in text
    assert "Most that it can ship.\nUnit: kt/year.\nNeeded.\nAt least 0." in text


def test_drop_downs_offer_names_choices_and_booleans(template: Path) -> None:
    content = template.read_bytes()
    for table in TABLES.values():
        xml = workbooks.sheet_xml(content, table.name)
        lists = dict(
            re.findall(r'type="list"[^>]*sqref="([A-Z]+)2:[^>]*><formula1>(.*?)</formula1>', xml)
        )
        wanted = {
            chr(ord("A") + place)
            for place, column in enumerate(table.columns)
            if column.choices or column.refers_to or column.offers or column.kind == "boolean"
        }
        assert set(lists) == wanted, table.name
    sinks = workbooks.sheet_xml(content, "sinks")
    assert "<formula1>list_nodes_node</formula1>" in sinks
    assert '<formula1>"reported,derived,external,assumed"</formula1>' in unescape(sinks)
    names = unescape(workbooks.parts(content)["xl/workbook.xml"])
    assert (
        '<definedName name="list_nodes_node">'
        "OFFSET(nodes!$A$2,0,0,MAX(1,COUNTA(nodes!$A:$A)-1),1)</definedName>"
    ) in names
    recipes = workbooks.sheet_xml(content, "recipes")
    assert recipes.count("<formula1>list_origins_commodity</formula1>") == 2
    cells = "origins!$H$1:$H$20000"  # down to the last one, whatever rows leave it blank
    assert (
        '<definedName name="list_origins_commodity">OFFSET(origins!$H$2,0,0,'
        f'MAX(1,SUMPRODUCT(MAX(({cells}<>"")*ROW({cells})))-1),1)</definedName>'
    ) in names


def test_names_that_are_not_there_yet_may_be_typed(template: Path) -> None:
    lanes = workbooks.sheet_xml(template.read_bytes(), "lanes")
    for validation in re.findall(r"<dataValidation .*?</dataValidation>", lanes):
        if "list_" in validation:
            assert "showErrorMessage" not in validation


def test_an_empty_template_says_what_is_missing(template: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read_case(template)
    assert any("empty.xlsx:case" in fault.where for fault in caught.value.faults)


def test_a_filled_template_is_the_case_that_a_folder_is(template: Path, tmp_path: Path) -> None:
    parts = workbooks.type_into(template.read_bytes(), TYPED)
    case_part = "xl/worksheets/sheet2.xml"
    name = '<c r="B2" t="inlineStr"><is><t>dantzig</t></is></c>'
    parts[case_part] = re.sub(r'<c r="B2" s="\d+"/>', name, parts[case_part])
    filled = read_case(workbooks.rezip(tmp_path / "filled.xlsx", parts))

    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "case.toml").write_text('name = "dantzig"\n')
    headers = {
        "origins": "origin,supply_kt,region",
        "sinks": "sink,demand_kt",
        "lanes": "origin,sink,cost_cny_per_t",
    }
    for table, header in headers.items():
        lines = [header, *(",".join(map(str, row)) for row in TYPED[table])]
        (folder / f"{table}.csv").write_text("\n".join(lines) + "\n")
    assert same_case(filled, read_case(folder))


def test_faults_in_a_filled_template_name_sheet_and_cell(template: Path, tmp_path: Path) -> None:
    typed = TYPED | {"origins": [["Seattle", -350], ["San Diego", "many"]]}
    path = workbooks.rezip(
        tmp_path / "filled.xlsx", workbooks.type_into(template.read_bytes(), typed)
    )
    with pytest.raises(BadInput) as caught:
        read_case(path)
    places = {fault.where for fault in caught.value.faults}
    assert {"filled.xlsx:origins!B2", "filled.xlsx:origins!B3"} <= places


@pytest.mark.parametrize("name", examples())
def test_an_example_has_columns_of_its_table_and_every_required_one(name: str) -> None:
    table, row = TABLES[name], examples()[name]
    assert set(row) <= set(table.by_name)
    assert {column.name for column in table.columns if column.required} <= set(row)


def test_examples_are_a_case_that_can_be_solved(tmp_path: Path) -> None:
    rows = {name: [row] for name, row in examples().items()}
    rows["nodes"].append(rows["nodes"][0] | {"node": "Southtown", "lat": 30.3})
    (tmp_path / "case.toml").write_text('name = "examples"\n', encoding="utf-8")
    for name, cells in rows.items():
        lines = [",".join(cells[0]), *(",".join(map(str, row.values())) for row in cells)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert allocate(read_case(tmp_path)).figures["shipped_kt"] == 80
