"""Rules for the periods of a plan, and for what names one of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.errors import quoted
from model.case.names import nearest
from model.case.periods import Timeline, is_year, timeline
from model.case.schema import CASE
from model.case.schema_columns import FIRST_YEAR, LAST_YEAR
from model.checking.check import Finding, Frames, Rule, distinct


def timeline_of(frames: Frames) -> Timeline:
    """Return the periods of a case that may break rules."""
    years = [int(year) for year in frames[CASE.name]["year"] if year == year]
    return timeline(frames["periods"], years[0] if years else None)


def _nameless(frames: Frames) -> Iterator[Finding]:
    for table in ("periods", "paths"):
        frame = frames[table]
        blank = frame["year"].isna() & (frame["period"] == "")
        for row in np.flatnonzero(blank):
            rule = "a row must have a year, or the name of a period"
            yield Finding(table, int(row), "year", rule, "write one of the two")


def _periods_in_order(frames: Frames) -> Iterator[Finding]:
    last, its_name = np.nan, ""
    periods = frames["periods"]
    for row, (year, name) in enumerate(zip(periods["year"], periods["period"], strict=True)):
        if year < last:
            rule = f"years must rise, and the row above has {last:g}"
            yield Finding("periods", row, "year", rule, "put the rows in order of years")
        elif year == last and name != its_name:  # a row repeated is found elsewhere
            rule = "years must rise, and a row above has it"
            remedy = "leave it blank where a period begins as the one above it ends"
            yield Finding("periods", row, "year", rule, remedy)
        if year == year:
            last, its_name = year, name


def _first_without_year(frames: Frames) -> Iterator[Finding]:
    years = frames["periods"]["year"]
    if timeline_of(frames).first_year is None and years.notna().any():
        rule = "the first period must have a year where a later one has"
        yield Finding("periods", 0, "year", rule, "write its year, or that of the case")


def _periods_that_overlap(frames: Frames) -> Iterator[Finding]:
    time, periods = timeline_of(frames), frames["periods"]
    if time.first_year is None:
        return
    for row, (span, after) in enumerate(zip(time.spans, time.spans[1:], strict=False)):
        room = float(after.begin - span.begin)
        if after.year is None or (span.end <= after.begin and room > 0):
            continue
        if room <= 0 and span.year is None:
            at = f"{time.year_of(span.begin):g}"
            rule = f"the period above it begins at {at} only"
            remedy = "write a later year, or shorten the periods above it"
            yield Finding("periods", row + 1, "year", rule, remedy)
        elif room > 0 and periods["length_years"].notna().iloc[row]:
            rule = f"a period must end by the next one, which begins in {after.year}"
            remedy = f"write at most {room:g}, or leave it blank"
            yield Finding("periods", row, "length_years", rule, remedy)


def _names_of_periods(frames: Frames) -> Iterator[Finding]:
    """Yield names that two periods have, or that are the year of another."""
    periods = frames["periods"].fillna({"year": 0.0})
    rows = list(zip(periods["year"], periods["period"], strict=True))
    nameless = {f"{year:g}": row for row, (year, name) in enumerate(rows) if not name}
    first: dict[str, int] = {}
    for row, (year, name) in enumerate(rows):
        if not name:
            continue
        other, rule = nameless.get(name), "it is the year of {other}"
        before = first.setdefault(name, row)
        if other is None and rows[before][0] != year:  # a row repeated is found elsewhere
            other, rule = before, "{other} has it too, and names of periods must differ"
        if other is not None:
            yield Finding("periods", row, "period", rule, "name it apart", None, ("periods", other))


def _periods_of_paths(frames: Frames) -> Iterator[Finding]:
    years, paths = distinct(frames["periods"]["year"]), frames["paths"]
    for row, (year, name) in enumerate(zip(paths["year"], paths["period"], strict=True)):
        if year == year and name:
            rule = "a path holds from a year or from a named period, not both"
            yield Finding("paths", row, "period", rule, "clear one of the two")
        elif year == year and year not in years:
            rule = "must be a year of periods.csv"
            yield Finding("paths", row, "year", rule, "add it there, or write one of its years")


def _paths_at_once(frames: Frames) -> Iterator[Finding]:
    """Yield a path that gives a figure its value where another, by year, does so too."""
    paths, seen = frames["paths"], dict[tuple[str, str, object], int]()
    begins = timeline_of(frames).path_begins(paths)
    for row, begin in enumerate(begins):
        if begin is None:
            continue
        key = paths["target"].iloc[row], paths["where"].iloc[row], begin
        other = seen.setdefault(key, row)
        if bool(paths["period"].iloc[row]) != bool(paths["period"].iloc[other]):
            rule = "{other} gives the same figure a value from the same period on"
            yield Finding("paths", row, "period", rule, "delete one of the two", None,
                          ("paths", other))  # fmt: skip


def _earliest(frames: Frames) -> Iterator[Finding]:
    known, has_year = distinct(frames["periods"]["period"]), _years_are_known(frames)
    for row, text in enumerate(frames["projects"]["earliest"].tolist()):
        if not text or text in known:
            continue
        if not is_year(text):
            near = nearest(text, known)
            remedy = f"did you mean {quoted(near)}?" if near else "write a year such as 2026"
            rule = f"must be a year from {FIRST_YEAR} to {LAST_YEAR}"
            rule += ", or the name of a period in periods.csv"
            yield Finding("projects", row, "earliest", rule, remedy)
        elif not has_year:
            rule = "must be the name of a period, for neither periods.csv nor the case has a year"
            yield Finding("projects", row, "earliest", rule, "write a name, or the case's year")


def _years_are_known(frames: Frames) -> bool:
    return not len(frames["periods"]) or timeline_of(frames).first_year is not None


PERIOD_RULES: tuple[Rule, ...] = (
    _nameless,
    _periods_in_order,
    _first_without_year,
    _periods_that_overlap,
    _names_of_periods,
    _periods_of_paths,
    _paths_at_once,
    _earliest,
)
