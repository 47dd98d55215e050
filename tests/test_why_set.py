"""What each part of the chosen set displaces, saves and costs, and that it adds up."""

from __future__ import annotations

import pandas as pd
import pytest

from model.studies.siting.read_options import capital_recovery_factor
from model.studies.siting.why_set import PARTS
from tests.support.siting_problems import answer, small

FACTOR = capital_recovery_factor(0.1, 20)


def reasons(**changes: pd.DataFrame) -> list[dict[str, object]]:
    return answer(small(**changes), full=True, top=1).result.studies["site_why_set"]


def test_parts_and_steps_add_up_to_what_the_set_saves() -> None:
    """B comes first, A on top of it: in the end both displace the far plant."""
    case = small(duties=pd.DataFrame({"duty": ["d"], "rate": [0.1], "value_cny_per_t": [50.0]}))
    result = answer(case, full=True, top=1).result
    *steps, together = result.studies["site_why_set"]
    assert [row["option"] for row in steps] == ["B", "A"]
    assert together["option"] == ""
    for part in (*PARTS, "displaced_kt", "saves_mcny"):
        assert together[part] == pytest.approx(sum(row[part] for row in steps), abs=1e-9)
    nothing = result.studies["site_number"][0]
    assert nothing["projects"] == 0
    saved = nothing["cost_mcny"] - result.figures["total_cost_mcny"]
    assert together["saves_mcny"] == pytest.approx(saved)
    for row in (*steps, together):
        assert row["saves_mcny"] == pytest.approx(sum(row[part] for part in PARTS))


def test_what_a_step_displaces_and_saves_by_hand() -> None:
    """50 kt from B at 10 in place of far at 120; A, 50 kt at 10 in place of far at 100."""
    a, b, together = reasons()
    rows = {row["option"]: row for row in (a, b)}
    assert rows["B"]["freight_saved_mcny"] == pytest.approx(50 * 110 / 1000)
    assert rows["B"]["fixed_saved_mcny"] == pytest.approx(-50 * 600 * FACTOR / 1000)
    assert rows["A"]["freight_saved_mcny"] == pytest.approx(50 * 90 / 1000)
    assert [row["displaces"] for row in (a, b)] == ["far 50", "far 50"]
    assert together["displaces"] == "far 100"
    assert together["tie"] == ""


def test_a_part_that_saves_nothing_is_called_a_tie() -> None:
    """A at a capital cost at which it just pays is forced in and saves nothing."""
    saves = 50 * 90 / FACTOR / 50
    projects = small().projects.assign(capex_cny_per_t=[saves, 600.0, 450.0])
    rows = answer(small(projects=projects), full=True, top=1).result.studies["site_why_set"]
    assert {row["option"]: row["tie"] for row in rows}.get("A", "tie") == "tie"


def test_what_must_stand_is_no_part_of_the_difference() -> None:
    rows = reasons(projects=small().projects.assign(forced=[True, False, False]))
    assert [row["option"] for row in rows] == ["B", ""]


def test_what_nothing_can_do_without_has_no_figures() -> None:
    """Without B the far plant, of 70 kt, cannot serve both towns."""
    rows = reasons(origins=pd.DataFrame({"origin": ["far"], "supply_kt": [15.0]}))
    assert rows[0]["blank_because"] == "no plan without it"
    assert rows[0]["saves_mcny"] is None
