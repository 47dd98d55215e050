"""The study: which projects start when, and what flows in each period, at least discounted cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from model.case.distances import with_sea_lengths
from model.case.errors import OutOfTime, raise_any
from model.case.records import Figures, Json
from model.checking.case_faults import path_faults, refuse_faulty
from model.market.market import KCNY_PER_MCNY
from model.result.answer import Answer
from model.result.definitions import DECIMALS, gap_share
from model.result.figures import PLAN
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import Deadline
from model.solve.diagnosis import Diagnosis
from model.solve.outcome import Impossible, Outcome, Proved, answer_of
from model.solve.solution import Status
from model.solve.solver_trust import require_version
from model.studies.allowance import Allowance
from model.studies.confirm import confirm
from model.studies.plan.bounds import plan_root_bound
from model.studies.plan.impossible import explain
from model.studies.plan.periods import Horizon
from model.studies.plan.published import PublishedFlows, publish_flows
from model.studies.plan.schedule import PlanProblem, Schedule, pose
from model.studies.plan.tables import (
    COSTS,
    FLOWS,
    SCHEDULE,
    STOCKS,
    YEARS,
    flow_table,
    schedule_table,
    stock_table,
    total_of,
    with_names,
    year_table,
)  # fmt: skip
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import NO_BOUND, RootBound
from model.studies.steps import begin

if TYPE_CHECKING:
    from model.case.case import Case

STEPS = ["routes of every period", "best schedule", "a second search", "flows and bound"]
SAME = 1e-9
"""Part by which a bound may fall short of the cost that it proves."""


@dataclass(frozen=True)
class Plan:
    """A schedule and its years.

    Attributes
    ----------
    case : as it was asked, distances filled in
    status : optimal, infeasible or limit
    figures : total_cost_mcny (discounted), its parts, proved_bound_mcny, opened, closed, ...
    schedule : what starts when, its size, capital and fixed cost
    years : a row per period, rates per year
    flows : a row per lane, period that makes and period that uses
    stocks : what each origin carries from one period to the next
    certificate : what proves the bound
    diagnosis : when infeasible
    answered : how many of the figures found after the schedule there was time for, if not all
    """

    case: Case
    scenario: ScenarioInfo
    changes: pd.DataFrame
    status: str
    figures: Figures
    schedule: pd.DataFrame
    years: pd.DataFrame
    flows: pd.DataFrame
    stocks: pd.DataFrame
    diagnosis: Diagnosis | None = None
    answered: int | None = None
    provenance: Json = field(default_factory=dict)
    certificate: Json = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {
            name: getattr(self, name)
            for name in ("schedule", "years", "flows", "stocks", "changes")
        }

    def answer(self) -> Answer:
        """The plan as a run folder holds it."""
        return Answer(
            PLAN,
            self.status,
            self.figures,
            self.tables(),
            self.scenario,
            requested=self.case,
            diagnosis=self.diagnosis,
            provenance=self.provenance,
            certificate=self.certificate,
        )

    def with_place(self, answer: Answer) -> Plan:
        """The plan as it was saved and certified."""
        return replace(
            self, status=answer.status, figures=answer.figures, provenance=answer.provenance
        )


def plan(
    case: Case,
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    requirements: Requirements | None = None,
    *,
    time_limit_s: float | None = None,
    parts: int | None = None,
) -> Plan:
    """Choose what to build, and when, so that all periods together cost least.

    Costs are discounted to the beginning of the first period. Capital is priced when it is bought;
    its annuity stays fixed and is paid while it lives. A budget counts every purchase in full. With
    one period of a year the answer is that of `site`.

    Parameters
    ----------
    parts : figures found after the schedule, at most: those that an earlier answer had time for

    Raises
    ------
    BadInput
        Periods, paths or requirements that cannot be.
    """
    started, deadline = time.perf_counter(), Deadline.after(time_limit_s)
    begin("step", STEPS, 0)
    refuse_faulty(case)
    raise_any(path_faults(case))
    case = with_sea_lengths(case)
    try:
        problem = pose(case, requirements or Requirements(), deadline)
    except OutOfTime:
        return _without_schedule(case, scenario, changes)
    begin("step", STEPS, 1)
    found = problem.search_some(deadline)
    begin("step", STEPS, 2)
    outcome = confirm(found, partial(problem.search_again, deadline), deadline).outcome
    if answer_of(outcome) is None:
        why = explain(problem, deadline) if isinstance(outcome, Impossible) else None
        return _without_schedule(case, scenario, changes, why)
    begin("step", STEPS, 3)
    answer = plan_of(problem, outcome, scenario, changes, Allowance(deadline, parts))
    seconds = round(time.perf_counter() - started, 6)
    return replace(answer, figures=answer.figures | {"seconds": seconds})


def plan_of(
    problem: PlanProblem,
    outcome: Outcome[Schedule],
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    allowance: Allowance,
) -> Plan:
    """The answer that a schedule gives: its flows, tables and figures.

    Parameters
    ----------
    allowance : for figures that take a program of their own
    """
    best = answer_of(outcome)
    assert best is not None
    published, places = publish_flows(problem, best), problem.layout.places
    starts, years, flows, stocks = _tables(problem, best, published)
    late = allowance.deadline
    root, *_ = *allowance.collect(plan_root_bound(problem, late) for _ in [best]), NO_BOUND
    nothing, *_ = *allowance.collect(problem.nothing_cost_kcny(late) for _ in [best]), None
    figures = {
        **_money(problem, outcome, root, nothing, years),
        **_choice(starts),
        **_span(problem.horizon),
        "other_plans_cost_the_same": published.has_equals,
        "lanes_offered": sum(len(lanes) for lanes in places.lanes),
        "lanes_used": len(flows),
        "solver": require_version(),
        "seconds": 0.0,
    }
    status = Status.OPTIMAL if isinstance(outcome, Proved) else Status.LIMIT
    return Plan(
        problem.case, scenario, changes, status.value, figures, starts, years, flows, stocks,
        answered=allowance.answered if allowance.is_cut_short else None,
        certificate=root.as_dict(),
    )  # fmt: skip


def _tables(
    problem: PlanProblem, best: Schedule, published: PublishedFlows
) -> tuple[pd.DataFrame, ...]:
    """What starts when, figures of each period, flows and stocks."""
    places = problem.layout.places
    flows, stocks = flow_table(places, published), stock_table(places, published)
    starts, years = schedule_table(problem, best), year_table(problem, best, flows, stocks)
    return tuple(
        with_names(table, problem.horizon.periods) for table in (starts, years, flows, stocks)
    )


def _money(
    problem: PlanProblem,
    outcome: Outcome[Schedule],
    root: RootBound,
    nothing_kcny: float | None,
    years: pd.DataFrame,
) -> Figures:
    """Costs over all periods, discounted, and what no schedule undercuts."""
    weight = np.array([period.weight for period in problem.horizon.periods])
    costs = {name: float(years[name].to_numpy() @ weight) for name in COSTS}
    total = total_of(costs)
    assert not isinstance(outcome, Impossible)
    proved = -np.inf if root.mcny is None else root.mcny
    claimed = min(max(outcome.bound / KCNY_PER_MCNY, proved), total)
    if total - claimed <= SAME * (1.0 + abs(total)):
        claimed = total
    figures = {
        "total_cost_mcny": total,
        **costs,
        "objective_kcny": total * KCNY_PER_MCNY,
        "capital_mcny": float(years["capital_mcny"].sum()),
        "proved_bound_mcny": root.mcny,
        "claimed_bound_mcny": claimed if np.isfinite(claimed) else None,
        "nothing_cost_mcny": None if nothing_kcny is None else nothing_kcny / KCNY_PER_MCNY,
    }
    rounded = {
        name: None if value is None else round(value, DECIMALS) + 0.0
        for name, value in figures.items()
    }
    return rounded | {"gap_share": gap_share(total, claimed) if np.isfinite(claimed) else None}


def _span(horizon: Horizon) -> Figures:
    """The years of the plan, if it has any, and the rate at which it discounts."""
    has_years = horizon.timeline.first_year is not None
    first, last = horizon.periods[0], horizon.periods[horizon.listed[-1]]
    return {
        "first_year": first.year if has_years else None,
        "last_year": last.year if has_years else None,
        "discount_rate": first.case.settings.discount_rate,
    }


def _choice(starts: pd.DataFrame) -> Figures:
    """What is opened and closed, when and how large."""
    began = starts["starts"].tolist()
    if "period" in starts:
        named = zip(starts["period"], began, strict=True)
        began = [name or f"{year:g}" for name, year in named]
    return {
        "opened": list(starts.loc[starts["kind"] == "project", "option"]),
        "starts": dict(zip(starts["option"], began, strict=True)),
        "opened_kt": dict(zip(starts["option"], starts["size_kt"].tolist(), strict=True)),
        "closed": list(starts.loc[starts["kind"] == "closure", "option"]),
    }


def _without_schedule(
    case: Case, scenario: ScenarioInfo, changes: pd.DataFrame, why: Diagnosis | None = None
) -> Plan:
    """No schedule: none is feasible, which `why` explains, or none was found in time."""
    return Plan(
        case,
        scenario,
        changes,
        (Status.LIMIT if why is None else Status.INFEASIBLE).value,
        dict.fromkeys(("total_cost_mcny", "proved_bound_mcny", "opened", "closed")),
        schedule=pd.DataFrame(columns=SCHEDULE),
        years=pd.DataFrame(columns=YEARS),
        flows=pd.DataFrame(columns=FLOWS),
        stocks=pd.DataFrame(columns=STOCKS),
        diagnosis=why,
    )
