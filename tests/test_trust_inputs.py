"""Bad input and bad luck, from the command to the files: what only a whole run can show."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from model.solve.session import Session
from model.solve.solution import Solution, Status
from tests.conftest import DANTZIG, Ended
from tests.support.claimed import claim_with_gap

Command = Callable[..., Ended]
Make = Callable[[str, dict[str, str]], Path]
ROOT = Path(__file__).parents[1]

NETWORK = {
    "case.toml": 'name = "network"\n',
    "origins.csv": "origin,supply_kt,node\nNorth,50,A\nSouth,40,B\n",
    "sinks.csv": "sink,demand_kt,node\nEast,30,C\nWest,20,D\n",
    "nodes.csv": "node,kind,lat,lon\nA,hub,40,110\nB,hub,30,110\nC,hub,35,118\nD,hub,35,100\n"
    "E,hub,20,100\n",
    "modes.csv": "mode,cny_per_t_km,circuity\nrail,0.1,1.2\n",
    "links.csv": "from,to,mode,km,limit_kt\nA,C,rail,900,25\nB,C,rail,950,\nB,D,rail,1000,\n",
}


def solve(command: Command, folder: Path) -> Ended:
    return command("run", "--case", folder, "--out", "runs", "--json")


def headline(ended: Ended) -> str:
    """The diagnosis as the terminal tells it, without the page's place."""
    *lines, page = ended.said.splitlines()
    assert page.startswith("  page     runs/")
    return "\n".join(lines)


def run_files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


# What only the solve can tell


def test_a_sink_that_only_the_solve_finds_unreachable(command: Command, make_folder: Make) -> None:
    files = NETWORK | {"links.csv": "from,to,mode,km\nA,C,rail,900\nD,E,rail,1700\n"}
    ended = solve(command, make_folder("case", files))
    assert ended.code == 3
    assert headline(ended) == (
        "base: no feasible allocation\n"
        "  cut      No route to West (nearest: A 1,042 km, B 1,089 km, C 1,637 km). West needs 20"
        " kt; at most 0 kt can reach it: short by 20 kt, because of no lane brings more.\n"
        "  repair   20 kt less demand at West"
    )
    assert ended.json["diagnosis"]["unreachable"] == [
        {"sink": "West", "nearest": ["A 1,042 km", "B 1,089 km", "C 1,637 km"]}
    ]


def test_more_demand_than_supply(command: Command, make_folder: Make) -> None:
    sinks = NETWORK["sinks.csv"].replace("30", "80")
    ended = solve(command, make_folder("case", NETWORK | {"sinks.csv": sinks}))
    assert ended.code == 3
    warning, _, told = headline(ended).partition("\n")
    assert warning.startswith("warning: sinks.csv: 100 kt of demand for 90 kt of supply found; ")
    assert told == (
        "base: no feasible allocation\n"
        "  cut      East, West need 100 kt; at most 65 kt can reach them: short by 35 kt, because"
        " of all supply of South 40 kt; the limit of link A>C:rail 25 kt.\n"
        "  repair   35 kt less demand at East\n"
        "  repair   35 kt more supply at South"
    )


def test_enough_in_all_and_too_little_across_a_cut(command: Command, make_folder: Make) -> None:
    links = NETWORK["links.csv"].replace("B,C,rail,950,\n", "B,C,rail,950,4\n")
    ended = solve(command, make_folder("case", NETWORK | {"links.csv": links}))
    assert ended.code == 3
    assert headline(ended) == (
        "base: no feasible allocation\n"
        "  cut      East needs 30 kt; at most 29 kt can reach it: short by 1 kt, because of the"
        " limit of link A>C:rail 25 kt; the limit of link B>C:rail 4 kt.\n"
        "  repair   1 kt less demand at East\n"
        "  repair   the limit of link A>C:rail raised by 1 kt or the limit of link B>C:rail raised"
        " by 1 kt"
    )
    assert command("verify", ended.json["run"]).code == 0


def test_a_network_in_two_parts(command: Command, make_folder: Make) -> None:
    apart = NETWORK | {
        "links.csv": "from,to,mode,km\nA,C,rail,900\nB,D,rail,1000\n",
        "nodes.csv": NETWORK["nodes.csv"].replace("E,hub,20,100\n", ""),
    }
    ended = solve(command, make_folder("case", apart))
    assert (ended.code, ended.json["shipped_kt"]) == (0, 50)
    short = apart | {"sinks.csv": apart["sinks.csv"].replace("30", "60")}
    ended = solve(command, make_folder("short", short))
    assert ended.code == 3
    assert ended.json["diagnosis"]["components"] == [["A", "C"], ["B", "D"]]


