"""Efficiency classes: cuts given and found, plants of a case, which classes run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case, Settings
from model.studies.plant_classes import classify, cuts_from, plants_of, running_classes
from reports.figures.plants import size_against_utilisation, utilisation_by_class
from reports.page.plant_classes import classes_section
from tests.support.cases import TWELVE_REGIONS

ROOT = Path(__file__).parents[1]


def plants_case(utilisation: list[float], capacity: float = 200.0) -> Case:
    count = len(utilisation)
    return Case.of(
        Settings(name="plants"),
        origins=pd.DataFrame(
            {
                "origin": [f"plant {n:02}" for n in range(count)],
                "region": [f"region {n % 3}" for n in range(count)],
                "supply_kt": [capacity * share for share in utilisation],
                "capacity_kt": capacity,
            }
        ),
        sinks=pd.DataFrame({"sink": ["s"], "demand_kt": [1.0]}),
        lanes=pd.DataFrame({"origin": ["plant 00"], "sink": ["s"], "cost_cny_per_t": [1.0]}),
    )


CLOSE_GROUPS = [0.30, 0.35, 0.4, 0.7, 0.72, 0.75, 0.8, 0.95, 0.97, 0.99, 1.0, 0.0]


def test_cuts_fall_between_the_groups() -> None:
    low, high = cuts_from(np.array(CLOSE_GROUPS))
    assert low == pytest.approx(0.55)
    assert high == pytest.approx(0.875)


def test_cuts_need_three_different_plants() -> None:
    with pytest.raises(ValueError, match="three different utilisations"):
        cuts_from(np.array([0.5, 0.5, 0.9]))


def test_plants_are_classified_both_ways() -> None:
    plants = plants_of(plants_case(CLOSE_GROUPS))
    assert plants is not None
    assert list(plants.table["class"]) == classify(np.array(CLOSE_GROUPS))
    counts = plants.by_class().set_index("class")["plants"]
    assert counts.to_dict() == {"high": 4, "medium": 4, "low": 3, "shut": 1}
    assert plants.by_class("class_by_data")["capacity_share"].sum() == pytest.approx(1.0)


def test_provinces_are_no_plants() -> None:
    case = plants_case(CLOSE_GROUPS)
    alone = case.origins.assign(region=case.origins["origin"])
    assert plants_of(case.replace(origins=alone)) is None
    assert plants_of(plants_case([0.5, 0.9, 1.0])) is None


def test_pictures_of_plants() -> None:
    import plotly.graph_objects as go

    plants = plants_of(plants_case(CLOSE_GROUPS))
    assert plants is not None
    for figure in (utilisation_by_class(plants), size_against_utilisation(plants)):
        go.Figure(figure.as_plotly())
        assert figure.alt


def test_which_classes_run_in_the_bundled_case() -> None:
    from model.run import RunOptions, evaluate
    from model.scenarios.prepare import prepare

    prepared = prepare(TWELVE_REGIONS, ["supply_by_tier"])[0]
    result = evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions())
    table = running_classes(result.case, result.flows).set_index("class")
    assert table["shipped_kt"].sum() == pytest.approx(result.figures["shipped_kt"], abs=40)
    assert table.loc["high", "utilisation"] > table.loc["shut", "utilisation"]
    found = classes_section(result)
    assert found is not None
    assert found.name == "classes"
