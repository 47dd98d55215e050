"""Runs and studies agree with the program written out, over every table of the schema.

The oracle enumerates every route of a random case and solves the program of the contract with
scipy; it shares no code with the model.
"""

from __future__ import annotations

import pytest

from tests.support.compared import Record, blocks, compare
from tests.support.study_oracles import STUDIES
from tests.support.varied_cases import varied_case


@pytest.mark.parametrize("block", blocks())
@pytest.mark.parametrize("study", STUDIES)
def test_a_study_agrees_with_the_program_written_out(
    study: str, block: tuple[int, int], record_property: Record
) -> None:
    def ask(seed: int) -> str | None:
        case = varied_case(seed)
        return None if case is None else "; ".join(STUDIES[study](case, seed))

    compare(study, block, ask, record_property)
