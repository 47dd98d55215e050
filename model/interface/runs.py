"""Runs that are there: side by side, or read back from their folders."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.case.errors import Fault, raise_any
from model.interface.result import Question, Result
from model.result.allocation import Allocation


def compare(results: Sequence[Result]) -> Result:
    """Set runs side by side, the first one as the base: inputs that differ, outputs, cost.

    Parameters
    ----------
    results : sequence of Result
        Allocations; saving the comparison saves those that are not saved yet.

    Returns
    -------
    Result
        With tables `figures` (as ``tables["figures"]``), `regions`, `lanes`, `inputs`, `easing`
        (changes against the first) and `attribution` (what each changed input adds to the cost).

    Raises
    ------
    BadInput
        A plan or a comparison is among them.

    Examples
    --------
    >>> from model import allocate, compare, read_case
    >>> names = ["base", "suez_open"]
    >>> runs = [allocate(read_case("data/prebaked_2024", scenario=name)) for name in names]
    >>> compared = compare(runs)
    >>> round(float(compared.attribution["cost_mcny"].sum()), 1)
    -19.8
    """
    from model.studies.compare.study import compare as compared

    runs = [result.content for result in results if isinstance(result.content, Allocation)]
    others = [result.kind for result in results if not isinstance(result.content, Allocation)]
    rule, remedy = "must hold one allocation", "compare results of allocate, site or a study"
    raise_any([Fault("compare", f"a {kind}", rule, remedy) for kind in others])
    found = compared(runs)
    places = [str(result.figures.get("run") or "") for result in results]
    return Result(found.answer(places), found, Question(), results)


def load_run(folder: str | Path) -> Result:
    """Read a finished run folder back.

    Parameters
    ----------
    folder : str or Path
        A run folder, as a command or `Result.save` wrote it.

    Returns
    -------
    Result
        Its tables and figures as they were, its case as it was solved.

    Raises
    ------
    BadInput
        It is no finished run, or a file of it cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from model import allocate, load_run, read_case
    >>> result = allocate(read_case("data/prebaked_2024"))
    >>> with TemporaryDirectory() as out:
    ...     again = load_run(result.save(out))
    >>> again.flows.equals(result.flows)
    True
    """
    from model.result.allocation import run_tables
    from model.store.store import load_answer

    answer = load_answer(Path(folder))
    is_allocation = set(run_tables(answer.provenance)) <= set(answer.tables)
    content: Any = Allocation.of(answer) if is_allocation else None
    return Result(answer, content)
