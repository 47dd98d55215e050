"""Allocate under scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from reports.terminal.options import (
    DEFAULT_CASE,
    DEFAULT_OUT,
    AsJson,
    CasePath,
    Full,
    OutPath,
    Png,
    Quick,
    RunLimit,
    Scenarios,
    Spoken,
)
from reports.terminal.outcome import Outcome
from reports.terminal.run_scenarios import Request, run_scenarios

if TYPE_CHECKING:
    from model.interface.result import Result
    from model.scenarios.prepare import PreparedCase

app = typer.Typer()


@app.command(
    epilog="Examples: solve.py run base yunnan_new · solve.py run --case my.xlsx --quick --json"
)
def run(
    scenarios: Scenarios = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    full: Full = False,
    quick: Quick = False,
    time_limit: RunLimit = None,
    png: Png = False,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Solve a case under each SCENARIO; write run folders with report.html and report.xlsx.

    Several scenarios make one run each and a comparison of all.
    """
    from reports.page.pictures import BROWSERS, find_browser

    if png and find_browser() is None:
        raise typer.BadParameter(f"--png needs a browser; install one of {', '.join(BROWSERS)}")

    if full and quick:
        raise typer.BadParameter("--quick leaves out what --full adds; give one of them")

    request = Request(scenarios, case, out, as_json)
    raise typer.Exit(run_each(request, time_limit, full=full, quick=quick, png=png))


def run_each(
    request: Request, time_limit_s: float | None, *, full: bool, quick: bool, png: bool
) -> int:
    """Allocate under each scenario, beside its companion where it names one; return the exit code.

    The time limit is that of all of them together.
    """
    from model.interface.allocate import allocate
    from model.interface.read_case import as_read
    from model.interface.runs import compare as compared
    from model.solve.deadline import Deadline
    from reports.pages import Extras
    from reports.terminal.publish import published
    from reports.terminal.study_answer import cut_short_text

    deadline = Deadline.after(time_limit_s)

    def answer(prepared: PreparedCase, earlier: Sequence[Result]) -> Outcome:
        result = allocate(as_read(prepared), full=full, quick=quick, time_limit_s=deadline.left_s)
        companion = None
        if prepared.companion and not deadline.has_passed:
            other = as_read(prepared.companion)
            companion = allocate(other, quick=quick, time_limit_s=deadline.left_s)
        extras = Extras(earlier[0] if earlier else None, companion, pictures=png)
        outcome = published(result, request.out, extras)
        return replace(outcome, texts=[*outcome.texts, *cut_short_text(result)])

    return run_scenarios(answer, request, compare=compared)
