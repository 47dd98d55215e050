"""Which files a run folder must hold, and may hold, by the list of outputs."""

from __future__ import annotations

from fnmatch import fnmatchcase

from model.result.output_files import FILES
from model.result.outputs import ALWAYS, ANSWERED, tables_of


def required_files(kind: str, status: str) -> frozenset[str]:
    """Names of files and folders that a folder of a kind and a status must hold."""
    times = (ALWAYS,) if status == "infeasible" else (ALWAYS, ANSWERED)
    tables = (f"{name}.csv" for name, table in tables_of(kind).items() if table.when in times)
    others = (file.name for file in FILES if kind in file.kinds and file.when in times)
    return frozenset([*tables, *others])


def is_possible(kind: str, name: str) -> bool:
    """Whether a folder of a kind may hold a file or folder of that name; any other is surplus.

    >>> is_possible("run", "flows.csv"), is_possible("run", "schedule.csv")
    (True, False)
    """
    tables = (f"{table}.csv" for table in tables_of(kind))
    others = (file.name for file in FILES if kind in file.kinds)
    return any(fnmatchcase(name, known) for known in (*tables, *others))
