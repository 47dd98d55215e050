"""A run that has chosen what to build: the case that it built, and what that costs, derived again.

`inputs/` holds the case as it was asked, `built/` the case with the chosen set built, which is what
the flows were found on. Everything that the choice changes follows from `inputs/` and from the
names and sizes in run.json. That no other choice is cheaper is the search's claim.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from model.audit.bounds import check_claims, check_proved_bound
from model.audit.choice_rules import Chosen, broken_rules
from model.audit.disagreement import Disagreement, compare_number, show
from model.certify.choice import DEFAULT_LIFE, built_texts, records_of
from model.certify.derive import derive_program
from model.certify.horizon import (
    DEFAULT_RATE,
    capital_of,
    project_row,
    recovery_factor,
)
from model.certify.program import ZERO, Program
from model.certify.reading import BUILT, exact_or, read_json, read_settings, read_texts

KCNY_PER_MCNY = 1000
SITE = "site"


class Money(NamedTuple):
    """What a choice costs: once, and every year, MCNY."""

    capital_mcny: Fraction
    fixed_mcny: Fraction


@dataclass(frozen=True)
class Site:
    """The files of a run that has chosen.

    Attributes
    ----------
    requested, built : the case before and after the choice
    summary : run.json
    size_kt : of each project opened
    closed : origins
    idle : projects that ship nothing below their least load
    """

    requested: Mapping[str, str]
    built: Mapping[str, str]
    summary: Mapping[str, Any]
    size_kt: Mapping[str, Fraction]
    closed: tuple[str, ...]
    idle: tuple[str, ...]

    def money(self) -> Money:
        """Capital, and annuities and yearly costs less what closing saves.

        Raises
        ------
        CertificateError
            What is opened is no project of the case.
        """
        rate = Fraction(read_settings(self.requested).get("discount_rate", DEFAULT_RATE))
        capital = yearly = ZERO
        for name, size in self.size_kt.items():
            row = project_row(self.requested, name)
            price = capital_of(row).at_size(size) / KCNY_PER_MCNY
            life = exact_or(row.get("life_years", ""), DEFAULT_LIFE)
            capital += price
            yearly += price * recovery_factor(rate, life)
            yearly += exact_or(row.get("fixed_mcny_per_year", ""), ZERO)
        for row in records_of(self.requested, "closures"):
            if row["origin"] in self.closed:
                yearly -= exact_or(row.get("saved_mcny_per_year", ""), ZERO)
        return Money(capital, yearly)


def read_site(run: Path, summary: Mapping[str, Any] | None = None) -> Site | None:
    """The files of a run, if it has chosen something to build."""
    if not (run / BUILT).is_dir():
        return None
    content = read_json(read_texts(run), "run.json") if summary is None else summary
    sizes = {name: Fraction(kt) for name, kt in (content.get("opened_kt") or {}).items()}
    requested, built = read_texts(run / "inputs"), read_texts(run / BUILT)
    closed, idle = (tuple(content.get(key) or ()) for key in ("closed", "idle"))
    return Site(requested, built, content, sizes, closed, idle)


def fixed_cost_mcny(run: Path) -> Fraction:
    """Annuities and yearly cost of what a run has built, less savings; 0 where it chose nothing."""
    site = read_site(run)
    return ZERO if site is None else site.money().fixed_mcny


def check_siting(
    run: Path,
    summary: Mapping[str, Any] | None = None,
    certificate: Mapping[str, Any] | None = None,
) -> Iterator[Disagreement]:
    """What is built or costs otherwise than run.json says, or against a rule or a requirement.

    Parameters
    ----------
    summary, certificate : run.json and certificate.json, where the folder's own are not meant
    """
    site = read_site(run, summary)
    if site is None or site.summary.get("opened") is None:
        return
    opened = site.summary["opened"]
    if sorted(site.size_kt) != sorted(opened):
        yield Disagreement("run.json", "opened", show(opened), show(sorted(site.size_kt)))
    closures = {row["origin"] for row in records_of(site.requested, "closures")}
    for name in site.closed:
        if name not in closures:
            yield Disagreement("run.json", "closed", name, "no closure of inputs/")
    for name in site.idle:
        if not has_load(site, name):
            yield Disagreement("run.json", "idle", name, "no project that is built with a min_load")
    money = site.money()
    said = site.summary.get("capital_mcny")
    stated = None if said is None else Fraction(said)
    yield from compare_number("run.json", "capital_mcny", stated, money.capital_mcny)
    chosen = Chosen(site.size_kt, money.capital_mcny)
    options = site.summary.get("provenance", {}).get("options", {})
    yield from broken_rules(site.requested, chosen, options, "run.json")
    if certificate is None:
        certificate = read_json(read_texts(run), "certificate.json")
    yield from check_proved_bound("site", site.requested, site.summary, certificate)
    if site.summary.get("kind") == SITE:
        yield from check_claims(site.summary)
    expected = derive_program(built_texts(site.requested, site.size_kt, site.closed, site.idle))
    yield from _built(derive_program(site.built), expected)


def has_load(site: Site, name: str) -> bool:
    """Whether a project is built and has a least load."""
    rows = {row["project"]: row for row in records_of(site.requested, "projects")}
    return name in site.size_kt and exact_or(rows[name].get("min_load", ""), ZERO) > 0


def _built(found: Program, expected: Program) -> Iterator[Disagreement]:
    """Where the case in `built/` has another program than what was chosen gives."""
    for part in ("origins", "sinks", "rows", "explicit"):
        ours, theirs = getattr(found, part), getattr(expected, part)
        for key in dict.fromkeys([*theirs, *ours]):
            figure = key if isinstance(key, str) else " / ".join(key)
            if key not in ours or key not in theirs:
                said, right = ("one", "none") if key in ours else ("none", "one")
                yield Disagreement(f"{BUILT}: {part}", figure, said, right)
            else:
                yield from _record(part, figure, ours[key], theirs[key])
    for part in (
        "recipes",
        "limits",
        "duties",
        "networks",
        "carbon_price_cny_per_t",
        "mode_co2_t_per_t_km",
    ):
        if getattr(found, part) != getattr(expected, part):
            yield Disagreement(BUILT, part, "another", "that of inputs/ with the choice built")


def _record(part: str, name: str, ours: Any, theirs: Any) -> Iterator[Disagreement]:
    names = ours._fields if hasattr(ours, "_fields") else [field.name for field in fields(ours)]
    for field in names:
        said, found = getattr(ours, field), getattr(theirs, field)
        if isinstance(said, Fraction) and isinstance(found, Fraction):
            yield from compare_number(f"{BUILT}: {part}", f"{name}, {field}", said, found)
        elif said != found:
            yield Disagreement(f"{BUILT}: {part}", f"{name}, {field}", show(said), show(found))
