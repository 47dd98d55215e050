"""Which tests `make check` leaves to `make test`: those that took long when they were measured.

A line of `tests/long_tests.txt` names a test function; a number behind it says how many of its
cases, the first ones, are quick all the same.

Remake the list, with nothing else running:
`pytest -m "not slow and not browser and not system" --junitxml=times.xml`, then
`python -m tests.support.long_tests times.xml`.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

LIST = Path(__file__).parents[1] / "long_tests.txt"
LONG_S, LONG_TOGETHER_S = 0.25, 0.5
"""A single case of a test function; all its quick cases together."""


def long_tests() -> dict[str, int]:
    """Names as `tests.test_curve::test_capacity_by_hand`, with how many cases are quick."""
    lines = (line.split() for line in LIST.read_text(encoding="utf-8").splitlines())
    return {name: int(quick[0]) if quick else 0 for name, *quick in lines}


def are_long(names: Iterable[str]) -> Iterator[bool]:
    """Whether each is long, of the names of test functions, one a case, in the order they run."""
    known, seen = long_tests(), Counter[str]()
    for name in names:
        seen[name] += 1
        yield name in known and seen[name] > known[name]


def name_of(module: str, function: str) -> str:
    """The name of a test function, whatever its parameters."""
    return f"{module}::{function.partition('[')[0]}"


def measured(report: Path) -> list[str]:
    """The lines that a report in JUnit's form gives."""
    seconds = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        name = name_of(case.attrib["classname"], case.attrib["name"])
        seconds[name].append(float(case.attrib["time"]))
    quick = {name: quick_cases(taken) for name, taken in seconds.items()}
    return sorted(
        f"{name} {quick[name]}" if quick[name] else name
        for name, taken in seconds.items()
        if quick[name] < len(taken)
    )


def quick_cases(seconds: list[float]) -> int:
    """How many cases, from the first on, are quick, each and together.

    >>> quick_cases([0.2, 0.2, 0.2, 0.2]), quick_cases([0.1, 0.3, 0.1]), quick_cases([0.3])
    (2, 1, 0)
    """
    for number, (taken, together) in enumerate(zip(seconds, accumulate(seconds), strict=True)):
        if taken > LONG_S or together > LONG_TOGETHER_S:
            return number
    return len(seconds)


if __name__ == "__main__":
    LIST.write_text("\n".join(measured(Path(sys.argv[1]))) + "\n", encoding="utf-8")
