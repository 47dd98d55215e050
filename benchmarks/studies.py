"""Studies on the base case, in one process: medians against the targets of their issue.

Ratios to a plain solve of the same case stand beside the seconds, so that a slow or busy
machine can be told from a slow program.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from model.case.distances import with_distances
from model.market.compile_market import compile_market
from model.reading.read_case import read_case
from model.solve.column_generation import Allocator
from model.solve.marginal_values import marginal_value_table
from model.solve.tie_break import break_ties
from model.studies.curve.curve import capacity_curves
from model.studies.full import full_studies
from model.studies.ranges.study import of_used_lanes, ranges
from model.studies.sensitivity.study import sensitivity
from model.studies.why import why_pair

CASE = Path(__file__).resolve().parents[1] / "data" / "prebaked_2024"
REPEATS = 5


def median_seconds(work: Callable[[], Any]) -> float:
    """Median time of some work, after once to warm up."""
    work()
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def main() -> None:
    """Measure and print."""
    case = read_case(CASE)
    market = compile_market(with_distances(case))

    def solve() -> Allocator:
        allocator = Allocator(market)
        allocator.optimise()
        return allocator

    allocator = solve()
    plan = break_ties(allocator, allocator.optimise()).plan
    plain = median_seconds(solve)
    print(f"{'plain solve, from arrays':<44}{plain:7.3f} s")
    works: list[tuple[str, Callable[[], Any], float | None]] = [
        ("prices of all places, both sides", lambda: marginal_value_table(allocator, plan), 0.5),
        ("curve of one region, 0 to 1500 kt", lambda: capacity_curves(case, ["Yunnan"]), 0.5),
        ("ranges of used lanes within 1 %", lambda: of_used_lanes(case, 0.01), 1.0),
        ("ranges of all pairs, lanes and ports, 1 %", lambda: ranges(case, (0.01,)), None),
        ("why of one pair", lambda: why_pair(case, "Shandong", "Xinjiang"), None),
        ("every assumption over its range", lambda: sensitivity(case), None),
        ("all studies of a full run", lambda: full_studies(case), 5.0),
    ]
    for name, work, target in works:
        seconds = median_seconds(work)
        aim = "" if target is None else f"  (target: at most {target:g} s)"
        print(f"{name:<44}{seconds:7.3f} s {seconds / plain:7.1f} solves{aim}")


if __name__ == "__main__":
    main()
