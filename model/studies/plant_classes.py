"""Capacity by efficiency: plants in classes by utilisation, and which classes a plan runs.

Classes follow either given thresholds or the data: a hierarchical clustering (Ward) of the plants'
utilisations, whose gaps are the thresholds that the data themselves suggest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.arrays import Floats

if TYPE_CHECKING:
    from model.case.case import Case

HIGH, MEDIUM, LOW, SHUT = "high", "medium", "low", "shut"
CLASSES = (HIGH, MEDIUM, LOW, SHUT)
CUTS = (0.62, 0.90)
"""Utilisation below which a plant is of the low class, and above which of the high one.

Lang, Huang, Jiang, Han, ICSOBA 2025: the lower cut came from a cluster analysis of plants, the
upper one from operating experience.
"""
FEWEST_PLANTS = 10
PLANT_COLUMNS = [
    "origin", "region", "capacity_kt", "supply_kt", "utilisation", "class", "class_by_data",
]  # fmt: skip


@dataclass(frozen=True)
class Plants:
    """Plants with their classes.

    Attributes
    ----------
    table : origin, region, capacity_kt, supply_kt, utilisation, class (by `cuts`), class_by_data
    cuts, cuts_by_data : utilisations that part low from medium and medium from high; those of the
        data lie halfway between the plants on both sides
    """

    table: pd.DataFrame
    cuts: tuple[float, float]
    cuts_by_data: tuple[float, float]

    def by_class(self, column: str = "class") -> pd.DataFrame:
        """Plants, capacity and output of each class, and its share of all capacity."""
        table = self.table.groupby(column)[["capacity_kt", "supply_kt"]].sum()
        table.insert(0, "plants", self.table[column].value_counts())
        table = table.reindex([name for name in CLASSES if name in table.index])
        table["capacity_share"] = table["capacity_kt"] / table["capacity_kt"].sum()
        return table.rename_axis("class").reset_index()


def classify(utilisation: Floats, cuts: tuple[float, float] = CUTS) -> list[str]:
    """Class of each plant: shut where nothing runs, low below, medium from, high above the cuts.

    >>> classify(np.array([0.0, 0.5, 0.62, 0.9, 0.95]))
    ['shut', 'low', 'medium', 'medium', 'high']
    """
    low, high = cuts
    return [
        SHUT if share <= 0 else LOW if share < low else HIGH if share > high else MEDIUM
        for share in utilisation.tolist()
    ]


def cuts_from(utilisation: Floats) -> tuple[float, float]:
    """Cuts that a clustering of running plants into three suggests, halfway between neighbours.

    Source
    ------
    J. H. Ward, Hierarchical grouping to optimize an objective function, J. Am. Stat. Assoc. 58
    (1963); as in scipy.cluster.hierarchy. On a line every cluster is a stretch without gaps.

    Raises
    ------
    ValueError
        Fewer than three different utilisations.
    """
    from scipy.cluster.hierarchy import fcluster, linkage

    running = np.sort(utilisation[utilisation > 0])
    if len(np.unique(running)) < 3:
        raise ValueError("three classes need plants of at least three different utilisations")
    label = fcluster(linkage(running[:, None], method="ward"), t=3, criterion="maxclust")
    ends = np.flatnonzero(np.diff(label))
    low, high = (running[ends] + running[ends + 1]) / 2
    return float(low), float(high)


def plants_of(case: Case, cuts: tuple[float, float] = CUTS) -> Plants | None:
    """The plants of a case by class; None where its origins are no plants.

    They are plants where at least ten origins state a capacity and regions have several of them.
    """
    origins = case.origins[case.origins["capacity_kt"] > 0]
    if len(origins) < FEWEST_PLANTS or origins["region"].nunique() == len(origins):
        return None
    table = origins[["origin", "region", "capacity_kt", "supply_kt"]].reset_index(drop=True)
    share = (table["supply_kt"] / table["capacity_kt"]).to_numpy(dtype=float)
    try:
        found = cuts_from(share)
    except ValueError:
        return None
    table["utilisation"] = share
    table["class"] = classify(share, cuts)
    table["class_by_data"] = classify(share, found)
    return Plants(table[PLANT_COLUMNS], cuts, found)


def running_classes(case: Case, flows: pd.DataFrame) -> pd.DataFrame:
    """Which classes a plan runs, where origins are named by region and class (`North low`).

    Returns
    -------
    pandas.DataFrame
        class, origins, capacity_kt, shipped_kt, utilisation, idle (origins that ship nothing);
        no row where no origin is named so.
    """
    columns = ["class", "origins", "capacity_kt", "shipped_kt", "utilisation", "idle"]
    names = zip(case.origins["origin"], case.origins["region"], strict=True)
    classes = [origin.removeprefix(region).strip() for origin, region in names]
    table = case.origins.assign(**{"class": classes})
    table = table[table["class"].isin(CLASSES)]
    shipped = flows.groupby("origin")["ship_kt"].sum()
    table["shipped_kt"] = table["origin"].map(shipped).fillna(0.0)
    table["idle"] = table["shipped_kt"] <= 0
    rows = [
        {
            "class": name,
            "origins": len(part),
            "capacity_kt": float(part["capacity_kt"].sum()),
            "shipped_kt": float(part["shipped_kt"].sum()),
            "utilisation": _share(part["shipped_kt"].sum(), part["capacity_kt"].sum()),
            "idle": ", ".join(part.loc[part["idle"], "region"]),
        }
        for name in CLASSES
        if len(part := table[table["class"] == name])
    ]
    return pd.DataFrame(rows, columns=columns)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
