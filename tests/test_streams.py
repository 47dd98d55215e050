"""What reaches a screen or a pipe: any console, and one JSON object whatever else is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = {
    "case.toml": 'name = "宁夏 Årdal €"\n',
    "origins.csv": "origin,supply_kt\n宁夏,100\nÅrdal,100\n🏭,5\n",
    "sinks.csv": "sink,demand_kt\nكهرباء,50\nŞirket,60\n",
    "lanes.csv": "origin,sink,cost_cny_per_t\n宁夏,كهرباء,5\nÅrdal,كهرباء,6\nÅrdal,Şirket,7\n",
    "scenarios/plus.toml": 'title = "— больше"\n[[step]]\nset = "sinks.demand_kt"\nvalue = 55\n',
    "scenarios/much.toml": '[[step]]\nset = "sinks.demand_kt"\nvalue = 120\n',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / "case" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "case"


def solve(encoding: str, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, ROOT / "solve.py", *arguments]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    return subprocess.run(command, env=environment, capture_output=True, check=False)


def run_of(folder: Path) -> dict[str, bytes]:
    (run,) = (path for path in folder.iterdir() if path.name.startswith("plus-"))
    return {path.name: path.read_bytes() for path in run.rglob("*.csv")}


@pytest.mark.parametrize("encoding", ["gbk", "cp932", "cp1252:strict", "ascii"])
def test_no_console_makes_an_error(folder: Path, encoding: str, tmp_path: Path) -> None:
    for code, *arguments in (
        (3, "run", "plus", "much", "--out", tmp_path / "runs"),
        (0, "list", "--out", tmp_path / "runs"),
        (0, "check"),
    ):
        ended = solve(encoding, *arguments, "--case", folder)
        assert ended.returncode == code, ended.stderr
        assert b"Traceback" not in ended.stderr
        assert b"codec" not in ended.stderr
    assert "宁夏".encode() in run_of(tmp_path / "runs")["flows.csv"]


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "cp1252", "ascii"])
def test_json_is_one_object_in_every_encoding(folder: Path, encoding: str) -> None:
    ended = solve(encoding, "check", "--case", folder, "--json")
    assert json.loads(ended.stdout.decode(encoding))["case"] == "宁夏 Årdal €"
    (folder / "origins.csv").write_text("origin,supply_kt\n宁夏,-1\n", encoding="utf-8")
    ended = solve(encoding, "check", "--case", folder, "--json")
    assert json.loads(ended.stdout.decode(encoding))["status"] == "refused"


NOISY = """
import ctypes, os, sys
sys.path.insert(0, {root!r})
import solve
from model.scenarios import prepare

quiet = prepare.check_case
def noisy(path):
    print("from Python")
    os.write(1, b"from the system\\n")
    libc = ctypes.CDLL(None)
    libc.puts(b"from C")
    libc.fflush(None)
    return quiet(path)

prepare.check_case = noisy
sys.argv = ["solve.py", "check", "--case", {case!r}, *{more}]
code = solve.main()
print("after")
sys.exit(code)
"""


def noisy(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    program = NOISY.format(root=str(ROOT), case=str(folder), more=list(more))
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.skipif(os.name != "posix", reason="calls the C library by its POSIX name")
def test_whatever_a_library_prints_the_object_stands_alone(folder: Path) -> None:
    ended = noisy(folder, "--json")
    told, after = ended.stdout.rsplit("after\n", 1)
    assert (json.loads(told)["status"], after, ended.returncode) == ("valid", "", 0)
    assert {"from Python", "from the system", "from C"} <= set(ended.stderr.splitlines())
    assert "from C\n" in noisy(folder).stdout


@pytest.mark.parametrize(
    ("arguments", "status"), [(["run", "--no-such-option"], "refused"), (["nonsense"], "refused")]
)
def test_bad_usage_is_one_object_too(arguments: list[str], status: str) -> None:
    ended = solve("utf-8", *arguments, "--json")
    assert (json.loads(ended.stdout)["status"], ended.returncode) == (status, 2)
