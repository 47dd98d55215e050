"""Projects with a least load against an enumeration of sets and of what is idle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.compared import Record, blocks, compare
from tests.support.futures_oracle import varied_futures
from tests.support.plan_varied import with_periods
from tests.support.siting_answers import told
from tests.support.siting_varied import varied_question, with_loads
from tests.test_futures_oracle import answer, differences
from tests.test_plan_oracle import compared_over_tables

SHARE = 0.1
"""Of the cases of other oracles: each takes a program for everything that may stand idle."""


def ask(seed: int) -> str | None:
    question = varied_question(seed)
    if question is None:
        return None
    case, requested, other = question
    differs = told(with_loads(case, seed), requested, with_loads(other, seed))
    return None if differs is None else "; ".join(differs)


def ask_together(seed: int) -> str | None:
    futures = varied_futures(seed)
    if futures is None:
        return None
    loaded = replace(futures, cases=[with_loads(case, seed) for case in futures.cases])
    found = answer(loaded)
    return None if found is None else "; ".join(differences(found, loaded))


def ask_plan(seed: int) -> str | None:
    question = varied_question(seed)
    planned = question and with_periods(with_loads(question[0], seed), question[1], seed)
    return compared_over_tables(*planned) if planned else None


@pytest.mark.parametrize("block", blocks(SHARE / 4))
def test_plans_with_least_loads_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("plan with least loads", block, ask_plan, record_property)


@pytest.mark.parametrize("block", blocks(SHARE))
def test_sets_with_least_loads_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site with least loads", block, ask, record_property)


@pytest.mark.parametrize("block", blocks(SHARE))
def test_sets_for_several_futures_with_least_loads_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site --together with least loads", block, ask_together, record_property)
