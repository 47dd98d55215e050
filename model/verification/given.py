"""What a stored run was asked, read again from the files that it was given."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any
from zipfile import BadZipFile, ZipFile

import pandas as pd

from model.audit.disagreement import Disagreement, compare_text
from model.case.case import Case
from model.case.scenario_texts import SUFFIX
from model.reading.read_case import read_case
from model.scenarios.info import ScenarioInfo
from model.scenarios.scenario import BY_PATH, apply, load_scenario
from model.store.given import DRAWS, DRAWS_TABLE, GIVEN


@dataclass(frozen=True)
class StoredQuestion:
    """A question as it was put.

    Attributes
    ----------
    case, scenario, ledger : the case with the steps of its scenario applied
    options : what else was asked, as ``run.json`` keeps it
    folder : where the given files are
    """

    case: Case
    scenario: ScenarioInfo
    ledger: pd.DataFrame
    options: Mapping[str, Any]
    folder: Path

    def under(self, scenario: str) -> tuple[Case, ScenarioInfo, pd.DataFrame]:
        """The same case under another scenario among the given files."""
        return prepared(self.folder, scenario)

    @property
    def draws(self) -> Path:
        """The folder of the files that a sweep draws from."""
        return self.folder / DRAWS

    @property
    def draws_table(self) -> Path | None:
        """The table that it draws from, if it has one."""
        return next((self.folder / DRAWS_TABLE).glob("*"), None)


def unpack(run: Path, hashes: Mapping[str, str], folder: Path) -> Iterator[Disagreement]:
    """Write the given files of a run into a folder; what is not as `hashes` have it disagrees.

    Parameters
    ----------
    hashes : SHA-256 of each file by its name, as ``run.json`` keeps them
    """
    try:
        with ZipFile(run / GIVEN) as archive:
            there = {name: archive.read(name) for name in archive.namelist()}
            twice = len(archive.namelist()) - len(there)
    except (OSError, BadZipFile, NotImplementedError, RuntimeError) as error:
        yield Disagreement(GIVEN, "", "an archive of the given files", str(error))
        return
    if twice:
        yield Disagreement(GIVEN, "", f"{twice} names more than once", "each once")
    for name in sorted(there.keys() | hashes.keys()):
        said = "a file" if name in there else "no file"
        if name not in there or name not in hashes:
            yield Disagreement(GIVEN, name, said, "one" if name in hashes else "none")
            continue
        found = hashlib.sha256(there[name]).hexdigest()
        yield from compare_text("run.json", f"provenance.inputs.{name}", hashes[name], found)
        parts = PurePosixPath(name).parts
        if ".." not in parts and not PurePosixPath(name).is_absolute():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(there[name])


def question_of(folder: Path, scenario: str, options: Mapping[str, Any]) -> StoredQuestion:
    """The question that the given files in a folder, and options, put.

    Raises
    ------
    BadInput
        As reading them does.
    """
    return StoredQuestion(*prepared(folder, scenario), options, folder)


def prepared(folder: Path, scenario: str) -> tuple[Case, ScenarioInfo, pd.DataFrame]:
    """A given case under one of its given scenarios, with the ledger of its steps."""
    path = _case_path(folder)
    case = read_case(path)
    case = case.replace(settings=replace(case.settings, companion_scenario=""))
    by_path = folder / BY_PATH / f"{scenario}{SUFFIX}"
    steps = load_scenario(path, str(by_path) if by_path.exists() else scenario)
    applied, ledger = apply(case, steps)
    return applied, ScenarioInfo(steps.name, steps.title, steps.why, steps.source), ledger


def _case_path(folder: Path) -> Path:
    """The folder itself, or the workbook in it."""
    workbooks = sorted(folder.glob("*.xlsx"))
    return workbooks[0] if workbooks and not (folder / "case.toml").exists() else folder
