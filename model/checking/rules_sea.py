"""Rules for links by sea: their ends, and the passages that are closed to them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.distances import LocatedLink, by_sea, is_closed, placed_legs
from model.case.errors import quoted
from model.case.names import did_you_mean
from model.case.passages import PASSAGE_NAMES, PASSAGES, closed_sea_passages, passage_called
from model.case.schema import CASE
from model.case.sea_routes import ALWAYS_CLOSED, FARTHEST_KM, distance_to_sea_km, sea_km
from model.checking.check import Finding, Frames, Rule, distinct, names_in


def _closed_passages(frames: Frames) -> Iterator[Finding]:
    nodes = distinct(frames["nodes"]["node"])
    for name in _closed_names(frames):
        if name not in nodes and not passage_called(name):
            rule = "must be a node, or a sea passage"
            otherwise = f"sea passages are {', '.join(PASSAGES)}"
            remedy = did_you_mean(name, nodes.union(PASSAGE_NAMES), otherwise)
            yield Finding("case", 0, "closed_passages", rule, remedy, quoted(name))


def _closed_names(frames: Frames) -> list[str]:
    column = CASE.by_name["closed_passages"]
    return [n for cell in frames["case"]["closed_passages"] for n in names_in(column, cell)]


def _lengths_unknown(frames: Frames) -> Iterator[Finding]:
    """Yield sea links without length for which the sea lanes have none either."""
    links = frames["links"]
    blank = links["km"].isna().to_numpy() & ~is_closed(links)
    remedy = "write the length, or move the node"
    for leg in placed_legs(frames, np.flatnonzero(blank & by_sea(links))):
        if not leg.follows_sea_lanes:
            continue
        start, end = links["from"].iloc[leg.row], links["to"].iloc[leg.row]
        far = _far_from_sea(leg, start, end)
        if far:
            yield Finding("links", leg.row, "km", f"must be given, since {far}", remedy)
        elif sea_km(leg.start, leg.end) is None:
            rule = f"must be given, since no sea lanes join {start} and {end}"
            yield Finding("links", leg.row, "km", rule, remedy)


def _far_from_sea(leg: LocatedLink, start: str, end: str) -> str:
    """Return in words which end of a link lies too far from the sea lanes; or a blank."""
    for name, place in ((start, leg.start), (end, leg.end)):
        km = distance_to_sea_km(place)
        if km > FARTHEST_KM:
            return f"{name} lies {km:,.0f} km from the nearest sea lane, above {FARTHEST_KM:g} km"
    return ""


def _detours_unknown(frames: Frames) -> Iterator[Finding]:
    """Yield sea links of which nobody can tell whether they go through a closed passage.

    A passage that is a node of the case too closes where the network has it, and needs no more.
    """
    links, closed = frames["links"], _closed_names(frames)
    nodes = distinct(frames["nodes"]["node"])
    named = closed_sea_passages(name for name in closed if name not in nodes)
    passages = tuple(name for name in named if name != ALWAYS_CLOSED)
    ends_open = links[["from", "to"]].isin(nodes.difference(closed)).all(axis=1)
    rows = np.flatnonzero(by_sea(links) & ends_open.to_numpy() & ~is_closed(links))
    if not passages or not len(rows):
        return
    legs = {leg.row: leg for leg in placed_legs(frames, rows)}
    what = f"whether it goes through a closed passage ({', '.join(passages)}) cannot be known"
    for row in map(int, rows):
        why, remedy = _why_unknown(frames, row, legs.get(row), passages)
        if why:
            found = f"{links['from'].iloc[row]} to {links['to'].iloc[row]}"
            yield Finding("links", row, None, f"{what}, since {why}", remedy, quoted(found))


def _why_unknown(
    frames: Frames, row: int, leg: LocatedLink | None, passages: tuple[str, ...]
) -> tuple[str, str]:
    """Return why a link's way cannot be known, and the remedy; blanks where it can."""
    nodes = frames["nodes"]
    start, end, km = (frames["links"][name].iloc[row] for name in ("from", "to", "km"))
    if leg is None:
        placed = distinct(nodes["node"][nodes[["lat", "lon"]].notna().all(axis=1)])
        lost = end if start in placed else start
        return f"node {lost} has no coordinates", f"write lat and lon of {lost}"
    if km == km and leg.may_pass(km, passages):
        remedy = "move the node to its port, or fill in closed_by if nothing goes through"
        return _far_from_sea(leg, start, end), remedy
    return "", ""


SEA_RULES: tuple[Rule, ...] = (_closed_passages, _lengths_unknown, _detours_unknown)
