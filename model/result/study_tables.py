"""The tables in answers of studies, whether fresh from a run or loaded from its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from typing import Any

import pandas as pd


def tables_of(study: Any) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by name: its frames, and its lists of records.

    A study is a table, or holds tables as a mapping or as a dataclass; a table that stands alone
    has no name.
    """
    if is_dataclass(study) and not isinstance(study, type):
        study = vars(study)
    parts = study if isinstance(study, Mapping) else {"": study}
    frames = {str(name): _frame(part) for name, part in parts.items()}
    return {name: frame for name, frame in frames.items() if not frame.empty}


def file_tables(studies: Mapping[str, Any], kind: str) -> dict[str, pd.DataFrame]:
    """Return the tables of studies by the name of their file: theirs, without the kind."""
    return {
        "_".join(filter(None, [study.removeprefix(kind).strip("_"), name])): frame
        for study, content in studies.items()
        for name, frame in tables_of(content).items()
    }


def _frame(part: Any) -> pd.DataFrame:
    if isinstance(part, pd.DataFrame):
        return part
    is_list = isinstance(part, Sequence) and not isinstance(part, str)
    if is_list and all(isinstance(row, Mapping) for row in part):
        return pd.DataFrame(list(part))
    return pd.DataFrame()
