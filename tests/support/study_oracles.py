"""What studies must answer, from the program written out with every way and solved by scipy.

Each function returns what disagrees, in words; nothing where all agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput, NoPlan
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.studies.curve.curve import Curve, capacity_curves, figure_curve
from model.studies.parametric.figure import TARGETS, Figure
from model.studies.ranges.study import ranges
from model.studies.sensitivity.study import sensitivity
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import DrawPlan, Variation
from model.studies.sweep.study import sweep
from model.studies.whatif.contradictions import contradictions
from model.studies.whatif.session import WhatIf
from model.studies.whatif.worth import KnobWorth, worths
from model.studies.why import why_pair
from tests.support.oracle import Tables, Way, Written, names, written_out
from tests.support.varied_cases import Dice

CLOSE = 1e-6
STEP_KT = 1e-4
"""So short that a plan bends within it but by rare chance."""
NO_PLAN = {"the case has no feasible plan; `run` says why"}


def agrees(one: float | None, other: float | None, close: float = CLOSE) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return abs(one - other) <= close * (1.0 + abs(other))


def with_cells(case: Case, target: str, rows: np.ndarray, value: float, factor: bool) -> Case:
    """The case with a figure set, or multiplied."""
    table, _, column = target.partition(".")
    if table == "case":
        old = case.settings.carbon_price_cny_per_t
        price = old * value if factor else value
        return case.replace(settings=replace(case.settings, carbon_price_cny_per_t=price))
    frame = case.table(table)
    cells = frame[column].to_numpy(dtype=float, copy=True)
    cells[rows] = cells[rows] * value if factor else value
    return case.replace(**{table: frame.assign(**{column: cells})})


def rows_of(case: Case, dice: Dice, target: str) -> tuple[dict[str, list[str]], np.ndarray]:
    """Names that pick some rows of the target's table, and these rows."""
    table = target.partition(".")[0]
    if table == "case":
        return {}, np.array([True])
    keys = {"links": ["from", "to"], "lanes": ["origin", "sink"], "duties": ["duty"]}
    frame = case.table(table)
    columns = keys.get(table, [frame.columns[0]])
    row = frame.iloc[int(dice.whole(0, len(frame) - 1))]
    where = {name: [str(row[name])] for name in columns}
    return where, np.logical_and.reduce([frame[name] == row[name] for name in columns])


# Curves


def run_disagreements(case: Case, seed: int) -> list[str]:
    """Least cost, what is shipped where, and whether there is a plan."""
    least = written_out(case).least()
    result = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())
    if least is None:
        return [] if result.status == "infeasible" else [f"{result.status}, and there is no plan"]
    cost = result.figures["objective_kcny"]
    if not agrees(cost, least):
        return [f"cost {cost}, not {least}"]
    received = result.flows.groupby("sink")["ship_kt"].sum()
    demand = case.sinks.set_index("sink")[["demand_kt", "max_kt"]]
    kt = received.reindex(demand.index, fill_value=0.0)
    most = demand["max_kt"].fillna(demand["demand_kt"])
    may_lack = case.sinks.set_index("sink")["shortage_cny_per_t"].notna()
    short = ((kt < demand["demand_kt"] - CLOSE) & ~may_lack) | (kt > most + CLOSE)
    return [f"{name} receives {kt[name]}" for name in demand.index[short]]


def curve_disagreements(case: Case, seed: int) -> list[str]:
    """A capacity curve or that of any figure, against solving at points and between breakpoints."""
    dice = Dice(seed)
    target = dice.one(("capacity", "sinks.demand_kt", "limits.max", "duties.rate", *TARGETS))
    if target == "capacity":
        region = dice.one(case.origins["region"].tolist())
        if region not in set(makers(case)["region"]):
            return []  # what else is sent from there is no capacity
        span = (0.0, 12.0)
        return _compare_curve(
            lambda: capacity_curves(case, [region], span[1])[0],
            lambda at: written_out(with_new_origin(case, region, at)),
            span,
            f"capacity at {region}",
        )
    if target != "case.carbon_price_cny_per_t" and not len(case.table(target.partition(".")[0])):
        return []
    where, rows = rows_of(case, dice, target)
    span = (0.0, 4.0) if target == "duties.rate" else (dice.whole(0, 3), dice.whole(4, 16))
    return _compare_curve(
        lambda: figure_curve(case, Figure(target, where), *span),
        lambda at: written_out(with_cells(case, target, rows, at, False)),
        span,
        f"{target} where {where}",
    )


