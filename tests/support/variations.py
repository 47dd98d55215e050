"""What a sweep varies, in one line."""

from __future__ import annotations

from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import Variation


def around(share: float) -> Distribution:
    return Distribution("uniform", low=1 - share, high=1 + share)


def vary(target: str, share: float = 0.1, each: bool = True) -> Variation:
    return Variation(target, target, each=each, distribution=around(share))
