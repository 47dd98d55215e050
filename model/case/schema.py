"""Every table and column of a case: type, unit, bounds, key, meaning and default.

Reading, checking, writing, ``data/README.md`` (``python -m model.case.schema_page``) and
the template of the workbook all follow these declarations; nothing else knows a column by heart.
"""

from __future__ import annotations

from model.case.columns import Column, Table

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

_ORIGINS = ("origins.origin", "projects.project")
_REGIONS = ("origins.region", "projects.region")

SOURCE = Column("source", "text", "where the row's figures come from")
GRADE = Column(
    "grade",
    "choice",
    "how well founded they are: printed in a source of the case, computed from such figures, "
    "printed elsewhere, or assumed",
    choices=("reported", "derived", "external", "assumed"),
)
_PROVENANCE = (SOURCE, GRADE)


def _mass(name: str, meaning: str, *, required: bool = False, blank: str = "") -> Column:
    return Column(
        name, "number", meaning, unit="kt/year", required=required, blank=blank,
        minimum=0, plausible=(0.001, 100_000),
    )  # fmt: skip


def _unit_cost(name: str, meaning: str, *, required: bool = False, blank: str = "") -> Column:
    return Column(
        name, "number", meaning, unit="CNY/t", required=required, blank=blank,
        default=None if required or blank else 0.0, minimum=0, plausible=(0.01, 100_000),
    )  # fmt: skip


def _year(
    name: str, meaning: str, *, required: bool = False, key: bool = False, blank: str = ""
) -> Column:
    return Column(
        name, "integer", meaning, unit="year", required=required, key=key, blank=blank,
        minimum=1900, maximum=2200,
    )  # fmt: skip


def _kilometres(meaning: str, blank: str) -> Column:
    return Column(
        "km", "number", meaning, unit="km", blank=blank, minimum=0, plausible=(0.1, 40_000)
    )


def _commodity(meaning: str, blank: str = "the case's own", *, key: bool = False) -> Column:
    return Column("commodity", "name", meaning, blank=blank, key=key)


def _where(*, key: bool = False) -> Column:
    meaning = "rows of that table, as `column=value|value; column=value`"
    return Column("where", "text", meaning, key=key, blank="every row")


SELECTION = (
    Column("origin", "names", "origins it holds for", blank="any", refers_to=_ORIGINS),
    Column("region", "names", "the origins' regions", blank="any", refers_to=_REGIONS),
    Column(
        "sink",
        "names",
        "sinks it holds for, or origins that inputs go to",
        blank="any",
        refers_to=("sinks.sink", *_ORIGINS),
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

ORIGINS = Table(
    "origins",
    "Where supply comes from: a region, a plant, an efficiency tier.",
    (
        Column("origin", "name", "the origin's name", required=True, key=True),
        _mass("supply_kt", "most that it can ship", required=True),
        Column("region", "name", "region that it is counted in", default_column="origin"),
        Column(
            "kind", "choice", "whether it counts as domestic",
            default="domestic", choices=("domestic", "abroad"),
        ),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",),
               blank="explicit lanes only"),
        _mass("capacity_kt", "what it could make", blank="unknown"),
        _unit_cost("cost_cny_per_t", "cost of production, of a source of an input its price"),
        _commodity("what it sends"),
        *_PROVENANCE,
    ),
)  # fmt: skip

SINKS = Table(
    "sinks",
    "Where it is used: the users of a region, an export market.",
    (
        Column("sink", "name", "the sink's name", required=True, key=True),
        _mass("demand_kt", "least that it must receive", required=True),
        Column(
            "kind", "choice", "whether it counts as domestic",
            default="domestic", choices=("domestic", "export"),
        ),
        Column("region", "name", "region that it is counted in", default_column="sink"),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",),
               blank="explicit lanes only"),
        _mass("max_kt", "most that it can receive", blank="demand_kt"),
        _commodity("what it receives"),
        *_PROVENANCE,
    ),
)  # fmt: skip

RECIPES = Table(
    "recipes",
    "What a tonne that leaves an origin takes of an input, delivered there. A depot is an origin "
    "named in a row whose output and input are the same; it makes nothing, so that only rows that "
    "name it hold for it.",
    (
        Column("output", "name", "commodity that leaves", required=True, key=True),
        Column("input", "name", "commodity that it takes", required=True, key=True),
        Column("t_per_t", "number", "tonnes of the input for each tonne that leaves", unit="t/t",
               required=True, above=0, plausible=(0.001, 100)),
        Column("origin", "name", "origin or project that it holds for", key=True,
               refers_to=_ORIGINS, blank="all of that output without a row of their own"),
        *_PROVENANCE,
    ),
)  # fmt: skip