def _compare_curve(ask, program, span, name):  # type: ignore[no-untyped-def]
    try:
        curve: Curve | None = ask()
    except BadInput as refusal:
        text = str(refusal)
        ours = (
            "changes what limits count",
            "moves bounds and prices at once",
            "must be at ",
            "may have no min",
        )
        return [] if any(part in text for part in ours) else [f"{name}: {text}"]
    except NoPlan:
        curve = None
    points = set(np.linspace(*span, 7).tolist())
    if curve is not None:
        points |= {at for piece in curve.pieces for at in (piece.start, piece.end)}
        points |= {(piece.start + piece.end) / 2 for piece in curve.pieces}
    told = []
    for at in sorted(points):
        theirs, ours_there = program(at).least(), _cost_at(curve, at)
        if not agrees(ours_there, theirs) and not _is_at_an_end(curve, at):
            told.append(f"{name} at {at:.6g}: {ours_there} and not {theirs}")
    return told


def _cost_at(curve: Curve | None, at: float) -> float | None:
    if curve is None or not curve.pieces[0].start <= at <= curve.pieces[-1].end:
        return None
    return curve.cost_kcny(at)


def _is_at_an_end(curve: Curve | None, at: float) -> bool:
    """Whether a value is so near an end of the feasible part that arithmetic decides."""
    if curve is None:
        return False
    return min(abs(at - curve.pieces[0].start), abs(at - curve.pieces[-1].end)) < 1e-9


def makers(case: Case) -> pd.DataFrame:
    """Origins that make the case's own commodity: no sources of inputs, no depots."""
    recipes = case.recipes
    depots = set(recipes["origin"][recipes["output"] == recipes["input"]])
    own = case.origins["commodity"].isin(["", case.settings.commodity])
    return case.origins[own & ~case.origins["origin"].isin(depots)]


def with_new_origin(case: Case, region: str, kt: float) -> Case:
    """One more origin at a region: like the cheapest there, with its lanes, limits and duties."""
    here = makers(case)[makers(case)["region"] == region]
    like = here.sort_values(["cost_cny_per_t", "origin"]).iloc[0]
    new = like.to_frame().T.assign(origin="NEW", supply_kt=kt)
    lanes = case.lanes[case.lanes["origin"] == like["origin"]].assign(origin="NEW", min_kt=0.0)

    def widened(frame: pd.DataFrame) -> pd.DataFrame:
        cells = [
            f"{cell}|NEW" if like["origin"] in names(cell) else cell for cell in frame["origin"]
        ]
        return frame.assign(origin=cells)

    return case.replace(
        origins=pd.concat([case.origins, new.astype(case.origins.dtypes)], ignore_index=True),
        lanes=pd.concat([case.lanes, lanes], ignore_index=True),
        limits=widened(case.limits),
        duties=widened(case.duties),
    )


# Ranges


def range_disagreements(case: Case, seed: int) -> list[str]:
    """Least and greatest flow of every measure and used lane, at 0 % and within more."""
    within = Dice(seed).one((0.01, 0.05, 0.25))
    program = written_out(case)
    least = program.least()
    try:
        table = ranges(case, (0.0, within)).table
    except NoPlan as failure:
        return [] if least is None and str(failure) in NO_PLAN else [f"no plan, and not {least}"]
    if least is None:
        return ["a plan where there is none"]
    run = evaluate(case, ScenarioInfo("base"), pd.DataFrame(), RunOptions())
    transport_kcny = run.figures["transport_cost_mcny"] * 1000
    told = []
    for row in table.to_dict("records"):
        extra = row["within"] * (transport_kcny or abs(least))
        room = program.with_row(program.cost, -np.inf, least + extra + 1e-7)
        weights = measure_weights(case, program, row)
        low, high = room.least(weights), room.least(-weights)
        assert low is not None and high is not None
        if not (agrees(row["low_kt"], low, 1e-5) and agrees(row["high_kt"], -high, 1e-5)):
            ends = f"{row['low_kt']}..{row['high_kt']} and not {low:.6g}..{-high:.6g}"
            told.append(f"{row['kind']} {row['origin']} {row['sink']} {row['route']}"
                        f" within {row['within']}: {ends}")  # fmt: skip
    return told


