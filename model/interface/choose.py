"""What to build, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from model.case.case import Case
from model.case.errors import raise_any
from model.interface.read_case import prepared_of
from model.interface.result import Question, Result
from model.result.answer import ANSWERED

if TYPE_CHECKING:
    from model.studies.siting.requirements import Requirements


def site(
    case: Case,
    *,
    budget_mcny: float | None = None,
    max_projects: int | None = None,
    quotas: Mapping[str, int] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    top: int = 10,
    full: bool = False,
    quick: bool = False,
    against: Mapping[str, Case] | None = None,
    along: str | None = None,
    time_limit_s: float | None = None,
    show: Callable[[str], None] = lambda _: None,
) -> Result:
    """Choose among the case's projects and closures at least cost of freight, production, capital.

    Parameters
    ----------
    budget_mcny : float, optional
        Upfront capital at most, MCNY.
    max_projects : int, optional
        Projects built at most.
    quotas : mapping, optional
        Region to the number of its projects at most.
    include, exclude : sequences of str
        Projects that must, or must not, be built.
    top : int
        Best sets to rank.
    full : bool
        Whether to add what would change the choice, project by project.
    quick : bool
        Whether to give the set alone: no tables, no equal plans, no marginal values.
    against : mapping, optional
        Scenario names to cases under which the best sets are valued too.
    along : str, optional
        A figure and its range, such as ``duties.rate=0:0.3``: which set is best where.
    time_limit_s : float, optional
        Seconds after which everything ends; what is not proved by then says so.
    show : function
        Takes the answer in a line as soon as it is there; tables follow.

    Returns
    -------
    Result
        The allocation with the choice built; ``figures["opened"]``, ``["capital_mcny"]`` (MCNY),
        and tables `sets`, `options`, `budget`, `number`.

    Raises
    ------
    ValueError
        It is to be full and quick.
    BadInput
        The case is at fault, or what is required of the choice cannot be.
    SolverFailed
        The solver gave up.

    Examples
    --------
    >>> from model import read_case, site
    >>> chosen = site(read_case("data/prebaked_2024"), budget_mcny=500, top=1)
    >>> chosen.figures["capital_mcny"] <= 500
    True
    """
    from model.result.study_tables import file_tables
    from model.scenarios.prepare import refuse_same_names
    from model.studies.siting.choice_along import read_along
    from model.studies.siting.site import SiteOptions
    from model.studies.siting.site import site as choose

    if full and quick:
        raise ValueError("a choice is full or quick, not both")
    prepared = prepared_of(case)
    others = {name: prepared_of(other) for name, other in (against or {}).items()}
    refuse_same_names([prepared, *others.values()])
    if quick:
        top, others, along = 0, {}, None  # there are no tables for these to act on
    requirements = _requirements(budget_mcny, max_projects, quotas, include, exclude)
    options = SiteOptions(
        top=top,
        full=full,
        against={name: other.case for name, other in others.items()},
        time_limit_s=time_limit_s,
        quick=quick,
        along=None if along is None else read_along(along),
        show=show,
    )
    found = choose(prepared.case, prepared.scenario, prepared.ledger, requirements, options)
    tables = file_tables(found.result.studies, "site")
    said = {"top": top, "full": full, "against": list(others), "time_limit_s": time_limit_s}
    said |= {"quick": quick} | ({} if along is None else {"along": along})
    said |= {} if found.answered is None else {ANSWERED: found.answered}
    given = {name: file for other in others.values() for name, file in other.files.items()}
    question = Question(prepared, vars(requirements) | said, given)
    return Result(found.result.answer("site", found.requested, tables), found.result, question)


def site_together(
    cases: Sequence[Case],
    *,
    together: str,
    weights: str | None = None,
    budget_mcny: float | None = None,
    max_projects: int | None = None,
    quotas: Mapping[str, int] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    sets: Sequence[str] = (),
    top: int = 10,
    full: bool = False,
    quick: bool = False,
    time_limit_s: float | None = None,
    show: Callable[[str], None] = lambda _: None,
) -> Result:
    """Choose one set of projects and closures for several futures.

    What is built, its sizes and what is closed are decided once; flows are free in each future.

    Parameters
    ----------
    cases : sequence of Case
        The case under each scenario, two at least, with the same projects.
    together : str
        What is minimised: `expected` (weighted mean cost), `worst` (greatest cost) or `regret`
        (greatest cost above that of the future's own best set).
    weights : str, optional
        Of the futures in the mean, decimals or fractions joined by commas; they sum to 1.
    budget_mcny, max_projects, quotas, include, exclude, top, quick, time_limit_s, show
        As `site` takes them; they hold in every future.
    sets : sequence of str
        Sets to value beside the best, each as names joined by commas.
    full : bool
        Whether to add what less regret takes, and which weights change the choice.

    Returns
    -------
    Result
        Figures are weighted means of costs, the criterion and what bounds it; tables `futures`,
        `sets`, `regret`, `given`. Saved, it holds the run of each future.

    Raises
    ------
    BadInput, SolverFailed
        As `site` does.

    Examples
    --------
    >>> from model import read_case, site_together
    >>> names = ["base", "suez_open"]
    >>> cases = [read_case("data/prebaked_2024", scenario=name) for name in names]
    >>> chosen = site_together(cases, together="regret", budget_mcny=500, quick=True)
    >>> chosen.figures["criterion_value_mcny"] >= 0
    True
    """
    from model.scenarios.prepare import refuse_same_names
    from model.studies.futures.criterion import read_criterion, read_weights
    from model.studies.futures.future import Scenario
    from model.studies.futures.together import TogetherOptions
    from model.studies.futures.together import together as choose

    prepared = [prepared_of(case) for case in cases]
    refuse_same_names(prepared)
    criterion = read_criterion(together)
    requirements = _requirements(budget_mcny, max_projects, quotas, include, exclude)
    options = TogetherOptions(
        criterion,
        read_weights(weights, criterion, len(prepared)),
        top=top,
        sets=sets,
        quick=quick,
        full=full,
        time_limit_s=time_limit_s,
        show=show,
    )
    scenarios = [Scenario(each.case, each.scenario, each.ledger) for each in prepared]
    found = choose(scenarios, requirements, options)
    said = {
        "scenarios": [each.scenario.name for each in prepared],
        "together": criterion.value,
        "weights": weights,
        "top": top,
        "sets": list(sets),
        "quick": quick,
        "time_limit_s": time_limit_s,
    } | ({"full": True} if full else {})
    given = {name: file for each in prepared for name, file in each.files.items()}
    question = Question(prepared[0], vars(requirements) | said, given)
    return Result(found.answer(), found, question)


def plan(
    case: Case,
    *,
    budget_mcny: float | None = None,
    max_projects: int | None = None,
    quotas: Mapping[str, int] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    starts: Mapping[str, str] | None = None,
    time_limit_s: float | None = None,
) -> Result:
    """Choose what to build and when, over the periods of the case, at least discounted cost.

    Parameters
    ----------
    budget_mcny : float, optional
        Upfront capital of all periods together at most, MCNY.
    max_projects, quotas, include, exclude, time_limit_s
        As `site` takes them.
    starts : mapping, optional
        Project to the period, by its name or year, in which it starts.

    Returns
    -------
    Result
        With tables `schedule` (what starts when), `years` (figures of each period, its money not
        discounted), `flows`, `stocks`; ``figures["total_cost_mcny"]`` is discounted.

    Raises
    ------
    BadInput, SolverFailed
        As `site` does.

    Examples
    --------
    >>> from model import plan, read_case
    >>> planned = plan(read_case("data/prebaked_2024"), max_projects=0)
    >>> len(planned.years), len(planned.schedule)
    (5, 0)
    """
    from model.studies.plan.plan import plan as schedule
    from model.studies.siting.requirements import PlanRequirements

    prepared = prepared_of(case)
    raise_any(prepared.path_faults)
    required = vars(_requirements(budget_mcny, max_projects, quotas, include, exclude))
    requirements = PlanRequirements(**required, starts=starts or {})
    found = schedule(
        prepared.case, prepared.scenario, prepared.ledger, requirements, time_limit_s=time_limit_s
    )
    said = required | {"time_limit_s": time_limit_s}
    said |= {"starts": dict(requirements.starts)} if requirements.starts else {}
    said |= {} if found.answered is None else {ANSWERED: found.answered}
    return Result(found.answer(), found, Question(prepared, said))


def _requirements(
    budget_mcny: float | None,
    max_projects: int | None,
    quotas: Mapping[str, int] | None,
    include: Sequence[str],
    exclude: Sequence[str],
) -> Requirements:
    from model.studies.siting.requirements import Requirements

    return Requirements(budget_mcny, max_projects, quotas or {}, tuple(include), tuple(exclude))
