"""The scenario files of a case as texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from model.case.errors import BadInput
from model.case.scenario_texts import FOLDER, SUFFIX
from model.reading.files import read_utf8


def read_scenarios(folders: Sequence[Path]) -> dict[str, str]:
    """Return texts by the names of scenarios; of a file that cannot be read, none.

    Parameters
    ----------
    folders : of a case; the first that has a scenario counts
    """
    texts: dict[str, str] = {}
    for path in (path for folder in folders for path in sorted(folder.glob(f"{FOLDER}/*{SUFFIX}"))):
        if path.stem not in texts:
            try:
                texts[path.stem] = read_utf8(path, path.name)
            except BadInput:  # whoever takes it for a scenario says so
                continue
    return texts
