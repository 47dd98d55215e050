"""One run of a case, and further questions about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.case import Case
from model.interface.read_case import prepared_of
from model.interface.result import Question, Result
from model.result.allocation import PROGRAMS
from model.result.answer import ANSWERED, Findings

if TYPE_CHECKING:
    from model.solve.deadline import Deadline
    from model.studies.allowance import Allowance


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
    <Result: run base, optimal, 2,130.7 MCNY>
    >>> result.figures["moved_kt"]
    3142.5
    >>> result.flows[["origin", "sink", "ship_kt"]].shape
    (90, 3)
    """
    from model.run import RunOptions, evaluate
    from model.solve.deadline import Deadline

    if full and quick:
        raise ValueError("a run is full or quick, not both")
    prepared, deadline = prepared_of(case), Deadline.after(time_limit_s)
    options = RunOptions(time_limit_s, quick)
    run = evaluate(prepared.case, prepared.scenario, prepared.ledger, options, deadline)
    if full:
        from model.studies.allowance import Allowance
        from model.studies.full import with_full_studies

        run = with_full_studies(run, prepared.case, Allowance(deadline))
    return Result(run.answer(), run, Question(prepared))


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

    prepared, allowance = prepared_of(case), Allowance(deadline or NEVER)
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
