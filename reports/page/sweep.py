"""The section of a sweep: how the cost spreads, what drives it, how often lanes are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from model.result.study_tables import tables_of
from reports.figures import sweep as figures
from reports.language.numbers import plain
from reports.page import tables_generic
from reports.page.section import Section, Sentences, section
from reports.page.studies import SWEEP

if TYPE_CHECKING:
    from model.result.allocation import Allocation

PRICE = "price at "
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
    blocks: list[Any] = [Sentences(tuple(counts_text(study["counts"])))]
    blocks.append(figures.cost_spread(study["costs"], result.figures["total_cost_mcny"]))
    if "cost_when_lowest_mcny" in found["drivers"]:
        blocks.append(figures.drivers(found["drivers"]))
    if "p50" in quantiles:
        prices = quantiles[quantiles["figure"].str.startswith(PRICE)]
        place = prices["figure"].str.removeprefix(PRICE).str.removesuffix(" (CNY/t)")
        blocks.append(figures.price_spread(prices.assign(place=place)))
    blocks += [
        tables_generic.generic(f"sweep-{name}", title, found[name])
        for name, title in TABLES
        if name in found
    ]
    return section(SWEEP, "Draws of uncertain figures", *blocks)


def counts_text(counts: dict[str, int]) -> list[str]:
    """Return what was drawn and solved, in sentences."""
    lines = [
        f"{plain(counts['draws'])} draws with seed {counts['seed']}: {plain(counts['optimal'])}"
        f" have a least-cost plan, proved over every lane on offer; {plain(counts['infeasible'])}"
        " have no feasible plan."
    ]
    if counts["failed"]:
        lines.append(f"The solver ended without an answer in {plain(counts['failed'])} draws.")
    return lines
