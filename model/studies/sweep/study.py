"""A sweep: draw, learn, solve in chunks here or elsewhere, sum up."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.distances import with_distances
from model.case.errors import OutOfTime
from model.case.records import Json, Record
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.market import Market
from model.solve.deadline import NEVER
from model.solve.solution import Status
from model.studies.allowance import Allowance
from model.studies.steps import count
from model.studies.sweep import solve as flat_draws
from model.studies.sweep import summary
from model.studies.sweep.answers import Answers
from model.studies.sweep.draws import DrawPlan, Draws, draw
from model.studies.sweep.executor import run_chunks
from model.studies.sweep.program import flat_program
from model.studies.sweep.regions import Regions
from model.studies.sweep.resolve_each import (
    LEARNT_FROM,
    ResolveTask,
    resolve_chunk,
    stays_warm,
)
from model.studies.sweep.solve import Solver, SweepTask, solve_chunk

MOST_PAIRS = 2_000
"""With more pairs few draws share a basis, and a program over the lanes that matter is quicker."""


@dataclass(frozen=True)
class Sweep:
    """What a sweep found.

    Attributes
    ----------
    counts : draws, seed, optimal, infeasible, failed, solved (by the solver), bases
    quantiles, drivers, lanes, regions : tables of all draws
    draws : a row for every draw
    prices, flows : of every draw where they are kept, else None
    """

    counts: dict[str, int]
    quantiles: pd.DataFrame
    drivers: pd.DataFrame
    lanes: pd.DataFrame
    regions: pd.DataFrame
    draws: pd.DataFrame
    prices: pd.DataFrame | None
    flows: pd.DataFrame | None

    def as_dict(self) -> Json:
        """Counts and summaries, ready for JSON; every draw stands in its CSV."""
        tables = {
            "quantiles": self.quantiles,
            "drivers": self.drivers,
            "lanes": self.lanes,
            "regions": self.regions,
        }
        return {
            "counts": self.counts,
            **{name: _records(table) for name, table in tables.items()},
            "costs": [round(float(cost), 6) for cost in self.draws["total_cost_mcny"].dropna()],
        }

    def files(self) -> dict[str, pd.DataFrame]:
        """Every table, by the name of its file."""
        tables = {
            "sweep_quantiles": self.quantiles,
            "sweep_drivers": self.drivers,
            "sweep_lanes": self.lanes,
            "sweep_regions": self.regions,
            "sweep_draws": self.draws,
            "sweep_prices": self.prices,
            "sweep_flows": self.flows,
        }
        return {name: table for name, table in tables.items() if table is not None}


def sweep(
    case: Case,
    plan: DrawPlan,
    *,
    draws: int | None = None,
    workers: int = 1,
    cluster: str | None = None,
    done: Callable[[int, int], None] = lambda _done, _all: None,
    allowance: Allowance | None = None,
) -> Sweep:
    """Solve a case under many draws of its uncertain figures.

    Every draw is proved over all lanes on offer. An infeasible draw is recorded with its least
    shortage, and the sweep goes on. The answers do not depend on workers, cluster or chunks.

    Parameters
    ----------
    draws : how many, where not as many as the plan says
    done : called with the chunks that are finished, and all there are
    allowance : how many draws may be answered, the first ones; all without

    Raises
    ------
    BadInput
        As `model.studies.sweep.draws.draw` finds; or no cluster answers.
    OutOfTime
        The moment of the allowance came before any draw was answered.
    model.studies.sweep.executor.ChunkLost
        Workers died again and again.
    """
    refuse_faulty(case)
    case = with_distances(case)
    drawn = draw(case, plan, draws)
    market, regions = compile_market(case), Regions.of(case)
    work, bases, as_cases = _work(case, market, regions, drawn)
    allowance = allowance or Allowance()
    in_haste = allowance.deadline is not NEVER
    parts = drawn.first(allowance.parts).chunks(in_haste=in_haste, as_cases=as_cases)

    def finished(chunks: int) -> None:
        count(sum(map(len, parts[:chunks])), len(drawn), "draw")
        done(chunks, len(parts))

    answered = run_chunks(
        work, parts, workers=workers, cluster=cluster, done=finished, deadline=allowance.deadline
    )
    if not answered:
        raise OutOfTime
    answers = Answers.join(answered)
    allowance.took(len(answers), len(drawn))
    return _summed_up(plan, market, regions, drawn.first(len(answers)), answers, bases)


def _summed_up(
    plan: DrawPlan, market: Market, regions: Regions, drawn: Draws, answers: Answers, bases: int
) -> Sweep:
    outcomes, flows = answers.outcomes, summary.pair_flows(market, answers.carried)
    counts = {
        "draws": len(answers),
        "seed": plan.seed,
        "optimal": int(outcomes.has_plan.sum()),
        "infeasible": int((outcomes.status == Status.INFEASIBLE).sum()),
        "failed": int((~np.isin(outcomes.status, [Status.OPTIMAL, Status.INFEASIBLE])).sum()),
        "solved": int(outcomes.by_solver.sum()),
        "bases": bases,
    }
    return Sweep(
        counts,
        summary.quantile_table(market, answers),
        summary.driver_table(drawn, answers),
        summary.lane_table(market, answers, flows),
        summary.region_table(market, regions, answers, flows),
        summary.draw_table(drawn, answers),
        summary.price_table(market, answers) if "prices" in plan.keep else None,
        summary.flow_table(market, flows) if "flows" in plan.keep else None,
    )


def _work(
    case: Case, market: Market, regions: Regions, drawn: Draws
) -> tuple[Callable[[Draws], Answers], int, bool]:
    """What is done with every chunk, how many known bases it tests, and whether draws are cases."""
    is_warm = stays_warm(case, drawn.targets)
    is_large = len(market.origins) * len(market.sinks) > MOST_PAIRS
    flat = None if is_warm and is_large else flat_program(case, market, drawn.targets)
    if flat is None:
        each = ResolveTask(case, regions, drawn.first(LEARNT_FROM))
        return partial(resolve_chunk, pickle.dumps(each)), 0, not is_warm
    base = Draws((), np.zeros((1, 0)))
    solver = Solver(SweepTask(flat, regions, None))
    first = solver.solve_one(solver.batch(base)[2])
    start = solver.session.basis() if first.status is Status.OPTIMAL else None
    learner = Solver(SweepTask(flat, regions, start))
    task = learner.learn(drawn.first(flat_draws.LEARNT_FROM))
    bases = len(task.known) + len(task.known_short)
    return partial(solve_chunk, pickle.dumps(task)), bases, False


def _records(table: pd.DataFrame) -> list[Record]:
    blank = table.astype(object).where(table.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in blank.to_dict("records")]
