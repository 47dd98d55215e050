"""Cases: valid or not, listed, made by filling in a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reports.terminal.console import progress, say
from reports.terminal.options import DATA, DEFAULT_CASE, DEFAULT_OUT, AsJson, CasePath, OutPath
from reports.terminal.streams import print_json

app = typer.Typer()


@app.command(epilog="Example: solve.py check --case my_case")
def check(case: CasePath = DEFAULT_CASE, as_json: AsJson = False) -> None:
    """Validate a case and its scenarios; list every fault at once. Nothing is solved or written."""
    from model.scenarios.prepare import check_case

    with progress(f"Checking {case}"):
        name, scenarios, warnings = check_case(case)
    for warning in warnings:
        say(f"warning: {warning}")
    if as_json:
        print_json({"status": "valid", "case": name, "scenarios": scenarios, "warnings": warnings})
    else:
        print(f"{name}: valid; scenarios: {', '.join(scenarios) or 'none'}")


@app.command("list")
def list_everything(
    case: CasePath = DEFAULT_CASE, out: OutPath = DEFAULT_OUT, as_json: AsJson = False
) -> None:
    """List the bundled cases, the scenarios of a case, and the runs there are."""
    from model.scenarios.prepare import list_cases, list_titles
    from model.store.store import list_runs

    listing = {
        "cases": list_cases(DATA),
        "scenarios": list_titles(case),
        "runs": list_runs(out),
    }
    if as_json:
        print_json(listing)
        return
    for kind, entries in listing.items():
        print(f"{kind}:")
        width = max(map(len, entries), default=0)
        print("\n".join(f"  {name:{width}}  {note}" for name, note in entries.items()) or "  none")


@app.command(epilog="Example: solve.py template my_case.xlsx, fill it in, run --case my_case.xlsx")
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to make.")],
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
    print(f"{file}: fill it in, then run it with --case {file}")
