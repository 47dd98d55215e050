"""Scenarios: TOML files of steps that turn one case into another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import did_you_mean, file_name_fault
from model.case.records import Json
from model.case.scenario_texts import FOLDER, SUFFIX
from model.reading.files import is_there
from model.reading.read_toml import read_toml
from model.scenarios.apply import LEDGER, apply_steps
from model.scenarios.step import Step, parse_step

BY_PATH = "by_path"
BASE = "base"
"""Name of the case as it stands, where no file bears it."""

_TEXT_KEYS = ("title", "why", "source")
_EXTENDS, _STEP = "extends", "step"
_KEYS = (*_TEXT_KEYS, _EXTENDS, _STEP)


@dataclass(frozen=True)
class Scenario:
    """An ordered list of steps with its grounds; those of what it extends come first.

    `files` are those it was read from, those that it extends first.
    """

    name: str
    title: str = ""
    why: str = ""
    source: str = ""
    steps: tuple[Step, ...] = ()
    files: tuple[Path, ...] = ()


def list_scenarios(case_path: Path) -> list[str]:
    """Return the names of a case's scenarios, in code-point order.

    Raises
    ------
    BadInput
        Where a file, a pipe or a device stands in place of their folder.
    """
    folder = scenario_folder(case_path)
    if is_there(folder) and not folder.is_dir():
        rule, remedy = "scenarios stand in a folder of that name", "make it a folder, or rename it"
        raise BadInput([Fault(FOLDER, "no folder", rule, remedy)])
    return sorted(path.stem for path in folder.glob(f"*{SUFFIX}"))


def scenario_folder(case_path: Path) -> Path:
    """Return where the scenarios of a case are: in its folder, or beside its workbook."""
    return (case_path if case_path.is_dir() else case_path.parent) / FOLDER


def load_scenario(case_path: Path, name_or_path: str) -> Scenario:
    """Read a scenario with everything that it extends.

    Parameters
    ----------
    case_path : Path
        The case's folder or workbook.
    name_or_path : str
        A name in the case's ``scenarios`` folder, or a path to a ``.toml`` file; ``""`` and
        ``base`` are the case as it stands, unless there is a file ``base.toml``.

    Raises
    ------
    BadInput
        If there is no such scenario, its name is no plain file name, a step cannot be understood,
        or files extend one another in a circle.
    """
    folder = scenario_folder(case_path)
    name_or_path = name_or_path or BASE
    if name_or_path.endswith(SUFFIX):
        path = _file(name_or_path)
    elif name_or_path == BASE and not is_there(folder / f"{BASE}{SUFFIX}"):
        return Scenario(BASE, "The case as it stands")
    else:
        path = _named(name_or_path, [folder], "scenario")
    fault = file_name_fault(path.stem, "scenario")
    raise_any([fault] if fault else [])
    return _load(path, folder, ())


def _file(path: str) -> Path:
    try:
        if is_there(Path(path)):
            return Path(path)
    except (OSError, ValueError):  # too long, or NUL in it: no file can be meant
        pass
    rule = "a path to a scenario must lead to a file"
    raise BadInput([Fault("scenario", quoted(path), rule, "check the path")])


def _named(name: str, folders: list[Path], where: str) -> Path:
    fault = file_name_fault(name, where)
    if fault:
        raise BadInput([fault])
    for folder in folders:
        path = folder / f"{name}{SUFFIX}"
        if is_there(path):
            return path
    known = [path.stem for folder in folders for path in folder.glob(f"*{SUFFIX}")]
    rule = f"a scenario must be a file {FOLDER}/NAME{SUFFIX} of the case, or a path to one"
    remedy = did_you_mean(name, known, f"there are {', '.join(sorted(known)) or 'none'}")
    raise BadInput([Fault(where, quoted(name), rule, remedy)])


def _load(path: Path, folder: Path, extending: tuple[Path, ...]) -> Scenario:
    name = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    if path.resolve() in extending:
        circle = [known.stem for known in extending[extending.index(path.resolve()) :]]
        raise in_a_circle(name, [*circle, path.stem])
    values, _ = read_toml(path, name)

    def base(extended: str) -> Scenario:
        found = _named(extended, [path.parent, folder], f"{name}:extends")
        return _load(found, folder, (*extending, path.resolve()))

    read = scenario_of(values, name, path.stem, base)
    return replace(read, files=(*read.files, path))


def in_a_circle(name: str, circle: list[str]) -> BadInput:
    """Return what is wrong with scenarios that extend one another, at the file `name`."""
    rule = "scenarios may not extend one another in a circle"
    found = quoted(" > ".join(circle))
    return BadInput([Fault(f"{name}:extends", found, rule, "drop one of these extends")])


def scenario_of(values: Json, name: str, called: str, base: Callable[[str], Scenario]) -> Scenario:
    """Return the scenario that a TOML file describes, with the steps of what it extends.

    Parameters
    ----------
    name : of the file, in messages
    called : of the scenario
    base : gives the scenario of a name that it extends

    Raises
    ------
    BadInput
        If a key or step cannot be understood, or what it extends cannot be had.
    """
    faults = _faults_of_keys(values, name)
    raise_any(faults)
    steps = []
    for number, table in enumerate(values.get(_STEP, []), start=1):
        step = parse_step(table, f"{name}:step {number}", faults)
        if step is not None:
            steps.append(step)
    steps_before: list[Step] = []
    files_before: list[Path] = []
    given = values.get(_EXTENDS, [])
    for extending in [given] if isinstance(given, str) else given:
        try:
            extended = base(extending)
        except BadInput as error:
            faults = error.faults + faults
            continue
        steps_before += extended.steps
        files_before += extended.files
    raise_any(faults)
    texts = {key: values.get(key, "") for key in _TEXT_KEYS}
    return Scenario(called, **texts, steps=(*steps_before, *steps), files=(*files_before,))


def _faults_of_keys(values: Json, name: str) -> list[Fault]:
    faults = []
    for key, value in values.items():
        where = f"{name}:{key}"
        if key not in _KEYS:
            remedy = did_you_mean(key, _KEYS, f"the keys are {', '.join(_KEYS)}")
            faults.append(Fault(where, quoted(key), "there is no such key", remedy))
        elif key in _TEXT_KEYS and not isinstance(value, str):
            remedy = 'write it in double quotes "..."'
            faults.append(Fault(where, "another type", "must be a text", remedy))
        elif key == _EXTENDS and not _is_texts(value):
            remedy = 'write "NAME", or ["NAME", "NAME"] for several, in their order'
            faults.append(Fault(where, "another type", "must name scenarios", remedy))
        elif key == _STEP and not (
            isinstance(value, list) and all(isinstance(step, dict) for step in value)
        ):
            remedy = "begin each with a line [[step]]"
            faults.append(Fault(where, "another type", "steps must be tables", remedy))
    return faults


def _is_texts(value: object) -> bool:
    texts = [value] if isinstance(value, str) else value
    return isinstance(texts, list) and all(isinstance(text, str) for text in texts)


def apply(case: Case, scenario: Scenario) -> tuple[Case, pd.DataFrame]:
    """Return the case that a scenario makes of `case`, and the ledger of what it changed.

    Returns
    -------
    Case
        The changed case.
    DataFrame
        step, table, row, column, before, after, why, source, grade; in the order of the steps and,
        within one, of the table's rows. An appended row is before ``""``, a dropped one after.

    Raises
    ------
    BadInput
        If a step matches no row, or the result is not a valid case.
    """
    if not scenario.steps:
        return case, pd.DataFrame([], columns=pd.Index(LEDGER), dtype="str").astype({"step": int})
    return apply_steps(case, scenario.steps)
