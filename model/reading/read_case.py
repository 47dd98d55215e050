"""A case from a folder or a workbook, with every fault gathered and raised once."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from model.case.case import Case, Settings, complete
from model.case.errors import BadInput, Fault, printable, quoted, raise_any
from model.case.names import nearest
from model.case.schema import CASE, TABLES
from model.case.settings import settings_frame
from model.case.write import cell_texts
from model.checking.check import Finding, Frames, check_tables
from model.checking.plausible import odd_figures
from model.checking.rules import check_rules
from model.checking.rules_assumptions import unknown_scenarios, without_scenarios
from model.checking.rules_paths import check_paths
from model.reading.files import kind_of
from model.reading.parse import Parsed, parse_table
from model.reading.raw import RawTable
from model.reading.read_csv import read_csv_table
from model.reading.read_outlines import read_outlines
from model.reading.read_scenarios import read_scenarios
from model.reading.read_settings import (
    Place,
    ReadSettings,
    settings_from_cells,
    settings_from_toml,
)

SPREADSHEETS = frozenset([".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"])
"""Endings of files that are read as workbooks; all but the first are refused with a remedy."""


def read_case(path: str | Path) -> Case:
    """Read the case in a folder or in an ``.xlsx`` workbook.

    Raises
    ------
    BadInput
        With every fault of every table.
    """
    return read_whole(Path(path)).case


@dataclass(frozen=True)
class ReadCase:
    """A case as it was read.

    Attributes
    ----------
    warnings : what looks odd without being wrong
    path_faults : for what a plan refuses it, by file and row
    """

    case: Case
    warnings: list[str]
    path_faults: list[Fault]


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Spare the search for circles among millions of lists of text, which have none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collection()
def read_whole(path: Path) -> ReadCase:
    """Read a case, with what looks odd and what only a plan minds.

    Raises
    ------
    BadInput
        With every fault of every table.
    """
    arrived = _arrived(path)
    raws = arrived.raws
    parsed = {name: parse_table(TABLES[name], raws[name]) for name in TABLES if name in raws}
    faults = list(arrived.faults)
    for table in parsed.values():
        faults += table.faults
    frames = _frames(arrived.settings, parsed)
    incomplete = arrived.broken | {name for name, table in parsed.items() if not table.is_whole}
    findings = check_tables(frames, incomplete)
    if not incomplete:
        findings += check_rules(frames)
        findings += unknown_scenarios(frames["assumptions"], arrived.scenarios)
    faults += [_located(finding, parsed, frames, arrived.place) for finding in findings]
    raise_any(faults)
    assert arrived.settings is not None  # else there was a fault
    warnings = arrived.warnings + [note for table in parsed.values() for note in table.warnings]
    odd = [*odd_figures(frames), *without_scenarios(frames["assumptions"], arrived.scenarios)]
    warnings += [str(_located(each, parsed, frames, arrived.place)) for each in odd]
    path_faults = [
        _located(finding, parsed, frames, arrived.place) for finding in check_paths(frames)
    ]
    texts = arrived.outlines, arrived.scenarios
    case = Case.of_complete(arrived.settings, frames, *texts, is_checked=True)
    return ReadCase(case, warnings, path_faults)


@dataclass
class _Arrived:
    """What was found at a path, before it is understood.

    `broken` names tables that are there and could not be taken apart.
    """

    settings: Settings | None
    place: Place
    faults: list[Fault]
    raws: dict[str, RawTable]
    outlines: dict[str, str] = field(default_factory=dict)
    scenarios: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, read: ReadSettings, raws: dict[str, RawTable]) -> _Arrived:
        return cls(read.settings, read.place, read.faults, raws, warnings=read.warnings)


def _arrived(path: Path) -> _Arrived:
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
    except (OSError, ValueError):  # too long, or NUL in it: nothing can be there
        is_folder = is_file = False
    if is_folder:
        return _with_texts(_folder(path), path)
    if is_file and path.suffix.lower() in SPREADSHEETS:
        return _with_texts(_workbook(path), path)
    rule = "a case must be a folder or an .xlsx workbook"
    kind = kind_of(path)
    found = "nothing of the kind" if kind in ("nothing", "a file") else kind
    raise BadInput([Fault(str(path), found, rule, "check the path")])


def text_folders(path: Path) -> list[Path]:
    """Where the other files of a case may be: with a run's own workbook, they are in `inputs`."""
    return [path] if path.is_dir() else [path.parent, path.parent / "inputs"]


def _with_texts(arrived: _Arrived, path: Path) -> _Arrived:
    """Read the outline files that the settings name, and the scenarios."""
    names = arrived.settings.outlines if arrived.settings else ()
    where = arrived.place("outlines")
    arrived.outlines, faults = read_outlines(names, text_folders(path), where)
    arrived.scenarios = read_scenarios(text_folders(path))
    arrived.faults += faults
    return arrived


def _workbook(path: Path) -> _Arrived:
    from model.reading.read_workbook import read_workbook_tables  # only workbooks need its library

    raws, cells = read_workbook_tables(path)
    return _Arrived.of(settings_from_cells(cells, f"{path.name}:{CASE.name}"), raws)


def _folder(folder: Path) -> _Arrived:
    arrived = _Arrived.of(settings_from_toml(folder / "case.toml"), {})
    files = {table.file: name for name, table in TABLES.items()}
    for path in sorted(folder.glob("*.[cC][sS][vV]")):
        if path.name not in files:
            _judge_other_file(path.name, files, arrived)
            continue
        name = files[path.name]
        try:
            arrived.raws[name] = read_csv_table(path)
        except BadInput as error:
            arrived.faults += error.faults
            arrived.broken.add(name)
    return arrived


def _judge_other_file(file: str, files: dict[str, str], arrived: _Arrived) -> None:
    """Refuse a table whose name is misspelt; mention any other file that is not read."""
    meant = nearest(file, files, least=0.85)
    if meant:
        rule = "a file of the case must bear the name of a table"
        remedy = f"rename it to {meant}, or take it out of the folder"
        arrived.faults.append(Fault(file, "an unknown table", rule, remedy))
    else:
        arrived.warnings.append(f"{printable(file)}: no table of a case; it was not read")


def _frames(settings: Settings | None, parsed: dict[str, Parsed]) -> dict[str, pd.DataFrame]:
    frames = {
        name: parsed[name].frame if name in parsed else complete(table, pd.DataFrame())
        for name, table in TABLES.items()
    }
    return frames | {CASE.name: settings_frame(settings)}


def _located(finding: Finding, parsed: dict[str, Parsed], frames: Frames, key: Place) -> Fault:
    """Return the fault that a finding is, at the place in the file where its row stood."""

    def place(table: str, row: int | None, column: str | None) -> str:
        if table == CASE.name:
            return key(column or "")
        return parsed[table].raw.place(row, column) if table in parsed else TABLES[table].file

    rule = finding.rule
    if finding.other is not None:
        rule = rule.replace("{other}", place(*finding.other, None))
    where = place(finding.table, finding.row, finding.column)
    return Fault(where, finding.found or _cell(finding, parsed, frames), rule, finding.remedy)


def _cell(finding: Finding, parsed: dict[str, Parsed], frames: Frames) -> str:
    """Return the text of the cell that a finding is about, as the user wrote it."""
    assert finding.row is not None and finding.column is not None
    if finding.table == CASE.name:
        column = CASE.by_name[finding.column]
        text = cell_texts(column, frames[CASE.name])[finding.row]
    else:
        text = parsed[finding.table].raw.text(finding.row, finding.column)
    return quoted(text) if text else "a blank"
