"""What several reports read from the tables of a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.case.records import Record

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case
    from model.result.allocation import Allocation


def records(frame: pd.DataFrame) -> list[Record]:
    """Return the rows as dictionaries by column."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def export_sinks(case: Case) -> frozenset[str]:
    """Return the names of the export sinks."""
    sinks = case.sinks
    return frozenset(sinks["sink"][sinks["kind"] == "export"])


def balances(result: Allocation) -> dict[str, float]:
    """Return the balance of each region, kt; markets left out."""
    rows = result.balance[result.balance["role"] == "region"]
    return dict(zip(rows["region"], rows["balance_kt"].fillna(0.0), strict=True))
