"""Two run folders file by file: what is missing, what is surplus, what says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from model.audit.disagreement import Disagreement
from model.audit.layout import RUN_JSON_NOT_COVERED, is_covered
from model.verification.contents import compare_csv, compare_json


def compare_folders(run: Path, derived: Path) -> Iterator[Disagreement]:
    """Files that are missing, surplus, or say otherwise than those derived."""
    ours, theirs = _covered(run), _covered(derived)
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            yield Disagreement(name, "", "a file", "none")
        elif name not in ours:
            yield Disagreement(name, "", "no file", "one")
        else:
            yield from _compare_file(name, ours[name], theirs[name])


def _compare_file(name: str, ours: Path, theirs: Path) -> Iterator[Disagreement]:
    try:
        stored, derived = (path.read_text(encoding="utf-8-sig") for path in (ours, theirs))
    except UnicodeDecodeError as error:
        yield Disagreement(name, "", str(error), "UTF-8")
        return
    if name.endswith(".csv"):
        yield from compare_csv(name, stored, derived)
    elif name.rpartition("/")[2] == "run.json":
        yield from compare_json(name, stored, derived, RUN_JSON_NOT_COVERED.keys)
    elif name.endswith((".json", ".geojson")):
        yield from compare_json(name, stored, derived)
    elif stored != derived:
        yield Disagreement(name, "", "another content", "that of the given files")


def _covered(folder: Path) -> dict[str, Path]:
    files = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    return {name: path for name, path in files.items() if is_covered(name)}
