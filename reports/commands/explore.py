"""The what-if page."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.language import say
from reports.terminal.console import note
from reports.terminal.options import DEFAULT_CASE, DEFAULT_OUT, AsJson, CasePath, OutPath, Spoken
from reports.terminal.streams import print_json

if TYPE_CHECKING:
    from model.studies.whatif.workspace import Draft

app = typer.Typer()


@app.command(epilog="Example: solve.py explore, move sliders, save what convinces as a run")
def explore(
    run: Annotated[
        str | None,
        typer.Argument(
            metavar="RUN", help="Where to start; the case by default.", show_default=False
        ),
    ] = None,
    case: CasePath = DEFAULT_CASE,
    out: OutPath = DEFAULT_OUT,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="0 for any that is free.")
    ] = 8050,
    as_json: AsJson = False,
    language: Spoken = None,
) -> None:
    """Open the what-if page on 127.0.0.1: sliders, and the answer before the sentence ends."""
    from importlib.util import find_spec

    from model.store.finished_runs import find_run
    from model.store.folder import check_writable

    if find_spec("dash") is None:
        raise typer.BadParameter("the page needs Dash: pip install '.[explore]'")
    from model.studies.whatif.workspace import Workspace
    from reports.explore.server import serve

    given = find_run(run, out) / "inputs" if run else case
    check_writable(out)

    def announce(address: str) -> None:
        if as_json:
            print_json({"status": "serving", "address": address})
        (note if as_json else print)(
            say(
                "{address}  what if, from {start}; Ctrl-C ends it",
                address=address,
                start=run or case,
            )
        )

    serve(Workspace(given, out), lambda draft: save_draft(draft, out), out, port, announce)


def save_draft(draft: Draft, out: Path) -> Path:
    """Run a drafted scenario and save it as any other run, with its scenario file beside."""
    from tempfile import TemporaryDirectory

    from model.interface.allocate import allocate
    from model.interface.read_case import as_read
    from model.scenarios.prepare import prepare
    from reports.pages import Extras, write_pages

    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{draft.name}.toml"
        file.write_text(draft.text, encoding="utf-8")
        (prepared,) = prepare(draft.case_path, [str(file)])
        extras = Extras(files={file.name: file.read_bytes()})
        return allocate(as_read(prepared)).save(out, partial(write_pages, extras=extras))