def test_nothing_wanted_and_nothing_to_give(command: Command, make_folder: Make) -> None:
    origins = "origin,supply_kt\nSeattle,350\nSan Diego,0\n"
    sinks = "sink,demand_kt\nNew York,0\nChicago,300\nTopeka,0\n"
    ended = solve(
        command, make_folder("case", DANTZIG | {"origins.csv": origins, "sinks.csv": sinks})
    )
    assert (ended.code, ended.json["shipped_kt"]) == (0, 300)
    none = {"origins.csv": origins.replace("350", "0"), "sinks.csv": sinks.replace("300", "0")}
    ended = solve(command, make_folder("none", DANTZIG | none))
    assert (ended.code, ended.json["shipped_kt"]) == (0, 0)
    assert ended.json["mean_haul_km"] in (None, 0)
    folder = Path(ended.json["run"])
    assert not any(b"nan" in text for name, text in run_files(folder).items() if "csv" in name)
    assert command("verify", folder).code == 0


# Names


CHINESE = {
    name: text.replace("Seattle", "山东").replace("Chicago", "云南 & <b>青海</b>")
    for name, text in DANTZIG.items()
}


def test_chinese_names_are_the_same_everywhere(command: Command, make_folder: Make) -> None:
    ended = solve(command, make_folder("case", CHINESE))
    assert ended.code == 0, ended.err
    folder = Path(ended.json["run"])
    assert "山东,云南 & <b>青海</b>," in (folder / "flows.csv").read_text(encoding="utf-8")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "山东" in page and "云南 &amp; &lt;b&gt;青海&lt;/b&gt;" in page
    assert "<b>青海" not in page
    with zipfile.ZipFile(folder / "report.xlsx") as archive:
        cells = archive.read("xl/sharedStrings.xml").decode()
    assert "山东" in cells and "云南 &amp; &lt;b&gt;青海&lt;/b&gt;" in cells


def test_a_script_in_a_name_is_a_name(command: Command, make_folder: Make) -> None:
    evil = "</script><script>alert(1)</script>"
    files = {name: text.replace("Seattle", evil) for name, text in DANTZIG.items()}
    ended = solve(command, make_folder("case", files))
    assert ended.code == 0, ended.err
    assert evil not in (Path(ended.json["run"]) / "report.html").read_text(encoding="utf-8")


# Figures that try the solver


