"""Tables of what can be chosen, and of the periods over which it is."""

from __future__ import annotations

from model.case.columns import Column, Table
from model.case.schema_columns import PROVENANCE, commodity, mass, period, unit_cost, where, year

PROJECTS = Table(
    "projects",
    "Capacity that could be built. It needs an origin, region or node, a lane of its own, or "
    "a limit that it raises. In `run` projects stay unbuilt.",
    (
        Column("project", "name", "the project's name", required=True, key=True),
        Column("origin", "name", "origin that it extends", refers_to=("origins.origin",)),
        Column("region", "name", "region that it stands in"),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",)),
        mass("capacity_kt", "size, or its largest size", required=True),
        mass("min_kt", "smallest size if built", blank="fixed at capacity_kt"),
        Column("lines_max", "integer", "at most so many equal lines of capacity_kt are built",
               default=1.0, minimum=1, maximum=100),
        Column("capex_cny_per_t", "number", "capital per tonne of yearly capacity",
               unit="CNY per t/year", default=0.0, minimum=0, plausible=(10, 1_000_000)),
        Column("fixed_capex_mcny", "number", "capital once, whatever its size: economies of scale",
               unit="MCNY", default=0.0, minimum=0, plausible=(0.001, 1_000_000)),
        Column("fixed_mcny_per_year", "number", "yearly cost while it stands, besides its annuity",
               unit="MCNY/year", default=0.0, minimum=0, plausible=(0.001, 100_000)),
        unit_cost("cost_cny_per_t", "cost of production"),
        commodity("what it sends", "its origin's, or the case's own"),
        Column("min_load", "number", "built, it ships nothing or at least this share of its size, "
               "in each future and period", default=0.0, minimum=0, maximum=1),
        Column("life_years", "number", "years that it stands and over which capital is repaid",
               unit="years", default=20.0, above=0, plausible=(1, 60)),
        Column("after_life", "choice", "in a plan, after its life: bought again at the price of "
               "that period, or gone", default="rebuilt", choices=("rebuilt", "gone")),
        Column("earliest", "moment", "first year, or name of the first period, in which building "
               "can begin", blank="any"),
        Column("lead_years", "number", "years from beginning to operation, such as `7/12`",
               unit="years", takes_fractions=True, default=0.0, minimum=0, maximum=50),
        Column("adds_to_limit", "name", "limit that it raises instead of supplying",
               refers_to=("limits.limit",)),
        Column("group", "name", "at most one project of a group is built, or as `groups` says"),
        Column("requires", "names", "projects that it needs", refers_to=("projects.project",)),
        Column("forced", "boolean", "whether it is built in any case", default=False),
        *PROVENANCE,
    ),
)  # fmt: skip

GROUPS = Table(
    "groups",
    "How many projects of a group are built; of a group that has no row, at most one.",
    (
        Column("group", "name", "the group, as projects name it", required=True, key=True,
               refers_to=("projects.group",)),
        Column("min_projects", "integer", "at least so many", default=0.0, minimum=0,
               maximum=10_000),
        Column("max_projects", "integer", "at most so many", default=1.0, minimum=0,
               maximum=10_000),
        *PROVENANCE,
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
        *PROVENANCE,
    ),
)  # fmt: skip

PERIODS = Table(
    "periods",
    "The periods of a plan, in order: years, months, seasons. Each row has a year, a name or both. "
    "Tables give rates per year; a period counts for its length.",
    (
        year("year", "the year with which it begins", "as the row above ends; of the first row, "
             "the case's year", is_alternative=True),
        period("its name, such as `2026-03` or `dry season`", "its year"),
        Column("length_years", "number", "how long it is, such as `1/12`; its rates hold "
               "throughout", unit="years", takes_fractions=True, above=0, plausible=(0.002, 50),
               blank="until the year of the next row; where that has none, and of the last, 1"),
        unit_cost("holding_cny_per_t", "cost of carrying stock from this period to the next"),
        Column("max_stock_kt", "number", "most stock carried from this period to the next",
               unit="kt", default=0.0, minimum=0, plausible=(0.001, 100_000)),
        Column("capex_max_mcny", "number", "most capital bought in this period", unit="MCNY",
               blank="any", minimum=0, plausible=(0.001, 10_000_000)),
        *PROVENANCE,
    ),
    rows_follow=True,
)  # fmt: skip

PATHS = Table(
    "paths",
    "What changes over the periods of a plan: values of `table.column`, each from a period on.",
    (
        Column("target", "target", "`table.column` or `case.KEY`", required=True, key=True),
        where(key=True),
        year("year", "a year of `periods`", "a period's name is given", is_alternative=True),
        period("a name of `periods`", "a year is given", ("periods.period",)),
        Column("value", "number", "the value, or the factor", required=True),
        Column("how", "choice", "whether it replaces or multiplies", default="absolute",
               choices=("absolute", "factor")),
        *PROVENANCE,
    ),
)  # fmt: skip
