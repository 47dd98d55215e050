"""Runs that are there: side by side, checked again, written for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.case.records import Json
from reports.language import say
from reports.language.numbers import plain
from reports.terminal.console import ExitCode, note, progress
from reports.terminal.options import DEFAULT_OUT, AsJson, OutPath, RunName, RunNames, Spoken
from reports.terminal.streams import print_json

app = typer.Typer()


@app.command(epilog="Example: solve.py compare base-20260101T000000Z-1a2b3c4d reports/runs/other")
def compare(
    runs: RunNames,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Put runs side by side, the first one as the base: inputs that differ, outputs, cost."""
    from model.interface.runs import compare as compared
    from model.interface.runs import load_run
    from model.store.finished_runs import find_run
    from model.store.folder import check_writable
    from reports.terminal.publish import published

    results = [load_run(find_run(name, out)) for name in runs]
    check_writable(out)
    with progress(say("Comparing")):
        comparison = published(compared(results), out)
    if as_json:
        print_json(comparison.entry)
    (note if as_json else print)(comparison.texts[0])


@app.command(epilog="Example: solve.py verify base-20260101T000000Z-1a2b3c4d")
def verify(
    run: RunName,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Check a whole run folder again from its own inputs; name every figure and file that is off.

    What a certificate can tell is derived in exact arithmetic, everything else by solving again.
    """
    from model.store.finished_runs import find_run
    from model.verification.verify import verify as verified

    folder = find_run(run, out)
    with progress(say("Verifying {run}", run=folder.name)):
        found = verified(folder)
    if as_json:
        print_json(
            {
                "run": str(folder),
                "agrees": found.agrees,
                "disagreements": [vars(entry) for entry in found.disagreements],
                "not_covered": list(found.not_covered),
            }
        )
    else:
        lines = [str(entry) for entry in found.disagreements]
        lines = lines or [say("{run}: every figure agrees", run=folder.name)]
        rest = [say("not covered: {file}", file=name) for name in found.not_covered]
        print("\n".join([*lines, *rest]))
    if not found.agrees:
        raise typer.Exit(ExitCode.DISAGREES)


@app.command(
    epilog="Example: solve.py export base suez_open --flows flows.csv; export base --mps a.mps"
)
def export(
    runs: RunNames,
    mps: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The linear program; ends in .mps.")
    ] = None,
    flows: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The flows of all runs in one table; ends in .csv."),
    ] = None,
    out: OutPath = DEFAULT_OUT,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Write the linear program of a run as solvers read it, or flows of several runs as one table.

    The program holds every lane that no other beats; of `site` the chosen set is built. Its least
    cost, in thousand CNY, is that of the run less yearly costs and capital. Rows of the table have
    their run, its scenario, and the coordinates of both ends.
    """
    from model.store.finished_runs import find_run

    if mps is None and flows is None:
        raise typer.BadParameter("name a file to write: --mps FILE or --flows FILE")
    if mps is not None and len(runs) > 1:
        raise typer.BadParameter("--mps writes the program of one run; name one")
    folders = [find_run(name, out) for name in runs]
    told: Json = {"runs": [str(folder) for folder in folders]}
    texts = []
    if mps is not None:
        from model.studies.export import solved_case, write_mps

        with progress(say("Writing {file}", file=mps)):
            rows, columns = write_mps(solved_case(folders[0]), mps)
        told |= {"mps": str(mps), "rows": rows, "columns": columns}
        counts = {"rows": plain(rows, 0), "columns": plain(columns, 0)}
        texts.append(say("{file}: {rows} rows, {columns} columns", file=mps, **counts))
    if flows is not None:
        from model.store.long_flows import write_long_flows

        with progress(say("Writing {file}", file=flows)):
            lines = write_long_flows(folders, flows)
        told |= {"flows": str(flows), "flow_rows": lines}
        counts = {"lines": plain(lines, 0), "runs": plain(len(folders), 0)}
        texts.append(say("{file}: {lines} flows of {runs} runs", file=flows, **counts))
    if as_json:
        print_json(told)
    else:
        print("\n".join(texts))
