"""The JSON of a run's outputs and of ``--json``: full precision, no NaN, stable bytes."""

from __future__ import annotations

import json
import math
from typing import Any


def json_text(content: Any, *, is_ascii: bool = False, indent: int | None = 2) -> str:
    """`content` as JSON text; what is not a finite number is null, a frame is a list of rows."""
    return json.dumps(_plain(content), ensure_ascii=is_ascii, indent=indent, allow_nan=False) + "\n"


def _plain(content: Any) -> Any:
    """`content` in the types that JSON has."""
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_plain(value) for value in content]
    if hasattr(content, "to_dict"):  # a frame, without importing pandas for what has none
        return [_plain(row) for row in content.to_dict(orient="records")]
    if hasattr(content, "item"):  # a numpy number
        content = content.item()
    if isinstance(content, float) and not math.isfinite(content):
        return None
    return content
