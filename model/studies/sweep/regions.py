"""Where origins and sinks are, as the definitions of the figures need it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Booleans, Floats, Integers
from model.result.definitions import DOMESTIC, deficit_kt

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class Regions:
    """Regions by number.

    Attributes
    ----------
    names : R of them
    origin_region, sink_region : (O,), (S,) numbers
    origin_is_home, sink_is_home : (O,), (S,)
    """

    names: tuple[str, ...]
    origin_region: Integers
    sink_region: Integers
    origin_is_home: Booleans
    sink_is_home: Booleans

    @staticmethod
    def of(case: Case) -> Regions:
        """The regions of a case."""
        names = sorted({*case.origins["region"], *case.sinks["region"]})
        number = {name: position for position, name in enumerate(names)}
        return Regions(
            tuple(names),
            np.array([number[name] for name in case.origins["region"]], dtype=np.intp),
            np.array([number[name] for name in case.sinks["region"]], dtype=np.intp),
            (case.origins["kind"] == DOMESTIC).to_numpy(),
            (case.sinks["kind"] == DOMESTIC).to_numpy(),
        )

    def deficit_kt(self, supply_kt: Floats, demand_kt: Floats) -> Floats:
        """Sum over regions of demand above supply, of each draw; (D, O) and (D, S) to (D,)."""
        short = np.zeros((max(len(supply_kt), len(demand_kt)), len(self.names)))
        for region in range(len(self.names)):
            users = self.sink_is_home & (self.sink_region == region)
            home = self.origin_is_home & (self.origin_region == region)
            needed, there = demand_kt[:, users].sum(axis=1), supply_kt[:, home].sum(axis=1)
            short[:, region] = deficit_kt(needed, there)
        return np.asarray(short.sum(axis=1))
