"""Where lanes begin and end: origins, and all places that receive, by commodity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Booleans, Floats, Integers
from model.case.commodities import INPUT, SHORTAGE, InputUse, input_uses, receivers, senders
from model.market.selection import Selection, select

if TYPE_CHECKING:
    from model.case.case import Case


@dataclass(frozen=True)
class LaneEnds:
    """Where lanes begin and end.

    Attributes
    ----------
    origins : O rows, as `senders` gives them: the origins, then the shortages of sinks
    receivers : S rows, as `receivers` gives them: the sinks, then the places of inputs
    uses : what the last of the receivers are for
    """

    origins: pd.DataFrame
    receivers: pd.DataFrame
    uses: tuple[InputUse, ...]

    @staticmethod
    def of(case: Case) -> LaneEnds:
        """The ends of a case's lanes."""
        return LaneEnds(senders(case), receivers(case), input_uses(case))

    def select(self, row: Mapping[str, str]) -> Selection:
        """The selection cells of a row, resolved; of shortages none: there nothing is shipped."""
        found = select(row, self.origins, self.receivers)
        return replace(found, origins=found.origins & ~self.is_short)

    @property
    def everything(self) -> Selection:
        """All lanes but those of shortages."""
        return Selection(~self.is_short, np.ones(len(self.receivers), bool))

    @cached_property
    def is_short(self) -> Booleans:
        """Which origins are shortages, (O,)."""
        return (self.origins["kind"] == SHORTAGE).to_numpy(bool)

    @property
    def price_cny_per_t(self) -> Floats:
        """What each receiver pays for a tonne above its demand, (S,)."""
        return self.receivers["price_cny_per_t"].to_numpy(dtype=float)

    def joined(self) -> Booleans | None:
        """Pairs of one commodity that are not one place, (O, S); None where all are."""
        sends = self.origins["commodity"].to_numpy(object)
        takes = self.receivers["commodity"].to_numpy(object)
        if len({*sends, *takes}) < 2 and not self.uses:
            return None
        is_input = (self.receivers["kind"] == INPUT).to_numpy()
        names = self.receivers["sink"].where(is_input, "").to_numpy(object)
        itself = self.origins["origin"].to_numpy(object)[:, None] == names
        return np.asarray((sends[:, None] == takes) & ~itself)

    def of_lanes(self, lanes: pd.DataFrame) -> tuple[Integers, Integers]:
        """Origin and receiver of every row of `lanes.csv`, (n,) each; -1 of a project not built.

        What a lane carries is what its origin sends; a place of that commodity is its end.
        """
        origin = pd.Index(self.origins["origin"]).get_indexer(pd.Index(lanes["origin"]))
        if not self.uses:
            return origin, pd.Index(self.receivers["sink"]).get_indexer(pd.Index(lanes["sink"]))
        places = pd.MultiIndex.from_frame(self.receivers[["commodity", "sink"]])
        sent = np.append(self.origins["commodity"].to_numpy(object), "")
        return origin, places.get_indexer(pd.MultiIndex.from_arrays([sent[origin], lanes["sink"]]))
