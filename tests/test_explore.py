"""The what-if page: knobs, quick answers, the next tonne, its pictures."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path
from typing import Any

import pytest

from model.case.cells import CellProblem
from model.case.change import Change
from model.result.allocation import Allocation
from model.scenarios.apply import apply_unchecked
from model.scenarios.scenario import apply, load_scenario
from model.studies.whatif.knob import Effect, Knob, Moves, read_moves
from model.studies.whatif.scenario_file import scenario_text
from model.studies.whatif.workspace import Workspace
from reports.explore.pictures import Drawn, drawn, lean, merged
from reports.maps.region_data import scales_of
from tests.support.cases import TWELVE_REGIONS, same_case
from tests.support.explored import CASES, start_of

NOT_OF_THE_PLAN = {"seconds", "lanes_used", "run"}


def moved(knobs: list[Knob], seed: int, most: int = 3) -> Moves:
    """Some knobs at some place of their sliders."""
    chosen = random.Random(seed)
    texts = {
        knob.key: knob.low
        + knob.notch * chosen.randrange(round((knob.high - knob.low) / knob.notch))
        for knob in chosen.sample(knobs, chosen.randint(1, most))
    }
    moves, _ = read_moves(knobs, texts)
    return moves


def same_plan(one: Allocation, other: Allocation) -> bool:
    """Whether two plans agree but for which pair takes which of several routes of equal cost.

    Sums of the same costs in another order may differ in the last of nine decimals.
    """

    def close(name: str) -> bool:
        value, same = one.figures[name], other.figures[name]
        return bool(value == same or value == pytest.approx(same, rel=1e-11))

    return (
        one.status == other.status
        and all(close(name) for name in one.figures if name not in NOT_OF_THE_PLAN)
        and one.balance.equals(other.balance)
    )


# Knobs and what they mean


@pytest.mark.parametrize("case", CASES)
def test_moves_are_the_steps_of_a_scenario(case: Path, tmp_path: Path) -> None:
    """All knobs at once: the case that is solved is the one that the saved scenario makes."""
    start = start_of(case)
    texts = {knob.key: knob.high - 7 * knob.notch for knob in start.session.knobs}
    moves, faults = start.read(texts)
    assert not faults
    resting = {knob.key for knob in start.session.knobs if texts[knob.key] == knob.rest}
    assert set(moves) == set(texts) - resting
    steps = start.session.steps(moves)
    file = tmp_path / "all.toml"
    file.write_text(scenario_text("All", "moved", steps), encoding="utf-8")
    applied, _ = apply(start.session.start.case, load_scenario(case, str(file)))
    assert same_case(apply_unchecked(start.session.start.case, steps), applied)


@pytest.mark.parametrize("case", CASES)
def test_knobs_are_told_apart_and_rest_within_their_ranges(case: Path) -> None:
    knobs = start_of(case).session.knobs
    assert len({knob.key for knob in knobs}) == len(knobs)
    for knob in knobs:
        assert knob.low < knob.high and knob.least <= knob.low and knob.high <= knob.most
        assert knob.rest is None or knob.low <= knob.rest <= knob.high
    assert read_moves(knobs, {k.key: "" if k.rest is None else str(k.rest) for k in knobs}) == (
        {},
        {},
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("abc", "must be a plain decimal number"),
        ("1,200", "no separators"),
        ("inf", "must be a plain decimal number"),
        ("nan", "must be a plain decimal number"),
        ("1e12", "must be from -1,690 to 100,000 kt"),
        ("-1690.5", "must be from -1,690 to 100,000 kt"),
        ("1e400", "must be less than 1e15"),
    ],
)
def test_bad_numbers_are_refused_with_a_reason(text: str, words: str) -> None:
    moves, faults = read_moves(start_of(TWELVE_REGIONS).session.knobs, {"supply:Yunnan": text})
    assert moves == {} and words in faults["supply:Yunnan"]


def test_figures_that_the_case_has_not_are_refused() -> None:
    moves, faults = read_moves(
        start_of(TWELVE_REGIONS).session.knobs, {"supply:Atlantis": 1, "carbon": 9}
    )
    assert moves == {"carbon": 9.0} and "no such figure" in faults["supply:Atlantis"]


def test_moves_that_contradict_one_another_are_refused() -> None:
    start = start_of(TWELVE_REGIONS)
    _, faults = start.read({"factor:domestic": "0.5", "demand:Yunnan": "-2000"})
    assert faults == {"demand:Yunnan": "leaves a demand of -769 kt; must be at least 0"}
    limit = "Other producers at home"
    assert start_of(CASES[1]).read({f"limit:min:{limit}": "61"})[1] == {}


def test_numbers_are_read_as_people_write_them() -> None:
    knob = start_of(TWELVE_REGIONS).session.by_key["supply:Yunnan"]
    assert [knob.parse(text) for text in (" +400 ", "\N{MINUS SIGN}30", "1e2", "")] == [
        400,
        -30,
        100,
        0,
    ]
    assert isinstance(knob.parse("4 00"), CellProblem)


def test_texts_survive_the_scenario_file(tmp_path: Path) -> None:
    title = 'a "quoted" \\ title, 云南'
    file = tmp_path / "x.toml"
    file.write_text(
        scenario_text(title, "w", start_of(TWELVE_REGIONS).session.steps({"carbon": 0.1}))
    )
    scenario = load_scenario(tmp_path, str(file))
    assert scenario.title == title and scenario.steps[0].change == Change(
        "case.carbon_price_cny_per_t", {}, "set", 0.1
    )


# ExploreAnswers


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(6))
def test_a_quick_answer_is_that_of_a_run(case: Path, seed: int) -> None:
    session = start_of(case).session
    moves = moved(session.knobs, seed)
    assert same_plan(session.quick(moves), session.settled(moves))


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    used = start_of(TWELVE_REGIONS).session
    knobs = [knob for knob in used.knobs if knob.effect is Effect.BOUND]
    every = [moved(knobs, seed, most=5) for seed in range(12)]
    first = [used.quick(moves) for moves in every]
    again = [used.quick(moves) for moves in reversed(every)]
    for one, other in zip(first, reversed(again), strict=True):
        assert same_plan(one, other) and one.flows.equals(other.flows)


def test_tabs_that_ask_at_once_do_not_disturb_one_another() -> None:
    session = start_of(TWELVE_REGIONS).session
    requested = [{"supply:Yunnan": 100.0}, {"demand:Xinjiang": 50.0}, {"cny_per_t_km:rail": 0.2}]
    alone = [session.quick(moves).figures for moves in requested]
    wrong = []

    def ask(number: int) -> None:
        for _ in range(8):
            if session.quick(requested[number]).figures != alone[number]:
                wrong.append(number)

    tabs = [threading.Thread(target=ask, args=(number,)) for number in range(len(requested))]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert wrong == []


@pytest.mark.parametrize("case", CASES)
def test_the_next_tonne_is_worth_what_the_answer_says_up_to_where_it_says(case: Path) -> None:
    """The cost moves by just that much to the bend, and by another amount beyond it."""
    start = start_of(case)
    session = start.session
    moves = {"supply:Yunnan": 40.0} if case == CASES[0] else {}
    now = session.settled(moves)
    found = start.worths(moves, now)
    assert found is not None and len(found) > 10
    bent = {key: worth for key, worth in found.items() if worth.until is not None}
    assert bent
    for key, worth in list(bent.items())[:12]:
        knob = session.by_key[key]
        at = moves.get(key, knob.rest or 0.0)
        sign = 1.0 if key.startswith("demand") else -1.0
        assert worth.cny_per_t is not None and worth.until is not None

        def cost(value: float, key: str = key) -> float:
            result = session.quick(moves | {key: value})
            return float(result.figures["objective_kcny"] or float("inf"))

        gained = worth.until - at
        there = cost(worth.until)
        assert there - cost(at) == pytest.approx(sign * worth.cny_per_t * gained, abs=1e-3)
        beyond = min(1.0, gained)
        assert cost(worth.until + beyond) > there + sign * worth.cny_per_t * beyond + 1e-6


def test_a_tonne_that_cannot_come_has_no_worth() -> None:
    start = start_of(TWELVE_REGIONS)
    moves = {"demand:Yunnan": 1381.3}  # all that is left in the country
    found = start.worths(moves, start.session.settled(moves))
    assert found is not None and found["demand:Yunnan"].cny_per_t is None
    assert "bound by" in found["demand:Yunnan"].reason


def test_no_plan_is_said_and_why() -> None:
    start = start_of(TWELVE_REGIONS)
    for result in (
        start.session.quick({"demand:Yunnan": 5000.0}),
        start.session.settled({"demand:Yunnan": 5000.0}),
    ):
        assert result.status == "infeasible" and result.diagnosis is not None
        assert result.diagnosis.shortage_kt == pytest.approx(5000 - 1381.3)


def test_a_case_of_lanes_alone_has_knobs_too(dantzig: Path) -> None:
    session = Workspace(dantzig, Path("runs")).start().session
    moves, faults = read_moves(session.knobs, {"lanes:": "2", "supply:Seattle": "25"})
    assert not faults
    assert same_plan(session.quick(moves), session.settled(moves))
    assert session.quick({"lanes:": 2.0}).figures["total_cost_mcny"] == pytest.approx(0.30735)


# Pictures


def full(figures: Drawn, start: Drawn) -> Drawn:
    """What the page makes of lean figures: the same as its script does."""
    whole: Drawn = {}
    for name, figure in figures.items():
        base = start[name]
        if figure is None or base is None:
            whole[name] = figure
            continue
        data = [
            base["data"][trace] if isinstance(trace, int)
            else base["data"][trace["of"]] | {k: v for k, v in trace.items() if k != "of"}
            if "of" in trace
            else trace
            for trace in figure["data"]
        ]  # fmt: skip
        whole[name] = figure | {"data": data, "layout": base["layout"] | figure["layout"]}
    return whole


def test_lean_figures_give_back_the_whole() -> None:
    session = start_of(TWELVE_REGIONS).session
    scales = scales_of([session.start])
    start = drawn(session.start, scales)
    now = drawn(session.settled({"supply:Yunnan": 400.0}), scales)
    small = lean(now, start)
    assert full(small, start) == now
    assert len(json.dumps(small)) < 0.35 * len(json.dumps(now))


def test_lines_of_one_look_become_one_trace() -> None:
    def line(x: float, color: str) -> dict[str, Any]:
        return {
            "mode": "lines",
            "x": [x, 1],
            "y": [0, 1],
            "line": {"color": color},
            "showlegend": False,
        }

    dots = {"mode": "markers", "x": [1], "y": [1], "showlegend": False}
    found = merged([line(0, "a"), dots, line(2, "b"), line(3, "a")])
    assert [trace["x"] for trace in found] == [[0, 1, None, 3, 1], [1], [2, 1]]
