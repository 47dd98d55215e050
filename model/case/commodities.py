"""What each place sends and receives: commodities, recipes, and the places that inputs go to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Floats

if TYPE_CHECKING:
    from model.case.case import Case

INPUT = "input"
"""The kind of a place that an input goes to."""
SHORTAGE = "shortage"
"""The kind of an origin that stands for tonnes a sink goes without, and the mode of its lane."""


@dataclass(frozen=True)
class InputUse:
    """What an origin takes of one input.

    Attributes
    ----------
    origin : the origin that takes it
    output, input : commodities; equal of a depot, which hands on what it takes
    t_per_t : tonnes of the input for each tonne that leaves
    """

    origin: str
    output: str
    input: str
    t_per_t: float

    @property
    def is_of_depot(self) -> bool:
        """Whether the origin hands on what it takes."""
        return self.output == self.input

    @property
    def label(self) -> str:
        """What the row and the place of this input are called."""
        return f"{self.input} at {self.origin}"


def commodities(case: Case, table: pd.DataFrame) -> pd.Series:
    """Commodity of every row of origins, sinks or projects; a blank is the case's own."""
    return table["commodity"].where(table["commodity"] != "", case.settings.commodity)


def input_uses(case: Case) -> tuple[InputUse, ...]:
    """What every origin takes, by origin and input; a row that names it stands before others.

    Of a depot, which makes nothing, only rows that name it hold. Without recipes there are none.
    """
    return tuple(_uses(case)) if len(case.recipes) else ()


def _uses(case: Case) -> Iterator[InputUse]:
    recipes = case.recipes[["output", "input", "t_per_t", "origin"]]
    general, own = _by_output(recipes, ""), dict(list(recipes.groupby("origin")))
    for origin, output in zip(case.origins["origin"], commodities(case, case.origins), strict=True):
        named = _by_output(own[origin], origin) if origin in own else {}
        takes = named.get(output, {})
        if output not in takes:  # a depot takes nothing of what others make it from
            takes = general.get(output, {}) | takes
        for taken, t_per_t in sorted(takes.items()):
            yield InputUse(origin, output, taken, t_per_t)


def _by_output(recipes: pd.DataFrame, origin: str) -> dict[str, dict[str, float]]:
    """Tonnes of each input by output, of the rows that name an origin (or none)."""
    found: dict[str, dict[str, float]] = {}
    rows = recipes[recipes["origin"] == origin]
    for output, taken, t_per_t in zip(rows["output"], rows["input"], rows["t_per_t"], strict=True):
        found.setdefault(output, {})[taken] = t_per_t
    return found


def depots(case: Case) -> frozenset[str]:
    """Origins that hand on what they take: the tonnes that leave them were made elsewhere."""
    return frozenset(use.origin for use in input_uses(case) if use.is_of_depot)


def most_taken_kt(demand_kt: Floats, max_kt: Floats) -> Floats:
    """Greatest inflow of sinks: their `max_kt`, or their demand where that is blank."""
    return np.where(np.isnan(max_kt), demand_kt, max_kt)


def receivers(case: Case) -> pd.DataFrame:
    """Every place where lanes may end: the sinks, then one place for each input of an origin.

    Returns
    -------
    pandas.DataFrame
        sink (of an input, the origin that takes it), label (unlike any other), region, kind, node,
        commodity, demand_kt and max_kt (kt/year; without bounds of an input), price_cny_per_t.
    """
    columns = ["sink", "region", "kind", "node", "demand_kt", "max_kt", "price_cny_per_t"]
    sinks = case.sinks[columns]
    sinks = sinks.assign(
        label=case.sinks["sink"],
        commodity=commodities(case, case.sinks),
        max_kt=most_taken_kt(sinks["demand_kt"].to_numpy(), sinks["max_kt"].to_numpy()),
    )
    uses = input_uses(case)
    if not uses:
        return sinks
    origins = case.origins.set_index("origin").loc[[use.origin for use in uses]]
    places = pd.DataFrame(
        {
            "sink": [use.origin for use in uses],
            "region": origins["region"].to_numpy(),
            "kind": INPUT,
            "node": origins["node"].to_numpy(),
            "demand_kt": 0.0,
            "max_kt": float("inf"),
            "price_cny_per_t": 0.0,
            "label": names_apart((use.label for use in uses), case.sinks["sink"]),
            "commodity": [use.input for use in uses],
        }
    )
    return pd.concat([sinks, places], ignore_index=True)


def short_sinks(case: Case) -> pd.DataFrame:
    """Sinks whose demand may go unmet at a price."""
    return case.sinks[case.sinks["shortage_cny_per_t"].notna()]


def senders(case: Case) -> pd.DataFrame:
    """Every place where lanes may begin: the origins, then one for the shortage of each sink.

    Returns
    -------
    pandas.DataFrame
        origin (unlike any other), region, kind, node (none of a shortage), commodity, supply_kt
        (kt/year; of a shortage without bound: it never pays beyond demand) and cost_cny_per_t.
    """
    columns = ["origin", "region", "kind", "node", "supply_kt", "cost_cny_per_t"]
    origins = case.origins[columns].assign(commodity=commodities(case, case.origins))
    short = short_sinks(case)
    if short.empty:
        return origins
    names = names_apart((f"shortage at {sink}" for sink in short["sink"]), case.origins["origin"])
    lacking = pd.DataFrame(
        {
            "origin": names,
            "region": short["region"].to_numpy(),
            "kind": SHORTAGE,
            "node": "",
            "supply_kt": float("inf"),
            "cost_cny_per_t": short["shortage_cny_per_t"].to_numpy(),
            "commodity": commodities(case, short).to_numpy(),
        }
    )
    return pd.concat([origins, lacking], ignore_index=True)


def tariffs(case: Case, commodity: str) -> pd.DataFrame:
    """Rows of `modes.csv` by mode that hold for a commodity; its own stand before general ones.

    A blank commodity stands for those without tariffs of their own.
    """
    rows = case.modes[case.modes["commodity"].isin(["", commodity])]
    return rows.sort_values("commodity").drop_duplicates("mode", keep="last").set_index("mode")


def names_apart(names: Iterable[str], taken: Iterable[str], mark: str = "input") -> list[str]:
    """Return names, with a mark behind each that is among those taken."""
    known, found = set(taken), []
    for name in names:
        while name in known:
            name += f" ({mark})"
        known.add(name)
        found.append(name)
    return found
