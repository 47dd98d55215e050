"""Which tests `make check` leaves to `make test`: those that took long when they were measured.

Remake the list, with nothing else running:
`pytest -m "not slow and not browser and not system" --junitxml=times.xml`, then
`python -m tests.support.long_tests times.xml`.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

LIST = Path(__file__).parents[1] / "long_tests.txt"
LONG_S, LONG_TOGETHER_S = 0.25, 2.0
"""The longest case of a test function; all its cases together."""


def long_tests() -> frozenset[str]:
    """Names as `tests.test_curve::test_capacity_by_hand`."""
    return frozenset(LIST.read_text(encoding="utf-8").split())


def name_of(module: str, function: str) -> str:
    """The name of a test function, whatever its parameters."""
    return f"{module}::{function.partition('[')[0]}"


def measured(report: Path) -> list[str]:
    """The long ones of a report in JUnit's form."""
    seconds = defaultdict(list)
    for case in ElementTree.parse(report).iter("testcase"):
        name = name_of(case.attrib["classname"], case.attrib["name"])
        seconds[name].append(float(case.attrib["time"]))
    return sorted(
        name
        for name, taken in seconds.items()
        if max(taken) > LONG_S or sum(taken) > LONG_TOGETHER_S
    )


if __name__ == "__main__":
    LIST.write_text("\n".join(measured(Path(sys.argv[1]))) + "\n", encoding="utf-8")
