"""Columns that several tables of a case have."""

from __future__ import annotations

from model.case.columns import Column

ORIGIN_NAMES = ("origins.origin", "projects.project")
REGION_NAMES = ("origins.region", "projects.region")

SOURCE = Column("source", "text", "where the row's figures come from")
GRADE = Column(
    "grade",
    "choice",
    "how well founded they are: printed in a source of the case, computed from such figures, "
    "printed elsewhere, or assumed",
    choices=("reported", "derived", "external", "assumed"),
)
PROVENANCE = (SOURCE, GRADE)


def mass(name: str, meaning: str, *, required: bool = False, blank: str = "") -> Column:
    """Return a column of a mass, kt per year."""
    return Column(
        name, "number", meaning, unit="kt/year", required=required, blank=blank,
        minimum=0, plausible=(0.001, 100_000),
    )  # fmt: skip


def unit_cost(name: str, meaning: str, *, required: bool = False, blank: str = "") -> Column:
    """Return a column of a cost, CNY/t."""
    return Column(
        name, "number", meaning, unit="CNY/t", required=required, blank=blank,
        default=None if required or blank else 0.0, minimum=0, plausible=(0.01, 100_000),
    )  # fmt: skip


FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years that a case may be about."""


def year(name: str, meaning: str, blank: str = "", *, is_alternative: bool = False) -> Column:
    """Return a column of a year; one of several keys where `is_alternative`."""
    return Column(
        name, "integer", meaning, unit="year", key=is_alternative, is_alternative=is_alternative,
        blank=blank, minimum=FIRST_YEAR, maximum=LAST_YEAR,
    )  # fmt: skip


def period(meaning: str, blank: str, refers_to: tuple[str, ...] = ()) -> Column:
    """Return the column of a period's name, in place of a year or with one."""
    return Column(
        "period", "name", meaning, key=True, is_alternative=True, blank=blank, refers_to=refers_to
    )


def kilometres(meaning: str, blank: str) -> Column:
    """Return the column of a length, km."""
    return Column(
        "km", "number", meaning, unit="km", blank=blank, minimum=0, plausible=(0.1, 40_000)
    )


SENT = ("origins.commodity",)
"""Where commodities are named first."""


def commodity(meaning: str, blank: str = "the case's own", *, key: bool = False) -> Column:
    """Return the column of a commodity."""
    return Column("commodity", "name", meaning, blank=blank, key=key, offers=SENT)


def where(*, key: bool = False) -> Column:
    """Return the column that picks rows of another table."""
    meaning = "rows of that table, as `column=value|value; column=value`"
    return Column("where", "text", meaning, key=key, blank="every row")


SELECTION = (
    Column("origin", "names", "origins it holds for", blank="any", refers_to=ORIGIN_NAMES),
    Column("region", "names", "the origins' regions", blank="any", refers_to=REGION_NAMES),
    Column(
        "sink",
        "names",
        "sinks it holds for, or origins that inputs go to",
        blank="any",
        refers_to=("sinks.sink", *ORIGIN_NAMES),
    ),
    Column(
        "kind",
        "names",
        "the sinks' kind; `input` of lanes to an origin",
        blank="any",
        choices=("domestic", "export", "input"),
    ),
    Column(
        "commodity",
        "names",
        "what the lanes carry",
        blank="any",
        refers_to=("origins.commodity", "projects.commodity", "case.commodity"),
    ),
    Column(
        "mode", "names", "modes it holds for", blank="any", refers_to=("modes.mode", "lanes.mode")
    ),
    Column("via", "names", "nodes `A` or links `A>B`, `A>B:mode` on the route", blank="any"),
)
"""The columns that pick lanes; all non-blank cells must match."""
