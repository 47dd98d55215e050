"""Tables of a choice, which say of each row whether it is proved."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS
from model.solve.outcome import Answer, Impossible, Outcome, Proved, answer_of, bound_of

PROVED, GAP = "proved", "proof_gap_mcny"


@dataclass(frozen=True)
class ChoiceTable:
    """Rows found before the time ran out.

    Attributes
    ----------
    rows : with a column `proved`
    is_whole : whether no row is missing
    """

    rows: pd.DataFrame
    is_whole: bool = True

    @property
    def is_proved(self) -> bool:
        """Whether no row is missing or open."""
        return self.is_whole and bool(self.rows[PROVED].all())

    def rounded(self) -> pd.DataFrame:
        """Figures without the last digits, which are the arithmetic's."""
        numbers = self.rows.select_dtypes("float").columns
        rounded = {name: self.rows[name].round(DECIMALS) + 0.0 for name in numbers}
        return self.rows.assign(**rounded)


def proof_of(outcome: Outcome[Answer], cost_kcny: float) -> Record:
    """Whether an answer is proved the best, and by how much at most it is not, MCNY a year.

    That there is none is proved too.
    """
    if isinstance(outcome, Proved | Impossible):
        return {PROVED: True, GAP: 0.0}
    gap = (cost_kcny - bound_of(outcome)) / KCNY_PER_MCNY
    known = answer_of(outcome) is not None and gap < float("inf")
    return {PROVED: False, GAP: max(gap, 0.0) if known else float("nan")}