def measure_weights(case: Case, program: Written, row: dict) -> np.ndarray:  # type: ignore[type-arg]
    """What each way counts in a row of the table of ranges."""
    region = case.origins.set_index("origin")["region"]
    sink_region = case.sinks.set_index("sink")["region"]
    sink_kind = case.sinks.set_index("sink")["kind"]
    tables = Tables(case)

    def is_sale(way: Way) -> bool:
        own = case.settings.commodity
        return not way.is_inbound and tables.commodity[way.origin] == own

    if row["kind"] == "pair":
        return program.picks(
            lambda way: (
                is_sale(way)
                and (region[way.origin], sink_region[way.sink]) == (row["origin"], row["sink"])
            )
        )
    if row["kind"] == "outflow":
        return program.picks(
            lambda way: (
                is_sale(way)
                and region[way.origin] == row["origin"]
                and sink_region[way.sink] != row["origin"]
                and sink_kind[way.sink] == "domestic"
            )
        )
    if row["kind"] == "port":
        at_port = [a.mode == "sea" and row["origin"] in (a.tail, a.head) for a in tables.arcs()]
        return program.picks(lambda way: sum(at_port[number] for number in way.arcs))
    lane = tuple(row[name] for name in ("origin", "sink", "mode", "route"))
    return program.picks(lambda way: (way.origin, way.sink, way.mode, way.route) == lane)


# Why


def why_disagreements(case: Case, seed: int) -> list[str]:
    """What more, less and nothing on a pair costs, by solving; parts and legs by their sums."""
    dice = Dice(seed)
    origin, sink = dice.one(case.origins["origin"]), dice.one(case.sinks["sink"])
    program = written_out(case)
    least = program.least()
    try:
        found = why_pair(case, origin, sink, 2.0)
    except NoPlan as failure:
        return [] if least is None and str(failure) in NO_PLAN else [f"no plan, and not {least}"]
    if least is None:
        return ["a plan where there is none"]
    weights = program.picks(lambda way: (way.origin, way.sink) == (origin, sink))

    def more_kcny(low: float, high: float) -> float | None:
        cost = program.with_row(weights, low, high).least()
        return None if cost is None else cost - least

    ship = found.ship_kt
    right, left = more_kcny(ship + STEP_KT, np.inf), more_kcny(-np.inf, ship - STEP_KT)
    expected = {
        "forced_mcny": _over(more_kcny(ship + 2.0, np.inf), 1000.0),
        "dearer_cny_per_t": _over(right, STEP_KT),
    }
    if ship > CLOSE:
        expected["without_mcny"] = _over(more_kcny(0.0, 0.0), 1000.0)
        expected["spared_cny_per_t"] = _over(left, STEP_KT)
    told = [
        f"{origin} to {sink}, {name}: {getattr(found, name)} and not {value}"
        for name, value in expected.items()
        if not agrees(getattr(found, name), value, 1e-4)
    ]
    if found.dearer_cny_per_t is not None and found.lane:
        total = sum(part.cny_per_t for part in found.parts)
        if not agrees(total, found.dearer_cny_per_t):
            told.append(f"{origin} to {sink}: parts sum to {total}, not {found.dearer_cny_per_t}")
    freight = sum(leg.cost_cny_per_t for leg in found.legs)
    if found.lane and not agrees(freight, found.lane.freight_cny_per_t):
        told.append(f"{origin} to {sink}: legs sum to {freight}, not the freight of {found.lane}")
    return told


def _over(value: float | None, unit: float) -> float | None:
    return None if value is None else value / unit


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


STUDIES: dict[str, Callable[[Case, int], list[str]]] = {
    "run": run_disagreements,
    "curve": curve_disagreements,
    "ranges": range_disagreements,
    "why": why_disagreements,
    "sweep": sweep_disagreements,
    "sensitivity": sensitivity_disagreements,
    "whatif": whatif_disagreements,
}
"""What disagrees of a case, at a seed, by study."""
