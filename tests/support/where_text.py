"""Conditions on rows as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def where_text(where: Mapping[str, Sequence[str]]) -> str:
    """Return a condition as text, which :func:`parse_where` reads back."""
    return "; ".join(f"{name}={'|'.join(map(_quoted, values))}" for name, values in where.items())


def _quoted(value: str) -> str:
    is_plain = value == value.strip() and not set(value) & set(';|"')
    return value if is_plain else '"' + value.replace('"', '""') + '"'
