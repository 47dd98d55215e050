"""Distributions that a sweep draws from, each with its parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri

from model.arrays import Floats

PARAMETERS = {
    "uniform": (("low", "high"), ("low", "high")),
    "triangular": (("low", "mode", "high"), ("low", "mode", "high")),
    "normal": (("mean", "sd"), ("mean", "sd", "low", "high")),
}
"""Figures that each distribution must have, and may have."""


@dataclass(frozen=True)
class Distribution:
    """`uniform` (low, high), `triangular` (low, mode, high), or `normal` (mean, sd, low, high).

    Examples
    --------
    >>> Distribution("triangular", low=0.0, mode=1.0, high=2.0).of_normal(np.array([0.0]))
    array([1.])
    """

    kind: str
    low: float = -np.inf
    mode: float = 0.0
    high: float = np.inf
    mean: float = 0.0
    sd: float = 0.0

    def fault(self) -> str:
        """What makes it impossible; blank where nothing does."""
        if self.low >= self.high:
            return f"low {self.low:g} not below high {self.high:g}"
        if self.kind == "triangular" and not self.low <= self.mode <= self.high:
            return f"mode {self.mode:g} outside {self.low:g} to {self.high:g}"
        if self.kind == "normal" and self.sd <= 0:
            return f"sd {self.sd:g} not above 0"
        if self.kind == "normal" and np.ptp(self._shares()) < 1e-9:
            return f"nothing left between {self.low:g} and {self.high:g}"
        return ""

    def of_normal(self, normal: Floats) -> Floats:
        """Draws at the same quantiles as these standard normal ones."""
        if self.kind == "normal" and np.isinf([self.low, self.high]).all():
            return np.asarray(self.mean + self.sd * normal)
        share = ndtr(normal)
        if self.kind == "normal":
            low, high = self._shares()
            drawn = self.mean + self.sd * ndtri(low + share * (high - low))
            return np.asarray(np.clip(drawn, self.low, self.high))
        width = self.high - self.low
        if self.kind == "uniform":
            return self.low + width * share
        rise = self.mode - self.low
        up = self.low + np.sqrt(share * width * rise)
        down = self.high - np.sqrt((1 - share) * width * (self.high - self.mode))
        return np.where(share * width < rise, up, down)

    def _shares(self) -> Floats:
        return np.asarray(ndtr((np.array([self.low, self.high]) - self.mean) / self.sd))
