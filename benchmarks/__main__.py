"""Run every measurement, or those that are named: ``python -m benchmarks [--short] [NAME ...]``.

A name is a module, such as ``many_lanes``, or a row of ``commands``, such as ``run_plants``.
``--short`` leaves out of ``commands`` the rows that take minutes.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks

LARGE_FIRST = ("commands", "many_lanes")


def main(arguments: list[str]) -> None:
    """Call `main()` of each measuring module and head its lines with its name."""
    from benchmarks import commands

    is_short = "--short" in arguments
    names = [name for name in arguments if name != "--short"]
    rows = [name for name in names if name in commands.ROWS]
    every = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)]
    rest = [name for name in every if not name.startswith("_") and name not in LARGE_FIRST]
    modules = [name for name in names if name not in rows] or (
        [] if rows else [*LARGE_FIRST, *rest]
    )
    if rows:
        commands.main(rows)
    for name in modules:
        print(f"\n== {name}", flush=True)
        if name == "commands":
            commands.main(is_short=is_short)
        else:
            importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
