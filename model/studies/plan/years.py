"""The case of each year of a plan: what `paths.csv` says of it, and its discount factor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from model.case.errors import BadInput, Fault
from model.case.schema import TABLES
from model.case.where import matching, parse_where, typed_where

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case


@dataclass(frozen=True)
class Year:
    """One year of a plan.

    Attributes
    ----------
    case : the case with the figures of the year
    discount : what a CNY of the year is worth in the first one
    holding_cny_per_t, max_stock_kt : of stock carried from it to the next
    """

    year: int
    case: Case
    discount: float
    holding_cny_per_t: float
    max_stock_kt: float


def read_years(case: Case) -> list[Year]:
    """The years of `periods.csv`, in order; one year, the case's own, where there are none.

    Raises
    ------
    BadInput
        A case without periods and without a year.
    """
    periods = case.periods
    if periods.empty:
        if case.settings.year is None:
            rule = "a plan must have years"
            remedy = "write them in periods.csv, or the case's year in case.toml"
            raise BadInput([Fault("periods.csv", "no row", rule, remedy)])
        return [Year(case.settings.year, case, 1.0, 0.0, 0.0)]
    years = [int(year) for year in periods["year"]]
    assert all(before < after for before, after in pairwise(years))  # the order of its key
    rate = case.settings.discount_rate
    return [
        Year(
            year=year,
            case=case_of(case, year),
            discount=float((1.0 + rate) ** (years[0] - year)),
            holding_cny_per_t=float(row["holding_cny_per_t"]),
            max_stock_kt=float(row["max_stock_kt"]),
        )
        for year, (_, row) in zip(years, periods.iterrows(), strict=True)
    ]


def case_of(case: Case, year: int) -> Case:
    """The case as the paths have it in a year: of each path, the latest value up to that year.

    Before its first value a path leaves the case as it stands. Where several paths touch one cell
    they are applied in the order of their keys.
    """
    paths = case.paths[case.paths["year"] <= year]
    latest = paths[~paths.duplicated(["target", "where"], keep="last")]
    tables: dict[str, pd.DataFrame] = {}
    for target, where, value, how in latest[["target", "where", "value", "how"]].itertuples(
        index=False, name=None
    ):
        name, _, column = target.partition(".")
        frame = tables.get(name, case.table(name))
        rows = matching(frame, typed_where(TABLES[name], parse_where(where)))
        now = frame[column].to_numpy(dtype=float)
        changed = now * value if how == "factor" else np.full(len(frame), value)
        tables[name] = frame.assign(**{column: np.where(rows, changed, now)})
    settings = replace(case.settings, year=year)
    return case.replace(settings=settings, **tables)
