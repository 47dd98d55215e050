"""A case from a folder or a workbook, with every fault gathered and raised once."""

from __future__ import annotations

from pathlib import Path

from model.case import Case, Settings
from model.errors import BadInput, Fault, raise_any
from model.parse import parse_table
from model.raw import RawTable
from model.read_csv import read_csv_table
from model.read_settings import settings_from_texts, settings_from_toml
from model.schema import TABLES

WORKBOOK_SUFFIX = ".xlsx"


def read_case(path: Path) -> Case:
    """Read the case in a folder or in an ``.xlsx`` workbook.

    Raises
    ------
    BadInput
        With every fault of every table.
    """
    return read_case_with_warnings(path)[0]


def read_case_with_warnings(path: Path) -> tuple[Case, list[str]]:
    """Read a case, and what looks odd about it without being wrong."""
    faults: list[Fault] = []
    raws, settings = _read_raw(path, faults)
    parsed = {name: parse_table(TABLES[name], raw) for name, raw in raws.items()}
    for table in parsed.values():
        faults += table.faults
    raise_any(faults)
    assert settings is not None
    return Case.of(settings, **{name: table.frame for name, table in parsed.items()}), []


def _read_raw(path: Path, faults: list[Fault]) -> tuple[dict[str, RawTable], Settings | None]:
    if path.suffix.lower() == WORKBOOK_SUFFIX and path.is_file():
        return _read_workbook(path, faults)
    if not path.is_dir():
        rule = "a case must be a folder or an .xlsx workbook"
        raise BadInput([Fault(str(path), "nothing", rule, "check the path")])
    return _read_folder(path, faults)


def _read_workbook(path: Path, faults: list[Fault]) -> tuple[dict[str, RawTable], Settings | None]:
    from model.read_workbook import read_workbook_tables  # only workbooks need its library

    raws, texts = read_workbook_tables(path)
    settings, _, wrong = settings_from_texts(texts, f"{path.name}:case")
    faults += wrong
    return raws, settings


def _read_folder(folder: Path, faults: list[Fault]) -> tuple[dict[str, RawTable], Settings | None]:
    raws = {}
    for name, table in TABLES.items():
        file = folder / table.file
        if file.exists():
            try:
                raws[name] = read_csv_table(file)
            except BadInput as error:
                faults += error.faults
    settings, _, wrong = settings_from_toml(folder / "case.toml")
    faults += wrong
    return raws, settings
