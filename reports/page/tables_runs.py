"""Tables of several runs side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from model.result.figures import FIGURES, printed
from reports.language import say
from reports.page.table import PageTable, TableColumn, texts
from reports.page.tables import shown

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def side_by_side(runs: Mapping[str, Allocation], name: str, title: str) -> PageTable:
    """Headline figures of several runs, a column each."""
    keys = [key for key in FIGURES if any(key in printed(run.figures) for run in runs.values())]
    columns = texts("Figure", "Unit")
    columns += [TableColumn(label, kind="mixed") for label in runs]
    rows = [
        [say(FIGURES[key].title), say(FIGURES[key].unit)]
        + [shown(key, run.figures.get(key)) for run in runs.values()]
        for key in keys
    ]
    return PageTable(name, title, columns, rows)


def regions_side_by_side(
    runs: Mapping[str, Allocation], quantity: str, name: str, title: str
) -> PageTable:
    """One column of the balance, kt, of several runs, by region, with the change of the last."""
    columns_of = {
        label: run.balance[run.balance["role"] == "region"].set_index("region")[quantity]
        for label, run in runs.items()
    }
    frame = pd.DataFrame(columns_of).fillna(0.0)
    frame = frame[(frame != 0).any(axis=1)]
    columns = [TableColumn("Region", kind="text"), *(TableColumn(label, "kt") for label in runs)]
    first, *others = runs
    columns += [TableColumn(f"{label} − {first}", "kt", signed=True) for label in others]
    rows = [
        [region, *values, *(value - values[0] for value in values[1:])]
        for region, values in zip(frame.index, frame.to_numpy().tolist(), strict=True)
    ]
    sums = frame.sum().tolist()
    total = ["all", *sums, *(value - sums[0] for value in sums[1:])]
    return PageTable(name, title, columns, rows, total=total)
