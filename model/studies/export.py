"""The program of a run as a file that solvers read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from model.case.case import Case
from model.case.distances import with_distances
from model.case.errors import BadInput, Fault, raise_any
from model.checking.case_faults import refuse_faulty
from model.market.compile_market import compile_market
from model.market.unbeaten_routes import TooManyRoutes, lanes_that_matter
from model.result.figures import PLAN
from model.solve import highs
from model.solve.program import compile_program
from model.store.store import load_answer

SUFFIX = ".mps"
LONGEST = 200
"""Characters of a name; readers of the format take 255."""
UNNAMEABLE = re.compile(r"[^A-Za-z0-9_.>#\[\]-]")


def solved_case(run: Path) -> Case:
    """The case whose linear program a finished run solved last: of `site`, with its set built.

    Raises
    ------
    BadInput
        The run has no program of its own, or more than one.
    """
    answer = load_answer(run, ())
    if answer.requested is None or answer.kind == PLAN:
        rule = "only what allocates one year has one linear program"
        raise BadInput([Fault(str(run), f"a {answer.kind}", rule, "export a run of its case")])
    return answer.built or answer.requested


def write_mps(case: Case, path: Path) -> tuple[int, int]:
    """Write the linear program of a case, over every lane that no other beats, as free MPS.

    Rows and columns carry the names of the program on its page, as far as the format takes them.

    Parameters
    ----------
    case : a case that can be run
    path : ends in ``.mps``; a file that is there is replaced

    Returns
    -------
    rows, columns : how many the file holds

    Raises
    ------
    BadInput
        The case has faults, its limits leave more routes than can be listed, or the file cannot
        be written.
    """
    _refuse_place(path)
    refuse_faulty(case)
    market = compile_market(with_distances(case))
    try:
        lanes = lanes_that_matter(market)
    except TooManyRoutes as error:
        rule = "limits on routes leave more of them than a file can list"
        raise BadInput([Fault("limits.csv, links.csv", str(error), rule, "run it here")]) from error
    rows = names(market.row_labels)
    columns = names(f"ship_kt[{label}]" for label in market.lane_labels(lanes))
    try:
        highs.write_mps(compile_program(market, lanes), rows, columns, path)
    except OSError as error:
        raise BadInput([_unwritable(path, error.strerror or str(error))]) from error
    return len(rows), len(columns)


def names(texts: Iterable[str]) -> list[str]:
    """Texts as names that every reader of MPS takes: of few characters, each once.

    >>> names(["demand_met[West coast]", "demand_met[West-coast]", "demand_met[West_coast]"])
    ['demand_met[West_coast]', 'demand_met[West-coast]', 'demand_met[West_coast]~2']
    """
    taken: Counter[str] = Counter()
    found = []
    for text in texts:
        name = UNNAMEABLE.sub("_", text)[:LONGEST]
        taken[name] += 1
        found.append(name if taken[name] == 1 else f"{name}~{taken[name]}")
    return found


def _refuse_place(path: Path) -> None:
    """Refuse a name that no file of a program has, before the program is made."""
    if path.suffix.lower() != SUFFIX:
        rule = f"the name of the file must end in {SUFFIX}"
        raise_any(
            [Fault(str(path), path.suffix or "no suffix", rule, f"write {path.stem}{SUFFIX}")]
        )
    if not path.parent.is_dir():
        raise_any([_unwritable(path, "no folder")])


def _unwritable(path: Path, found: str) -> Fault:
    return Fault(str(path), found, "the file must be writable", "give another path to --mps")
