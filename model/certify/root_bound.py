"""The bound under a site or a plan, from `inputs/`, what was asked, and stored multipliers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from math import floor
from typing import Any

from model.certify.choice_bound import Multipliers, choice_bound_kcny
from model.certify.openings import Opening, with_openings
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
    rules, rates = read_rules(texts, choices, options), _exactly(content["rules"])
    if kind != PLAN:
        stated = content.get("openings", ())
        openings = {Opening.read(each): _exact(each["rate"]) for each in stated}
        choices, more = with_openings(choices, openings)
        rules = replace(rules, rows=(*rules.rows, *more))
        of_openings = {each.label: rate for each, rate in openings.items() if rate < 0}
        rates |= of_openings
        rows[0] |= of_openings
    return choice_bound_kcny(choices, rules, Multipliers(rows, rates))


def published_mcny(bound_kcny: Fraction) -> float:
    """A bound as it is published: rounded down to nine decimals."""
    return float(Fraction(floor(bound_kcny / KCNY_PER_MCNY * 10**DECIMALS), 10**DECIMALS))


def _exactly(figures: Mapping[str, Any]) -> dict[str, Fraction]:
    """Figures by name; those of Python as the decimals that they are written with."""
    return {name: _exact(value) for name, value in figures.items()}


def _exact(value: Any) -> Fraction:
    return Fraction(repr(value) if isinstance(value, float) else value)
