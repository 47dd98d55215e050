"""Licences of what an install brings, as a page: ``python docs/licences.py > docs/licences.md``."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Licences

The program is under the MIT licence. What `constraints.txt` pins is under the licences below, as
each package states them (made by `python docs/licences.py` where all extras are installed). None of
it is copied into this repository, but for plotly's script (MIT) in `reports/assets`. Outlines of
maps are Natural Earth's, in the public domain. Figures of the bundled cases are facts, with the
publication of each in `sources.csv`.

| package | licence |
| --- | --- |
"""
LONGEST = 60
"""Characters beyond which a field holds the text of a licence rather than its name."""


def pinned() -> list[str]:
    """Names of the packages in ``constraints.txt``."""
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line.partition("==")[0] for line in lines if "==" in line]


def licence(package: Distribution) -> str:
    """The licence that a package states: as an expression, in a classifier, or in words."""
    told = package.metadata
    classifiers = [
        each.rpartition(" :: ")[2]
        for each in told.get_all("Classifier") or []
        if each.startswith("License :: ") and each.count(" :: ") > 1
    ]
    words = (told.get("License") or "").strip()
    short = words if 0 < len(words) <= LONGEST and "\n" not in words else ""
    return told.get("License-Expression") or ", ".join(classifiers) or short or "see its files"


def page() -> str:
    """The page as Markdown."""
    rows = []
    for name in pinned():
        try:
            rows.append(f"| {name} | {re.sub(r'[|]', '/', licence(distribution(name)))} |")
        except PackageNotFoundError:
            rows.append(f"| {name} | not installed where this page was made |")
    return HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    print(page(), end="")
