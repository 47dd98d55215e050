"""Questions about the allocation of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from model.result.answer import Findings
from reports.terminal.options import (
    DEFAULT_CASE,
    DEFAULT_OUT,
    AsJson,
    CasePath,
    End,
    FigureName,
    OutPath,
    Places,
    ProductionCost,
    Scenarios,
    Spoken,
    Start,
    TimeLimit,
)
from reports.terminal.outcome import Outcome
from reports.terminal.run_scenarios import Request, run_scenarios

if TYPE_CHECKING:
    from model.case.case import Case
    from model.interface.result import Result
    from model.scenarios.prepare import PreparedCase
    from model.solve.deadline import Deadline
    from model.studies.allowance import Allowance

app = typer.Typer()


@app.command(
    epilog="Examples: solve.py curve --at Yunnan --at Guizhou --up-to 1000 · "
    "solve.py curve --of rate --at rail --from 0.1 --up-to 0.2 · "
    'solve.py curve --of links.km --at "mode=road_local" --up-to 100'
)
def curve(
    scenarios: Scenarios = None,
    at: Places = None,
    up_to: End = 1500.0,
    cost: ProductionCost = None,
    of: FigureName = "capacity",
    start: Start = None,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Value added capacity exactly, kt by kt, or the cost along any other figure."""
    from model.interface.allocate import study
    from model.studies.questions import CAPACITY, curve_question
    from reports.terminal.study_answer import curve_answer

    names = at or []
    if of == CAPACITY and not names:
        raise typer.BadParameter("name a region with --at REGION")

    options = {"of": of, "at": names, "up_to": up_to, "cost": cost, "from": start}

    def findings(case: Case, allowance: Allowance) -> Findings:
        return curve_question(case, of, names, start, up_to, cost, allowance)

    ask = partial(study, kind="curve", ask=findings, options=options)
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, curve_answer, request, time_limit))


@app.command(epilog="Example: solve.py ranges --within 1%")
def ranges(
    scenarios: Scenarios = None,
    within: Annotated[
        str, typer.Option(metavar="SHARE", help="How much dearer plans may be; 0% for equal ones.")
    ] = "1%",
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Tell how far every flow may vary in plans that cost nearly as little; show other plans."""
    from model.interface.allocate import study
    from model.studies.questions import ranges_question, share_of
    from reports.terminal.study_answer import ranges_answer

    share_of(within)

    def findings(case: Case, allowance: Allowance) -> Findings:
        return ranges_question(case, within, allowance)

    ask = partial(study, kind="ranges", ask=findings, options={"within": within})
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, ranges_answer, request, time_limit))


@app.command(epilog='Example: solve.py why Shandong Xinjiang · solve.py why Henan "South Korea"')
def why(
    origin: Annotated[
        str, typer.Argument(metavar="ORIGIN", help="An origin, or a region: its origins together.")
    ],
    sink: Annotated[
        str, typer.Argument(metavar="SINK", help="A sink, or a region: its sinks together.")
    ],
    scenarios: Scenarios = None,
    kt: Annotated[
        float, typer.Option(metavar="KT", min=0, help="Forced through the pair, for its cost.")
    ] = 10.0,
    rather_than: Annotated[
        str | None, typer.Option(metavar="ORIGIN", help="Why the first origin, and not this one.")
    ] = None,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Explain why a lane is used, or is not: its cost in legs, what it displaces, what it takes."""
    from model.interface.allocate import study
    from model.studies.questions import why_question
    from reports.terminal.study_answer import why_answer

    other = {} if rather_than is None else {"rather_than": rather_than}
    options = {"origin": origin, "sink": sink, "kt": kt, **other}

    def findings(case: Case, allowance: Allowance) -> Findings:
        return why_question(case, origin, sink, kt, allowance, rather_than=rather_than)

    ask = partial(study, kind="why", ask=findings, options=options)
    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, why_answer, request, time_limit))


@app.command(epilog="Example: solve.py sweep DRAWS.toml --draws 10000 --workers 2")
def sweep(
    file: Annotated[Path, typer.Argument(metavar="DRAWS.toml", help="What varies, and how.")],
    scenarios: Scenarios = None,
    draws: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Draws.", show_default="as the file says"),
    ] = None,
    workers: Annotated[int, typer.Option(metavar="N", min=1, help="Processes here.")] = 1,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Scheduler of a Dask cluster.")
    ] = None,
    time_limit: TimeLimit = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Solve under thousands of draws of uncertain figures: spread of cost, drivers, lane use.

    The answers are the same for any number of workers.
    """
    from model.interface.allocate import sweep as sweep_case
    from model.studies.sweep.read_draws import read_draws
    from reports.terminal.study_answer import sweep_answer

    read_draws(file)  # what is wrong with it is said before anything is solved

    def ask(case: Case, deadline: Deadline) -> Result:
        return sweep_case(
            case, file, draws=draws, workers=workers, cluster=cluster, time_limit_s=deadline.left_s
        )

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(study_each(ask, sweep_answer, request, time_limit))


class Ask(Protocol):
    """Allocates a case and asks a study about it."""

    def __call__(self, case: Case, *, deadline: Deadline) -> Result:
        """The answer, with what is proved by the deadline."""


def study_each(
    ask: Ask,
    headline: Callable[[Result], str],
    request: Request,
    time_limit_s: float | None,
) -> int:
    """Ask a study under each scenario; its folder holds the run, the answer and its tables.

    An answer that the time limit cuts short holds what was proved by then, and says so.
    """
    from model.interface.read_case import as_read
    from model.interface.runs import compare as compared
    from model.solve.deadline import Deadline
    from reports.pages import Extras
    from reports.terminal.publish import published
    from reports.terminal.study_answer import answer_text

    deadline = Deadline.after(time_limit_s)

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = ask(as_read(prepared), deadline=deadline)
        outcome = published(result, request.out, Extras(earlier[0] if earlier else None))
        if not result.studies:
            return outcome
        entry = outcome.entry | {"studies": result.studies}
        texts = [*outcome.texts, answer_text(result, headline)]
        return replace(outcome, entry=entry, texts=texts)

    return run_scenarios(answer, request, compare=compared)
