"""The study: the best set, what comes next, what each project is worth, what would change it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from typing import TYPE_CHECKING

import pandas as pd

from model.case.distances import with_distances
from model.case.errors import OutOfTime, SolverFailed
from model.case.records import Json, Record
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import DECIMALS, gap_share
from model.run import RunOptions, evaluate
from model.solve.deadline import GRACE_S, Deadline
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of, bound_of
from model.studies.confirm import Confirmed
from model.studies.siting.budget_frontier import budget_frontier
from model.studies.siting.choice import Choice
from model.studies.siting.choice_along import COLUMNS as ALONG
from model.studies.siting.choice_along import Along, choice_along
from model.studies.siting.cost_switching import cost_switching_values
from model.studies.siting.impossible import impossible, unanswered
from model.studies.siting.money import money, of_projects
from model.studies.siting.number_frontier import number_steps, number_table
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.ranking import sets_after
from model.studies.siting.regret import regret
from model.studies.siting.requirements import Requirements
from model.studies.siting.root_bound import NO_BOUND, RootBound, site_root_bound
from model.studies.siting.sets import set_table
from model.studies.siting.size_switching import size_switching_values
from model.studies.siting.table import ChoiceTable
from model.studies.siting.why_set import why_set
from model.studies.siting.worth import Valued, valued, worth
from model.studies.steps import begin

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.allocation import Allocation
    from model.scenarios.info import ScenarioInfo

SAME = 1e-9
"""Part by which the cost of a set in the search and in its own run may differ."""


def _nobody(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class SiteOptions:
    """How to answer.

    Attributes
    ----------
    top : sets to rank
    full : whether to find what would change the choice, project by project
    against : scenario name → case, for regret
    along : a figure, and from where to where it moves
    time_limit_s : of everything together
    show : takes the answer in a line as soon as it is there
    """

    top: int = 10
    full: bool = False
    against: Mapping[str, Case] = field(default_factory=dict)
    time_limit_s: float | None = None
    quick: bool = False
    along: Along | None = None
    show: Callable[[str], None] = _nobody


@dataclass(frozen=True)
class Siting:
    """The answer to a siting question.

    Attributes
    ----------
    result : the run of the case with the chosen set built; its figures bear the fixed cost, what is
        opened and what bounds the cost, its studies the tables
    asked : the case as it was asked, projects unbuilt
    """

    result: Allocation
    requested: Case

    @property
    def answered(self) -> dict[str, int] | None:
        """Rows of each table where the time ended before all were proved; None where all are."""
        if self.result.figures["tables_proved"] is not False:
            return None
        tables = {name: self.result.studies.get(f"site_{name}") for name in TABLES}
        return {name: len(rows) for name, rows in tables.items() if rows is not None}


def site(
    case: Case,
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    requirements: Requirements | None = None,
    options: SiteOptions | None = None,
) -> Siting:
    """Choose among a case's projects and closures at least cost, and say what the choice rests on.

    Parameters
    ----------
    changes : the ledger of the scenario's steps

    Raises
    ------
    BadInput
        Requirements that name nothing, contradict the case or leave nothing to choose.
    SolverFailed
    """
    options = options or SiteOptions()
    started = time.perf_counter()
    deadline = Deadline.after(options.time_limit_s)
    try:
        problem = pose(case, requirements, deadline.later(GRACE_S)).until(deadline)
    except OutOfTime:
        case = with_distances(case)
        return Siting(unanswered(case, scenario, changes), case)
    outcome = problem.choose_some()
    if isinstance(outcome, Impossible):
        return Siting(impossible(problem, scenario, changes), problem.case)
    if isinstance(outcome, Proved):
        options.show(_answer(problem, outcome.best, outcome) + "; a second search is to confirm it")
    confirmed = problem.confirm(outcome)
    chosen = answer_of(confirmed.outcome)
    if chosen is None:
        return Siting(unanswered(problem.case, scenario, changes), problem.case)
    if isinstance(confirmed.outcome, Proved):
        options.show("confirmed" if options.quick else "confirmed; tables follow")
    else:
        options.show(_answer(problem, chosen, confirmed.outcome))
    root = NO_BOUND if deadline.has_passed else site_root_bound(problem)
    tables = {} if options.quick else _tables(problem, confirmed.outcome, chosen, options)
    run = evaluate(problem.case_of(chosen), scenario, changes, RunOptions(quick=options.quick))
    solved = time.perf_counter() - started
    return Siting(
        siting_result(problem, chosen, confirmed, root, run, tables, solved), problem.case
    )


def _answer(problem: SitingProblem, chosen: Choice, outcome: Outcome[Choice]) -> str:
    """The answer in a line."""
    cost = f"{chosen.cost_kcny / KCNY_PER_MCNY:,.6f} MCNY/yr"
    if isinstance(outcome, Proved):
        return f"best of all sets: {problem.set_text(chosen)} ({cost})"
    return f"best set found before the limit: {problem.set_text(chosen)} ({cost})"


def _tables(
    problem: SitingProblem, outcome: Outcome[Choice], chosen: Choice, options: SiteOptions
) -> dict[str, ChoiceTable]:
    """The tables of a study by name."""
    sets: list[Outcome[Choice]] = []
    numbers: list[Outcome[Choice]] = []

    @cache
    def values() -> list[Valued]:
        return valued(problem, chosen)

    def ranked() -> ChoiceTable:
        sets.extend(sets_after(problem, outcome, max(1, options.top)))
        return set_table(problem, sets)

    def by_number() -> ChoiceTable:
        numbers.extend(number_steps(problem))
        is_whole = not numbers or not isinstance(numbers[-1], CutShort)
        return number_table(problem, numbers, is_whole)

    makers: dict[str, Callable[[], ChoiceTable]] = {
        "sets": ranked,
        "options": lambda: worth(problem, chosen, values()),
        "money": lambda: money(problem, chosen, values()),
    }
    if isinstance(outcome, Proved):
        makers["number"] = by_number
        if options.against:
            makers["regret"] = lambda: regret(problem, _choices(sets), options.against)
        if problem.formulation.options.has_convex_costs:
            makers["budget"] = lambda: budget_frontier(problem, known=_choices(numbers))
        if options.along is not None:
            makers["along"] = partial(along_table, problem, options.along)
        if options.full:
            makers["why_set"] = lambda: why_set(problem, chosen, values())
            makers["cost_flips"] = lambda: cost_switching_values(problem, chosen)
            if not problem.formulation.options.loads:
                makers["size_flips"] = lambda: size_switching_values(problem, chosen)
    tables = {}
    titles = [TABLES[name] for name in makers]
    for place, (name, make) in enumerate(makers.items()):
        begin("table", titles, place)
        tables[name] = make()
    return tables


def along_table(problem: SitingProblem, along: Along) -> ChoiceTable:
    """The best set as a figure moves; without rows where the time ran out."""
    try:
        rows = choice_along(
            problem.case,
            along.figure,
            along.low,
            along.high,
            problem.requirements,
            problem.formulation.deadline,
        )
    except OutOfTime:
        return ChoiceTable(pd.DataFrame(columns=list(ALONG)), is_whole=False)
    return ChoiceTable(rows)


def _choices(outcomes: Sequence[Outcome[Choice]]) -> list[Choice]:
    """The answers that there are."""
    return [choice for each in outcomes if (choice := answer_of(each)) is not None]


def siting_result(
    problem: SitingProblem,
    chosen: Choice,
    confirmed: Confirmed[Choice],
    root: RootBound,
    run: Allocation,
    tables: dict[str, ChoiceTable],
    seconds: float,
) -> Allocation:
    """The run of the chosen set as the answer: with fixed cost in its figures, and the study."""
    if run.figures["total_cost_mcny"] is None:
        raise SolverFailed("the chosen set has no plan of its own; no result was written")
    total = run.figures["total_cost_mcny"] + problem.fixed_cost_mcny(chosen)
    bounds, proof = _bounds(confirmed, root, total)
    figures = problem.figures_of(chosen, run.figures) | {
        "projects": of_projects(tables["money"].rounded()) if "money" in tables else None,
        "tables_proved": all(table.is_proved for table in tables.values()),
        "seconds": round(seconds, 6),
        **bounds,
    }
    studies = {"site": problem.requirements.as_dict()} | {
        f"site_{name}": records_of(tables[name].rounded()) for name in TABLES if name in tables
    }
    is_proved = isinstance(confirmed.outcome, Proved)
    return replace(
        run,
        status="optimal" if is_proved else "limit",
        figures=figures,
        certificate=run.certificate | proof,
        studies=studies,
    )


TABLES = {
    "sets": "best sets",
    "options": "what each option is worth",
    "money": "what capital brings",
    "budget": "cost against budget",
    "number": "cost against number",
    "why_set": "why this set",
    "along": "the best set as a figure moves",
    "cost_flips": "what costs turn the choice",
    "size_flips": "what sizes turn the choice",
    "regret": "regret under scenarios",
}
"""What tables are about, in the order in which a page shows them."""


def _bounds(confirmed: Confirmed[Choice], root: RootBound, total_mcny: float) -> tuple[Json, Json]:
    """What bounds the cost: proved at the root, claimed by the search; as figures and as proof."""
    proved = -float("inf") if root.mcny is None else root.mcny
    claimed = max(bound_of(confirmed.outcome) / KCNY_PER_MCNY, proved)
    if abs(claimed - total_mcny) <= SAME * (1.0 + abs(total_mcny)):
        claimed = total_mcny
    has_claim = claimed > -float("inf")
    figures = {
        "proved_bound_mcny": root.mcny,
        "claimed_bound_mcny": round(claimed, DECIMALS) if has_claim else None,
        "gap_share": gap_share(total_mcny, claimed) if has_claim else None,
    }
    searches = {"search_bound_mcny": figures["claimed_bound_mcny"], **confirmed.as_dict()}
    return figures, {"siting": searches, **root.as_dict()}


def records_of(table: pd.DataFrame) -> list[Record]:
    """Rows as JSON-ready records; missing numbers are null."""
    return [
        {str(key): None if value != value else value for key, value in row.items()}
        for row in table.astype(object).to_dict("records")
    ]
