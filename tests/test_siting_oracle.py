"""Siting over every table against an independent enumeration of all sets."""

from __future__ import annotations

import pytest

from tests.support.compared import Record, blocks, compare
from tests.support.siting_answers import told
from tests.support.siting_varied import varied_question


def ask(seed: int) -> str | None:
    question = varied_question(seed)
    differences = None if question is None else told(*question)
    return None if differences is None else "; ".join(differences)


@pytest.mark.parametrize("block", blocks())
def test_a_choice_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site", block, ask, record_property)
