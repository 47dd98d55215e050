"""Knobs that move bounds: capacity, demand, ports, corridors, limits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.distances import is_sea
from model.market.selection import records
from model.result.definitions import DOMESTIC, EXPORT
from model.studies.whatif.knob import Effect, Knob, Steps, notch_of, rounded_up
from model.studies.whatif.setting import MOST, addition, factor, local_namer, setting, step
from model.studies.whatif.traffic import Traffic

MOST_CORRIDORS = 40
SUPPLY_SHARE = 0.05
"""A slider of capacity reaches this part of all supply."""


def capacities(case: Case) -> Iterator[Knob]:
    """Capacity added at each origin, or taken away."""
    high = rounded_up(SUPPLY_SHARE * case.origins["supply_kt"].sum())
    names = local_namer(case)
    for origin in records(case.origins):
        name, supply, region = origin["origin"], origin["supply_kt"], origin["region"]

        def steps(value: float, name: str = name) -> Steps:
            return [step("add", "origins.supply_kt", {"origin": [name]}, value)]

        yield addition(
            f"supply:{name}",
            "Capacity added",
            names(name) if region == name else f"{names(name)} ({region})",
            supply,
            high,
            note="supply",
            row=("supply_limit", name),
            steps=steps,
        )


def factors(case: Case) -> Iterator[Knob]:
    """One factor on all domestic demand, such as use per tonne of what is made."""
    home = case.sinks[case.sinks["kind"] == DOMESTIC]
    if home.empty:
        return

    def steps(value: float) -> Steps:
        where = {"kind": [DOMESTIC]}
        return [step("scale", target, where, value) for target in _demand_columns(home)]

    yield factor(
        "factor:domestic",
        "Demand added",
        _factor_title(case),
        reach=0.2,
        notch=0.005,
        most=10.0,
        note=f"domestic demand {home['demand_kt'].sum():,.10g} kt",
        effect=Effect.BOUND,
        steps=steps,
    )


def _factor_title(case: Case) -> str:
    """What a factor on all domestic demand means: the case's own words, where it assumes one."""
    table = case.assumptions
    held = table[(table["target"] == "sinks.demand_kt") & (table["how"] == "factor")]
    titles = held["assumption"][held["where"].isin(["", f"kind={DOMESTIC}"])]
    return str(titles.iloc[0]) if len(titles) else "All domestic demand"


def demands(case: Case) -> Iterator[Knob]:
    """Demand added at each sink, domestic ones first."""
    names = local_namer(case)
    for kind in (DOMESTIC, EXPORT):
        sinks = case.sinks[case.sinks["kind"] == kind]
        if sinks.empty:
            continue
        high = rounded_up(sinks["demand_kt"].max() / 2)
        for position, sink in enumerate(records(sinks)):
            name, demand = sink["sink"], sink["demand_kt"]
            row = sinks.iloc[[position]]

            def steps(value: float, name: str = name, row: pd.DataFrame = row) -> Steps:
                where = {"sink": [name]}
                return [step("add", target, where, value) for target in _demand_columns(row)]

            yield addition(
                f"demand:{name}",
                "Demand added" if kind == DOMESTIC else "Export demand added",
                names(name),
                demand,
                high,
                note="demand",
                row=("demand_met", name),
                steps=steps,
            )


def _demand_columns(sinks: pd.DataFrame) -> list[str]:
    """The figures that move with demand: the greatest inflow too, where one is given."""
    has_most = sinks["max_kt"].notna().any()
    return ["sinks.max_kt", "sinks.demand_kt"] if has_most else ["sinks.demand_kt"]


def places(case: Case, traffic: Traffic) -> Iterator[Knob]:
    """Ports and borders, then other places that ships pass; the busiest first."""
    names = local_namer(case)
    ends = set(case.links["from"]) | set(case.links["to"])
    at_sea = [link for link in records(case.links) if is_sea(link["mode"])]
    passed = {link[end] for link in at_sea for end in ("from", "to")} - set(case.sinks["node"])
    kind = dict(zip(case.nodes["node"], case.nodes["kind"], strict=True))
    gates = {node for node in ends if kind[node] in {"port", "border"}}
    straits = {node for node in passed if kind[node] == "junction"}
    for group, nodes in (("Ports and borders", gates), ("Straits and canals", straits)):
        for name in sorted(nodes, key=lambda node: (-traffic.through[node], node)):
            yield _way(case, f"via:{name}", group, names(name), [name], traffic.through[name])


def corridors(case: Case, traffic: Traffic) -> Iterator[Knob]:
    """Land links that carry most between regions, both directions together."""
    directions: dict[tuple[str, str], set[str]] = {}
    for link in records(case.links):
        start, end = link["from"], link["to"]
        stretches = directions.setdefault((min(start, end), max(start, end)), set())
        stretches |= {f"{start}>{end}"} if link["one_way"] else {f"{start}>{end}", f"{end}>{start}"}
    ranked = sorted(traffic.along.items(), key=lambda item: (-item[1], item[0]))
    for ends, load in ranked[:MOST_CORRIDORS]:
        label = " – ".join(ends)
        via = sorted(directions[ends])
        yield _way(case, f"link:{'>'.join(ends)}", "Corridors on land", label, via, load)


def _way(case: Case, key: str, group: str, label: str, via: list[str], load: float) -> Knob:
    """A place or corridor: open, or limited to some kt."""
    limit = f"Through {label}"
    if limit in set(case.limits["limit"]):
        limit += " (moved)"
    high = rounded_up(2 * load) if load else rounded_up(case.origins["supply_kt"].sum() / 50)
    return Knob(
        key,
        group,
        label,
        "kt",
        rest=None,
        low=0.0,
        high=high,
        notch=notch_of(high),
        least=0.0,
        most=MOST,
        note=f"{load:,.5g} kt pass" if load else "not used",
        effect=Effect.ROW,
        steps=lambda value: [
            {"append": "limits", "row": {"limit": limit, "max": value, "via": via}}
        ],
        row=("limit_kept", limit),
    )


def limits(case: Case) -> Iterator[Knob]:
    """Both bounds of the limits that the case has."""
    for limit in records(case.limits):
        name = limit["limit"]
        for column, word in (("min", "at least"), ("max", "at most")):
            value = limit[column]
            if np.isnan(value):
                continue
            high = rounded_up(2 * value) if value else rounded_up(case.sinks["demand_kt"].max())
            unit = {"ship_kt": "kt", "co2_kt": "kt CO2e", "cost_mcny": "MCNY"}[limit["measure"]]
            is_most = column == "max"
            yield setting(
                f"limit:{column}:{name}",
                "Limits of the case",
                f"{name}, {word}",
                unit,
                f"limits.{column}",
                {"limit": [name]},
                value,
                high,
                most=MOST if is_most or np.isnan(limit["max"]) else limit["max"],
                least=0.0 if not is_most or np.isnan(limit["min"]) else limit["min"],
                effect=Effect.BOUND,
                row=("limit_kept", name) if unit == "kt" and is_most else None,
            )
