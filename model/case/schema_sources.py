"""Tables of what is known of the figures: observations, sources, names, assumptions."""

from __future__ import annotations

from model.case.columns import Column, Table
from model.case.schema_columns import where, year

OBSERVED = Table(
    "observed",
    "What the model is meant to reproduce.",
    (
        Column("quantity", "name", "a figure of the result", required=True),
        Column("region", "names", "region or market", blank="the whole",
               refers_to=("origins.region", "sinks.region", "origins.origin", "sinks.sink")),
        Column("value", "number", "what was observed", required=True),
        Column("unit", "text", "its unit"),
        Column("tolerance", "number", "difference that still counts as reproduced", minimum=0,
               blank="a comparison, not a test"),
        Column("source", "text", "who observed it"),
        Column("origins", "names", "origins (or their regions) that it is about", blank="all",
               refers_to=("origins.region", "origins.origin")),
        Column("note", "text", "a remark for the reader"),
    ),
)  # fmt: skip

SOURCES = Table(
    "sources",
    "The publications behind the figures.",
    (
        Column("source", "name", "short name, as cited", required=True, key=True),
        Column("title", "text", "title"),
        Column("locator", "text", "where to find it"),
        year("year", "year of publication"),
    ),
)

NAMES = Table(
    "names",
    "Local names beside the names of the case, for display.",
    (
        Column("name", "name", "name as used in the tables", required=True, key=True),
        Column("local_name", "text", "name in the local language", required=True),
    ),
)

ASSUMPTIONS = Table(
    "assumptions",
    "The figures without a publication behind them, each with its range, and the choices of "
    "structure, each with a scenario that makes it otherwise; `run --full` tries them one by one.",
    (
        Column("assumption", "name", "what is assumed", required=True, key=True),
        Column("target", "target", "`table.column`, or `case.KEY`", blank="a scenario is given"),
        where(),
        Column("low", "number", "low end of the range", blank="a scenario is given"),
        Column("high", "number", "high end of the range", blank="a scenario is given"),
        Column("how", "choice", "whether low and high replace the figure or multiply it",
               default="absolute", choices=("absolute", "factor")),
        Column("scenario", "name", "scenario of the case that makes it otherwise: a structural "
               "alternative, in place of a range", blank="a range is given"),
        Column("moves_with", "name", "name of the sum that it belongs to: as one of the sum goes "
               "to an end of its range, the others of that name change in proportion to their "
               "present figures, so that the sum stays", blank="it moves alone"),
        Column("why", "text", "grounds for figure and range"),
        Column("source", "text", "where the grounds come from"),
    ),
)  # fmt: skip
