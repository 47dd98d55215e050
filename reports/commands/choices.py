"""What to build, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict

import typer

from reports.language import say
from reports.terminal.console import ExitCode
from reports.terminal.options import (
    DEFAULT_CASE,
    DEFAULT_OUT,
    AlongFigure,
    AsJson,
    Budget,
    CasePath,
    Exclude,
    FixedStarts,
    FullChoice,
    Include,
    MostProjects,
    MostSets,
    NamedSets,
    OutPath,
    QuickChoice,
    Quotas,
    Rivals,
    Scenarios,
    SearchLimit,
    Spoken,
    Together,
    Weights,
)
from reports.terminal.outcome import Outcome
from reports.terminal.run_scenarios import Request, run_scenarios, run_together

if TYPE_CHECKING:
    from model.interface.result import Result
    from model.scenarios.prepare import PreparedCase

app = typer.Typer()


SITE_EXAMPLES = (
    "Examples: solve.py site --budget 2000 --top 10 --against suez_closed"
    " · solve.py site base suez_closed exit_low_and_shut --together regret --budget 2000"
)


@app.command(epilog=SITE_EXAMPLES)
def site(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    budget: Budget = None,
    max_projects: MostProjects = None,
    top: MostSets = 10,
    quota: Quotas = None,
    include: Include = None,
    exclude: Exclude = None,
    against: Rivals = None,
    together: Together = None,
    weights: Weights = None,
    sets: NamedSets = None,
    along: AlongFigure = None,
    full: FullChoice = False,
    quick: QuickChoice = False,
    time_limit: SearchLimit = None,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Choose among the case's projects and closures at least cost of freight, production, capital.

    Ranks the best sets, prices every project alone and at the margin, and follows cost against
    budget and number of projects. With --together, one set is chosen for all the scenarios named:
    what is built, its size and what is closed are decided once, flows are free in each.
    """
    from model.interface.choose import site as choose
    from model.interface.read_case import as_read
    from model.scenarios.prepare import prepare, refuse_same_names
    from reports.terminal.publish import published

    if full and quick:
        raise typer.BadParameter("--quick leaves out what --full adds; give one of them")
    required = required_of(budget, max_projects, quota, include, exclude)
    request = Request(scenarios, case, out, as_json)
    rivals = prepare(case, against) if against else []
    refuse_same_names(rivals)
    if together is not None:
        unused = {"--against": against, "--along": along}
        refused = [name for name, given in unused.items() if given]
        if refused:
            raise typer.BadParameter(f"--together values sets in all scenarios; drop {refused[0]}")
        asked = {"together": together, "weights": weights, "sets": sets or [], "top": top}
        limits = {"full": full, "quick": quick, "time_limit_s": time_limit}
        raise typer.Exit(_for_all(request, {**required, **asked, **limits}))
    if weights is not None or sets:
        raise typer.BadParameter("--weights and --set go with --together; add it")
    others = {prepared.scenario.name: as_read(prepared) for prepared in rivals}

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = choose(
            as_read(prepared),
            **required,
            top=top,
            full=full,
            quick=quick,
            against=others,
            along=along,
            time_limit_s=time_limit,
            show=request.show,
        )
        return replace(published(result, out), saved=None)

    raise typer.Exit(run_scenarios(answer, request, doing=say("Choosing under")))


def _for_all(request: Request, asked: Mapping[str, Any]) -> ExitCode:
    """Choose one set for all scenarios of a request."""
    from model.interface.choose import site_together
    from model.interface.read_case import as_read
    from reports.terminal.publish import published

    def answer(prepared: Sequence[PreparedCase]) -> Outcome:
        cases = [as_read(each) for each in prepared]
        return published(site_together(cases, **asked, show=request.show), request.out)

    return run_together(answer, request)


@app.command(epilog="Example: solve.py plan announced_plants_built --budget 4000")
def plan(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    budget: Budget = None,
    max_projects: MostProjects = None,
    quota: Quotas = None,
    include: Include = None,
    exclude: Exclude = None,
    start: FixedStarts = None,
    time_limit: SearchLimit = None,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Choose what to build and when, over the periods of periods.csv, at least discounted cost."""
    from model.interface.choose import plan as schedule
    from model.interface.read_case import as_read
    from model.studies.siting.requirements import parse_starts
    from reports.terminal.publish import published

    required = required_of(budget, max_projects, quota, include, exclude)
    starts = parse_starts(start or [])

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = schedule(as_read(prepared), **required, starts=starts, time_limit_s=time_limit)
        return replace(published(result, out), saved=None)

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(run_scenarios(answer, request, doing=say("Planning under")))


class Required(TypedDict):
    """What is required of the choice of `site` and `plan`."""

    budget_mcny: float | None
    max_projects: int | None
    quotas: dict[str, int]
    include: list[str]
    exclude: list[str]


def required_of(
    budget: Budget, max_projects: MostProjects, quota: Quotas, include: Include, exclude: Exclude
) -> Required:
    """Read what is required of a choice."""
    from model.studies.siting.requirements import parse_quotas

    return {
        "budget_mcny": budget,
        "max_projects": max_projects,
        "quotas": parse_quotas(quota or []),
        "include": include or [],
        "exclude": exclude or [],
    }
