"""The same bytes with one worker, with two, and on a cluster that loses a worker."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from model.reading.read_case import read_case
from model.store.output_csv import to_csv
from model.studies.sweep.draws import DrawPlan
from model.studies.sweep.read_draws import read_draws
from model.studies.sweep.study import sweep
from tests.support.cases import TWELVE_REGIONS
from tests.support.variations import vary

ROOT = Path(__file__).parents[1]
PLAN = DrawPlan(
    (vary("origins.supply_kt", 0.04), vary("modes.cny_per_t_km", 0.1)),
    draws=1500,
    keep=("prices", "flows"),
)


def texts(**where: object) -> dict[str, str]:
    case = read_case(TWELVE_REGIONS)
    found = sweep(case, PLAN, **where)  # type: ignore[arg-type]
    return {name: to_csv(table) for name, table in found.files().items()}


@pytest.mark.system
def test_two_workers_write_the_same_bytes() -> None:
    assert texts(workers=2) == texts()


@pytest.mark.system
def test_a_cluster_writes_the_same_bytes(
    cluster: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    address, processes = cluster
    seen: list[int] = []

    def kill_one(done: int, _: int) -> None:
        seen.append(done)
        if done == 1:
            processes[1].kill()

    assert texts(cluster=address, done=kill_one) == texts()
    assert seen[-1] == 6


def test_draws_of_the_documentation() -> None:

    plan = read_draws(ROOT / "docs" / "draws.toml")
    found = sweep(read_case(TWELVE_REGIONS), plan, draws=50)
    assert found.counts["draws"] == 50
