"""Tables of a market: who makes, who uses, what goes between them, limits and duties."""

from __future__ import annotations

from model.case.columns import Column, Table
from model.case.schema_columns import (
    ORIGIN_NAMES,
    PROVENANCE,
    SELECTION,
    SENT,
    commodity,
    kilometres,
    mass,
    unit_cost,
)

ORIGINS = Table(
    "origins",
    "Where supply comes from: a region, a plant, an efficiency tier.",
    (
        Column("origin", "name", "the origin's name", required=True, key=True),
        mass("supply_kt", "most that it can ship", required=True),
        Column("region", "name", "region that it is counted in", default_column="origin"),
        Column(
            "kind", "choice", "whether it counts as domestic",
            default="domestic", choices=("domestic", "abroad"),
        ),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",),
               blank="explicit lanes only"),
        mass("capacity_kt", "what it could make", blank="unknown"),
        unit_cost("cost_cny_per_t", "cost of production, of a source of an input its price"),
        commodity("what it sends"),
        *PROVENANCE,
    ),
)  # fmt: skip

SINKS = Table(
    "sinks",
    "Where it is used: the users of a region, an export market.",
    (
        Column("sink", "name", "the sink's name", required=True, key=True),
        mass("demand_kt", "least that it must receive", required=True),
        Column(
            "kind", "choice", "whether it counts as domestic",
            default="domestic", choices=("domestic", "export"),
        ),
        Column("region", "name", "region that it is counted in", default_column="sink"),
        Column("node", "name", "its place in the network", refers_to=("nodes.node",),
               blank="explicit lanes only"),
        mass("max_kt", "most that it can receive", blank="demand_kt"),
        unit_cost("price_cny_per_t", "paid for each tonne above its demand, up to max_kt"),
        unit_cost("shortage_cny_per_t", "cost of each tonne of its demand that is not met",
                  blank="demand must be met"),
        commodity("what it receives"),
        *PROVENANCE,
    ),
)  # fmt: skip

RECIPES = Table(
    "recipes",
    "What a tonne that leaves an origin takes of an input, delivered there. A depot is an origin "
    "named in a row whose output and input are the same; it makes nothing, so that only rows that "
    "name it hold for it.",
    (
        Column("output", "name", "commodity that leaves", required=True, key=True, offers=SENT),
        Column("input", "name", "commodity that it takes", required=True, key=True, offers=SENT),
        Column("t_per_t", "number", "tonnes of the input for each tonne that leaves", unit="t/t",
               required=True, above=0, plausible=(0.001, 100)),
        Column("origin", "name", "origin or project that it holds for", key=True,
               refers_to=ORIGIN_NAMES, blank="all of that output without a row of their own"),
        *PROVENANCE,
    ),
)  # fmt: skip

LANES = Table(
    "lanes",
    "Explicit door-to-door lanes, added to those that the network offers.",
    (
        Column("origin", "name", "where it starts; a project's name too", required=True, key=True,
               refers_to=ORIGIN_NAMES),
        Column("sink", "name", "where it ends: a sink, or an origin that takes what it carries",
               required=True, key=True, refers_to=("sinks.sink", *ORIGIN_NAMES)),
        unit_cost("cost_cny_per_t", "freight from door to door", required=True),
        Column("mode", "name", "means of transport", key=True, blank="unnamed", forbidden=">"),
        kilometres("length", "0 in tonne-kilometres and emissions"),
        Column("min_kt", "number", "least that it must carry", unit="kt/year", default=0.0,
               minimum=0, plausible=(0.001, 100_000)),
        mass("max_kt", "most that it can carry", blank="no limit"),
        *PROVENANCE,
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
        *PROVENANCE,
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
        *PROVENANCE,
    ),
)  # fmt: skip
