"""Types of rows of tables and of objects of JSON; importing them loads no library."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]
"""A row of a table, by column."""
Json = dict[str, Any]
"""An object of JSON or TOML, by key."""
