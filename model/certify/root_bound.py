"""The bound under a site or a plan, from `inputs/`, what was asked, and stored multipliers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import Any

from model.certify.choice_bound import Multipliers, choice_bound_kcny
from model.certify.reading import CertificateError
from model.certify.start_rules import read_rules
from model.certify.starts import KCNY_PER_MCNY, plan_choices, site_choices

MULTIPLIERS = "multipliers"
"""Key of certificate.json under which they stand."""
PLAN = "plan"
DECIMALS = 9


def root_bound_kcny(
    kind: str, texts: Mapping[str, str], options: Mapping[str, Any], content: Mapping[str, Any]
) -> Fraction:
    """What multipliers prove that no choice undercuts, exactly.

    Parameters
    ----------
    kind : plan, or else site
    options : what was asked of the choice, as run.json keeps it
    content : multipliers, as certificate.json keeps them

    Raises
    ------
    CertificateError
        They are not of as many stretches as the plan has.
    """
    choices = plan_choices(dict(texts)) if kind == PLAN else site_choices(texts)
    rows = [_exactly(row) for row in content["rows"]]
    if len(rows) != len(choices.stretches):
        found = f"of {len(rows)} stretches, not {len(choices.stretches)}"
        raise CertificateError(f"certificate.json: {MULTIPLIERS} {found}")
    rules = read_rules(texts, choices, options)
    return choice_bound_kcny(choices, rules, Multipliers(rows, _exactly(content["rules"])))


def published_mcny(bound_kcny: Fraction) -> float:
    """A bound as it is published: rounded down to nine decimals."""
    return float(Fraction(floor(bound_kcny / KCNY_PER_MCNY * 10**DECIMALS), 10**DECIMALS))


def _exactly(figures: Mapping[str, Any]) -> dict[str, Fraction]:
    """Figures by name; those of Python as the decimals that they are written with."""
    return {
        name: Fraction(repr(value) if isinstance(value, float) else value)
        for name, value in figures.items()
    }
