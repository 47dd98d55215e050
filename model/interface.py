"""The functions that Python users call; `model` itself gives them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pandas as pd

from model.case.case import Case
from model.case.errors import Fault, raise_any
from model.result.allocation import PROGRAMS, Allocation
from model.result.answer import ANSWERED, Findings
from model.results import Question, Result
from model.scenarios.info import ScenarioInfo
from model.scenarios.prepare import PreparedCase, prepare
from model.scenarios.scenario import BASE, load_scenario

if TYPE_CHECKING:
    from model.solve.deadline import Deadline
    from model.studies.allowance import Allowance
    from model.studies.siting.requirements import Requirements
    from model.verification.verify import Verification

_read: WeakKeyDictionary[Case, PreparedCase] = WeakKeyDictionary()
"""What each case was read from, as long as it is in use; a changed case is a case of its own."""


def read_case(path: str | Path, scenario: str | Path = "") -> Case:
    """Read a case, and apply a scenario to it.

    Parameters
    ----------
    path : str or Path
        A folder with ``case.toml`` and tables, or a workbook.
    scenario : str or Path, optional
        A name in the case's ``scenarios`` folder, or the path of a TOML file; ``base`` is the case
        as it stands. By default the one that the case names, or else the case as it stands.

    Returns
    -------
    Case
        Its tables are frames: ``case.origins``, ``case.sinks``, ``case.links`` and so on; masses
        in kt per year, unit costs in CNY/t. ``case.replace(sinks=...)`` gives another.

    Raises
    ------
    BadInput
        With every fault, as file, row and column, what was found, the rule and the remedy.

    Examples
    --------
    >>> from model import read_case
    >>> case = read_case("data/prebaked_2024", scenario="suez_closed")
    >>> len(case.origins), float(case.sinks["demand_kt"].sum())
    (12, 21733.7)
    """
    (prepared,) = prepare(Path(path), [str(scenario)] if scenario else [])
    return as_read(prepared)


def as_read(prepared: PreparedCase) -> Case:
    """The case that was prepared; what it was read from is known as long as it is in use."""
    _read[prepared.case] = prepared
    return prepared.case


def allocate(
    case: Case, *, full: bool = False, quick: bool = False, time_limit_s: float | None = None
) -> Result:
    """Allocate supply to demand at least cost, proved over every lane on offer.

    Parameters
    ----------
    case : Case
        From `read_case`, or made in Python; it is checked as files are.
    full : bool
        Whether to add value curves, flow ranges and what the conclusions rest on.
    quick : bool
        Whether to leave out the search for equal plans, and marginal values: the flows are one of
        the plans of least cost, and there is no table `prices`.
    time_limit_s : float, optional
        Seconds after which all ends; the status is then ``limit``.

    Returns
    -------
    Result
        With tables `flows` (a row per lane that carries anything), `balance` (per region),
        `prices` (per origin, sink and limit), `changes` (what the scenario changed), `observed`.

    Raises
    ------
    BadInput
        The case is at fault.
    SolverFailed
        The solver gave up, or called the program unbounded.
    ValueError
        It is to be full and quick.

    Examples
    --------
    >>> from model import allocate, read_case
    >>> result = allocate(read_case("data/prebaked_2024"))
    >>> result
    <Result: run base, optimal, 2,617.9 MCNY>
    >>> result.figures["moved_kt"]
    3279.0
    >>> result.flows[["origin", "sink", "ship_kt"]].shape
    (36, 3)
    """
    from model.run import RunOptions, evaluate
    from model.solve.deadline import Deadline

    if full and quick:
        raise ValueError("a run is full or quick, not both")
    prepared, deadline = _prepared(case), Deadline.after(time_limit_s)
    options = RunOptions(time_limit_s, quick)
    run = evaluate(prepared.case, prepared.scenario, prepared.ledger, options, deadline)
    if full:
        from model.studies.allowance import Allowance
        from model.studies.full import with_full_studies

        run = with_full_studies(run, prepared.case, Allowance(deadline))
    return Result(run.answer(), run, Question(prepared))


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
    from model.studies.siting.site import SiteOptions
    from model.studies.siting.site import site as choose

    if full and quick:
        raise ValueError("a choice is full or quick, not both")
    prepared = _prepared(case)
    others = {name: _prepared(other) for name, other in (against or {}).items()}
    refuse_same_names([prepared, *others.values()])
    requirements = _requirements(budget_mcny, max_projects, quotas, include, exclude)
    options = SiteOptions(
        top=top,
        full=full,
        against={name: other.case for name, other in others.items()},
        time_limit_s=time_limit_s,
        quick=quick,
        show=show,
    )
    found = choose(prepared.case, prepared.scenario, prepared.ledger, requirements, options)
    tables = file_tables(found.result.studies, "site")
    said = {"top": top, "full": full, "against": list(others), "time_limit_s": time_limit_s}
    said |= {"quick": quick}
    said |= {} if found.answered is None else {ANSWERED: found.answered}
    given = {name: file for other in others.values() for name, file in other.files.items()}
    question = Question(prepared, vars(requirements) | said, given)
    return Result(found.result.answer("site", found.requested, tables), found.result, question)


def plan(
    case: Case,
    *,
    budget_mcny: float | None = None,
    max_projects: int | None = None,
    quotas: Mapping[str, int] | None = None,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    time_limit_s: float | None = None,
) -> Result:
    """Choose what to build and when, over the periods of the case, at least discounted cost.

    Parameters
    ----------
    budget_mcny : float, optional
        Upfront capital of all periods together at most, MCNY.
    max_projects, quotas, include, exclude, time_limit_s
        As `site` takes them.

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

    prepared = _prepared(case)
    raise_any(prepared.path_faults)
    requirements = _requirements(budget_mcny, max_projects, quotas, include, exclude)
    found = schedule(
        prepared.case, prepared.scenario, prepared.ledger, requirements, time_limit_s=time_limit_s
    )
    said = vars(requirements) | {"time_limit_s": time_limit_s}
    said |= {} if found.answered is None else {ANSWERED: found.answered}
    return Result(found.answer(), found, Question(prepared, said))


