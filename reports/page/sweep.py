"""The section of a sweep: how the cost spreads, what drives it, how often lanes are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.result.study_tables import tables_of
from reports.figures import sweep as figures
from reports.language import say
from reports.language.numbers import plain
from reports.page import tables_generic
from reports.page.section import Section, section
from reports.page.studies import SWEEP

if TYPE_CHECKING:
    import pandas as pd

    from model.result.allocation import Allocation
    from reports.figures.style import Picture

FEW = 40  # draws with a plan, below which no nine in ten are told apart
LEAST_EFFECT = 1e-6
TABLES = (
    ("quantiles", "Quantiles over the draws"),
    ("drivers", "Drivers of the cost"),
    ("lanes", "How often each pair is used"),
    ("regions", "How often each region ships and receives"),
)


def sweep_section(result: Allocation) -> Section | None:
    """Return what thousands of draws came to, or None where none were made."""
    study = result.studies.get(SWEEP)
    if not study:
        return None
    found = tables_of(study)
    quantiles = found["quantiles"]
    blocks: list[Any] = []
    if "cost_when_lowest_mcny" in found["drivers"]:
        blocks.append(figures.drivers(found["drivers"]))
    if "p50" in quantiles:
        prices = quantiles[quantiles["figure"].str.startswith(tables_generic.PRICE)]
        place = prices["figure"].str.removeprefix(tables_generic.PRICE).str.removesuffix(" (CNY/t)")
        blocks.append(figures.price_spread(prices.assign(place=place)))
    blocks += [
        tables_generic.generic(f"sweep-{name}", title, found[name])
        for name, title in TABLES
        if name in found
    ]
    return section(SWEEP, "Draws of uncertain figures", *blocks)


def sweep_picture(result: Allocation) -> Picture | None:
    """Return the spread of the cost; None where no draw has a plan."""
    study = result.studies.get(SWEEP)
    total = result.figures["total_cost_mcny"]
    return figures.cost_spread(study["costs"], total) if study else None


def sweep_sentences(result: Allocation) -> list[str]:
    """Return how the cost spreads, how many draws have a plan, and what drives it."""
    study = result.studies.get(SWEEP)
    if not study:
        return []
    found, counts = tables_of(study), study["counts"]
    return [
        text
        for text in (
            _spread(found["quantiles"], counts["optimal"], result.figures["total_cost_mcny"]),
            *counts_text(counts),
            _driver(found["drivers"]),
        )
        if text
    ]


def _spread(quantiles: pd.DataFrame, plans: int, base: float | None) -> str:
    """The median and the ends; of few draws, the ends of all."""
    if not plans or "p50" not in quantiles:
        return say("No draw has a feasible plan, so there is no cost to spread.")
    row = quantiles.set_index("figure").loc["total_cost_mcny"]
    is_few = plans < FEW
    low, high = (row["p0"], row["p100"]) if is_few else (row["p5"], row["p95"])
    text = (
        "The least cost lies between {low} and {high} MCNY a year in nine in ten of {plans} draws "
        "that have a plan, half of them under {middle}{base}."
    )
    if is_few:
        text = (
            "The least cost lies between {low} and {high} MCNY a year in all of {plans} draws that "
            "have a plan, half of them under {middle}{base}."
        )
    cost = "" if base is None else say("; the case as it stands costs {cost}", cost=plain(base))
    found = {"low": low, "high": high, "plans": plans, "middle": row["p50"]}
    return say(text, **{name: plain(value) for name, value in found.items()}, base=cost)


def _driver(drivers: pd.DataFrame) -> str:
    """What moves the cost most."""
    if "cost_when_lowest_mcny" not in drivers or drivers.empty:
        return ""
    row = drivers.iloc[0]
    if abs(row["regression"]) < LEAST_EFFECT:
        return ""
    return say(
        "It moves most with {figure}: {low} MCNY a year in the tenth of draws where that is lowest,"
        " {high} where it is highest.",
        figure=row["figure"],
        low=plain(row["cost_when_lowest_mcny"]),
        high=plain(row["cost_when_highest_mcny"]),
    )


def counts_text(counts: dict[str, int]) -> list[str]:
    """Return what was drawn and solved, in sentences."""
    none = counts["infeasible"]
    lines = [
        say(
            "{draws} draws with seed {seed}: {plans} have a least-cost plan, proved over every "
            "lane on offer{rest}.",
            draws=plain(counts["draws"]),
            seed=counts["seed"],
            plans=plain(counts["optimal"]),
            rest=say("; {count} have no feasible plan", count=plain(none)) if none else "",
        )
    ]
    if counts["failed"]:
        text = "The solver ended without an answer in {count} draws."
        lines.append(say(text, count=plain(counts["failed"])))
    return lines
