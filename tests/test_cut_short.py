"""A site that a limit cut short: what it says of sets, rows and bounds is derived again."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import solve
from model import run
from model.market.market import Market
from model.result.study_tables import file_tables
from model.solve.column_generation import Allocator
from model.solve.deadline import Deadline
from model.store.output_csv import to_csv
from model.store.output_json import json_text
from model.verification.verify import verify
from tests.support.forging import seal_again, value
from tests.support.honest_folders import WEST
from tests.support.small_case import write_scenario, write_small_case

FILES = ("run.json", "studies.json")
Command = Callable[..., Any]
Content = dict[str, Any]
Change = Callable[[Content, Content], None]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with a limit that it did not need."""
    base = tmp_path_factory.mktemp("cut_short")
    case = write_small_case(base / "case")
    write_scenario(case, "west", WEST)
    command = f"site --case {case} --top 3 --against west --time-limit 999 --out {base}/runs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["solve.py", *command.split()])
        assert solve.main() == 0
    (run,) = (base / "runs").iterdir()
    return run


class Stopped(Allocator):
    """Solves the first few programs of a run, as if the limit came then."""

    most = 1

    def __init__(self, market: Market, *, deadline: Deadline, programs: int | None) -> None:
        assert programs is None
        super().__init__(market, deadline=deadline, programs=self.most)


@pytest.mark.parametrize("programs", [1, 3, 6])
def test_a_run_that_a_limit_cut_short_is_found_again(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, programs: int
) -> None:
    command = f"run west --case {whole.parents[1]}/case --time-limit 999 --out {tmp_path}"
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", ["solve.py", *command.split()])
        patch.setattr(Stopped, "most", programs)
        patch.setattr(run, "Allocator", Stopped)
        assert solve.main() == 4
    (folder,) = tmp_path.iterdir()
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert (content["status"], content["ties"]) == ("limit", "unresolved")
    assert verify(folder).disagreements == ()
    value("run.json", "provenance", "options", "programs", to=lambda count: count + 1)(folder)
    seal_again(folder)
    assert [entry.figure for entry in verify(folder).disagreements] == [
        "provenance.options.programs"
    ]


def changed(whole: Path, target: Path, change: Change) -> Path:
    """A copy with other content, every hash made again, that of its name too."""
    run = Path(shutil.copytree(whole, target / whole.name))
    content, studies = (json.loads((run / name).read_text(encoding="utf-8")) for name in FILES)
    change(content, studies)
    (run / "run.json").write_text(json_text(content), encoding="utf-8")
    (run / "studies.json").write_text(json_text(studies), encoding="utf-8")
    for name in ("sets", "options", "money", "budget", "number", "regret"):
        (run / f"{name}.csv").unlink(missing_ok=True)
    for name, table in file_tables(studies, "site").items():
        (run / f"{name}.csv").write_text(to_csv(pd.DataFrame(table)), encoding="utf-8")
    seal_again(run)
    return run


def cut(content: Content, studies: Content) -> None:
    """As if the time had ended after some rows."""
    content["tables_proved"] = False
    studies["site_money"].pop()
    content["provenance"]["options"]["answered"] = {
        "sets": 2, "options": 3, "money": len(studies["site_money"]), "budget": 2, "number": 3,
        "regret": 2,
    }  # fmt: skip
    studies["site_options"].pop()
    studies["site_budget"].pop(0)
    studies["site_sets"].pop()
    studies["site_regret"].pop()


def test_what_a_limit_left_of_the_tables_agrees(whole: Path, tmp_path: Path) -> None:
    found = verify(changed(whole, tmp_path, cut))
    assert found.disagreements == ()


@pytest.mark.parametrize(
    ("table", "column", "by"),
    [
        ("sets", "cost_mcny", -0.001),
        ("sets", "capital_mcny", 1.0),
        ("options", "saves_alone_mcny", 0.5),
        ("budget", "cost_from_mcny", -0.01),
        ("budget", "from_mcny", 0.5),
        ("number", "cost_mcny", -0.01),
        ("regret", "regret_mcny", 0.25),
        ("regret", "best_mcny", 0.25),
    ],
)
def test_a_figure_beside_a_limit_is_valued(
    whole: Path, tmp_path: Path, table: str, column: str, by: float
) -> None:
    def forge(content: Content, studies: Content) -> None:
        cut(content, studies)
        studies[f"site_{table}"][-1][column] += by

    assert verify(changed(whole, tmp_path, forge)).disagreements


def test_a_gap_is_proved_again(whole: Path, tmp_path: Path) -> None:
    def forge(gap: float) -> Change:
        def change(content: Content, studies: Content) -> None:
            cut(content, studies)
            last = studies["site_sets"][-1]
            last["proved"], last["proof_gap_mcny"] = False, gap

        return change

    honest = changed(whole, tmp_path / "honest", forge(1.0))
    assert verify(honest).disagreements == ()

    for number, gap in enumerate((-1.0, 0.0)):

        def worse(content: Content, studies: Content, gap: float = gap) -> None:
            forge(gap)(content, studies)
            for rank, row in enumerate(studies["site_sets"], start=1):
                row["rank"] = rank
            studies["site_sets"][-1]["set"] = "nothing"

        assert verify(changed(whole, tmp_path / f"forged{number}", worse)).disagreements


def test_a_bound_that_a_set_undercuts_is_no_bound(whole: Path, tmp_path: Path) -> None:
    def open_bound(claimed: float) -> Change:
        def change(content: Content, studies: Content) -> None:
            total = content["total_cost_mcny"]
            content |= {"status": "limit", "tables_proved": False}
            content["claimed_bound_mcny"] = total + claimed
            money = len(studies["site_money"])
            answered = {"sets": 1, "options": 4, "money": money}
            content["provenance"]["options"]["answered"] = answered
            content["gap_share"] = round(-claimed / total, 12) + 0.0
            for table in ("number", "regret", "budget"):
                studies.pop(f"site_{table}")
            del studies["site_sets"][1:]
            studies["site_sets"][0] |= {"proved": False, "proof_gap_mcny": 0.0 - claimed}

        return change

    honest = verify(changed(whole, tmp_path / "honest", open_bound(0.0))).disagreements
    assert {entry.file for entry in honest} <= {"certificate.json", "datapackage.json"}
    humble = verify(changed(whole, tmp_path / "humble", open_bound(-1.0))).disagreements
    assert any("which is proved" in entry.found for entry in humble)
    forged = verify(changed(whole, tmp_path / "forged", open_bound(0.5))).disagreements
    assert any("not proved" in entry.found for entry in forged)


def test_scenarios_of_one_file_name_are_told_apart_or_refused(
    command: Command, tmp_path: Path
) -> None:
    case = write_small_case(tmp_path / "case")
    for folder, kt in (("one", "110"), ("two", "120")):
        (tmp_path / folder).mkdir()
        text = WEST.replace("110", kt)
        (tmp_path / folder / "x.toml").write_text(text, encoding="utf-8")
    one, two = (tmp_path / folder / "x.toml" for folder in ("one", "two"))
    question = ("site", "--case", case, "--top", "1", "--out", tmp_path / "runs")
    ended = command(*question, one, "--against", two)
    assert ended.code == 2
    assert "names of their own" in ended.err
    assert not list((tmp_path / "runs").glob("*"))
    ended = command(*question, "--against", two, "--json")
    assert ended.code == 0
    assert verify(Path(ended.json["run"])).disagreements == ()
