"""What giving answers has cost so far: how a search chooses its next question."""

from __future__ import annotations

import numpy as np

from model.arrays import Floats, Integers

LEAST = 1e-9
"""A loss that is less counts as this: a question without loss is still one."""


class Losses:
    """What giving an answer has cost so far, for each unit by which it was rounded.

    References
    ----------
    M. Benichou et al., Experiments in mixed-integer linear programming, Mathematical Programming 1
    (1971): pseudo-costs.
    """

    def __init__(self, answers: int) -> None:
        self.sum = np.zeros((2, answers))
        self.count = np.zeros((2, answers))

    def add(self, question: int, is_yes: bool, loss: float) -> None:
        """Add what one answer has cost for each unit."""
        self.sum[int(is_yes), question] += max(loss, 0.0)
        self.count[int(is_yes), question] += 1

    def question(self, value: Floats, open_: Integers) -> int:
        """The open question both of whose answers are likely to cost most."""
        known = self.count.sum(axis=1, keepdims=True)
        mean = np.where(known > 0, self.sum.sum(axis=1, keepdims=True) / np.maximum(known, 1), 1.0)
        unit = np.where(self.count > 0, self.sum / np.maximum(self.count, 1), mean)
        no, yes = unit[0, open_] * value[open_], unit[1, open_] * (1.0 - value[open_])
        return int(open_[np.argmax(np.maximum(no, LEAST) * np.maximum(yes, LEAST))])
