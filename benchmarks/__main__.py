"""Run every measurement, or those that are named: ``python -m benchmarks [NAME ...]``."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(names: list[str]) -> None:
    """Call `main()` of each measuring module and head its lines with its name."""
    every = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)]
    measuring = [name for name in every if not name.startswith("_")]
    for name in names or measuring:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
