"""Runs and studies agree with the program written out, over every table of the schema.

The oracle enumerates every route of a random case and solves the program of the contract with
scipy; it shares no code with the model.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from model.case.case import Case
from tests.support.compared import Record, blocks, compare
from tests.support.study_oracles import (
    curve_disagreements,
    range_disagreements,
    run_disagreements,
    sensitivity_disagreements,
    sweep_disagreements,
    whatif_disagreements,
    why_disagreements,
)
from tests.support.varied_cases import varied_case

STUDIES: dict[str, Callable[[Case, int], list[str]]] = {
    "run": run_disagreements,
    "curve": curve_disagreements,
    "ranges": range_disagreements,
    "why": why_disagreements,
    "sweep": sweep_disagreements,
    "sensitivity": sensitivity_disagreements,
    "whatif": whatif_disagreements,
}


@pytest.mark.parametrize("block", blocks())
@pytest.mark.parametrize("study", STUDIES)
def test_a_study_agrees_with_the_program_written_out(
    study: str, block: tuple[int, int], record_property: Record
) -> None:
    def ask(seed: int) -> str | None:
        case = varied_case(seed)
        return None if case is None else "; ".join(STUDIES[study](case, seed))

    compare(study, block, ask, record_property)
