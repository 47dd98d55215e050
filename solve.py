"""The command line; its commands stand in `reports/commands`."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import typer

from reports.commands import cases, choices, explore, run, runs, studies
from reports.language import say
from reports.terminal.console import DEBUG, ExitCode, exit_code_of, explain, note
from reports.terminal.streams import is_json_due, prepared_streams, print_json

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Allocate anode output to smelters and export markets at least transport cost.\n\n"
    "Masses are kt per year, money is CNY (MCNY: million), unit costs are CNY/t, distances km. "
    "Without a command, the bundled 2024 market is solved and its report written.",
    epilog="Exit codes: 0 proved optimal, or the check passed · 1 a fault of the program or the "
    "solver · 2 bad usage or bad input, nothing written · 3 no feasible allocation · 4 a limit "
    "came before proof · 5 verify disagrees · 130 interrupted. Every command takes --debug, which "
    "shows where an error arose.",
)
for part in (run, choices, studies, cases, runs, explore):
    app.registered_commands += part.app.registered_commands


def main() -> int:
    """Run one command; return its exit code."""
    arguments = [argument for argument in sys.argv[1:] if argument != DEBUG]
    if not arguments or (arguments[0].startswith("-") and arguments[0] != "--help"):
        arguments.insert(0, "run")
    with prepared_streams(as_json="--json" in arguments):
        code, failure = _ended(arguments)
        if failure and is_json_due():
            print_json(failure)
    return code


def _ended(arguments: list[str]) -> tuple[int, Mapping[str, object]]:
    """Run one command; return its exit code, and for `--json` why it ended without an answer."""
    try:
        app(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
        if code == ExitCode.INTERRUPTED:
            note(say("interrupted; finished runs are kept, nothing is half-written"))
            return code, {"status": "interrupted"}
        bad_usage = {"status": "refused", "faults": ["bad usage: see standard error"]}
        return code, bad_usage if code == ExitCode.BAD_INPUT else {}
    except Exception as error:  # noqa: BLE001  a user gets one line, not a traceback
        failure = explain(error)
        return exit_code_of(error), failure
    return ExitCode.PROVED, {}


if __name__ == "__main__":
    sys.exit(main())
