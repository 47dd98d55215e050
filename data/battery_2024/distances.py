"""Every kilometre of `links.csv`, computed again from `nodes.csv`.

    python data/battery_2024/distances.py            compare with links.csv
    python data/battery_2024/distances.py --write    write them there

The lengths are those that a run computes for blank cells: great circle × the mode's circuity
on land, sea lanes at sea. They are kept so that a run need not compute them.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from model.case.distances import with_distances
from model.reading.read_case import read_case

CASE = Path(__file__).parent
ENDS = ["from", "to", "mode"]


def computed_km() -> pd.Series:
    """Kilometres of every link by its ends and mode."""
    case = read_case(CASE)
    blank = case.replace(links=case.links.assign(km=np.nan))
    return with_distances(blank).links.set_index(ENDS)["km"]


def main() -> int:
    """Compare or write; 0 if links.csv holds what is computed, 1 otherwise."""
    parser = argparse.ArgumentParser(description="Computed kilometres of links.csv")
    parser.add_argument("--write", action="store_true", help="write them into links.csv")
    write = parser.parse_args().write
    links = pd.read_csv(CASE / "links.csv", dtype={"limit_kt": object, "one_way": object})
    km = links.set_index(ENDS).index.map(computed_km())
    differs = ~np.isclose(links["km"].astype(float), km, atol=0.05)
    if write:
        text = [f"{length:.1f}".removesuffix(".0") for length in km]
        links.assign(km=text).to_csv(CASE / "links.csv", index=False, lineterminator="\n")
    print(f"{len(links)} links, {differs.sum()} differ{', written' if write else ''}")
    return 0 if write or not differs.any() else 1


if __name__ == "__main__":
    sys.exit(main())
