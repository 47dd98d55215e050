"""What sweeps, assumptions and the what-if page must answer, from the program written out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput
from model.scenarios.info import ScenarioInfo
from model.studies.parametric.figure import TARGETS
from model.studies.sensitivity.study import sensitivity
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation
from model.studies.sweep.study import sweep
from model.studies.whatif.contradictions import contradictions
from model.studies.whatif.session import WhatIf
from model.studies.whatif.worth import KnobWorth, worths
from tests.support.oracle import Way, Written, written_out
from tests.support.study_cells import STEP_KT, agrees, rows_of, with_cells
from tests.support.varied_cases import Dice

# Sweeps


def sweep_disagreements(case: Case, seed: int) -> list[str]:
    """Cost, status and shortage of every draw, each solved as a case of its own."""
    dice = Dice(seed)
    variations = list(_variations(case, dice))
    if not variations:
        return []
    plan = DrawPlan(tuple(each for each, _ in variations), seed=seed, draws=4)
    try:
        found = sweep(case, plan)
    except BadInput as refusal:
        ours = ("a figure that varies must be given", "may have no min", "must be at most")
        return [] if any(part in str(refusal) for part in ours) else [str(refusal)]
    told = []
    for draw in found.draws.to_dict("records"):
        drawn = case
        for variation, rows in variations:
            factor = draw[f"drawn {variation.name}"]
            drawn = with_cells(drawn, variation.target, rows, factor, True)
        program = written_out(drawn)
        cost = program.least()
        ours_there = draw["total_cost_mcny"] * 1000 if draw["status"] == "optimal" else None
        if not agrees(ours_there, cost):
            told.append(f"draw {draw['draw']} of {plan.variations}: {ours_there} and not {cost}")
        short = None if cost is not None else least_shortage(drawn, program)
        if short is not None and not agrees(draw["short_kt"], short):
            told.append(f"draw {draw['draw']}: short of {draw['short_kt']} and not {short}")
    return told


def _variations(case: Case, dice: Dice) -> Iterator[tuple[Variation, np.ndarray]]:
    for number in range(2):
        target = dice.one(TARGETS)
        table = target.partition(".")[0]
        if table != "case" and not len(case.table(table)):
            continue
        where, rows = rows_of(case, dice, target)
        spread = Distribution("uniform", low=0.5, high=1.5)
        yield Variation(f"v{number}", target, where, distribution=spread), rows


def least_shortage(case: Case, program: Written) -> float | None:
    """Least demand that goes unmet where demands alone may; None where other rows must give way."""
    first, count = len(case.origins), len(case.sinks)
    nobody = Way("", "", 0.0, 0.0, 0.0, 0.0, (), (), "")
    relief = np.zeros((len(program.matrix), count))
    relief[first : first + count] = np.eye(count)
    eased = replace(
        program,
        ways=[*program.ways, *[nobody] * count],
        matrix=np.hstack([program.matrix, relief]),
    )
    return eased.least(np.r_[np.zeros(len(program.ways)), np.ones(count)])


# Sensitivity


def sensitivity_disagreements(case: Case, seed: int) -> list[str]:
    """The cost at both ends of each assumption's range, each solved as a case of its own."""
    dice = Dice(seed)
    records, rows_by_name = [], {}
    for number in range(3):
        target = dice.one(TARGETS)
        table = target.partition(".")[0]
        if table != "case" and not len(case.table(table)):
            continue
        where, rows = rows_of(case, dice, target)
        text = "; ".join(f"{name}={values[0]}" for name, values in where.items())
        low = dice.one((0.25, 0.5, 1.0))
        record = {"assumption": f"a{number}", "target": target, "where": text}
        records.append(record | {"low": low, "high": low * 2, "how": "factor"})
        rows_by_name[f"a{number}"] = target, rows
    if not records:
        return []
    _, table = sensitivity(case.replace(assumptions=pd.DataFrame(records)))
    told = []
    for row in table.to_dict("records"):
        for end in ("low", "high"):
            ours_there = row[f"cost_at_{end}_mcny"]
            changed = with_cells(case, *rows_by_name[row["assumption"]], row[end], True)
            theirs = written_out(changed).least()
            ours_kcny = None if np.isnan(ours_there) else ours_there * 1000
            if not agrees(ours_kcny, theirs):
                told.append(f"{row['figure']} at {row[end]}: {ours_kcny} and not {theirs}")
    return told


# What-if


def whatif_disagreements(case: Case, seed: int) -> list[str]:
    """What the next tonne at every knob is worth and up to where, and costs of moved knobs."""
    if written_out(case).least() is None:
        return []
    session = WhatIf.of(case, ScenarioInfo("base"))
    moves: dict[str, float] = {}
    dice = Dice(seed)
    knob = dice.one(session.knobs)
    if dice.happens(0.5) and knob.least <= knob.low < knob.high:
        moves = {knob.key: dice.one((knob.low, knob.high, (knob.low + knob.high) / 2))}
        if contradictions(session.case(moves)):
            moves = {}
    moved = session.case(moves)
    quick, cost = session.quick(moves), written_out(moved).least()
    ours = quick.figures["total_cost_mcny"]
    ours_kcny = None if ours is None else ours * 1000
    if not agrees(ours_kcny, cost):
        return [f"moves {moves}: {ours_kcny} and not {cost}"]
    if cost is None:
        return []
    found = worths(session, moves, session.settled(moves)) or {}
    told = []
    for key, worth in found.items():
        told += _worth_disagreements(session, moves, key, worth, cost)
    return told


def _worth_disagreements(
    session: WhatIf, moves: dict[str, float], key: str, worth: KnobWorth, cost: float
) -> list[str]:
    knob = session.by_key[key]
    now = moves.get(key, knob.rest if knob.rest is not None else 0.0)
    sign = 1.0 if key.startswith("demand:") else -1.0

    def at(value: float) -> float | None:
        return written_out(session.case(moves | {key: value})).least()

    beyond = at(now + STEP_KT)
    slope = None if beyond is None else sign * (beyond - cost) / STEP_KT
    if not agrees(worth.cny_per_t, slope, 1e-3):
        return [f"{key} at {now}: {worth.cny_per_t} CNY/t and not {slope}"]
    if worth.cny_per_t is None:
        return []
    end = worth.until if worth.until is not None else now + knob.high - knob.low
    line = cost + sign * worth.cny_per_t * (end - now)
    told = []
    if not agrees(at(end), line, 1e-5):
        told.append(f"{key} until {end}: {at(end)} there and not {line}")
    if worth.until is not None:
        further = at(end + 0.01)
        straight = cost + sign * worth.cny_per_t * (end + 0.01 - now)
        if further is not None and agrees(further, straight, 1e-9):
            told.append(f"{key} until {end}: the line goes on")
    return told
