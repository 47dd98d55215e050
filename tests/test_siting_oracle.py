"""Siting over every table against an independent enumeration of all sets."""

from __future__ import annotations

import pytest

from tests.support.siting_answers import check


def test_a_choice_is_that_of_full_enumeration() -> None:
    assert check(0, 12) == []


@pytest.mark.slow
@pytest.mark.parametrize("first", range(1000, 5000, 250))
def test_thousands_of_choices_are_those_of_full_enumeration(first: int) -> None:
    assert check(first, 250) == []