LANES = Table(
    "lanes",
    "Explicit door-to-door lanes, beside those that the network offers.",
    (
        Column("origin", "name", "where it starts; a project's name too", required=True, key=True,
               refers_to=_ORIGINS),
        Column("sink", "name", "where it ends: a sink, or an origin that takes what it carries",
               required=True, key=True, refers_to=("sinks.sink", *_ORIGINS)),
        _unit_cost("cost_cny_per_t", "freight from door to door", required=True),
        Column("mode", "name", "means of transport", key=True, blank="unnamed", forbidden=">"),
        _kilometres("length", "0 in tonne-kilometres and emissions"),
        Column("min_kt", "number", "least that it must carry", unit="kt/year", default=0.0,
               minimum=0, plausible=(0.001, 100_000)),
        _mass("max_kt", "most that it can carry", blank="no limit"),
        *_PROVENANCE,
    ),
)  # fmt: skip

NODES = Table(
    "nodes",
    "Places of the network. Without coordinates there is no map.",
    (
        Column("node", "name", "the node's name", required=True, key=True, forbidden=">"),
        Column("name", "text", "name for display", default_column="node"),
        Column("kind", "choice", "what it is", default="junction",
               choices=("hub", "junction", "port", "border", "market")),
        Column("lat", "number", "latitude", unit="degrees north", blank="not on the map",
               minimum=-90, maximum=90),
        Column("lon", "number", "longitude; may exceed 180 across the Pacific",
               unit="degrees east", blank="not on the map", minimum=-180, maximum=360),
        *_PROVENANCE,
    ),
)  # fmt: skip

LINKS = Table(
    "links",
    "Stretches between nodes, used both ways unless one_way. Parallel ones may differ in anything.",
    (
        Column("from", "name", "node at one end", required=True, refers_to=("nodes.node",)),
        Column("to", "name", "node at the other end", required=True, refers_to=("nodes.node",)),
        Column("mode", "name", "means of transport", required=True, refers_to=("modes.mode",)),
        _kilometres("length", "computed from the coordinates of its ends"),
        _unit_cost("cost_cny_per_t", "freight over the link", blank="the mode's tariff"),
        _mass("limit_kt", "most that it can carry, in each direction", blank="no limit"),
        Column("one_way", "boolean", "whether it runs only from `from` to `to`", default=False),
        Column("closed_by", "text", "what closes it, in words: nothing goes through", blank="open"),
        *_PROVENANCE,
    ),
)

MODES = Table(
    "modes",
    "Means of transport and their tariffs. `sea` and names beginning with `sea_` are the sea.",
    (
        Column("mode", "name", "the mode's name", required=True, key=True, forbidden=">"),
        _unit_cost("fixed_cny_per_t", "loading and unloading, once per stretch in the mode"),
        Column("cny_per_t_km", "number", "tariff", unit="CNY/t-km", default=0.0, minimum=0,
               plausible=(0.001, 10)),
        Column("gco2_per_t_km", "number", "emissions", unit="g CO2e/t-km", default=0.0, minimum=0,
               plausible=(0.1, 1000)),
        Column("circuity", "number", "length of a link over its great circle, where km is blank",
               blank="sea: computed sea route; otherwise 1", above=0, plausible=(1, 3)),
        _commodity("what the tariff is for; it stands before the general one", "any", key=True),
        *_PROVENANCE,
    ),
)  # fmt: skip

LIMITS = Table(
    "limits",
    "Bounds on the sum over the lanes that a selection picks: ports, corridors, captive tonnes, "
    "carbon caps. Non-blank cells of a selection must all match. A mode counts each entry into it, "
    "via counts once per passage.",
    (
        Column("limit", "name", "the limit's name", required=True, key=True),
        Column("min", "number", "lower bound, in the unit of the measure", blank="no bound",
               minimum=0, old_names=("min_kt",)),
        Column("max", "number", "upper bound, in the unit of the measure", blank="no bound",
               minimum=0, old_names=("max_kt",)),
        *SELECTION,
        Column("measure", "choice", "what is summed: tonnes, emissions or cost", default="ship_kt",
               choices=("ship_kt", "co2_kt", "cost_mcny")),
        *_PROVENANCE,
    ),
)  # fmt: skip

DUTIES = Table(
    "duties",
    "Ad valorem duties on the lanes that a selection picks; duties on one lane add up.",
    (
        Column("duty", "name", "the duty's name", required=True),
        Column("rate", "number", "share of the value: 0.0655 is 6.55 %", required=True, minimum=0,
               plausible=(0.0001, 20)),
        Column("value_cny_per_t", "number", "value that it is levied on", unit="CNY/t",
               required=True, minimum=0, plausible=(100, 1_000_000)),
        Column("from_date", "date", "first day; it applies if by the end of the case's year",
               blank="always"),
        *SELECTION,
        *_PROVENANCE,
    ),
)  # fmt: skip

