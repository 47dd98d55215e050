"""The section on efficiency classes: plants where a case has them, and which classes run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.figures.plants import size_against_utilisation, utilisation_by_class
from reports.page import tables_generic
from reports.page.section import Pair, Section, section

if TYPE_CHECKING:
    from model.result.allocation import Allocation


def classes_section(result: Allocation) -> Section | None:
    """Return which classes the plan runs, and the plants of the case by class."""
    from model.studies.plant_classes import plants_of, running_classes

    running = running_classes(result.case, result.flows)
    plants = None if len(running) else plants_of(result.case)
    return section(
        "classes", "Efficiency classes",
        tables_generic.generic(
            "classes-running", "Which classes run", running,
            "Idle: regions whose plants of the class ship nothing.",
        ) if len(running) else None,
        None if plants is None else Pair(
            (utilisation_by_class(plants), size_against_utilisation(plants))
        ),
        None if plants is None else tables_generic.generic(
            "classes-plants", "Plants by class", plants.by_class()
        ),
        None if plants is None else tables_generic.generic(
            "classes-plants-by-data", "Plants by the classes that the data suggest",
            plants.by_class("class_by_data"),
        ),
    )  # fmt: skip
