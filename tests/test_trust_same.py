"""The same answer everywhere: whatever the order of a file, the place, the time or the machine."""

from __future__ import annotations

import csv
import json
import os
import random
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import model
from model.case.case import Case
from model.case.errors import BadInput
from model.case.write import write_case
from model.reading.read_case import read_case
from model.result.allocation import Allocation
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.scenarios.scenario import apply, load_scenario
from model.store.store import save
from reports.page.page import render_run
from reports.workbook import run_workbook
from tests.support.random_networks import networks
from tests.support.small_case import write_small_case

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
OF_TIME_AND_PLACE = {"run", "seconds", "provenance"}
"""What may differ in run.json: the path, how long it took, and where its inputs came from."""
CREATED = {"created": "2026-01-02T03:04:05+00:00"}


def permuted(folder: Path, target: Path, seed: int) -> Path:
    """A copy of a case with the rows and columns of every table in another order."""
    chance = random.Random(seed)
    target.mkdir(parents=True)
    if (folder / "scenarios").is_dir():  # assumptions name them
        shutil.copytree(folder / "scenarios", target / "scenarios")
    for path in folder.iterdir():
        if path.suffix == ".toml":
            (target / path.name).write_bytes(path.read_bytes())
        if path.suffix != ".csv":
            continue
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        if path.name != "periods.csv":  # its years must rise
            chance.shuffle(rows)
        order = chance.sample(range(len(header)), len(header))
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([row[at] for at in order] for row in [header, *rows])
    return target


def solved(case: Case, ledger: Any = None, name: str = "base") -> Allocation:
    if ledger is None:
        case, ledger = apply(case, load_scenario(Path(), ""))
    return evaluate(case, ScenarioInfo(name), ledger, RunOptions())


def stored(result: Allocation, out: Path) -> dict[str, bytes]:
    """Every CSV, TOML and JSON file of a run but the manifest; run.json without time and place."""
    saved = save(replace(result, provenance=CREATED).answer(), out)
    return comparable(Path(saved.figures["run"]))


def comparable(folder: Path) -> dict[str, bytes]:
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".csv", ".json", ".toml") and path.name != "manifest.json"
    }
    content = json.loads(files["run.json"])
    kept = {key: value for key, value in content.items() if key not in OF_TIME_AND_PLACE}
    return files | {"run.json": json.dumps(kept).encode()}


def same_under(folder: Path, seeds: range, tmp_path: Path) -> None:
    expected = stored(solved(read_case(folder)), tmp_path / "as it stands")
    for seed in seeds:
        other = read_case(permuted(folder, tmp_path / f"permuted {seed}", seed))
        assert stored(solved(other), tmp_path / f"runs {seed}") == expected


@pytest.mark.parametrize("name", ["prebaked_2024", "battery_2024"])
def test_rows_and_columns_of_a_bundled_case(name: str, tmp_path: Path) -> None:
    same_under(DATA / name, range(1), tmp_path)


def test_rows_and_columns_of_a_small_case(tmp_path: Path) -> None:
    same_under(write_small_case(tmp_path / "case"), range(5), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["prebaked_2024", "battery_2024"])
def test_fifty_orders_of_a_bundled_case(name: str, tmp_path: Path) -> None:
    same_under(DATA / name, range(50), tmp_path)


def order_is_nothing(case: Case, seed: int, tmp: Path) -> None:
    write_case(case, tmp / "case")
    try:
        read_case(tmp / "case")
    except BadInput:
        return  # drawn for the solver, not for the reader: a limit names a link that is not there
    same_under(tmp / "case", range(seed, seed + 1), tmp)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=networks(), seed=st.integers(0, 999))
def test_rows_and_columns_of_random_cases(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    order_is_nothing(case, seed, tmp_path_factory.mktemp("same"))


@pytest.mark.slow
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=networks(), seed=st.integers(0, 999))
def test_hundreds_of_random_cases_in_another_order(
    tmp_path_factory: pytest.TempPathFactory, case: Case, seed: int
) -> None:
    order_is_nothing(case, seed, tmp_path_factory.mktemp("same"))


def test_the_same_page_and_workbook(tmp_path: Path) -> None:
    folder = write_small_case(tmp_path / "case")
    results = [
        solved(read_case(path)) for path in (folder, permuted(folder, tmp_path / "other", 1))
    ]
    one, other = (
        replace(
            result,
            provenance=CREATED,
            figures=result.figures | {"seconds": 1.0, "run": "runs/base"},
        )
        for result in results
    )
    assert render_run(one) == render_run(other)
    assert run_workbook(one) == run_workbook(other)


PLACES = [
    {"LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "PYTHONHASHSEED": "1", "OMP_NUM_THREADS": "1"},
    {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "2"},
    {"LC_ALL": "zh_CN.GBK", "TZ": "America/St_Johns", "PYTHONHASHSEED": "99"},
    *(
        {"LC_ALL": locale, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
        for locale, encoding in (
            ("C", "ascii"), ("POSIX", "cp936"), ("C", "cp1252"), ("tr_TR.UTF-8", "utf-8"),
            ("de_DE", "latin-1"), ("ja_JP", "cp932"), ("C.UTF-8", "utf-16"),
        )
    ),
]  # fmt: skip
"""Ten places with consoles of their own; locales that a machine lacks count as C there."""


@pytest.mark.system
def test_another_locale_time_zone_hash_seed_and_number_of_threads(tmp_path: Path) -> None:
    found = []
    for number, place in enumerate(PLACES):
        command = [sys.executable, str(ROOT / "solve.py"), "--out", str(tmp_path / str(number))]
        done = subprocess.run(command, env=os.environ | place, capture_output=True, check=True)
        assert done.stdout
        found.append(comparable(next((tmp_path / str(number)).iterdir())))
    assert found[1:] == found[:1] * (len(PLACES) - 1)


def test_line_ends_of_windows_and_a_long_path_with_chinese_and_spaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plain, far = write_small_case(tmp_path / "plain"), Path(*["中文 文件夹 " * 12 + "终"] * 3)
    assert len(str(far)) >= 250
    far.mkdir(parents=True)
    for path in plain.iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        (far / path.name).write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    found = [
        comparable(Path(read_and_saved(folder, out)))
        for folder, out in ((plain, tmp_path / "out"), (far, far / "结 果"))
    ]
    assert found[0] == found[1]


def read_and_saved(folder: Path, out: Path) -> str:
    """The folder of a run of a case, with the scenario and the ledger that it names."""
    return model.allocate(model.read_case(folder)).save(out).as_posix()
