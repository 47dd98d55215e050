"""Structural alternatives, tried as the scenarios that they are; sums of assumptions that stay."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case.case import Case
from model.case.write import write_case
from model.reading.read_case import read_case
from model.scenarios.alternative import alternative
from model.scenarios.scenario import apply, load_scenario
from model.studies.allowance import Allowance
from model.studies.parametric.figure import Figure
from model.studies.sensitivity.alternatives import COLUMNS, alternatives
from model.studies.sensitivity.part_of_sum import PartOfSum
from model.studies.sensitivity.study import sensitivity
from tests.conftest import DANTZIG, Ended
from tests.support.markets import frame, least_cost, transport_case

Command = Callable[..., Ended]
DEARER = """title = "Trucks"
[[step]]
scale = "lanes.cost_cny_per_t"
where = { origin = ["Seattle"] }
value = 2
"""
SHIFTED = """extends = "dearer"
[[step]]
set = "origins.supply_kt"
where = { origin = ["San Diego"] }
value = 900
"""
CLOSED = """[[step]]
set = "origins.supply_kt"
value = 1
"""
LOST = """[[step]]
drop = "origins"
where = { origin = ["Portland"] }
"""
STRUCTURES = "assumption,scenario\nfreight,dearer\nshift,shifted\nclosed,closed\nlost,lost\n"
FILES = DANTZIG | {
    "assumptions.csv": STRUCTURES,
    "scenarios/dearer.toml": DEARER,
    "scenarios/shifted.toml": SHIFTED,
    "scenarios/closed.toml": CLOSED,
    "scenarios/lost.toml": LOST,
    "scenarios/unused.toml": CLOSED,
}


@pytest.fixture
def structured(make_folder: Callable[[str, dict[str, str]], Path]) -> Path:
    return make_folder("structured", FILES)


def test_each_alternative_is_its_scenario_solved_by_itself(structured: Path) -> None:
    case = read_case(structured)
    now, _ = sensitivity(case)
    assert now is not None and now.cost_mcny * 1000 == pytest.approx(153.675)
    table = alternatives(case, now, Allowance()).set_index("assumption")
    assert list(table.reset_index()) == COLUMNS
    for row, name in (("freight", "dearer"), ("shift", "shifted")):
        under, _ = apply(case, load_scenario(structured, name))
        cost = least_cost(under)
        assert cost is not None
        assert table.loc[row, "cost_mcny"] * 1000 == pytest.approx(cost)
        assert table.loc[row, "change_mcny"] * 1000 == pytest.approx(cost - 153.675)
    assert table.loc["closed", "note"] == "no feasible plan"
    assert math.isnan(table.loc["closed", "cost_mcny"])
    assert table.loc["lost", "note"] == (
        'it cannot be tried here: scenarios/lost.toml:step 1:where: origin="Portland" found; must '
        "match a row of origins; see the rows of origins"
    )


def test_what_turns_is_told() -> None:
    """By hand: o0 sends 20 to o1's region and 15 to o2's; with 60 wanted there it turns."""
    case = transport_case(
        [100, 10, 10],
        [20, 30, 25],
        [[1, 10, 8], [50, 2, 50], [50, 50, 2]],
        assumptions=frame("assumption scenario", "more more", "less less"),
    )
    texts = {
        name: f'[[step]]\nset = "sinks.demand_kt"\nwhere = {{ sink = ["s2"] }}\nvalue = {kt}\n'
        for name, kt in (("more", 60), ("less", 24))
    }
    case = case.replace(sinks=case.sinks.assign(region=["o0", "o1", "o2"]), scenarios=texts)
    now, table = sensitivity(case)
    assert now is not None and table.empty
    found = alternatives(case, now, Allowance()).set_index("scenario")
    assert (now.flow, found.loc["more", "flow"]) == ("o0 to o1", "o0 to o2")
    assert found["turns"].to_dict() == {"more": "flow", "less": ""}


def test_a_case_keeps_the_scenarios_that_it_needs(structured: Path, tmp_path: Path) -> None:
    case = read_case(structured)
    write_case(case, tmp_path / "again")
    kept = sorted(path.name for path in (tmp_path / "again" / "scenarios").iterdir())
    assert kept == ["closed.toml", "dearer.toml", "lost.toml", "shifted.toml"]
    assert len(alternative(read_case(tmp_path / "again"), "shifted").steps) == 2


def test_a_full_run_tries_them_and_verify_asks_again(
    command: Command, structured: Path, tmp_path: Path
) -> None:
    ended = command("run", "--full", "--case", structured, "--out", tmp_path / "runs", "--json")
    assert ended.code == 0, ended.err
    run = Path(ended.json["run"])
    studies = json.loads((run / "studies.json").read_text(encoding="utf-8"))
    assert [row["assumption"] for row in studies["rests_on_structure"]][:2] == ["freight", "shift"]
    page = (run / "report.html").read_text(encoding="utf-8")
    assert "What another structure of the case" in page and "scenario dearer" in page
    assert command("verify", run).code == 0
    again = command("run", "--full", "--case", run / "inputs", "--out", tmp_path / "again")
    assert again.code == 0, again.err
    (second,) = (tmp_path / "again").iterdir()
    for name in ("studies.json", "inputs/assumptions.csv", "inputs/scenarios/shifted.toml"):
        assert (second / name).read_bytes() == (run / name).read_bytes()
    studies["rests_on_structure"][0]["cost_mcny"] *= 1.01
    (run / "studies.json").write_text(json.dumps(studies), encoding="utf-8")
    assert command("verify", run).code == 5


def test_an_alternative_that_is_no_scenario_is_refused_where_there_are_any(
    command: Command, make_folder: Callable[[str, dict[str, str]], Path]
) -> None:
    wrong = STRUCTURES.replace("shifted", "shiftd").replace("lost,lost", "lost,nowhere")
    ended = command("check", "--case", make_folder("wrong", FILES | {"assumptions.csv": wrong}))
    assert ended.code == 2
    assert (
        'assumptions.csv:3:scenario: "shiftd" found; must be a scenario of the case; '
        'did you mean "shifted"?\n'
        'assumptions.csv:5:scenario: "nowhere" found; must be a scenario of the case; '
        "write scenarios/nowhere.toml\n"
    ) in ended.err


def test_tables_without_their_scenarios_are_a_case_still(
    command: Command, make_folder: Callable[[str, dict[str, str]], Path]
) -> None:
    bare = make_folder("bare", DANTZIG | {"assumptions.csv": STRUCTURES})
    ended = command("run", "--full", "--case", bare, "--out", "runs", "--json")
    assert ended.code == 0
    assert (
        'warning: assumptions.csv:2:scenario: "dearer" found; no scenario came with the case, so '
        "this and other alternatives cannot be tried; put the folder scenarios beside it"
    ) in ended.err
    text = (Path(ended.json["run"]) / "studies.json").read_text(encoding="utf-8")
    tried = json.loads(text)["rests_on_structure"]
    assert {row["note"].partition(":")[0] for row in tried} == {"it cannot be tried here"}


def split() -> Case:
    """Markets of 20, 30 and 50 kt, of which the printed sum is 100."""
    rows = ["assumption target where low high moves_with"]
    rows += [f"m{n} sinks.demand_kt sink=s{n} {at} printed" for n, at in
             enumerate(("10 30", "20 60", "45 60"))]  # fmt: skip
    return transport_case([60, 60], [20, 30, 50], [[1, 4, 6], [7, 2, 5]],
                          assumptions=frame(*rows))  # fmt: skip


def test_assumptions_of_one_sum_move_together() -> None:
    """By hand: s1 at 60 leaves 40 to s0 and s2, which keep 20 to 50."""
    case = split()
    others = (Figure("sinks.demand_kt", "sink=s0"), Figure("sinks.demand_kt", "sink=s2"))
    figure = PartOfSum.of(Figure("sinks.demand_kt", "sink=s1"), others, case)
    demand = figure.put(case, 60.0).sinks["demand_kt"]
    assert demand.tolist() == pytest.approx([20 * 4 / 7, 60, 50 * 4 / 7])
    assert figure.most == 100.0
    factor = PartOfSum.of(Figure("sinks.demand_kt", "sink=s1", "factor"), others, case)
    assert factor.put(case, 2.0).sinks["demand_kt"].tolist() == demand.tolist()
    now, table = sensitivity(case)
    assert now is not None and len(table) == 3
    for row in table.to_dict("records"):
        name = row["assumption"].replace("m", "s")
        alone = case.sinks.set_index("sink")["demand_kt"]
        for end in ("low", "high"):
            share = (100 - row[end]) / (100 - alone[name])
            moved = alone.mul(share).where(alone.index != name, row[end])
            again = least_cost(case.replace(sinks=case.sinks.assign(demand_kt=moved.to_numpy())))
            assert again is not None
            assert row[f"cost_at_{end}_mcny"] * 1000 == pytest.approx(again)
