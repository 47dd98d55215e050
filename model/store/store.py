"""Answers on disk: every kind is saved, certified and read back in the same way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.errors import BadInput, Fault
from model.case.records import Json
from model.reading.files import read_utf8
from model.result.allocation import RUN_TABLES, Allocation, run_tables
from model.result.answer import Answer, figures_of
from model.result.figures import COMPARISON, FUTURES
from model.result.outputs import tables_of
from model.store.folder import RunFolder, new_folder, slug
from model.store.output_json import json_text

if TYPE_CHECKING:
    import pandas as pd

BUILT = "built"
"""Beside ``inputs/`` of a study that chooses: the case with its choice built."""
PARTS = "futures"
"""Where the run of each future stands in the folder of one set for several."""
WITHOUT_CASE = (COMPARISON, FUTURES)
"""Kinds of answers whose folder holds no case of its own."""
GIVEN_NOTHING: Mapping[str, Path] = {}


def save(
    answer: Answer,
    out: Path,
    *,
    given: Mapping[str, Path] = GIVEN_NOTHING,
    certify: Callable[[Answer, RunFolder], Answer] | None = None,
    add: Callable[[Answer, RunFolder], None] = lambda _answer, _folder: None,
) -> Answer:
    """Write an answer of any kind into a new folder of `out`, certified; whole or not at all.

    Parameters
    ----------
    answer : its provenance says when it was created
    out : the folder of run folders
    given : files that it was made from, by their names in the archive of given files
    certify : puts what the files prove into the answer; by default
        `model.store.certified.certified`
    add : writes what else the folder is to hold: pages, pictures; it may refuse, and nothing stays

    Returns
    -------
    Answer
        As it is certified, with its place.

    Raises
    ------
    SolverFailed
        The certificate does not confirm the answer.
    """
    from model.store.data_package import DATA_PACKAGE, data_package
    from model.store.given import GIVEN, write_given

    created = datetime.fromisoformat(answer.provenance["created"])
    identity = identity_of(answer.summary())
    with new_folder(out, _label(answer), identity, created) as folder:
        placed = replace(answer, figures=answer.figures | {"run": folder.path.as_posix()})
        _write_files(placed, folder)
        certify = certify or _certified()
        for name, part in answer.parts.items():
            _write_part(part, folder.inside(f"{PARTS}/{slug(name)}"), certify)
        folder.write(DATA_PACKAGE, json_text(data_package(placed, folder.partial)))
        placed = certify(placed, folder)
        folder.write("run.json", json_text(placed.summary()))
        if given:
            write_given(folder.partial / GIVEN, given)
        add(placed, folder)
    return placed


def _write_files(answer: Answer, folder: RunFolder) -> None:
    """Cases, tables, lines on a map."""
    _write_cases(answer, folder)
    _write_tables(answer, folder)
    _write_lines(answer, folder)


def _write_part(
    part: Answer, folder: RunFolder, certify: Callable[[Answer, RunFolder], Answer]
) -> None:
    """An answer within another, certified by itself."""
    _write_files(part, folder)
    folder.write("run.json", json_text(certify(part, folder).summary()))


def _certified() -> Callable[[Answer, RunFolder], Answer]:
    from model.store.certified import certified

    return certified


def _name(answer: Answer) -> str:
    return "" if answer.scenario is None else answer.scenario.name


def identity_of(content: Mapping[str, Any]) -> str:
    """What tells a run from others, of its ``run.json``: all but its place and its status."""
    return json_text({key: content[key] for key in content if key not in ("run", "status")})


def _label(answer: Answer) -> str:
    """What a folder's name begins with."""
    kind = "" if answer.kind == "run" else answer.kind
    return "-".join(filter(None, [kind, _name(answer)]))


def _write_cases(answer: Answer, folder: RunFolder) -> None:
    from model.case.write import write_case

    if answer.requested is not None:
        write_case(answer.requested, folder.partial / "inputs")
    if answer.built is not None:
        write_case(answer.built, folder.partial / BUILT)


