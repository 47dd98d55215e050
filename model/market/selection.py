"""Which lanes a limit or a duty speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.case.records import Record

SEPARATOR = "|"


def names_in(cell: str) -> tuple[str, ...]:
    """Names joined by `|`, in order; none for a blank cell."""
    return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())


@dataclass(frozen=True)
class Selection:
    """The cells of one row of `limits.csv` or `duties.csv`, resolved.

    A lane is selected when its origin and sink are, and its route enters one of
    `modes` or passes one of `via` where those are given.

    Attributes
    ----------
    origins : (O,) bool
    sinks : (S,) bool
    modes, via : names; empty means any
    """

    origins: Booleans
    sinks: Booleans
    modes: tuple[str, ...] = ()
    via: tuple[str, ...] = ()

    @property
    def pairs(self) -> Booleans:
        """Pairs of selected origins and sinks, (O, S)."""
        return np.asarray(self.origins[:, None] & self.sinks[None, :])

    @property
    def depends_on_route(self) -> bool:
        """Whether two routes of one pair may count differently."""
        return bool(self.modes or self.via)


def select(row: Mapping[str, str], origins: pd.DataFrame, sinks: pd.DataFrame) -> Selection:
    """Resolve the selection cells of a row; blank means any, all non-blank cells must match.

    Parameters
    ----------
    origins : O rows: origin, region, commodity
    sinks : S rows of all places that receive: sink, kind
    """
    origin_mask = (
        _among(row["origin"], origins["origin"])
        & _among(row["region"], origins["region"])
        & _among(row["commodity"], origins["commodity"])
    )
    sink_mask = _among(row["sink"], sinks["sink"]) & _among(row["kind"], sinks["kind"])
    return Selection(origin_mask, sink_mask, names_in(row["mode"]), names_in(row["via"]))


def _among(cell: str, values: pd.Series) -> Booleans:
    names = names_in(cell)
    if not names:
        return np.ones(len(values), dtype=bool)
    return values.isin(names).to_numpy(dtype=bool)


def records(table: pd.DataFrame) -> list[Record]:
    """Rows of a table by column name."""
    names = [str(name) for name in table.columns]
    columns = [table[name].tolist() for name in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
