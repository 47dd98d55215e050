"""Random valid cases whose sinks pay for tonnes above their demand, or may go without some."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.case import Case
from tests.support.recipe_cases import recipe_case
from tests.support.varied_cases import Dice, checked, drawn_case

TRADE_SEEDS = 2_000_003
"""Prices have draws of their own, so that a case without them is what its seed always made."""


def trade_cases(first: int, count: int) -> Iterator[tuple[int, Case]]:
    """So many valid cases with prices or shortages, a third of them with inputs too."""
    seed = first
    while count:
        case = trade_case(seed)
        if case is not None:
            yield seed, case
            count -= 1
        seed += 1


def trade_case(seed: int) -> Case | None:
    """The case of a seed with prices; None where chance broke a rule."""
    dice = Dice(TRADE_SEEDS + seed)
    case = recipe_case(seed) if seed % 3 == 0 else drawn_case(seed)
    if case is None:
        return None
    sinks = case.sinks.copy()
    for row in range(len(sinks)):
        if dice.happens(0.6):
            sinks.loc[row, "price_cny_per_t"] = price = dice.whole(1, 20)
            least = sinks.loc[row, "demand_kt"]
            if dice.happens(0.3):
                sinks.loc[row, "demand_kt"] = least = 0.0
            sinks.loc[row, "max_kt"] = least + dice.whole(0, 9)
        else:
            price = 0.0
        if dice.happens(0.5):
            sinks.loc[row, "shortage_cny_per_t"] = price + dice.whole(0, 30)
    found = case.replace_unchecked(sinks=sinks)
    has_any = (sinks["price_cny_per_t"] > 0).any() or np.isfinite(sinks["shortage_cny_per_t"]).any()
    return checked(found) if has_any else None
