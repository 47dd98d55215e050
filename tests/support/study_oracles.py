"""What studies must answer, from the program written out with every way and solved by scipy.

Each function returns what disagrees, in words; nothing where all agrees."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from model.case.case import Case
from model.case.errors import BadInput, NoPlan
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from model.studies.curve.curve import Curve, capacity_curves, figure_curve
from model.studies.parametric.figure import TARGETS, Figure
from model.studies.ranges.study import ranges
from model.studies.why import why_pair
from tests.support.oracle import Tables, Way, Written, names, written_out
from tests.support.study_cells import CLOSE, NO_PLAN, STEP_KT, agrees, rows_of, with_cells
from tests.support.variation_oracles import (
    sensitivity_disagreements,
    sweep_disagreements,
    whatif_disagreements,
)
from tests.support.varied_cases import Dice

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
    """One more origin at a region: like the cheapest there, with lanes, recipes, limits, duties."""
    here = makers(case)[makers(case)["region"] == region]
    like = here.sort_values(["cost_cny_per_t", "origin"]).iloc[0]
    new = like.to_frame().T.assign(origin="NEW", supply_kt=kt)
    out = case.lanes[case.lanes["origin"] == like["origin"]].assign(origin="NEW", min_kt=0.0)
    into = case.lanes[case.lanes["sink"] == like["origin"]].assign(sink="NEW", min_kt=0.0)
    own = case.recipes[case.recipes["origin"] == like["origin"]].assign(origin="NEW")

    def widened(frame: pd.DataFrame) -> pd.DataFrame:
        cells = [
            f"{cell}|NEW" if like["origin"] in names(cell) else cell for cell in frame["origin"]
        ]
        return frame.assign(origin=cells)

    return case.replace(
        origins=pd.concat([case.origins, new.astype(case.origins.dtypes)], ignore_index=True),
        lanes=pd.concat([case.lanes, out, into], ignore_index=True),
        recipes=pd.concat([case.recipes, own], ignore_index=True),
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
