"""Rows of frames, typed loosely: pandas knows no types of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as dictionaries by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
