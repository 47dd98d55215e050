"""What moved, local, exported, deficit and tonne-kilometres mean, once for every part of a run.

The certificate has definitions of its own, on purpose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from model.arrays import Booleans, Floats

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case

DOMESTIC, EXPORT = "domestic", "export"
KT_KM_PER_BN_T_KM = 1e6
DECIMALS = 9
"""Of figures in outputs; finer digits are those of the arithmetic."""
Amount = TypeVar("Amount", "pd.Series[float]", Floats)


@dataclass(frozen=True)
class Ends:
    """Whether the ends of n shipments are domestic, and whether their regions differ: (n,) each.

    Attributes
    ----------
    from_home, to_home, to_market : domestic origin, domestic sink, export sink
    crosses : the region of the origin is not that of the sink
    """

    from_home: Booleans
    to_home: Booleans
    to_market: Booleans
    crosses: Booleans

    @staticmethod
    def of(located: pd.DataFrame) -> Ends:
        """Ends of the flows that `located` gave."""
        return Ends(
            (located["from_kind"] == DOMESTIC).to_numpy(),
            (located["to_kind"] == DOMESTIC).to_numpy(),
            (located["to_kind"] == EXPORT).to_numpy(),
            (located["from_region"] != located["to_region"]).to_numpy(),
        )

    @property
    def domestic(self) -> Booleans:
        """From a domestic origin to a domestic sink."""
        return self.from_home & self.to_home

    @property
    def exported(self) -> Booleans:
        """From a domestic origin to an export sink."""
        return self.from_home & self.to_market

    @property
    def moved(self) -> Booleans:
        """Domestic shipments that cross a regional border."""
        return self.domestic & self.crosses

    @property
    def local(self) -> Booleans:
        """Domestic shipments within a region."""
        return self.domestic & ~self.crosses


def located(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """Flows with `from_region`, `to_region`, `from_kind` and `to_kind` of their ends."""
    origins, sinks = case.origins.set_index("origin"), case.sinks.set_index("sink")
    return flows.assign(
        from_region=flows["origin"].map(origins["region"]),
        from_kind=flows["origin"].map(origins["kind"]),
        to_region=flows["sink"].map(sinks["region"]),
        to_kind=flows["sink"].map(sinks["kind"]),
    )


def deficit_kt(demand_kt: Amount, supply_kt: Amount) -> Amount:
    """Demand above supply, before any shipment, kt; regions of equal order.

    >>> deficit_kt(np.array([5.0, 2.0]), np.array([3.0, 4.0])).tolist()
    [2.0, 0.0]
    """
    return np.maximum(demand_kt - supply_kt, 0.0)  # type: ignore[return-value]


def gap_share(total: float, bound: float) -> float:
    """The gap from a bound to a cost, as a share of the cost."""
    return round((total - bound) / abs(total), 12) + 0.0 if total else 0.0


STAYS_OPEN = "stays open, for "
"""Before the minimum that keeps an origin open, where a table of options says why it is blank."""

EXACT, NEARLY = 1e-9, 1e-3
"""Shares of the total cost: a difference of less is none, and one of less hardly one."""
