"""One question asked under each scenario: read, answer, save, tell; one failure leaves the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from model.case.errors import BadInput
from model.case.records import Json
from reports.language import say, speaking_of
from reports.terminal.console import ExitCode, explain, note, progress, worst
from reports.terminal.outcome import Outcome
from reports.terminal.streams import print_json

if TYPE_CHECKING:
    from model.interface.result import Result
    from model.scenarios.prepare import PreparedCase


@dataclass(frozen=True)
class Request:
    """What every command that solves is asked.

    Attributes
    ----------
    scenarios : names or paths; none means the case's default
    case : the case's folder or workbook
    out : where run folders are made
    as_json : whether standard output is kept for one JSON object
    """

    scenarios: Sequence[str] | None
    case: Path
    out: Path
    as_json: bool

    def show(self, text: str) -> None:
        """Print for people: on standard output, unless that is kept for JSON."""
        note(text) if self.as_json else print(text, flush=True)


def run_scenarios(
    answer: Callable[[PreparedCase, Sequence[Result]], Outcome],
    request: Request,
    *,
    doing: str = "",
    compare: Callable[[list[Result]], Result] | None = None,
) -> ExitCode:
    """Answer a question under each scenario, and compare the runs where there are several.

    All input is read, and refused, before anything is solved; a run that fails leaves the others.

    Parameters
    ----------
    answer : function
        Of a prepared case and the runs saved so far.
    doing : what is under way meanwhile, before the scenario's name
    compare : function
        Of the saved runs; none leaves them uncompared.
    """
    from model.scenarios.prepare import prepare, warnings_of
    from model.store.folder import check_writable

    with progress(say("Reading {case}", case=request.case)):
        prepared_cases = prepare(request.case, request.scenarios or [])
    check_writable(request.out)
    for warning in warnings_of(prepared_cases):
        note(say("warning: {text}", text=warning))
    entries: list[Json] = []
    saved: list[Result] = []
    for prepared in prepared_cases:
        spoken = speaking_of(prepared.case)
        with spoken, progress(f"{doing or say('Solving')} {prepared.scenario.name}"):
            found = _outcome(answer, prepared, saved)
        entries.append(found.entry)
        for text in found.texts:
            request.show(text)
        if found.saved is not None:
            saved.append(found.saved)
    statuses = [_status(entry) for entry in entries]
    content: Json = entries[0] if len(entries) == 1 else {"runs": entries}
    if compare and len(saved) > 1:
        content["comparison"] = _comparison(compare, saved, request)
        statuses.append(content["comparison"].get("status", "optimal"))
    if request.as_json:
        print_json(content)
    return worst(statuses)


def run_together(answer: Callable[[Sequence[PreparedCase]], Outcome], request: Request) -> ExitCode:
    """Answer one question about all scenarios at once.

    All input is read, and refused, before anything is solved.
    """
    from model.scenarios.prepare import prepare, warnings_of
    from model.store.folder import check_writable

    with progress(say("Reading {case}", case=request.case)):
        prepared_cases = prepare(request.case, request.scenarios or [])
    check_writable(request.out)
    for warning in warnings_of(prepared_cases):
        note(say("warning: {text}", text=warning))
    try:
        with speaking_of(prepared_cases[0].case), progress(say("Choosing for all")):
            found = answer(prepared_cases)
    except BadInput:
        raise
    except Exception as error:  # noqa: BLE001  as of any run
        found = Outcome(explain(error))
    for text in found.texts:
        request.show(text)
    if request.as_json:
        print_json(found.entry)
    return worst([_status(found.entry)])


def _outcome(
    answer: Callable[[PreparedCase, Sequence[Result]], Outcome],
    prepared: PreparedCase,
    saved: Sequence[Result],
) -> Outcome:
    """What a prepared case came to, if only a fault of the program; bad input ends the command."""
    try:
        return answer(prepared, saved)
    except BadInput:
        raise
    except Exception as error:  # noqa: BLE001  the other runs go on
        return Outcome({"scenario": prepared.scenario.name, **explain(error)})


def _comparison(
    compare: Callable[[list[Result]], Result], saved: list[Result], request: Request
) -> Json:
    """What comparing the saved runs came to; they stand, whatever becomes of it."""
    from reports.terminal.publish import published

    try:
        with progress(say("Comparing")):
            found = published(compare(saved), request.out)
    except Exception as error:  # noqa: BLE001  the runs are reported
        return explain(error)
    request.show(found.texts[0])
    return found.entry


def _status(entry: Json) -> str:
    """The status that counts for the exit code: a limit, where tables are not all proved."""
    return "limit" if entry.get("tables_proved") is False else str(entry["status"])
