"""What someone would write by hand for a case of explicit lanes: every lane to HiGHS at once.

``python -m benchmarks._lane_program FOLDER`` prints what the plan costs in MCNY a year.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import highspy as hs
import numpy as np
import pandas as pd

KCNY_PER_MCNY = 1000


def main(folder: str) -> None:
    """Read, solve, print."""
    origins, sinks, lanes = (
        pd.read_csv(Path(folder) / f"{name}.csv") for name in ("origins", "sinks", "lanes")
    )
    start = pd.Index(origins["origin"]).get_indexer(lanes["origin"])
    end = pd.Index(sinks["sink"]).get_indexer(lanes["sink"]) + len(origins)
    production = origins["cost_cny_per_t"].to_numpy()[start]
    lp = hs.HighsLp()
    lp.num_col_, lp.num_row_ = len(lanes), len(origins) + len(sinks)
    lp.col_cost_ = lanes["cost_cny_per_t"].to_numpy() + production
    lp.col_lower_, lp.col_upper_ = np.zeros(len(lanes)), np.full(len(lanes), np.inf)
    lp.row_lower_ = np.r_[np.full(len(origins), -np.inf), sinks["demand_kt"]]
    lp.row_upper_ = np.r_[origins["supply_kt"], sinks["demand_kt"]]
    lp.a_matrix_.format_ = hs.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.arange(0, 2 * len(lanes) + 1, 2)
    lp.a_matrix_.index_ = np.column_stack([start, end]).ravel()
    lp.a_matrix_.value_ = np.ones(2 * len(lanes))
    highs = hs.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.passModel(lp)
    highs.run()
    cost = float(highs.getInfo().objective_function_value) / KCNY_PER_MCNY
    print(json.dumps({"total_cost_mcny": cost}))


if __name__ == "__main__":
    main(*sys.argv[1:])
