"""The case of each year of a plan: what `paths.csv` says of it, and its discount factor."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from model.case.change import Change, apply_changes
from model.case.distances import with_distances
from model.case.errors import BadInput, Fault

if TYPE_CHECKING:
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
        return [Year(case.settings.year, with_distances(case), 1.0, 0.0, 0.0)]
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
    """The case as the paths have it in a year, with distances: of each, the latest value so far.

    Before its first value a path leaves the case as it stands. Where several paths touch one cell
    they are applied in the order of their keys.
    """
    paths = case.paths[case.paths["year"] <= year]
    latest = paths[~paths.duplicated(["target", "where"], keep="last")]
    changes = [
        Change.read(*path)
        for path in latest[["target", "where", "how", "value"]].itertuples(index=False, name=None)
    ]
    of_year = case.replace_unchecked(settings=replace(case.settings, year=year))
    return with_distances(apply_changes(of_year, changes))
