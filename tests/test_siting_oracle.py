"""Siting over every table against an independent enumeration of all sets."""

from __future__ import annotations

import pytest

from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.siting_answers import told
from tests.support.siting_varied import varied_question, with_loads


def ask(seed: int) -> str | None:
    question = varied_question(seed)
    differences = None if question is None else told(*question)
    return None if differences is None else "; ".join(differences)


def ask_loaded(seed: int) -> str | None:
    question = varied_question(seed)
    if question is None:
        return None
    case, requested, other = question
    differences = told(with_loads(case, seed), requested, with_loads(other, seed))
    return None if differences is None else "; ".join(differences)


@pytest.mark.parametrize("block", blocks())
def test_a_choice_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site", block, ask, record_property)


@pytest.mark.parametrize("block", blocks(FEWER))
def test_a_choice_with_least_loads_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site with least loads", block, ask_loaded, record_property)
