"""Where what-if questions start from: a case as it stands, or any finished run."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.case.errors import BadInput, Fault, quoted
from model.case.scenario_texts import FOLDER, SUFFIX
from model.result.allocation import Allocation
from model.result.figures import COMPARISON
from model.scenarios.prepare import prepare
from model.store.finished_runs import find_run, list_runs
from model.store.folder import slug
from model.studies.whatif.contradictions import contradictions
from model.studies.whatif.knob import Moves, read_moves
from model.studies.whatif.scenario_file import scenario_text
from model.studies.whatif.session import WhatIf
from model.studies.whatif.worth import KnobWorth, worths

STARTS = 4
"""Starting points held ready."""


@dataclass(frozen=True)
class StartingPoint:
    """A starting point.

    Attributes
    ----------
    run : name of the run it is; blank for what the command was given
    case_path : the case to which saved scenarios apply
    extends : the scenario that is in force there by default
    """

    run: str
    case_path: Path
    extends: str
    session: WhatIf

    def read(self, texts: Mapping[str, Any]) -> tuple[Moves, dict[str, str]]:
        """What was written as moves, and what cannot be, by the knob's key."""
        moves, faults = read_moves(self.session.knobs, texts)
        if not faults:
            faults = contradictions(self.session.case(moves))
        return moves, faults

    def worths(self, moves: Moves, result: Allocation) -> dict[str, KnobWorth] | None:
        """The worth of the next tonne by knob; None where a plan was asked for meanwhile."""
        return worths(self.session, moves, result)


@dataclass(frozen=True)
class Draft:
    """A scenario that is to be saved as a run: its case, its name and the text of its file."""

    case_path: Path
    name: str
    text: str


class Workspace:
    """Starting points by name; the last few are held ready.

    Parameters
    ----------
    given : the case, or the folder of a run, that the command was given
    out : the folder of runs
    """

    def __init__(self, given: Path, out: Path) -> None:
        self._given, self._out = given, out
        self._starts: OrderedDict[str, StartingPoint] = OrderedDict()
        self._lock = threading.Lock()

    def runs(self) -> dict[str, str]:
        """Runs to start from, newest first, with their status."""
        found = reversed(list_runs(self._out).items())
        return {
            name: run.status
            for name, run in found
            if run.status != COMPARISON and (self._out / name / "inputs").is_dir()
        }

    def start(self, run: str = "") -> StartingPoint:
        """The starting point of that name, solved.

        Raises
        ------
        BadInput
            There is no such run, or its inputs cannot be read.
        """
        with self._lock:
            found = self._starts.pop(run, None) or self._opened(run)
            self._starts[run] = found
            while len(self._starts) > STARTS:
                self._starts.popitem(last=False)
            return found

    def _opened(self, run: str) -> StartingPoint:
        if run and run not in self.runs():
            rule, remedy = "must be a finished run in the folder of runs", "choose one of the list"
            raise BadInput([Fault("start", quoted(run), rule, remedy)])
        path = find_run(run, self._out) / "inputs" if run else self._given
        (prepared,) = prepare(path, [])
        name = prepared.scenario.name
        extends = name if f"{FOLDER}/{name}{SUFFIX}" in prepared.files else ""
        return StartingPoint(run, path, extends, WhatIf.of(prepared.case, prepared.scenario))

    def draft(self, start: StartingPoint, title: str, moves: Moves) -> Draft:
        """The scenario that moves make, ready to be run and saved."""
        title = " ".join(title.split()) or "What if"
        info = start.session.start.scenario
        why = f"tried on the what-if page, from {start.run or info.title or info.name}"
        text = scenario_text(title, why, start.session.steps(moves), start.extends)
        return Draft(start.case_path, slug(title), text)
