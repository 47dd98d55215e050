"""One set for several futures: sums, means, regret and bounds, from the runs of its folder.

The run of the set in each future stands in `futures/`, with a proof of its own. What every future's
own best set costs is the search's claim, which `verify` puts to it again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from model.audit.bounds import SAME_COST
from model.audit.disagreement import SUMS, Disagreement, compare_number, compare_table, show
from model.certify.reading import read_json, read_output, read_texts

EXPECTED, WORST, REGRET = "expected", "worst", "regret"
FOLDER = "futures"
DECISIONS = ("opened", "opened_kt", "closed")
MEANS = (
    "total_cost_mcny", "transport_cost_mcny", "land_cost_mcny", "sea_cost_mcny",
    "production_cost_mcny", "duty_cost_mcny", "carbon_cost_mcny", "fixed_cost_mcny",
    "shortage_cost_mcny", "revenue_mcny",
)  # fmt: skip
"""Figures that are weighted means of those of the futures."""

Summary = Mapping[str, Any]


def futures_of(run: Path, summary: Summary) -> list[Path]:
    """The folders of the futures; none of an answer without a set."""
    if summary.get("opened") is None:
        return []
    return sorted(path for path in (run / FOLDER).glob("*") if path.is_dir())


def check_futures(run: Path, summary: Summary) -> Iterator[Disagreement]:
    """Figures of run.json and futures.csv that the runs of the futures do not give."""
    if summary.get("opened") is None:
        return
    runs = [read_json(read_texts(path), "run.json") for path in futures_of(run, summary)]
    by_name = {each["scenario"]["name"]: each for each in runs}
    costs = summary.get("cost_by_scenario_mcny") or {}
    if by_name.keys() != costs.keys():
        said, found = ", ".join(sorted(costs)), ", ".join(sorted(by_name))
        yield Disagreement("run.json", "cost_by_scenario_mcny", said, f"futures/ has {found}")
        return
    ordered = {name: by_name[name] for name in costs}
    weights = weights_of(summary, len(ordered))
    yield from _decisions(summary, ordered)
    yield from _by_scenario(summary, ordered, weights)
    yield from _means(summary, ordered, weights)
    yield from _criterion(summary, ordered, weights)
    yield from _table(run, summary, weights)


def weights_of(summary: Summary, futures: int) -> list[Fraction]:
    """Weights as they were asked for: exact; equal ones where none were."""
    given = summary.get("provenance", {}).get("options", {}).get("weights")
    if given is None:
        return [Fraction(1, futures)] * futures
    return [Fraction(text.strip()) for text in given.split(",")]


def _decisions(summary: Summary, runs: Mapping[str, Summary]) -> Iterator[Disagreement]:
    """What is decided once is the same in every future."""
    for name, each in runs.items():
        for key in DECISIONS:
            if summary.get(key) != each.get(key):
                found = f"{show(each.get(key))} in {name}"
                yield Disagreement("run.json", key, show(summary.get(key)), found)
    greatest = max(Fraction(each["capital_mcny"]) for each in runs.values())
    yield from _compare(summary, "capital_mcny", greatest)


def _by_scenario(
    summary: Summary, runs: Mapping[str, Summary], weights: list[Fraction]
) -> Iterator[Disagreement]:
    best = summary["best_by_scenario_mcny"]
    for (name, each), weight in zip(runs.items(), weights, strict=True):
        cost = Fraction(each["total_cost_mcny"])
        yield from _compare(summary, f"cost_by_scenario_mcny.{name}", cost)
        regret = cost - Fraction(best[name])
        yield from _compare(summary, f"regret_by_scenario_mcny.{name}", regret)
        yield from _compare(summary, f"weight_by_scenario.{name}", weight)
        if regret < -SUMS.slack:
            found = f"no more than {show(cost)}"
            yield Disagreement("run.json", f"best_by_scenario_mcny.{name}", show(best[name]), found)


def _means(
    summary: Summary, runs: Mapping[str, Summary], weights: list[Fraction]
) -> Iterator[Disagreement]:
    for key in MEANS:
        yield from _compare(summary, key, _mean([each[key] for each in runs.values()], weights))


def _criterion(
    summary: Summary, runs: Mapping[str, Summary], weights: list[Fraction]
) -> Iterator[Disagreement]:
    """What was minimised, its bounds, and what knowing the future is worth."""
    costs = [Fraction(each["total_cost_mcny"]) for each in runs.values()]
    least = [Fraction(summary["best_by_scenario_mcny"][name]) for name in runs]
    bounds = [each.get("proved_bound_mcny") for each in runs.values()]
    known = [Fraction(bound) for bound in bounds if bound is not None]
    mean = _mean(costs, weights)
    proved: Fraction | None
    if summary["criterion"] == EXPECTED:
        value, proved = mean, _mean(known, weights) if len(known) == len(bounds) else None
        informed = mean - _mean(least, weights)
        yield from _compare(summary, "value_of_perfect_information_mcny", informed)
    elif summary["criterion"] == WORST:
        value, proved = max(costs), max(known, default=None)
    else:
        value = max(cost - own for cost, own in zip(costs, least, strict=True))
        proved = Fraction(0)
    yield from _compare(summary, "criterion_value_mcny", value)
    yield from _compare(summary, "proved_bound_mcny", proved)
    yield from _claims(summary, value, max(map(abs, costs)))


def _claims(summary: Summary, value: Fraction, cost: Fraction) -> Iterator[Disagreement]:
    """A claimed bound that the criterion refutes, or an optimum above it; the gap."""
    claimed = summary.get("claimed_bound_mcny")
    least = value - SAME_COST * (1 + cost)
    if claimed is not None and claimed > value + SUMS.slack:
        found = f"no more than {show(value)}"
        yield Disagreement("run.json", "claimed_bound_mcny", show(claimed), found)
    if summary["status"] == "optimal" and (claimed is None or claimed < least):
        found = f"{show(value)}, the optimum"
        yield Disagreement("run.json", "claimed_bound_mcny", show(claimed), found)
    if claimed is not None:
        gap = (value - Fraction(claimed)) / abs(value) if value else Fraction(0)
        yield from _compare(summary, "gap_share", gap)


def _table(run: Path, summary: Summary, weights: list[Fraction]) -> Iterator[Disagreement]:
    """Rows of futures.csv, as run.json has them."""
    rows = {
        (name,): {
            "weight": weight,
            "cost_mcny": Fraction(cost),
            "best_mcny": Fraction(summary["best_by_scenario_mcny"][name]),
            "regret_mcny": Fraction(summary["regret_by_scenario_mcny"][name]),
        }
        for (name, cost), weight in zip(
            summary["cost_by_scenario_mcny"].items(), weights, strict=True
        )
    }
    yield from compare_table(read_output(read_texts(run), FOLDER), ("scenario",), rows)


def _compare(summary: Summary, path: str, found: Fraction | None) -> Iterator[Disagreement]:
    """A disagreement, if the number at a path of keys is another."""
    key, _, inner = path.partition(".")
    said = summary.get(key)
    said = said.get(inner) if inner and said is not None else said
    stated = None if said is None else Fraction(said)
    yield from compare_number("run.json", path, stated, found)


def _mean(values: list[Any], weights: list[Fraction]) -> Fraction:
    pairs = zip(values, weights, strict=True)
    return sum((Fraction(value) * weight for value, weight in pairs), Fraction(0))
