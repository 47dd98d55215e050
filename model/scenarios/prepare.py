"""A question read from files: a case under a scenario, and the files that it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.case.case import Case
from model.case.distances import passage_notes
from model.case.errors import BadInput, Fault, printable, quoted, raise_any
from model.case.scenario_texts import FOLDER, SUFFIX
from model.case.schema import TABLES
from model.case.settings import settings_without_scenarios
from model.case.write import further_texts
from model.checking.case_faults import path_faults
from model.reading.digests import digests
from model.reading.read_case import read_whole, text_folders
from model.reading.read_outlines import outline_files
from model.reading.read_toml import read_toml
from model.scenarios.info import ScenarioInfo
from model.scenarios.scenario import (
    BASE,
    BY_PATH,
    apply,
    list_scenarios,
    load_scenario,
    scenario_folder,
)


@dataclass(frozen=True)
class PreparedCase:
    """One scenario of a case, applied: all that solving needs.

    Attributes
    ----------
    ledger : what the scenario changed, one row per cell
    warnings : what looks odd in the case or its scenario without being wrong
    files, sha256 : the files it was read from and their digests, by name
    companion : of the case as it stands, the scenario that its page shows beside it
    path_faults : for what a plan refuses the case
    """

    case: Case
    scenario: ScenarioInfo
    ledger: pd.DataFrame
    warnings: tuple[str, ...]
    files: dict[str, Path]
    sha256: dict[str, str]
    companion: PreparedCase | None = None
    path_faults: tuple[Fault, ...] = ()

    def check_unchanged(self) -> None:
        """Refuse to go on where an input has changed since it was read.

        Raises
        ------
        BadInput
            Naming every such file.
        """
        now = digests(self.files)
        raise_any(
            [
                Fault(
                    where=name,
                    found="another content than when it was read",
                    rule="inputs must not change during a run",
                    remedy="run again",
                )
                for name in self.files
                if now[name] != self.sha256[name]
            ]
        )


def prepare(path: Path, scenarios: Sequence[str]) -> list[PreparedCase]:
    """Read a case and apply each scenario to it; none named means the case's default.

    Raises
    ------
    BadInput
        With every fault of the case, or else of all the scenarios.
    """
    case_sha256 = digests(case_files(path))
    read = read_whole(path)
    case, warnings = read.case, read.warnings
    default_name, companion_name = case.settings.default_scenario, case.settings.companion_scenario
    case = replace(case, settings=settings_without_scenarios(case.settings))

    def applied_to_case(name: str) -> PreparedCase:
        scenario = load_scenario(path, name)
        applied, ledger = apply(case, scenario)
        info = ScenarioInfo(scenario.name, scenario.title, scenario.why, scenario.source)
        texts = further_texts(case) | further_texts(applied)
        beyond = outline_files(texts, text_folders(path))
        beyond |= {_called(file, path): file for file in scenario.files}
        files, sha256 = case_files(path) | beyond, case_sha256 | digests(beyond)
        has_companion = not scenario.steps and companion_name not in ("", name)
        companion = applied_to_case(companion_name) if has_companion else None
        old_names = (note for step in scenario.steps for note in step.warnings)
        notes = (*warnings, *old_names, *passage_notes(applied))
        minded = tuple(path_faults(applied) if scenario.steps else read.path_faults)
        return PreparedCase(applied, info, ledger, notes, files, sha256, companion, minded)

    prepared_cases: list[PreparedCase] = []
    faults: list[Fault] = []
    for name in scenarios or [default_name]:
        try:
            prepared_cases.append(applied_to_case(name))
        except BadInput as error:
            faults += error.faults
    raise_any(faults)
    return prepared_cases


def refuse_same_names(prepared_cases: Sequence[PreparedCase]) -> None:
    """Refuse different files of one name: in a run folder nothing would tell them apart.

    Raises
    ------
    BadInput
    """
    first: dict[str, Path] = {}
    faults = []
    for name, file in (item for each in prepared_cases for item in each.files.items()):
        if first.setdefault(name, file).resolve() != file.resolve():
            found = f"the name of {quoted(str(first[name]))} too"
            rule = "scenarios of one question must have names of their own"
            faults.append(Fault(str(file), found, rule, "rename one of the two files"))
    raise_any(list(dict.fromkeys(faults)))


def warnings_of(prepared_cases: Sequence[PreparedCase]) -> list[str]:
    """Return what looks odd in some cases, each thing once."""
    return list(dict.fromkeys(note for each in prepared_cases for note in each.warnings))


def _called(scenario: Path, case_path: Path) -> str:
    """The name of a scenario's file among those that a run is made from."""
    is_named = scenario.parent.resolve() == scenario_folder(case_path).resolve()
    return printable(f"{FOLDER if is_named else BY_PATH}/{scenario.name}")


def check_case(path: Path) -> tuple[str, list[str], list[str]]:
    """Read a case and apply every scenario it has.

    Returns
    -------
    tuple
        The case's name, its scenarios, and what looks odd without being wrong.

    Raises
    ------
    BadInput
        With every fault of the case, or else of all its scenarios.
    """
    scenarios = list_scenarios(path)
    prepared_cases = prepare(path, ["", *scenarios])
    minded = [fault for each in prepared_cases for fault in each.path_faults]
    raise_any(list(dict.fromkeys(minded)))
    return prepared_cases[0].case.settings.name, scenarios, warnings_of(prepared_cases)


def list_cases(folder: Path) -> dict[str, str]:
    """Names and titles of the cases in a folder of cases."""
    files = sorted(folder.glob("*/case.toml"))
    return {file.parent.name: _title(file) for file in files}


def list_titles(case_path: Path) -> dict[str, str]:
    """Names and titles of a case's scenarios, the case as it stands first."""
    folder = scenario_folder(case_path)
    titles = {name: _title(folder / f"{name}{SUFFIX}") for name in list_scenarios(case_path)}
    return {BASE: load_scenario(case_path, BASE).title} | titles


def _title(file: Path) -> str:
    """The title in a TOML file; why there is none is for `check` to say."""
    try:
        values, _ = read_toml(file)
    except BadInput:
        return "(faulty: see `check`)"
    return str(values.get("title", ""))


def case_files(path: Path) -> dict[str, Path]:
    """The files of a case that there are, by name."""
    if not path.is_dir():
        return {path.name: path}
    names = ["case.toml", *(table.file for table in TABLES.values())]
    return {name: path / name for name in names if (path / name).is_file()}
