"""Half a million, two million and ten million lanes, proved optimal, against other solvers.

Every contender runs on one core in a process of its own, on the same arrays; time is that of the
processor from arrays to objective, memory is the process's peak.
Targets: against highspy with every lane 10 times as fast at 500,000 lanes and 20 times at two
million, with less memory; not slower than OR-Tools' flow; at most 3, 1.5 and 0.9 times the time
of POT's network simplex; ten million in at most six times
the time of two million and 1.5 GB.
"""

from __future__ import annotations

from benchmarks._instances import KINDS
from benchmarks._measure import Measured, contend, machine

SIZES = {(500, 1000): 3, (1000, 2000): 3, (2000, 5000): 3}
"""Origins and sinks, and how often we run."""
OTHERS = {
    "highspy": {(500, 1000): 3, (1000, 2000): 1},
    "pot": {(500, 1000): 3, (1000, 2000): 3, (2000, 5000): 3},
    "ortools": {(500, 1000): 3, (1000, 2000): 3, (2000, 5000): 1},
}
"""How often the others run; ten million lanes are beyond highspy's memory here."""


def main() -> None:
    """Measure and print."""
    print(f"{machine()}; medians; objectives agree to 1e-6 of themselves")
    print("instance    lanes        solver    seconds  times ours   peak MB")
    for kind in KINDS:
        two_million: Measured | None = None
        for size, times in SIZES.items():
            ours = contend("ours", kind, *size, times=times)
            assert ours is not None
            row(kind, size, "ours", ours, ours)
            for solver, runs in OTHERS.items():
                other = contend(solver, kind, *size, times=runs[size]) if size in runs else None
                if other is not None:
                    assert abs(other.objective - ours.objective) <= 1e-6 * ours.objective
                    row(kind, size, solver, other, ours)
            if size == (1000, 2000):
                two_million = ours
            elif two_million is not None:
                ratio = ours.seconds / two_million.seconds
                print(f"            ten million took {ratio:.1f} times two million (target: 6)")


def row(kind: str, size: tuple[int, int], solver: str, found: Measured, ours: Measured) -> None:
    """Print one line of the table."""
    lanes = f"{size[0] * size[1]:,}"
    ratio = found.seconds / ours.seconds
    print(
        f"{kind:<11} {lanes:<12} {solver:<8} {found.seconds:>8.2f} {ratio:>11.1f}"
        f" {found.peak_mb:>9.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
