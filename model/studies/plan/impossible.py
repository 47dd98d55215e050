"""Why no schedule serves every period: the cut of a period with everything built, or a rule."""

from __future__ import annotations

from dataclasses import replace

from model.case.case import Case
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.solve.column_generation import Allocator
from model.solve.deadline import Deadline
from model.solve.diagnose import diagnose
from model.solve.diagnosis import Diagnosis
from model.solve.outcome import answer_of
from model.solve.solution import Status
from model.studies.plan.requirements import capital_weights
from model.studies.plan.schedule import PlanProblem
from model.studies.plan.starts import capital_mcny
from model.studies.siting.expand import built


def explain(problem: PlanProblem, deadline: Deadline) -> Diagnosis:
    """What is short in the first period that fails with all that could stand there; else, why not.

    Where every period can be served on its own, nothing need be carried, and requirements or rules
    are at fault.
    """
    for number, period in enumerate(problem.horizon.periods):
        case = _with_everything(problem, number)
        allocator = Allocator(compile_market(case))
        optimum = allocator.optimise()
        if optimum.status is Status.INFEASIBLE:
            found = diagnose(case, allocator, optimum)
            words = [f"In {period.label}"]
            if any(s.is_project and number in s.stands for s in problem.starts.starts):
                words.append("with every project built")
            if problem.layout.places.receives[number]:
                words.append("with nothing carried over")
            headline = f"{', '.join(words)}: {found.headline}"
            return replace(found, headline=headline)
    return Diagnosis(_reason(problem, deadline), [], 0.0, 0.0, 0.0, [], [])


def _with_everything(problem: PlanProblem, number: int) -> Case:
    """The case of a period with all projects that could stand in it, nothing closed."""
    of_lines = {
        (start.name, start.line): start.capacity_kt
        for start in problem.starts.starts
        if start.is_project and number in start.stands
    }
    sizes: dict[str, float] = {}
    for (name, _), kt in of_lines.items():
        sizes[name] = sizes.get(name, 0.0) + kt
    return built(problem.horizon.periods[number].case, sizes)


def _reason(problem: PlanProblem, deadline: Deadline) -> str:
    """Which requirement alone stands in the way, and how far it would have to give."""
    begin = "With every project built demand can be met in every period, but no schedule keeps all"
    wanted = problem.requirements
    if wanted.budget_mcny is not None:
        weights = capital_weights(problem.layout)
        least = answer_of(problem.search(deadline, without="budget", minimise=weights))
        if least is not None:
            mcny = -(-capital_mcny(problem.starts, least.yes, least.size_kt) * KCNY_PER_MCNY // 1)
            needed, given = f"{mcny / KCNY_PER_MCNY:,.10g}", f"{wanted.budget_mcny:,.6g}"
            it_takes = f"it takes a budget of at least {needed} MCNY, not {given}"
            return f"{begin} that is asked: {it_takes}."

    if wanted.max_projects is not None:
        count = {problem.layout.answer(number): 1.0 for number in problem.starts.projects}
        least = answer_of(problem.search(deadline, without="number", minimise=count))
        if least is not None:
            needed = str(int(least.yes[problem.starts.projects].sum()))
            return f"{begin} that is asked: it takes {needed} projects, not {wanted.max_projects}."
    rules = [rule.why for rule in problem.starts.rules]
    budgets = [budget.why for budget in problem.budgets]
    requested = dict.fromkeys([*problem.rows, *rules, *budgets])
    if not requested:
        return f"{begin}: least shipments of projects' lanes, or closures, stand in the way."
    return f"{begin} of these: {'; '.join(requested)}."
