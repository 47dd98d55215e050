"""A plan whose search ended early, derived again: its schedule valued, its bound proved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.case.distances import with_sea_lengths
from model.certify.reading import CertificateError, Table
from model.market.market import KCNY_PER_MCNY
from model.solve.deadline import Deadline
from model.solve.outcome import TIME, CutShort, Impossible
from model.solve.session import Session
from model.solve.solution import Status
from model.studies.allowance import Allowance
from model.studies.plan.plan import Plan, plan_of
from model.studies.plan.schedule import PlanProblem, Schedule, pose
from model.studies.siting.requirements import Requirements
from model.verification.given import StoredQuestion
from model.verification.site_cut_short import AS_LONG, AT_LEAST_S, below


def plan_again(
    question: StoredQuestion,
    requirements: Requirements,
    content: Mapping[str, Any],
    schedule: Table,
) -> Plan:
    """The answer that a plan published, made again of its schedule.

    Parameters
    ----------
    content, schedule : ``run.json`` and ``schedule.csv``

    Raises
    ------
    CertificateError
        It starts what cannot start, or another schedule undercuts its bound.
    """
    limit = question.options["time_limit_s"]
    deadline = Deadline.after(max(AS_LONG * limit, AT_LEAST_S))
    problem = pose(with_sea_lengths(question.case), requirements, deadline)
    claimed = content["claimed_bound_mcny"]
    bound = -np.inf if claimed is None else claimed * KCNY_PER_MCNY
    if np.isfinite(bound):
        found = problem.search(deadline, cutoff=below(bound))
        if not isinstance(found, Impossible):
            raise CertificateError(f"the bound {claimed} MCNY is not proved")
    outcome = CutShort(_stored(problem, schedule), bound, TIME)
    no_time = Allowance(parts=0)  # the search had all of it
    return plan_of(problem, outcome, question.scenario, question.ledger, no_time)


def _stored(problem: PlanProblem, schedule: Table) -> Schedule:
    """The schedule of a table, as its linear program values it."""
    rows = {
        (name, kind, float(year)): float(size)
        for name, kind, year, size in schedule.records("option", "kind", "starts", "size_kt")
    }
    periods, starts = problem.horizon.periods, problem.starts.starts
    keys = [(start.name, start.kind, float(periods[start.period].year)) for start in starts]
    yes = np.array([key in rows for key in keys], dtype=bool)
    sizes = [
        rows.get(key, 0.0) if start.is_project else 1.0
        for key, start in zip(keys, starts, strict=True)
    ]
    size = np.where(yes, sizes, 0.0)
    solution = Session(problem.fixed(yes, size)).solve()
    if solution.status is not Status.OPTIMAL or len(rows) != int(yes.sum()):
        raise CertificateError("schedule.csv is no schedule within the rules")
    return Schedule(yes, size, solution.objective, solution.value)
