"""Flows of several runs in one table, for programs that filter and pivot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from model.case.errors import BadInput, Fault
from model.result.answer import Answer
from model.store.geojson import ends_of, places_of
from model.store.output_csv import to_csv
from model.store.store import load_answer

SUFFIX = ".csv"

NOWHERE = (float("nan"), float("nan"))
"""Longitude and latitude of a place that has none."""


def long_flows(runs: Sequence[Path]) -> pd.DataFrame:
    """The rows of `flows.csv` of all runs, each with its run, its scenario and coordinates.

    One set for several futures gives the flows of each.

    Raises
    ------
    BadInput
        A run is damaged, or has no flows.
    """
    frames = [frame for run in runs for frame in _flows(run.name, load_answer(run, ["flows"]))]
    return pd.concat(frames, ignore_index=True)


def write_long_flows(runs: Sequence[Path], path: Path) -> int:
    """Write :func:`long_flows` as CSV; return how many rows it has.

    Raises
    ------
    BadInput
        As :func:`long_flows` says, or the file is not named, or cannot be written, as it must.
    """
    if path.suffix.lower() != SUFFIX:
        rule, remedy = f"the name of the file must end in {SUFFIX}", f"write {path.stem}{SUFFIX}"
        raise BadInput([Fault(str(path), path.suffix or "no suffix", rule, remedy)])
    table = long_flows(runs)
    try:
        path.write_text(to_csv(table), encoding="utf-8", newline="")
    except OSError as error:
        rule, remedy = "the file must be writable", "give another path to --flows"
        raise BadInput([Fault(str(path), error.strerror or str(error), rule, remedy)]) from error
    return len(table)


def _flows(name: str, answer: Answer) -> Iterator[pd.DataFrame]:
    for future, part in answer.parts.items():
        yield from _flows(f"{name}/{future}", part)
    case = answer.built or answer.requested
    if case is not None and "flows" in answer.tables:
        flows, ends, places = answer.tables["flows"], ends_of(case), places_of(case)
        sides = {
            side: [places.get(ends.get((role, place), ""), NOWHERE) for place in flows[role]]
            for side, role in (("from", "origin"), ("to", "sink"))
        }
        found = flows.assign(
            **{
                f"{side}_{axis}": [at[number] for at in known]
                for side, known in sides.items()
                for number, axis in ((1, "lat"), (0, "lon"))
            }
        )
        found.insert(0, "run", name)
        found.insert(1, "scenario", "" if answer.scenario is None else answer.scenario.name)
        yield found
    elif not answer.parts:
        rule, remedy = "a run must have flows", "name runs that allocate"
        raise BadInput([Fault(name, f"a {answer.kind} without flows", rule, remedy)])
