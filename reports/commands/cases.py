"""Cases: valid or not, listed, made by filling in a workbook."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.language import say
from reports.terminal.console import note, progress
from reports.terminal.options import (
    DATA,
    DEFAULT_CASE,
    DEFAULT_OUT,
    AsJson,
    CasePath,
    OutPath,
    Spoken,
)
from reports.terminal.streams import print_json

if TYPE_CHECKING:
    from model.store.finished_runs import FinishedRun

app = typer.Typer()


@app.command(epilog="Example: solve.py check --case my_case")
def check(
    case: CasePath = DEFAULT_CASE,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Validate a case and its scenarios; list every fault at once. Nothing is solved or written."""
    from model.scenarios.prepare import check_case

    with progress(say("Checking {case}", case=case)):
        name, scenarios, warnings = check_case(case)
    for warning in warnings:
        note(say("warning: {text}", text=warning))
    if as_json:
        print_json({"status": "valid", "case": name, "scenarios": scenarios, "warnings": warnings})
    else:
        listed = ", ".join(scenarios) or say("none")
        print(say("{case}: valid; scenarios: {scenarios}", case=name, scenarios=listed))


@app.command("list", epilog="Example: solve.py list suez --keep 3")
def list_everything(
    part: Annotated[
        str, typer.Argument(metavar="[NAME]", help="Only runs whose names hold this.")
    ] = "",
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    status: Annotated[
        str, typer.Option(metavar="STATUS", help="Only runs of this status, such as optimal.")
    ] = "",
    keep: Annotated[
        int | None,
        typer.Option(
            metavar="N", min=0, help="Delete the runs listed but the newest N; asks first."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """List the bundled cases, the scenarios of a case, and the runs there are, oldest first."""
    from model.scenarios.prepare import list_cases, list_titles
    from model.store.finished_runs import delete_runs, list_runs

    found = list_runs(out, part)
    runs = {name: run for name, run in found.items() if status in ("", run.status)}
    if keep is not None:
        old = list(runs)[: len(runs) - keep] if keep < len(runs) else []
        if old and not yes:
            _confirm_deletion(old)
        delete_runs(out, old)
        text = "{deleted} runs deleted, {kept} kept"
        note(say(text, deleted=len(old), kept=len(runs) - len(old)))
        runs = {name: run for name, run in runs.items() if name not in old}
    if as_json:
        listed = {name: run._asdict() for name, run in runs.items()}
        print_json({"cases": list_cases(DATA), "scenarios": list_titles(case), "runs": listed})
        return
    _print_listing("cases", list_cases(DATA))
    _print_listing("scenarios", list_titles(case))
    _print_listing("runs", {name: _in_words(run) for name, run in runs.items()})


def _confirm_deletion(names: list[str]) -> None:
    if not sys.stdin.isatty():
        raise typer.BadParameter("--keep deletes runs and nobody is here to ask; add --yes")
    note("\n".join(names))
    question = say("Delete these {count} runs?", count=len(names))
    typer.confirm(question, abort=True, err=True)


def _print_listing(title: str, entries: Mapping[str, str]) -> None:
    width = max(map(len, entries), default=0)
    lines = [f"  {name:{width}}  {note}" for name, note in entries.items()]
    print("\n".join([say("{title}:", title=say(title)), *(lines or ["  " + say("none")])]))


def _in_words(run: FinishedRun) -> str:
    cost = run.total_cost_mcny
    if cost is None:
        return say(run.status)
    return say("{status}  {cost:,.1f} MCNY a year", status=say(run.status), cost=cost)


@app.command(epilog="Example: solve.py template my_case.xlsx, fill it in, run --case my_case.xlsx")
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to make.")],
    language: Spoken = None,
) -> None:
    """Write an empty workbook with drop-downs and units; a filled one is a case."""
    from reports.workbook import template_workbook

    if file.exists():
        raise typer.BadParameter(f"{file} exists already; name a new file")
    if file.suffix.lower() != ".xlsx":
        raise typer.BadParameter(f"{file} is not read as a workbook; end its name in .xlsx")
    if not file.parent.is_dir():
        raise typer.BadParameter(f"{file.parent} is no folder; make it, or name another")
    template_workbook(file)
    print(say("{file}: fill it in, then run it with --case {file}", file=file))