PROJECTS = Table(
    "projects",
    "Capacity that could be built. It needs an origin, region or node, a lane of its own, or "
    "a limit that it raises. In `run` projects stay unbuilt.",
    (
        Column("project", "name", "the project's name", required=True, key=True),
        Column("origin", "name", "origin that it extends", refers_to=("origins.origin",)),
        Column("region", "name", "region that it stands in"),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",)),
        _mass("capacity_kt", "size, or its largest size", required=True),
        _mass("min_kt", "smallest size if built", blank="fixed at capacity_kt"),
        Column("capex_cny_per_t", "number", "capital per tonne of yearly capacity",
               unit="CNY per t/year", default=0.0, minimum=0, plausible=(10, 1_000_000)),
        Column("fixed_mcny_per_year", "number", "yearly cost while it stands, beside its annuity",
               unit="MCNY/year", default=0.0, minimum=0, plausible=(0.001, 100_000)),
        _unit_cost("cost_cny_per_t", "cost of production"),
        _commodity("what it sends", "its origin's, or the case's own"),
        Column("life_years", "number", "years that it stands and over which capital is repaid",
               unit="years", default=20.0, above=0, plausible=(1, 60)),
        Column("after_life", "choice", "in a plan, after its life: bought again at the price of "
               "that period, or gone", default="rebuilt", choices=("rebuilt", "gone")),
        _year("earliest", "first year in which building can begin", blank="any"),
        Column("lead_years", "integer", "years from beginning to operation", unit="years",
               default=0.0, minimum=0, maximum=50),
        Column("adds_to_limit", "name", "limit that it raises instead of supplying",
               refers_to=("limits.limit",)),
        Column("group", "name", "at most one project of a group is built"),
        Column("requires", "names", "projects that it needs", refers_to=("projects.project",)),
        Column("forced", "boolean", "whether it is built in any case", default=False),
        *_PROVENANCE,
    ),
)  # fmt: skip

CLOSURES = Table(
    "closures",
    "Existing origins that may be closed against their fixed cost.",
    (
        Column("origin", "name", "origin that may be closed", required=True, key=True,
               refers_to=("origins.origin",)),
        Column("saved_mcny_per_year", "number", "fixed cost saved", unit="MCNY/year", required=True,
               minimum=0, plausible=(0.001, 100_000)),
        *_PROVENANCE,
    ),
)  # fmt: skip

PERIODS = Table(
    "periods",
    "The periods of a plan, in order. Tables give rates per year; a period counts for its length.",
    (
        _year("year", "the year in which it begins", required=True, key=True),
        Column("length_years", "number", "how long it is; its rates hold throughout", unit="years",
               blank="until the next year listed; of the last, 1", above=0, plausible=(1, 50)),
        _unit_cost("holding_cny_per_t", "cost of carrying stock from this period to the next"),
        Column("max_stock_kt", "number", "most stock carried from this period to the next",
               unit="kt", default=0.0, minimum=0, plausible=(0.001, 100_000)),
        *_PROVENANCE,
    ),
)  # fmt: skip

PATHS = Table(
    "paths",
    "What changes over the years of a plan: values of `table.column` by year.",
    (
        Column("target", "target", "`table.column`", required=True, key=True),
        _where(key=True),
        _year("year", "a year of `periods`", required=True, key=True),
        Column("value", "number", "the value, or the factor", required=True),
        Column("how", "choice", "whether it replaces or multiplies", default="absolute",
               choices=("absolute", "factor")),
        *_PROVENANCE,
    ),
)  # fmt: skip

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
        _year("year", "year of publication"),
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
    "The figures without a publication behind them, each with its range.",
    (
        Column("assumption", "name", "what is assumed", required=True, key=True),
        Column("target", "target", "`table.column`, or `case.KEY`", required=True),
        _where(),
        Column("low", "number", "low end of the range", required=True),
        Column("high", "number", "high end of the range", required=True),
        Column("how", "choice", "whether low and high replace the figure or multiply it",
               default="absolute", choices=("absolute", "factor")),
        Column("why", "text", "grounds for figure and range"),
        Column("source", "text", "where the grounds come from"),
    ),
)  # fmt: skip

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        ORIGINS, SINKS, RECIPES, LANES, NODES, LINKS, MODES, LIMITS, DUTIES, PROJECTS, CLOSURES,
        PERIODS, PATHS, OBSERVED, SOURCES, NAMES, ASSUMPTIONS,
    )
}  # fmt: skip
"""All tables in the order in which they are explained and written."""

CASE = Table(
    "case",
    "Keys of `case.toml`, or rows `key`, `value` of the workbook's sheet `case`.",
    (
        Column("name", "name", "the case's name", required=True),
        Column("title", "text", "title of its reports"),
        _year("year", "year that the figures are of", blank="no year"),
        Column("discount_rate", "number", "yearly rate for capital", default=0.08, above=-1,
               maximum=1, plausible=(0.005, 0.3)),
        Column("carbon_price_cny_per_t", "number", "price of emissions", unit="CNY/t CO2e",
               default=0.0, minimum=0, plausible=(1, 10_000)),
        Column("closed_passages", "names", "nodes, and sea passages such as `Suez Canal`, that "
               "nothing goes through", blank="none"),
        Column("default_scenario", "name", "scenario that `run` takes without a name",
               blank="the case as it stands"),
        Column("companion_scenario", "name",
               "scenario shown with the case as it stands, on its page", blank="none",
               old_names=("beside_scenario",)),
        Column("outlines", "names", "GeoJSON files for the maps, beside `case.toml`",
               blank="the maps' own"),
        Column("commodity", "name", "the commodity whose balances it is about", default="product"),
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
