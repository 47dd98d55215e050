"""A run that has chosen what to build: the case that it built, and what that costs, derived anew.

`inputs/` holds the case as it was asked, `built/` the case with the chosen set built, which is what
the plan was made on. Everything that the choice changes is worked out here from `inputs/` and from
the names and sizes in run.json. That no other choice is cheaper is the solver's claim; the bound at
the root of its search is proved when the run is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from model.audit.disagreement import Disagreement, compare_number, show
from model.certify.program import ZERO, bound_columns
from model.certify.reading import (
    BUILT,
    CertificateError,
    exact,
    exact_or,
    exact_or_none,
    read_json,
    read_settings,
    read_table,
    read_texts,
    split_names,
)

KCNY_PER_MCNY = 1000
DEFAULT_RATE, DEFAULT_LIFE = Fraction("0.08"), Fraction(20)
TOLERANCE = Fraction(1, 1_000_000)

PROJECT_COLUMNS = (
    "project", "capacity_kt", "min_kt", "capex_cny_per_t", "fixed_mcny_per_year", "life_years",
    "adds_to_limit", "group", "requires", "forced",
)  # fmt: skip
Project = dict[str, str]


def fixed_cost_mcny(run: Path) -> Fraction:
    """Annuities and fixed cost of what a run has built, less what closing saves; 0 without any."""
    if not (run / BUILT).is_dir():
        return ZERO
    asked, content = read_texts(run / "inputs"), read_json(read_texts(run), "run.json")
    rate = Fraction(read_settings(asked).get("discount_rate", DEFAULT_RATE))
    projects = _projects(asked)
    total = ZERO
    for name, size in _opened(content).items():
        total += _yearly_kcny(projects.get(name), name, size, rate)
    saved = _column(asked, "closures", "origin", "saved_mcny_per_year")
    closed = sum((exact_or(saved.get(name, ""), ZERO) for name in content["closed"] or ()), ZERO)
    return total / KCNY_PER_MCNY - closed


def check_siting(run: Path) -> Iterator[Disagreement]:
    """What is built otherwise than run.json says, against a rule of the case, or beyond a wish."""
    if not (run / BUILT).is_dir():
        return
    content = read_json(read_texts(run), "run.json")
    if content.get("opened") is None:
        return
    asked, built = read_texts(run / "inputs"), read_texts(run / BUILT)
    projects, sizes = _projects(asked), _opened(content)
    if sorted(sizes) != sorted(content["opened"]):
        yield Disagreement("run.json", "opened", show(content["opened"]), show(sorted(sizes)))
    yield from _supplies(asked, built, content, projects, sizes)
    yield from _limits(asked, built, projects, sizes)
    yield from _rules(projects, sizes)


def _column(texts: Mapping[str, str], table: str, key: str, column: str) -> dict[str, str]:
    """The cells of a column by the key of their rows."""
    return {cells[0]: cells[1] for cells in read_table(texts, table).records(key, column)}


def _opened(content: Mapping[str, Any]) -> dict[str, Fraction]:
    return {name: Fraction(kt) for name, kt in (content.get("opened_kt") or {}).items()}


def _projects(asked: Mapping[str, str]) -> dict[str, Project]:
    rows = read_table(asked, "projects").records(*PROJECT_COLUMNS)
    return {row[0]: dict(zip(PROJECT_COLUMNS, row, strict=True)) for row in rows}


def _yearly_kcny(project: Project | None, name: str, size: Fraction, rate: Fraction) -> Fraction:
    if project is None:
        raise CertificateError(f"run.json: opened: {name} is no project of inputs/")
    fixed = exact_or(project["fixed_mcny_per_year"], ZERO) * KCNY_PER_MCNY
    capital = exact_or(project["capex_cny_per_t"], ZERO) * size
    return fixed + capital * recovery_factor(rate, exact_or(project["life_years"], DEFAULT_LIFE))


def recovery_factor(rate: Fraction, years: Fraction) -> Fraction:
    """r(1+r)ⁿ ÷ ((1+r)ⁿ − 1), 1/n at no interest; exact for whole years."""
    if rate == 0:
        return 1 / years
    grown = (1 + rate) ** int(years) if years.denominator == 1 else _power(1 + rate, years)
    return rate * grown / (grown - 1)


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    return Fraction(float(base) ** float(exponent))


def _supplies(
    asked: Mapping[str, str],
    built: Mapping[str, str],
    content: Mapping[str, Any],
    projects: Mapping[str, Project],
    sizes: Mapping[str, Fraction],
) -> Iterator[Disagreement]:
    """Origins of the built case: those asked, none from closed ones, and what is opened."""
    closed = set(content.get("closed") or ())
    expected = {
        name: ZERO if name in closed else exact(kt)
        for name, kt in read_table(asked, "origins").records("origin", "supply_kt")
    }
    expected |= {name: kt for name, kt in sizes.items() if not projects[name]["adds_to_limit"]}
    found = _column(built, "origins", "origin", "supply_kt")
    for name in sorted(expected.keys() | found.keys()):
        said = exact(found[name]) if name in found else None
        where = f"{name}, supply_kt"
        yield from compare_number(f"{BUILT}/origins.csv", where, said, expected.get(name))


def _limits(
    asked: Mapping[str, str],
    built: Mapping[str, str],
    projects: Mapping[str, Project],
    sizes: Mapping[str, Fraction],
) -> Iterator[Disagreement]:
    table = read_table(asked, "limits")
    _, most_column = bound_columns(table)
    found = _column(built, "limits", "limit", most_column)
    for name, kt in table.records("limit", most_column):
        most = exact_or_none(kt)
        if most is not None:
            most += sum(
                (size for key, size in sizes.items() if projects[key]["adds_to_limit"] == name),
                ZERO,
            )
        said = exact_or_none(found.get(name, ""))
        yield from compare_number(f"{BUILT}/limits.csv", f"{name}, {most_column}", said, most)


def _rules(
    projects: Mapping[str, Project], sizes: Mapping[str, Fraction]
) -> Iterator[Disagreement]:
    """Rules of projects.csv that a choice breaks."""
    groups: dict[str, str] = {}
    for name, project in projects.items():
        if name not in sizes:
            if project["forced"] == "true":
                yield Disagreement("run.json", "opened", f"without {name}", "it is forced")
            continue
        most = exact(project["capacity_kt"])
        least = exact_or(project["min_kt"], most)
        if not least - TOLERANCE <= sizes[name] <= most + TOLERANCE:
            yield Disagreement(
                "run.json", f"opened_kt, {name}", show(sizes[name]), f"{least} to {most}"
            )
        for needed in split_names(project["requires"]):
            if needed not in sizes:
                yield Disagreement("run.json", "opened", name, f"requires {needed}")
        if project["group"]:
            other = groups.setdefault(project["group"], name)
            if other != name:
                yield Disagreement("run.json", "opened", name, f"{other} is of the same group")