def test_figures_that_span_too_much_are_solved_again(
    command: Command, make_folder: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    lanes = DANTZIG["lanes.csv"].replace("Seattle,New York,0.225", "Seattle,New York,300000000")
    folder = make_folder("case", DANTZIG | {"lanes.csv": lanes})
    ended = solve(command, folder)
    assert ended.code == 0
    assert (
        "warning: case.toml: costs from 0.126 to 3e+08 found; they span more than 1e9, and the"
        " solution is checked again without presolve; are the units right?\n" in ended.err
    )
    honest = Session.solve

    def other_answer(session: Session, **options: Any) -> Solution:
        answer = honest(session, **options)
        return answer if "primal" in options else Solution(**(vars(answer) | {"objective": 1.0}))

    monkeypatch.setattr(Session, "solve", other_answer)
    ended = solve(command, folder)
    assert ended.code == 1
    assert ended.json["error"] == (
        "two solves disagree: 153.675 thousand CNY, and then optimal at 1; the figures span too"
        " much for the solver; no result was written"
    )
    assert solve(command, make_folder("plain", DANTZIG)).code == 0


def test_among_equal_plans_one_is_published_and_the_others_announced(
    command: Command, make_folder: Make
) -> None:
    rows = [f"{origin},{sink},1" for origin in "AB" for sink in "XY"]
    files = {
        "case.toml": 'name = "ties"\n',
        "origins.csv": "origin,supply_kt\nA,10\nB,10\n",
        "sinks.csv": "sink,demand_kt\nX,7\nY,7\n",
    }
    tables = []
    for number, order in enumerate((rows, rows[::-1], rows[2:] + rows[:2])):
        lanes = "\n".join(["origin,sink,cost_cny_per_t", *order, ""])
        ended = solve(command, make_folder(f"case{number}", files | {"lanes.csv": lanes}))
        assert ended.json["lanes"]["other_plans_cost_the_same"]
        tables.append((Path(ended.json["run"]) / "flows.csv").read_bytes())
        page = (Path(ended.json["run"]) / "report.html").read_text()
        assert "Other plans cost exactly the same" in page
    assert len(set(tables)) == 1


def test_a_limit_with_an_answer_is_told_with_its_gap(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim_with_gap(monkeypatch, 3e-7)
    ended = solve(command, dantzig)
    assert ended.code == 4
    assert ended.said.startswith("base: feasible, gap 3e-05 %; not proved\n")
    assert "optimal" not in ended.err


def test_a_limit_without_an_answer_writes_nothing(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Session.solve

    def stopped(session: Session, **options: Any) -> Solution:
        return Solution(**(vars(honest(session, **options)) | {"status": Status.LIMIT}))

    monkeypatch.setattr(Session, "solve", stopped)
    ended = solve(command, dantzig)
    assert (ended.code, ended.json["status"]) == (4, "limit")
    assert ended.said == (
        "base: not proved, a limit came first\n"
        "  plan     none was found in time; nothing was written\n"
    )
    assert not Path("runs").exists()


# Places


@pytest.mark.parametrize("argument", ["../../x", "/etc/passwd", "CON", "x" * 300, "a\0b"])
def test_no_scenario_name_leads_outside(
    command: Command, dantzig: Path, argument: str, tmp_path: Path
) -> None:
    before = sorted(tmp_path.rglob("*"))
    ended = command("run", argument, "--case", dantzig, "--out", "runs")
    assert ended.code == 2
    assert ended.said.endswith("1 fault; nothing was written\n")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_link_out_of_its_folder_is_not_followed(
    command: Command, dantzig: Path, tmp_path: Path
) -> None:
    outside, here = tmp_path / "outside", tmp_path / "here"
    outside.mkdir()
    here.mkdir()
    (here / "runs").symlink_to(outside)
    ended = command("run", "--case", dantzig, "--out", here / "runs")
    assert ended.code == 2
    assert ended.said == (
        f"{here / 'runs'}: a symbolic link to {outside} found; runs are not written through a"
        " link that leaves its folder; give the folder itself to --out\n"
        "1 fault; nothing was written\n"
    )
    assert list(outside.iterdir()) == []


def test_a_disk_that_fills_up_while_writing(
    command: Command, dantzig: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Path(solve(command, dantzig).json["run"])
    before = run_files(first)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("model.store.folder.RunFolder.write", full)
    ended = solve(command, dantzig)
    assert ended.code == 1
    assert ended.json["error"] == "[Errno 28] No space left on device"
    assert list(Path("runs").iterdir()) == [first]
    assert run_files(first) == before


SMALL_DISK = """
set -e
mount -t tmpfs -o size={size} none {folder}
cd {root}
{python} solve.py run --case {case} --out {folder}/runs || echo "code $?"
ls -A {folder}/runs
"""


@pytest.mark.system
@pytest.mark.parametrize(
    ("size", "said"),
    [("4m", "MB free found; a run needs 32 MB; make room"), ("36m,ro", "Read-only file system")],
)
def test_a_small_or_read_only_disk_is_said_before_solving(
    dantzig: Path, tmp_path: Path, size: str, said: str
) -> None:
    """On a disk of its own, which only root (or a user namespace) may mount."""
    (tmp_path / "disk").mkdir()
    script = SMALL_DISK.format(
        size=size, folder=tmp_path / "disk", root=ROOT, python=sys.executable, case=dantzig
    )
    done = subprocess.run(
        ["unshare", "--mount", "--map-root-user", "bash", "-c", script],
        capture_output=True,
        text=True,
        check=False,
    )
    if "code" not in done.stdout:
        pytest.skip(f"no disk of its own here: {done.stderr.strip().splitlines()[-1:]}")
    assert said in done.stderr
    assert done.stdout.split() == ["code", "2"]


def test_what_changes_during_a_run_is_noticed(command: Command, dantzig: Path) -> None:
    """See also test_cli.py; here the run is whole and its inputs are hashed."""
    inputs = solve(command, dantzig).json["provenance"]["inputs"]
    assert set(inputs) == set(DANTZIG)
    assert all(len(digest) == 64 for digest in inputs.values())
