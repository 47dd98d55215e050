"""Kilometres of links: those left blank, and the ways round closed sea passages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats
from model.case.commodities import tariffs
from model.case.great_circle import great_circle_km
from model.case.passages import closed_sea_passages
from model.case.sea_routes import FARTHEST_KM, Place, passage_points, sea_km

if TYPE_CHECKING:
    from model.case.case import Case

_STEP_KM = 0.1
"""Lengths are computed to this."""
_LEAST_KM = 1e-6
"""Enough to tell two links apart."""
_COST_DIGITS = 6
_SHORTEST_SHARE = 0.9
"""A length that a user gives may fall short of searoute's by this factor."""


@dataclass(frozen=True)
class LocatedLink:
    """A link whose two ends have coordinates.

    Attributes
    ----------
    row : position in links.csv
    start, end : (lat, lon), degrees
    by_sea : whether its mode is the sea
    circuity : of its mode; NaN where blank
    """

    row: int
    start: Place
    end: Place
    by_sea: bool
    circuity: float

    @property
    def follows_sea_lanes(self) -> bool:
        """Whether its length, where blank, is that of a sea route."""
        return self.by_sea and np.isnan(self.circuity)

    def computed_km(self) -> float | None:
        """Return its length where none is given, None where ships have no way."""
        if self.follows_sea_lanes:
            return sea_km(self.start, self.end)
        straight = float(great_circle_km(*self.start, *self.end))
        return round(straight * (1.0 if np.isnan(self.circuity) else self.circuity), 1)

    def may_pass(self, km: float, passages: Iterable[str]) -> bool:
        """Whether a way of `km` can be long enough to go through one of some passages."""
        reach = km / _SHORTEST_SHARE + 2 * FARTHEST_KM
        return any(self._least_km_through(passage) <= reach for passage in passages)

    def _least_km_through(self, passage: str) -> float:
        lat, lon = passage_points(passage).T
        way = great_circle_km(*self.start, lat, lon) + great_circle_km(lat, lon, *self.end)
        return float(way.min(initial=np.inf))

    def km_round(self, km: float, passages: tuple[str, ...]) -> float | None:
        """Return the length of a sea link of `km` where passages are closed.

        `km` itself where the link needs none of them or is no shorter than the way round; None
        where there is no way round.
        """
        if not self.may_pass(km, passages):
            return km
        as_open, way_round = (sea_km(self.start, self.end, shut) for shut in ((), passages))
        if as_open is None:  # such an end is refused by the checks
            return km
        if way_round is None:
            return None
        return km if way_round < as_open + _STEP_KM / 2 else max(km, way_round)


def is_sea(mode: str) -> bool:
    """Whether a mode is the sea: `sea`, or a name that begins with `sea_`."""
    return mode == "sea" or mode.startswith("sea_")


def by_sea(links: pd.DataFrame) -> Booleans:
    """Return which links are by sea, (links,)."""
    return np.array([is_sea(mode) for mode in links["mode"]], dtype=bool)


def is_closed(links: pd.DataFrame) -> Booleans:
    """Return which links nothing goes through, (links,)."""
    return (links["closed_by"] != "").to_numpy(dtype=bool)


def with_distances(case: Case) -> Case:
    """Return the case with every blank `links.km` computed and closed passages gone round.

    A mode's circuity multiplies the great circle (1 where blank). A sea mode without a circuity
    follows sea lanes (package searoute). A sea link whose way needs a closed passage gets the
    length of the way round, unless its own is no shorter; a cost of its own grows by the mode's
    tariff for the detour. Without a way round it is closed (`closed_by`). A link with a cost of its
    own and no coordinates keeps its blank.
    """
    passages = closed_sea_passages(case.settings.closed_passages)
    if passages == case.gone_round and not case.links["km"].isna().any():
        return case
    links, found = case.links, _lengths(case, passages)
    closed_by = links["closed_by"].where(found.is_open | is_closed(links), " ".join(passages))
    dearer = (links["cost_cny_per_t"] + found.detour_km * _tariff(case)).round(_COST_DIGITS)
    cost = dearer.where(found.detour_km > 0, links["cost_cny_per_t"])
    links = _told_apart(links.assign(km=found.km, closed_by=closed_by, cost_cny_per_t=cost))
    return case.replace_unchecked(links=links, gone_round=passages)


