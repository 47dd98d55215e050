"""Curves as tables, a row for each piece."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS
from model.studies.curve.curve import Curve

CAPACITY_COLUMNS = ["place", "from_kt", "to_kt", "value_cny_per_t", "saved_mcny", "moves", "ends"]
FIGURE_COLUMNS = ["figure", "unit", "from", "to", "cost_mcny", "per_unit", "moves", "ends"]


def _mcny(kcny: float) -> float:
    """MCNY with the decimals that a run states, so that no float's tail is shown."""
    return round(kcny / KCNY_PER_MCNY, DECIMALS) + 0.0


def capacity_table(curves: Sequence[Curve]) -> pd.DataFrame:
    """Curves of capacity as one table, a row per piece.

    Returns
    -------
    pandas.DataFrame
        place (region), from_kt, to_kt, value_cny_per_t (what each kt more saves), saved_mcny
        (what all up to to_kt saves), moves (flows that change with each kt more), ends (what
        happens at to_kt; blank at the end of the range).
    """
    records = [
        (
            curve.of,
            piece.start,
            piece.end,
            -piece.slope + 0.0,
            _mcny(curve.pieces[0].cost_kcny - curve.cost_kcny(piece.end)),
            *texts,
        )
        for curve in curves
        for piece, texts in zip(curve.pieces, curve.texts, strict=True)
    ]
    return pd.DataFrame(records, columns=CAPACITY_COLUMNS)


def figure_table(curve: Curve) -> pd.DataFrame:
    """A curve of any figure as a table, a row per piece.

    Returns
    -------
    pandas.DataFrame
        figure, unit, from, to, cost_mcny (at `from`), per_unit (what one unit more adds to the
        cost, in kCNY: CNY/t where the unit is kt), moves, ends.
    """
    records = [
        {
            "figure": curve.of,
            "unit": curve.unit,
            "from": piece.start,
            "to": piece.end,
            "cost_mcny": _mcny(piece.cost_kcny),
            "per_unit": piece.slope,
            "moves": moves,
            "ends": ends,
        }
        for piece, (moves, ends) in zip(curve.pieces, curve.texts, strict=True)
    ]
    return pd.DataFrame(records, columns=FIGURE_COLUMNS)
