"""Every table and column of a case: type, unit, bounds, key, meaning and default.

Reading, checking, writing, ``data/README.md`` (``python -m model.case.schema_page``) and
the template of the workbook all follow these declarations; nothing else knows a column by heart.
"""

from __future__ import annotations

from model.case.columns import Column, Table
from model.case.schema_choices import CLOSURES, GROUPS, PATHS, PERIODS, PROJECTS
from model.case.schema_columns import year
from model.case.schema_market import DUTIES, LANES, LIMITS, ORIGINS, RECIPES, SINKS
from model.case.schema_network import LINKS, MODES, NODES
from model.case.schema_sources import ASSUMPTIONS, NAMES, OBSERVED, SOURCES

FORMAT = 1
"""Version of the format of a case, which these declarations are."""
LANGUAGES = ("en", "zh")
"""Languages that reports are written in."""
MAX_ROWS = 5_000_000
"""Rows that a table may have."""
MAX_BYTES = 1_000_000_000
"""Bytes that a file of a case may have."""
MAX_NUMBER = 1e15
"""Numbers of this size and beyond are refused: no quantity here comes near it."""
MIN_NUMBER = 1e-9
"""Numbers nearer to 0 than this count as 0, with a warning."""
MAX_NAME_LENGTH = 200
"""Characters that a name may have."""

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ORIGINS, SINKS, RECIPES, LANES, NODES, LINKS, MODES, LIMITS, DUTIES, PROJECTS, GROUPS,
        CLOSURES, PERIODS, PATHS, OBSERVED, SOURCES, NAMES, ASSUMPTIONS,
    )
}  # fmt: skip
"""All tables in the order in which they are explained and written."""

CASE = Table(
    "case",
    "Keys of `case.toml`, or rows `key`, `value` of the workbook's sheet `case`.",
    (
        Column("name", "name", "the case's name", required=True),
        Column("title", "text", "title of its reports"),
        year("year", "year that the figures are of", "no year"),
        Column("discount_rate", "number", "yearly rate for capital", default=0.08, above=-1,
               maximum=1, plausible=(0.005, 0.3)),
        Column("carbon_price_cny_per_t", "number", "price of emissions", unit="CNY/t CO2e",
               default=0.0, minimum=0, plausible=(1, 10_000)),
        Column("closed_passages", "names", "nodes, and sea passages such as `Suez Canal`, that "
               "nothing goes through; lanes of `lanes.csv`, which name no way, stay", blank="none"),
        Column("default_scenario", "name", "scenario that `run` takes without a name",
               blank="the case as it stands"),
        Column("companion_scenario", "name",
               "scenario shown with the case as it stands, on its page", blank="none",
               old_names=("beside_scenario",)),
        Column("outlines", "names", "GeoJSON files for the maps, beside `case.toml`",
               blank="the maps' own"),
        Column("commodity", "name", "the commodity whose balances it is about", default="product"),
        Column("format", "integer", "version of the format of the case", default=FORMAT,
               minimum=1),
        Column("language", "choice", "language of its reports; `--language` stands before it",
               default=LANGUAGES[0], choices=LANGUAGES),
        Column("region_words", "names", "what reports call a region, one and several: "
               '`["plant", "plants"]`', blank="`region`, `regions`"),
        Column("sink_words", "names", "what reports call a sink, one and several",
               blank="`sink`, `sinks`"),
        Column("border_words", "names", "what reports call a border between regions, one and"
               " several", blank="`regional border`, `regional borders`"),
    ),
)  # fmt: skip
"""The keys of ``case.toml``."""


def present_target(target: str) -> str:
    """Return a target by the present name of its column; what is no target comes back as it is."""
    name, dot, old = target.partition(".")
    table = CASE if name == CASE.name else TABLES.get(name)
    return target if table is None else f"{name}{dot}{table.present(old)}"


def column(target: str) -> Column:
    """Return the column that ``table.column`` or ``case.KEY`` names.

    Raises
    ------
    KeyError
        If there is no such table or column.
    """
    table, _, name = target.partition(".")
    return (CASE if table == CASE.name else TABLES[table]).by_name[name]
