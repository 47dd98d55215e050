"""Types of rows of tables and of objects of JSON; importing them loads no library."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
"""A row of a table, by column."""
Json = dict[str, Any]
"""An object of JSON or TOML, by key."""
Figures = dict[str, Any]
"""Figures of an answer by name: numbers, texts, lists of names; None where one does not apply."""
Studies = dict[str, Any]
"""Answers of further questions by name: tables, their rows, or objects of JSON."""
