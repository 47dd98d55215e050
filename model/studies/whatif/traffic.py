"""How much a plan sends over each place and each stretch of land."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from model.case.case import Case
from model.result.definitions import located
from model.result.routes import route_places, route_steps


@dataclass(frozen=True)
class Traffic:
    """Tonnes between regions.

    Attributes
    ----------
    through : kt by node
    along : kt by the two nodes of a link on land, in order of name, both directions together
    """

    through: Counter[str]
    along: Counter[tuple[str, str]]


def traffic_of(case: Case, flows: pd.DataFrame) -> Traffic:
    """The traffic of a plan; what stays within its region is left out."""
    traffic = Traffic(Counter(), Counter())
    table = located(case, flows)
    leaving = table[(table["from_region"] != table["to_region"]) & (table["route"] != "")]
    for route, kt in zip(leaving["route"], leaving["ship_kt"], strict=True):
        for node in route_places(route):
            traffic.through[node] += kt
        for step in route_steps(route):
            if not step.is_sea:
                traffic.along[min(step.start, step.end), max(step.start, step.end)] += kt
    return traffic