def _write_tables(answer: Answer, folder: RunFolder) -> None:
    from model.store.output_csv import to_csv

    for name, table in answer.tables.items():
        folder.write(f"{name}.csv", to_csv(table))
    if answer.studies:
        folder.write("studies.json", json_text(answer.studies))


def _write_lines(answer: Answer, folder: RunFolder) -> None:
    from model.store.geojson import FLOWS_GEOJSON, flows_geojson

    case = answer.built or answer.requested
    if case is not None and "flows" in answer.tables:
        lines = flows_geojson(case, answer.tables["flows"])
        if lines:
            folder.write(FLOWS_GEOJSON, lines)


def load_answer(path: Path, tables: Iterable[str] | None = None) -> Answer:
    """Read the answer in a finished run folder, of whatever kind; its place is where it is now.

    Parameters
    ----------
    tables : names of those to read; by default all that are there

    Raises
    ------
    BadInput
        The folder is no finished run, or a file of it cannot be read.
    """
    from model.reading.read_case import read_case
    from model.scenarios.info import ScenarioInfo
    from model.solve.diagnosis import Diagnosis

    content = read_json(path / "run.json")
    kind = content.get("kind")
    try:
        scenario, diagnosis = content.get("scenario"), content.get("diagnosis")
        is_built = (path / BUILT).is_dir()
        return Answer(
            kind=str(kind),
            status=content.get("status", ""),
            figures={} if kind == COMPARISON else figures_of(content) | {"run": path.as_posix()},
            tables=_read_tables(path, str(kind), tables),
            scenario=None if scenario is None else ScenarioInfo(**scenario),
            requested=None if kind in WITHOUT_CASE else read_case(path / "inputs"),
            built=read_case(path / BUILT) if is_built else None,
            lanes=content.get("lanes") if kind != COMPARISON else None,
            certificate=_read_if_there(path / "certificate.json"),
            diagnosis=None if diagnosis is None else Diagnosis.of_dict(diagnosis),
            studies=_read_if_there(path / "studies.json"),
            details=content if kind == COMPARISON else {},
            provenance=content.get("provenance", {}),
            parts={each.name: load_answer(each) for each in sorted(path.glob(f"{PARTS}/*/"))},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise no_run(path, f"a damaged run ({error})") from error


def load_run(path: Path) -> Allocation:
    """Read a finished run folder that holds one allocation.

    Raises
    ------
    BadInput
        The folder is no finished run, holds no allocation, or a file of it cannot be read.
    """
    answer = load_answer(path, RUN_TABLES)
    if not set(run_tables(answer.provenance)) <= set(answer.tables):
        raise no_run(path, f"a {answer.kind}, or a damaged run")
    return Allocation.of(answer)


def _read_tables(path: Path, kind: str, names: Iterable[str] | None) -> dict[str, pd.DataFrame]:
    from model.store.output_csv import from_csv

    known = tables_of(kind)
    wanted = known if names is None else [name for name in names if name in known]
    files = {name: path / f"{name}.csv" for name in wanted}
    return {
        name: from_csv(file.read_text(encoding="utf-8"), known[name].text_columns)
        for name, file in files.items()
        if file.is_file()
    }


def _read_if_there(path: Path) -> Json:
    return read_json(path) if path.exists() else {}


def read_json(path: Path) -> Json:
    """The object in a JSON file of a run."""
    try:
        content = json.loads(read_utf8(path, path.name))
    except ValueError as error:
        raise no_run(path.parent, f"no readable {path.name} ({error})") from error
    if not isinstance(content, dict):
        raise no_run(path.parent, f"no JSON object in {path.name}")
    return content


def no_run(path: Path, found: str) -> BadInput:
    """What to raise where a run was expected and `found` was found."""
    rule, remedy = "a run must be a finished run folder", "`solve.py list` shows those there are"
    return BadInput([Fault(str(path), found, rule, remedy)])
