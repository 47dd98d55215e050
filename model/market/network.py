"""The transport network: links between nodes, with transfers between modes.

Routes are paths on states. A node's *ground* state is where goods wait; its *stretch*
state in a mode is goods moving in that mode. Edges are

- entries, ground → stretch: the mode's fixed charge, once per stretch;
- arcs, stretch → stretch of the next node: one direction of a link;
- exits, stretch → ground: free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats, Integers
from model.case.commodities import tariffs
from model.case.distances import is_closed, is_sea
from model.market import tie_numbers
from model.market.selection import Selection

if TYPE_CHECKING:
    from model.case.case import Case

Array = np.ndarray[Any, Any]
GRAMS_PER_TONNE = 1e6


@dataclass(frozen=True)
class Network:
    """States and edges of a case's network; E edges in the order entries, arcs, exits.

    Attributes
    ----------
    nodes : open nodes, in the case's order
    state_count : ground states (one per node, same numbers) and stretch states
    tail, head : (E,) states
    node : (E,) node that the edge leads to
    mode : (E,) index into `modes`; of an exit, the mode left
    freight_cny_per_t, co2_t_per_t, km : (E,)
    state_node : (states,) node of each state
    arc : (E,) label `A>B:mode` of an arc, `A>B:mode#2` of the second parallel one, else ""
    parallel : (E,) 1 for the first of parallel arcs, 2 for the second; 0 where there is no arc
    limit_kt : (E,) capacity of an arc's direction; infinite where none is given
    layer_of : number of the copy of each commodity with tariffs of its own; others have the first
    """

    nodes: tuple[str, ...]
    modes: tuple[str, ...]
    state_count: int
    tail: Integers
    head: Integers
    node: Integers
    mode: Integers
    freight_cny_per_t: Floats
    co2_t_per_t: Floats
    km: Floats
    state_node: Integers
    arc: tuple[str, ...]
    parallel: Integers
    limit_kt: Floats
    layer_of: Mapping[str, int] = field(default_factory=dict)

    @property
    def copies(self) -> int:
        """How often the network is there: once for each set of tariffs."""
        return 1 + len(self.layer_of)

    @cached_property
    def is_entry(self) -> Booleans:
        """(E,) edges that begin a stretch."""
        return np.asarray(self.tail == self.node)

    @cached_property
    def is_arc(self) -> Booleans:
        """(E,) edges that travel a link."""
        return np.asarray(self.parallel > 0)

    @cached_property
    def is_exit(self) -> Booleans:
        """(E,) edges that end a stretch."""
        return ~self.is_entry & ~self.is_arc

    @cached_property
    def is_sea(self) -> Booleans:
        """(E,) edges whose cost is a sea cost."""
        return np.array([is_sea(mode) for mode in self.modes], dtype=bool)[self.mode]

    @cached_property
    def tie(self) -> Floats:
        """(E,) whole number from an arc's name; 0 for entries and exits."""
        return tie_numbers.of_arcs(self.arc)

    def node_index(self, names: pd.Series, commodity: pd.Series) -> Integers:
        """State of each named node for what is sent from or to it, -1 where there is none."""
        first = self.nodes[: len(self.nodes) // self.copies]
        found = pd.Index(first).get_indexer(pd.Index(names)).astype(np.intp)
        layer = np.array([self.layer_of.get(name, 0) for name in commodity], dtype=np.intp)
        return np.where(found < 0, found, found + layer * len(first))

    def edge_weight(self, selection: Selection) -> Floats:
        """How often each edge counts for a selection by `mode` and `via`, (E,).

        A mode counts each entry into it. A node or link counts each passage; with a mode
        beside it, each passage in that mode.
        """
        in_mode = np.isin(
            self.mode, [self.modes.index(m) for m in selection.modes if m in self.modes]
        )
        if not selection.via:
            return (self.is_entry & in_mode).astype(float)
        passage = np.array(
            [self._passes(edge, selection.via) for edge in range(len(self.arc))], float
        )
        return passage * in_mode if selection.modes else passage

    def start_weight(self, selection: Selection, node: Integers) -> Floats:
        """What a route counts by where it starts: 1 where its first node is in `via`."""
        named = np.array([*(name in selection.via for name in self.nodes), False], dtype=float)
        return named[node] if not selection.modes else np.zeros(len(node))

    def _passes(self, edge: int, via: tuple[str, ...]) -> bool:
        """Whether an arc leads to a node, or belongs to a link, that is named."""
        if not self.is_arc[edge]:
            return False
        link = self.link_name(edge)
        in_mode = f"{link}:{self.modes[self.mode[edge]]}"
        aliases = (self.nodes[self.node[edge]], link, in_mode, self.arc[edge])
        return any(alias in via for alias in aliases)

    def ends(self, edge: int) -> tuple[str, str]:
        """Nodes where an edge begins and where it leads to."""
        return self.nodes[self.state_node[self.tail[edge]]], self.nodes[self.node[edge]]

    def link_name(self, edge: int) -> str:
        """`A>B` of an arc, blank for any other edge."""
        return ">".join(self.ends(edge)) if self.is_arc[edge] else ""

    def route_text(self, path: tuple[int, ...]) -> str:
        """`A >rail> B >sea> C`; the second of parallel links is `>rail#2>`; blank without arcs."""
        text = ""
        for edge in path:
            if self.is_arc[edge]:
                start, end = self.ends(edge)
                mode = self.modes[self.mode[edge]]
                if self.parallel[edge] > 1:
                    mode += f"#{self.parallel[edge]}"
                text += f" >{mode}> {end}" if text else f"{start} >{mode}> {end}"
        return text


def link_freight_cny_per_t(own: Floats, km: Floats, rate_cny_per_t_km: Floats) -> Floats:
    """Freight along links: a price of their own, or where that is blank length times tariff."""
    return np.where(np.isnan(own), km * rate_cny_per_t_km, own)


def emission_t_per_t(km: Floats, grams_per_t_km: Floats) -> Floats:
    """CO2 of a tonne over a length."""
    return km * grams_per_t_km / GRAMS_PER_TONNE


def build_network(case: Case) -> Network | None:
    """The network of a case, without its closed passages; None where it has no links.

    Commodities with tariffs of their own have a copy of the whole network each.
    """
    closed = set(case.settings.closed_passages)
    nodes = [name for name in case.nodes["node"] if name not in closed]
    links = case.links[case.links["from"].isin(nodes) & case.links["to"].isin(nodes)]
    if links.empty:
        return None
    own = sorted(set(case.modes["commodity"]) - {""})
    layers = [_layer(nodes, links, tariffs(case, commodity)) for commodity in ("", *own)]
    if layers[0] is None:
        return None
    layer_of = {commodity: number for number, commodity in enumerate(own, start=1)}
    return _stacked([layer for layer in layers if layer is not None], layer_of)


def _layer(nodes: list[str], links: pd.DataFrame, modes_table: pd.DataFrame) -> Network | None:
    """The network under one set of tariffs; None where all links are closed."""
    node_number = {name: number for number, name in enumerate(nodes)}
    modes = sorted(set(links["mode"]))
    tariff = modes_table.reindex(modes)[
        ["fixed_cny_per_t", "cny_per_t_km", "gco2_per_t_km"]
    ].fillna(0.0)
    arcs = _arcs(links, tariff)
    if arcs.empty:
        return None
    arc_tail, arc_head = (arcs[end].map(node_number).to_numpy() for end in ("tail", "head"))
    arc_mode = arcs["mode"].map({mode: number for number, mode in enumerate(modes)}).to_numpy()

    stretches = sorted(set(zip(arc_tail, arc_mode)) | set(zip(arc_head, arc_mode)))  # noqa: B905
    stretch_number = {pair: len(nodes) + number for number, pair in enumerate(stretches)}
    stretch = np.arange(len(nodes), len(nodes) + len(stretches))
    at_node, in_mode = np.array(stretches, dtype=np.intp).T
    fixed = tariff["fixed_cny_per_t"].to_numpy()[in_mode]
    none = np.zeros(len(stretches))
    no_names, no_arc = [""] * len(stretches), np.zeros(len(stretches), dtype=np.intp)
    return Network(
        nodes=tuple(nodes),
        modes=tuple(modes),
        state_count=len(nodes) + len(stretches),
        tail=np.r_[at_node, [stretch_number[p] for p in zip(arc_tail, arc_mode)], stretch],  # noqa: B905
        head=np.r_[stretch, [stretch_number[p] for p in zip(arc_head, arc_mode)], at_node],  # noqa: B905
        node=np.r_[at_node, arc_head, at_node],
        mode=np.r_[in_mode, arc_mode, in_mode],
        freight_cny_per_t=np.r_[fixed, arcs["freight_cny_per_t"], none],
        co2_t_per_t=np.r_[none, arcs["co2_t_per_t"], none],
        km=np.r_[none, arcs["km"], none],
        state_node=np.r_[np.arange(len(nodes)), at_node],
        arc=(*no_names, *arcs["name"], *no_names),
        parallel=np.r_[no_arc, arcs["parallel"], no_arc],
        limit_kt=np.r_[none + np.inf, arcs["limit_kt"], none + np.inf],
    )


def _stacked(layers: list[Network], layer_of: dict[str, int]) -> Network:
    """Copies of one network under several tariffs as one, each with states of its own."""
    if len(layers) == 1:
        return layers[0]
    count, first = len(layers), layers[0]
    nodes, stretches = len(first.nodes), first.state_count - len(first.nodes)

    def moved(state: Integers, layer: int) -> Integers:
        """States of a copy: all ground states stand first, copy by copy, then all stretches."""
        stretch = count * nodes + layer * stretches - nodes
        return np.where(state < nodes, state + layer * nodes, state + stretch)

    def joined(parts: list[Array]) -> Array:
        """Edges of all copies: all entries, then all arcs, then all exits."""
        cuts = [0, stretches, len(first.tail) - stretches, len(first.tail)]
        return np.concatenate([part[i:j] for i, j in pairwise(cuts) for part in parts])

    each = list(enumerate(layers))
    return Network(
        nodes=first.nodes * count,
        modes=first.modes,
        state_count=count * first.state_count,
        tail=joined([moved(layer.tail, number) for number, layer in each]),
        head=joined([moved(layer.head, number) for number, layer in each]),
        node=joined([layer.node + number * nodes for number, layer in each]),
        mode=joined([layer.mode for layer in layers]),
        freight_cny_per_t=joined([layer.freight_cny_per_t for layer in layers]),
        co2_t_per_t=joined([layer.co2_t_per_t for layer in layers]),
        km=joined([layer.km for layer in layers]),
        state_node=np.concatenate(
            [layer.state_node[:nodes] + number * nodes for number, layer in each]
            + [layer.state_node[nodes:] + number * nodes for number, layer in each]
        ),
        arc=tuple(joined([np.array(layer.arc, dtype=object) for layer in layers])),
        parallel=joined([layer.parallel for layer in layers]),
        limit_kt=joined([layer.limit_kt for layer in layers]),
        layer_of=layer_of,
    )


def _arcs(links: pd.DataFrame, tariff: pd.DataFrame) -> pd.DataFrame:
    """Directed arcs of open links: name, tail, head, mode, km, freight, CO2 and limit."""
    rate = tariff.loc[links["mode"]]
    km = links["km"].fillna(0.0).to_numpy()
    table = pd.DataFrame(
        {
            "tail": links["from"].to_numpy(),
            "head": links["to"].to_numpy(),
            "mode": links["mode"].to_numpy(),
            "km": km,
            "freight_cny_per_t": link_freight_cny_per_t(
                links["cost_cny_per_t"].to_numpy(), km, rate["cny_per_t_km"].to_numpy()
            ),
            "co2_t_per_t": emission_t_per_t(km, rate["gco2_per_t_km"].to_numpy()),
            "limit_kt": links["limit_kt"].fillna(np.inf).to_numpy(),
            "closed": is_closed(links),
        }
    )
    back = table[~links["one_way"].to_numpy(dtype=bool)]
    back = back.rename(columns={"tail": "head", "head": "tail"})
    table = pd.concat([table, back], ignore_index=True)
    name = table["tail"] + ">" + table["head"] + ":" + table["mode"]
    parallel = table.groupby(["tail", "head", "mode"]).cumcount() + 1
    table["parallel"] = parallel
    table["name"] = name.where(parallel == 1, name + "#" + parallel.astype(str))
    return table[~table["closed"]]
