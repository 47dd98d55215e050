"""The headline figures of runs: title, unit, number format and meaning of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_MONEY, _KT, _SHARE = "#,##0.0", "#,##0.0", "0.0%"


@dataclass(frozen=True)
class FigureText:
    """How a figure of a run is shown and explained."""

    title: str
    unit: str
    number_format: str
    meaning: str


FIGURES: dict[str, FigureText] = {
    "total_cost_mcny": FigureText(
        "Total cost", "MCNY/yr", _MONEY, "Transport, production, duty, carbon and fixed cost."
    ),
    "transport_cost_mcny": FigureText(
        "Transport cost", "MCNY/yr", _MONEY, "Freight by land and by sea."
    ),
    "land_cost_mcny": FigureText("of it by land", "MCNY/yr", _MONEY, "All modes but the sea."),
    "sea_cost_mcny": FigureText("of it by sea", "MCNY/yr", _MONEY, "Stretches by sea."),
    "production_cost_mcny": FigureText(
        "Production cost", "MCNY/yr", _MONEY, "Where origins state a cost per tonne."
    ),
    "duty_cost_mcny": FigureText("Duty", "MCNY/yr", _MONEY, "Rate times value of what bears it."),
    "carbon_cost_mcny": FigureText(
        "Carbon cost", "MCNY/yr", _MONEY, "Emissions of transport at the case's carbon price."
    ),
    "fixed_cost_mcny": FigureText(
        "Fixed cost", "MCNY/yr", _MONEY, "Annuities and fixed cost of what is built, less savings."
    ),
    "shipped_kt": FigureText("Shipped", "kt/yr", _KT, "Everything that leaves an origin."),
    "domestic_kt": FigureText("to domestic sinks", "kt/yr", _KT, "From domestic origins."),
    "export_kt": FigureText("to export sinks", "kt/yr", _KT, "From domestic origins."),
    "unshipped_kt": FigureText(
        "Unshipped", "kt/yr", _KT, "Supply that stays; which origin keeps it is the plan's choice."
    ),
    "deficit_kt": FigureText(
        "Deficit", "kt/yr", _KT, "Demand above supply, region by region, before any shipment."
    ),
    "moved_kt": FigureText("Moved", "kt/yr", _KT, "Domestic shipments that cross a border."),
    "bn_t_km": FigureText("Domestic haulage", "bn t-km/yr", "#,##0.00", "Tonnes times kilometres."),
    "mean_haul_km": FigureText("Mean haul", "km", "#,##0", "Of domestic shipments."),
    "export_bn_t_km": FigureText(
        "Export haulage", "bn t-km/yr", "#,##0.00", "Tonnes times kilometres, sea included."
    ),
    "self_sufficiency": FigureText(
        "Self-sufficiency", "%", _SHARE, "Share of domestic demand met within its region."
    ),
    "co2_kt": FigureText("Emissions", "kt CO2e/yr", "#,##0.0", "Of transport."),
    "lanes_offered": FigureText("Lanes offered", "", "#,##0", "Between all pairs."),
    "lanes_used": FigureText("Lanes used", "", "#,##0", "Lanes that carry anything."),
}
"""Figures worth printing, in the order in which they are read."""


def present(figures: Mapping[str, Any]) -> list[str]:
    """Return the names of the figures that a run has a value for, in reading order."""
    return [name for name in FIGURES if figures.get(name) is not None]
