"""How much a plan sends over each place and each stretch of land."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd

from model.case.case import Case
from model.case.distances import is_sea
from model.result.definitions import located


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
        stretches = [part.rsplit("> ", 1) for part in f"> {route}".split(" >")]
        for _, node in stretches:
            traffic.through[node] += kt
        for (_, start), (mode, end) in pairwise(stretches):
            if not is_sea(mode.split("#")[0]):
                traffic.along[min(start, end), max(start, end)] += kt
    return traffic
