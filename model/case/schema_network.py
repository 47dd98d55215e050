"""Tables of the network: nodes, links, modes."""

from __future__ import annotations

from model.case.columns import Column, Table
from model.case.schema_columns import PROVENANCE, commodity, kilometres, mass, unit_cost

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
        *PROVENANCE,
    ),
)  # fmt: skip

LINKS = Table(
    "links",
    "Stretches between nodes, used both ways unless one_way. Parallel ones may differ in anything.",
    (
        Column("from", "name", "node at one end", required=True, refers_to=("nodes.node",)),
        Column("to", "name", "node at the other end", required=True, refers_to=("nodes.node",)),
        Column("mode", "name", "means of transport", required=True, refers_to=("modes.mode",)),
        kilometres("length", "computed from the coordinates of its ends"),
        unit_cost("cost_cny_per_t", "freight over the link", blank="the mode's tariff"),
        mass("limit_kt", "most that it can carry, in each direction", blank="no limit"),
        Column("one_way", "boolean", "whether it runs only from `from` to `to`", default=False),
        Column("closed_by", "text", "what closes it, in words: nothing goes through", blank="open"),
        *PROVENANCE,
    ),
)

MODES = Table(
    "modes",
    "Means of transport and their tariffs. `sea` and names beginning with `sea_` are the sea.",
    (
        Column("mode", "name", "the mode's name", required=True, key=True, forbidden=">"),
        unit_cost("fixed_cny_per_t", "loading and unloading, once per stretch in the mode"),
        Column("cny_per_t_km", "number", "tariff", unit="CNY/t-km", default=0.0, minimum=0,
               plausible=(0.001, 10)),
        Column("gco2_per_t_km", "number", "emissions", unit="g CO2e/t-km", default=0.0, minimum=0,
               plausible=(0.1, 1000)),
        Column("circuity", "number", "length of a link over its great circle, where km is blank",
               blank="sea: computed sea route; otherwise 1", above=0, plausible=(1, 3)),
        commodity("what the tariff is for; it stands before the general one", "any", key=True),
        *PROVENANCE,
    ),
)  # fmt: skip