def with_sea_lengths(case: Case) -> Case:
    """Return the case with blank lengths along sea lanes computed, as they are with every way open.

    All other blanks stay: a plan whose paths move places or circuity computes them in each period.
    """
    km = case.links["km"].to_numpy(dtype=float).copy()
    for leg in placed_legs(case.tables(), np.flatnonzero(np.isnan(km) & ~is_closed(case.links))):
        if leg.follows_sea_lanes:
            own = leg.computed_km()
            km[leg.row] = np.nan if own is None else own
    if np.array_equal(km, case.links["km"], equal_nan=True):
        return case
    return case.replace_unchecked(links=_told_apart(case.links.assign(km=km)))


def _told_apart(links: pd.DataFrame) -> pd.DataFrame:
    """Return links of which none repeats another, as a case may have them.

    Two that differ by their lengths alone become the same where both go the same way round.
    """
    is_again = links.duplicated()
    if not is_again.any():
        return links
    again = links.groupby(list(links.columns), dropna=False).cumcount()
    return links.assign(km=links["km"] + again * _LEAST_KM)


def _tariff(case: Case) -> Floats:
    """Return the tariff of each link's mode, CNY/t-km, (links,)."""
    tariff = tariffs(case, "")["cny_per_t_km"]
    return np.array([tariff.get(mode, 0.0) for mode in case.links["mode"]], dtype=float)


@dataclass(frozen=True)
class _Lengths:
    """Lengths of links where some passages are closed, (links,) each.

    Attributes
    ----------
    km : NaN where unknown
    is_open : whether anything goes through
    detour_km : what a way round adds
    """

    km: Floats
    is_open: Booleans
    detour_km: Floats


def _lengths(case: Case, passages: tuple[str, ...]) -> _Lengths:
    links = case.links
    km, is_open = links["km"].to_numpy(dtype=float).copy(), ~is_closed(links)
    blank, detour_km = np.isnan(km), np.zeros(len(links))
    is_new = blank | (passages != case.gone_round)
    at_closed = links[["from", "to"]].isin(case.settings.closed_passages).any(axis=1).to_numpy()
    goes_round = by_sea(links) & is_new & ~at_closed & bool(passages)
    for leg in placed_legs(case.tables(), np.flatnonzero((blank | goes_round) & is_open)):
        own = leg.computed_km() if blank[leg.row] else float(km[leg.row])
        round_km = leg.km_round(own, passages) if own is not None and goes_round[leg.row] else own
        if own is None or round_km is None:
            is_open[leg.row] = False
        else:
            km[leg.row], detour_km[leg.row] = round_km, round_km - own
    return _Lengths(km, is_open, detour_km)


def passage_notes(case: Case) -> list[str]:
    """Return what the closed passages of a case do to its sea links, in words."""
    passages = closed_sea_passages(case.settings.closed_passages)
    if not passages:
        return []
    links, found = case.links, _lengths(case, passages)
    names = [f"{a} to {b} by {mode}" for a, b, mode in links[["from", "to", "mode"]].to_numpy()]
    shut = [names[row] for row in np.flatnonzero(~found.is_open & ~is_closed(links))]
    longer = [
        f"{names[row]}, {found.km[row]:,.10g} km and so {found.detour_km[row]:,.1f} more"
        for row in np.flatnonzero(found.detour_km)
    ]
    where = f"links.csv: with {' and '.join(passages)} closed,"
    notes = (
        (shut, f"{where} {len(shut)} sea links have no way round and are closed: {_first(shut)}"),
        (longer, f"{where} {len(longer)} sea links go a longer way round: {_first(longer)}"),
    )
    return [note for rows, note in notes if rows]


def _first(items: list[str], most: int = 3) -> str:
    more = f"; and {len(items) - most} more" if len(items) > most else ""
    return "; ".join(items[:most]) + more


def placed_legs(tables: Mapping[str, pd.DataFrame], rows: Iterable[int]) -> Iterator[LocatedLink]:
    """Yield those of some rows of links whose ends have coordinates."""
    nodes, links, modes = tables["nodes"], tables["links"], tables["modes"]
    on_earth = nodes[["lat", "lon"]].notna().all(axis=1) & (nodes["lat"].abs() <= 90)
    known = nodes[on_earth]
    at = dict(zip(known["node"], zip(known["lat"], known["lon"], strict=True), strict=True))
    circuity = dict(zip(modes["mode"], modes["circuity"], strict=True))
    starts, ends, means = (links[name].tolist() for name in ("from", "to", "mode"))
    for row in map(int, rows):
        start, end, mode = starts[row], ends[row], means[row]
        if start in at and end in at:
            factor = float(circuity.get(mode, np.nan))
            yield LocatedLink(row, at[start], at[end], is_sea(mode), factor)
