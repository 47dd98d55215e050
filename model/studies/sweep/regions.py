"""Where origins and sinks are, as the definitions of the figures need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.case.commodities import receivers
from model.result.balance import is_maker
from model.result.definitions import DOMESTIC, EXPORT, deficit_kt

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Regions:
    """Regions by number.

    Attributes
    ----------
    names : R of them
    origin_region, sink_region : (O,), (S,) numbers
    origin_is_home, sink_is_home, sink_is_market : (O,), (S,), (S,) of the case's own commodity
    is_maker : (O,) whether it makes that commodity, here or abroad
    """

    names: tuple[str, ...]
    origin_region: Integers
    sink_region: Integers
    origin_is_home: Booleans
    sink_is_home: Booleans
    sink_is_market: Booleans
    is_maker: Booleans

    @staticmethod
    def of(case: Case) -> Regions:
        """The regions of a case."""
        origins, places = case.origins, receivers(case)
        own = case.settings.commodity
        is_made = is_maker(case)
        is_own = (places["commodity"] == own).to_numpy()
        names = sorted({*origins["region"], *places["region"]})
        number = {name: position for position, name in enumerate(names)}
        return Regions(
            tuple(names),
            np.array([number[name] for name in origins["region"]], dtype=np.intp),
            np.array([number[name] for name in places["region"]], dtype=np.intp),
            is_made & (origins["kind"] == DOMESTIC).to_numpy(),
            is_own & (places["kind"] == DOMESTIC).to_numpy(),
            is_own & (places["kind"] == EXPORT).to_numpy(),
            is_made,
        )

    def deficit_kt(self, supply_kt: Floats, demand_kt: Floats) -> Floats:
        """Sum over regions of demand above supply, of each draw; (D, O) and (D, S) to (D,)."""
        short = np.zeros((max(len(supply_kt), len(demand_kt)), len(self.names)))
        for region in range(len(self.names)):
            users = (self.sink_is_home & (self.sink_region == region))[: demand_kt.shape[1]]
            home = self.origin_is_home & (self.origin_region == region)
            needed, there = demand_kt[:, users].sum(axis=1), supply_kt[:, home].sum(axis=1)
            short[:, region] = deficit_kt(needed, there)
        return np.asarray(short.sum(axis=1))
