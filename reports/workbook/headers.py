"""Titles and number formats of the columns of a result, as a spreadsheet shows them."""

from __future__ import annotations

from collections.abc import Iterable

from model.result.figures import SHARE, FigureInfo
from reports.workbook.book import SheetColumn

_KT, _SIGNED_KT = "#,##0.0;-#,##0.0;0", "+#,##0.0;[Color 53]-#,##0.0;0"
_MONEY, _UNIT_COST, _SHARE = "#,##0.0", "#,##0.00", "0.0%"
_ANY = "#,##0.####;-#,##0.####"

_COLUMNS: dict[str, tuple[str, str]] = {
    "origin": ("Origin", "@"),
    "sink": ("Sink", "@"),
    "mode": ("Mode", "@"),
    "route": ("Route", "@"),
    "ship_kt": ("Shipped, kt/yr", _KT),
    "km": ("Length, km", "#,##0"),
    "cost_cny_per_t": ("Cost, CNY/t", _UNIT_COST),
    "cost_mcny": ("Cost, MCNY/yr", _MONEY),
    "co2_kt": ("Emissions, kt CO2e/yr", "#,##0.00"),
    "freight_cny_per_t": ("of it freight, CNY/t", _UNIT_COST),
    "sea_cny_per_t": ("of freight at sea, CNY/t", _UNIT_COST),
    "production_cny_per_t": ("of it production, CNY/t", _UNIT_COST),
    "duty_cny_per_t": ("of it duty, CNY/t", _UNIT_COST),
    "carbon_cny_per_t": ("of it carbon, CNY/t", _UNIT_COST),
    "land_km": ("by land, km", "#,##0"),
    "sea_km": ("by sea, km", "#,##0"),
    "region": ("Region", "@"),
    "local_name": ("Local name", "@"),
    "role": ("Role", "@"),
    "supply_kt": ("Supply, kt/yr", _KT),
    "demand_kt": ("Demand, kt/yr", _KT),
    "export_kt": ("Exports, kt/yr", _KT),
    "balance_kt": ("Balance, kt/yr", _SIGNED_KT),
    "deficit_kt": ("Deficit, kt/yr", _KT),
    "local_kt": ("Local, kt/yr", _KT),
    "inflow_kt": ("Inflow, kt/yr", _KT),
    "outflow_kt": ("Outflow, kt/yr", _KT),
    "unshipped_kt": ("Unshipped, kt/yr", _KT),
    "utilisation": ("Utilisation, %", _SHARE),
    "self_sufficiency": ("Self-sufficiency, %", _SHARE),
    "bn_t_km": ("Haulage, bn t-km/yr", "#,##0.000"),
    "run": ("Run", "@"),
    "place": ("Place", "@"),
    "left_cny_per_t": ("Price for one tonne less, CNY/t", _UNIT_COST),
    "right_cny_per_t": ("Price for one tonne more, CNY/t", _UNIT_COST),
    "left_reason": ("With one tonne less", "@"),
    "right_reason": ("With one tonne more", "@"),
    "quantity": ("Quantity", "@"),
    "reported": ("Reported", _ANY),
    "reproduced": ("Reproduced", _ANY),
    "unit": ("Unit", "@"),
    "difference": ("Difference", _ANY),
    "tolerance": ("Tolerance", _ANY),
    "holds": ("Holds", "General"),
    "source": ("Source", "@"),
    "grade": ("Grade", "@"),
    "note": ("Note", "@"),
    "step": ("Step", "0"),
    "table": ("Table", "@"),
    "row": ("Row", "@"),
    "column": ("Column", "@"),
    "before": ("Before", "General"),
    "after": ("After", "General"),
    "why": ("Why", "@"),
}

_UNITS = {
    "_kt": ("kt/yr", _KT),
    "_mcny": ("MCNY/yr", _MONEY),
    "_cny_per_t": ("CNY/t", _UNIT_COST),
    "_km": ("km", "#,##0"),
}


def sheet_columns(names: Iterable[str]) -> list[SheetColumn]:
    """Return how result columns of these names are shown.

    A name that is not known is shown in words, with the unit that it ends in.
    """
    return [SheetColumn(*_title_and_format(name), note=f"In files: {name}") for name in names]


def _title_and_format(name: str) -> tuple[str, str]:
    if name in _COLUMNS:
        return _COLUMNS[name]
    for ending, (unit, number_format) in _UNITS.items():
        if name.endswith(ending):
            return f"{in_words(name.removesuffix(ending))}, {unit}", number_format
    return in_words(name), _ANY


def number_format(figure: FigureInfo) -> str:
    """How a spreadsheet shows a figure of a run."""
    if figure.unit == SHARE:
        return _SHARE
    return "#,##0" + ("." + "0" * figure.decimals if figure.decimals else "")


def in_words(name: str) -> str:
    """Return a name of a file or a column as words.

    >>> in_words("rests_on")
    'Rests on'
    """
    words = name.replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"
