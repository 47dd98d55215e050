"""A run without a plan: the proof that there is none, and what it says of the shortage."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from model.audit.disagreement import Disagreement
from model.audit.figures import count_lanes, run_figures
from model.audit.stored import Stored
from model.certify.certificate import PROVED, certify_texts
from model.certify.program import ZERO, demand_row
from model.certify.reading import read_output

UNIT = Fraction(1_000_001, 1_000_000)
"""A weight of 1, but for rounding: what demand that goes short has in a proof of least shortage."""


def check_infeasible(stored: Stored) -> Iterator[Disagreement]:
    """A proof that does not hold, figures without a plan, and a shortage that is not the least."""
    found = certify_texts(stored.inputs, stored.outputs)
    if found["word"] != PROVED:
        reason = f"not proved: {found['reason']}"
        yield Disagreement("run.json", "status", "infeasible", reason)
    yield from stored.compare_found(found)
    for table in ("flows", "balance", "prices", "observed"):
        if read_output(stored.outputs, table).rows:
            yield Disagreement(f"{table}.csv", "", "rows", "no plan")
    offered = Fraction(count_lanes(stored.program))
    for name in run_figures(stored.program, []):
        yield from stored.compare_figure(name, found=offered if name == "lanes_offered" else None)
    yield from _shortage(stored, found.get("shortage_kt_at_least"))


def _shortage(stored: Stored, least: dict[str, str] | None) -> Iterator[Disagreement]:
    """What the diagnosis says of the cut, where only demands go short in the proof.

    No weight above 1 means that nothing dearer than a shortage is part of the least violation.
    """
    weights = {row: Fraction(weight) for row, weight in stored.certificate["farkas"].items()}
    if least is None or max(map(abs, weights.values())) > UNIT:
        return
    shortage = Fraction(least["exact"])
    need = sum(
        (
            sink.demand_kt
            for sink in stored.program.sinks.values()
            if weights.get(demand_row(sink.name), ZERO) > 0
        ),
        ZERO,
    )
    yield from stored.compare_figure("diagnosis", "shortage_kt", found=shortage)
    yield from stored.compare_figure("diagnosis", "need_kt", found=need)
    yield from stored.compare_figure("diagnosis", "reach_kt", found=need - shortage)
