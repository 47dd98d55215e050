"""How many random cases are compared with an oracle, in blocks, and how many were.

`ORACLE_QUICK_CASES` and `ORACLE_CASES` state how many of each study `make test` and `make nightly`
compare; each run says at its end how many it did.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any

import pytest

QUICK = int(os.environ.get("ORACLE_QUICK_CASES", "200"))
NIGHTLY = int(os.environ.get("ORACLE_CASES", "2000"))
BLOCK = 50
FEWER = 0.1
"""Of the cases of other oracles, where each takes a program for all that may stand idle."""
FIRST_OF_NIGHT, SEEDS_A_BLOCK = 100_000, 1_000
COUNTED = "compared: "
Record = Callable[[str, object], None]


def blocks(share: float = 1.0) -> list[Any]:
    """First seed and number of cases of each block; those of the night are slow.

    Parameters
    ----------
    share : of the numbers of cases, for what takes long
    """
    return [
        *_cut(round(share * QUICK), 0, "quick"),
        *_cut(round(share * NIGHTLY), FIRST_OF_NIGHT, "night", pytest.mark.slow),
    ]


def _cut(cases: int, first: int, name: str, *marks: pytest.MarkDecorator) -> Iterator[Any]:
    for number, begun in enumerate(range(0, cases, BLOCK)):
        block = first + SEEDS_A_BLOCK * number, min(BLOCK, cases - begun)
        yield pytest.param(block, id=f"{name} {number}", marks=marks)


def compare(
    study: str, block: tuple[int, int], ask: Callable[[int], str | None], record: Record
) -> None:
    """Compare as many cases as a block has; no answer may disagree.

    Parameters
    ----------
    ask : what disagrees at a seed, in words; blank: nothing; None: the seed makes no case
    record : pytest's fixture `record_property`
    """
    first, cases = block
    answers = ((seed, ask(seed)) for seed in count(first))
    told = dict(_taken(answers, cases))
    record(f"{COUNTED}{study}", len(told))
    assert {seed: text for seed, text in told.items() if text} == {}


def _taken(answers: Iterable[tuple[int, str | None]], cases: int) -> Iterator[tuple[int, str]]:
    taken = 0
    for seed, text in answers:
        if text is not None:
            yield seed, text
            taken += 1
        if taken == cases:
            return
