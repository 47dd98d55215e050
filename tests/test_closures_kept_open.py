"""A minimum that keeps an origin open is named as the reason."""

from __future__ import annotations

import pandas as pd
import pytest

from model.case.case import Case
from reports.page.siting import siting_sentences
from tests.support.siting_problems import answer, small


def closable(saved: float = 500.0) -> Case:
    """Two far plants, of which either could close at a great saving."""
    origins = pd.DataFrame({"origin": ["far", "old"], "supply_kt": [200.0, 200.0]})
    old = pd.DataFrame(
        {"origin": ["old"] * 2, "sink": ["east", "west"], "cost_cny_per_t": [130.0] * 2}
    )
    return small(
        origins=origins,
        lanes=pd.concat([small().lanes, old], ignore_index=True),
        closures=pd.DataFrame({"origin": ["old"], "saved_mcny_per_year": [saved]}),
    )


def option(case: Case) -> dict[str, object]:
    rows = answer(case).result.studies["site_options"]
    return next(row for row in rows if row["option"] == "old")


def test_without_a_minimum_it_closes() -> None:
    assert option(closable())["chosen"] is True


def test_a_lane_that_must_carry_keeps_its_origin_open() -> None:
    case = closable()
    held = case.replace(lanes=case.lanes.assign(min_kt=[0.0] * 8 + [5.0, 0.0]))
    row = option(held)
    assert row["chosen"] is False
    assert row["blank_because"] == (
        "alone and with it: no plan within the rules: old stays open, for the lane from old to east"
        " must carry at least 5 kt"
    )
    sentences = siting_sentences(answer(held).result)
    assert "A minimum keeps old open, whatever closing saves: the table of options names it." in (
        sentences
    )


@pytest.mark.parametrize(("origins", "is_open"), [("old", True), ("old|far", False)])
def test_a_limit_that_counts_it_alone_keeps_it_open(origins: str, *, is_open: bool) -> None:
    limits = pd.DataFrame({"limit": ["contract"], "origin": [origins], "min": [7.0]})
    row = option(closable().replace(limits=limits))
    assert row["chosen"] is not is_open
    is_named = "old stays open, for limit contract must be at least 7" in str(row["blank_because"])
    assert is_named is is_open