def sweep(
    case: Case,
    draws_file: str | Path,
    *,
    draws: int | None = None,
    workers: int = 1,
    cluster: str | None = None,
    time_limit_s: float | None = None,
) -> Result:
    """Solve a case under many draws of uncertain figures: spread of cost, drivers, lane use.

    Parameters
    ----------
    draws_file : str or Path
        A TOML file that says what varies, and how.
    draws : int, optional
        How many; by default as the file says.
    workers : int
        Processes here; the answers are the same for any number.
    cluster : str, optional
        Address of the scheduler of a Dask cluster.
    time_limit_s : float, optional
        Seconds after which everything ends; draws that were solved by then are the answer.

    Returns
    -------
    Result
        The allocation of the case as it stands, with tables `sweep_draws` (a row per draw),
        `sweep_quantiles`, `sweep_drivers`, `sweep_lanes`, `sweep_regions`.

    Raises
    ------
    BadInput
        The case or the file is at fault, or no cluster answers.

    Examples
    --------
    >>> from model import read_case, sweep
    >>> swept = sweep(read_case("data/prebaked_2024"), "docs/draws.toml", draws=20)
    >>> len(swept.sweep_draws)
    20
    """
    from model.solve.deadline import Deadline
    from model.store.given import draw_members
    from model.studies.questions import sweep_question
    from model.studies.sweep.read_draws import read_draws

    what_varies = read_draws(Path(draws_file))

    def ask(prepared: Case, allowance: Allowance) -> Findings:
        return sweep_question(
            prepared, what_varies, draws, allowance, workers=workers, cluster=cluster
        )

    options = {"file": Path(draws_file).name, "draws": draws}
    given = draw_members(what_varies.files)
    return study(case, "sweep", ask, options, given, Deadline.after(time_limit_s))


def study(
    case: Case,
    kind: str,
    ask: Callable[[Case, Allowance], Findings],
    options: Mapping[str, Any],
    given: Mapping[str, Path] | None = None,
    deadline: Deadline | None = None,
) -> Result:
    """Allocate a case, and answer a further question about it.

    Parameters
    ----------
    kind : of the answer: curve, ranges, why or sweep
    ask : answers the question; only a curve can be asked where no plan is proved
    options : what was asked, as ``run.json`` keeps it
    given : files that the question was read from, by their names in the archive of given files
    deadline : when everything ends; what is proved by then is the answer, and says so
    """
    from dataclasses import replace

    from model.run import RunOptions, evaluate
    from model.solve.deadline import NEVER
    from model.studies.allowance import Allowance

    prepared, allowance = _prepared(case), Allowance(deadline or NEVER)
    run = evaluate(prepared.case, prepared.scenario, prepared.ledger, RunOptions(), deadline)
    found = Findings({})
    if run.status == "optimal" or kind == "curve":
        found = ask(prepared.case, allowance)
        run = replace(run, studies=found.studies)
    said = run.provenance["options"]
    cut = {name: said[name] for name in (PROGRAMS,) if name in said}
    cut |= {ANSWERED: allowance.answered} if allowance.is_cut_short else {}
    question = Question(prepared, {**options, **cut}, given or {})
    return Result(run.answer(kind, tables=found.tables), run, question)


