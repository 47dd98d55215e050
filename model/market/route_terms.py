"""What limits and duties count on routes through the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from model.arrays import Booleans, Floats, Integers

Ends = tuple[Booleans, Booleans]
"""Origins (O,) and sinks (S,)."""


@dataclass(frozen=True)
class RouteDuty:
    """A duty that rests on the route: due once per tonne, however often a route meets it.

    Attributes
    ----------
    pairs : (O, S) pairs whose routes may bear it
    always : (O, S) those of them that bear it whichever way they go
    edges : numbers of the edges that bring it
    charge_cny_per_t : rate × value
    """

    pairs: Booleans
    always: Booleans
    edges: Integers
    charge_cny_per_t: float

    def borne(self, origin: Integers, sink: Integers, on_route: csr_array) -> Booleans:
        """Which of these lanes bear the duty, (n,)."""
        met = on_route[:, self.edges].sum(axis=1) > 0
        return np.asarray((met & self.pairs[origin, sink]) | self.always[origin, sink])


class RouteTerm:
    """What one limit counts on the lanes of the pairs that it selects.

    Parameters
    ----------
    pairs : (O, S) bool
    pair_weight : (O, S) counted once per lane
    edge_weight : (E,) counted per edge of the route, or None; sparse: most are links' own
    duty_weight : (D,) counted once where a lane bears each duty that rests on the route, or None
    ends : (O,), (S,) where a lane counts 1 from each of these origins to each of these sinks,
        and 0 elsewhere; or None
    """

    def __init__(
        self,
        pairs: Booleans,
        pair_weight: Floats,
        edge_weight: Floats | None = None,
        duty_weight: Floats | None = None,
        ends: Ends | None = None,
    ) -> None:
        self.ends = ends
        self.pairs, self.pair_weight, self.duty_weight = pairs, pair_weight, duty_weight
        self.depends_on_route = edge_weight is not None or duty_weight is not None
        weights = np.zeros(0) if edge_weight is None else edge_weight
        self.edges = np.flatnonzero(weights)
        self.weights = weights[self.edges]
        self.is_plain = edge_weight is not None and duty_weight is None
        self.is_plain = self.is_plain and _is_all(pairs) and not pair_weight.any()

    def counted(
        self, origin: Integers, sink: Integers, on_route: csr_array, borne: Booleans
    ) -> Floats:
        """What a tonne on each of these lanes counts, (n,).

        Parameters
        ----------
        on_route : (n, E) how often each lane uses each edge
        borne : (n, D) duties that each lane bears
        """
        counted = self.pair_weight[origin, sink]
        if self.depends_on_route:
            on_way = on_route[:, self.edges] @ self.weights
            if self.duty_weight is not None:
                on_way = on_way + borne @ self.duty_weight
            counted = counted + on_way * self.pairs[origin, sink]
        return np.asarray(counted)


def _is_all(pairs: Booleans) -> bool:
    """Whether every pair is selected; one value spread over all pairs is looked at once."""
    return bool(pairs.flat[0] if pairs.size and not any(pairs.strides) else pairs.all())
