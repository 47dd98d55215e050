"""A plan on disk: its inputs, tables and figures."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.write import write_case
from model.result.figures import complete
from model.store.folder import RunFolder, new_folder
from model.store.output_csv import to_csv
from model.store.output_json import json_text

if TYPE_CHECKING:
    from model.studies.plan.plan import Plan

KIND = "plan"


@contextlib.contextmanager
def saving_plan(plan: Plan, out: Path) -> Iterator[tuple[Plan, RunFolder]]:
    """Write a plan into a new folder of `out`; the block adds what is made of it."""
    created = datetime.fromisoformat(plan.provenance["created"])
    identity = json_text([KIND, plan.scenario.name, plan.provenance, plan.figures])
    with new_folder(out, f"{KIND}-{plan.scenario.name}", identity, created) as folder:
        placed = replace(plan, figures=plan.figures | {"run": folder.path.as_posix()})
        write_case(placed.case, folder.partial / "inputs")
        for name, table in placed.tables().items():
            folder.write(f"{name}.csv", to_csv(table))
        folder.write("run.json", json_text(plan_summary(placed)))
        yield placed, folder


def plan_summary(plan: Plan) -> dict[str, Any]:
    """What ``run.json`` and ``--json`` say of a plan."""
    return {
        "kind": KIND,
        "scenario": vars(plan.scenario),
        "status": plan.status,
        "run": None,
        **complete(KIND, plan.status, plan.figures),
        "diagnosis": None if plan.diagnosis is None else plan.diagnosis.as_dict(),
        "provenance": plan.provenance,
    }