def compare(results: Sequence[Result]) -> Result:
    """Set runs side by side, the first one as the base: inputs that differ, outputs, cost.

    Parameters
    ----------
    results : sequence of Result
        Allocations; saving the comparison saves those that are not saved yet.

    Returns
    -------
    Result
        With tables `figures` (as ``tables["figures"]``), `regions`, `lanes`, `inputs`, `easing`
        (changes against the first) and `attribution` (what each changed input adds to the cost).

    Raises
    ------
    BadInput
        A plan or a comparison is among them.

    Examples
    --------
    >>> from model import allocate, compare, read_case
    >>> names = ["base", "suez_closed"]
    >>> runs = [allocate(read_case("data/prebaked_2024", scenario=name)) for name in names]
    >>> compared = compare(runs)
    >>> round(float(compared.attribution["cost_mcny"].sum()), 1)
    19.8
    """
    from model.studies.compare.study import compare as compared

    runs = [result.content for result in results if isinstance(result.content, Allocation)]
    others = [result.kind for result in results if not isinstance(result.content, Allocation)]
    rule, remedy = "must hold one allocation", "compare results of allocate, site or a study"
    raise_any([Fault("compare", f"a {kind}", rule, remedy) for kind in others])
    found = compared(runs)
    places = [str(result.figures.get("run") or "") for result in results]
    return Result(found.answer(places), found, Question(), results)


def verify(folder: str | Path) -> Verification:
    """Check a run folder again from its own inputs: every figure, row and file.

    Parameters
    ----------
    folder : str or Path
        A finished run folder; the runs of a comparison are where it says, or beside it.

    Returns
    -------
    Verification
        `agrees`, `disagreements` (file, figure, what it says, what the inputs give), and
        `not_covered`, the files that say nothing that could be derived again.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from model import allocate, read_case, verify
    >>> result = allocate(read_case("data/prebaked_2024"))
    >>> with TemporaryDirectory() as out:
    ...     verify(result.save(out)).agrees
    True
    """
    from model.verification.verify import verify as verified

    return verified(folder)


def load_run(folder: str | Path) -> Result:
    """Read a finished run folder back.

    Parameters
    ----------
    folder : str or Path
        A run folder, as a command or `Result.save` wrote it.

    Returns
    -------
    Result
        Its tables and figures as they were, its case as it was solved.

    Raises
    ------
    BadInput
        It is no finished run, or a file of it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from model import allocate, load_run, read_case
    >>> result = allocate(read_case("data/prebaked_2024"))
    >>> with TemporaryDirectory() as out:
    ...     again = load_run(result.save(out))
    >>> again.flows.equals(result.flows)
    True
    """
    from model.result.allocation import run_tables
    from model.store.store import load_answer

    answer = load_answer(Path(folder))
    is_allocation = set(run_tables(answer.provenance)) <= set(answer.tables)
    content: Any = Allocation.of(answer) if is_allocation else None
    return Result(answer, content)


def _prepared(case: Case) -> PreparedCase:
    """What a case was read from; of one that was made in Python, the case alone."""
    known = _read.get(case)
    if known is not None:
        return known
    from model.checking.case_faults import path_faults
    from model.scenarios.apply import LEDGER

    ledger = pd.DataFrame(columns=pd.Index(LEDGER))
    info = ScenarioInfo(BASE, load_scenario(Path(), BASE).title)
    return PreparedCase(case, info, ledger, (), {}, {}, path_faults=tuple(path_faults(case)))


def _requirements(
    budget_mcny: float | None,
    max_projects: int | None,
    quotas: Mapping[str, int] | None,
    include: Sequence[str],
    exclude: Sequence[str],
) -> Requirements:
    from model.studies.siting.requirements import Requirements

    return Requirements(budget_mcny, max_projects, quotas or {}, tuple(include), tuple(exclude))
