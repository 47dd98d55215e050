"""The siting program, on one screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from model.market.columns import columns
from model.market.lanes import Lanes
from model.market.market import KCNY_PER_MCNY, Market
from model.solve.lp import build_lp
from model.studies.siting.arrays import conditional_lanes, raised_rows, without_raised_bounds
from model.studies.siting.options import Options
from model.studies.siting.requirements import Requirements


def build_siting(
    market: Market,
    lanes: Lanes,
    options: Options,
    required: Requirements,
    shared: pyo.ConcreteModel | None = None,
) -> pyo.ConcreteModel:
    """What to build, with least-cost shipments: a Pyomo program that grows from `lp.py`.

    ::

        min   Σ_l c_l x_l + Σ_j (lump_j y_j + unit_j s_j)               CNY thousand per year
        s.t.  the rows of lp.py, and
              Σ_l w_rl x_l ≤ U_r + Σ_j (s_j, or r_rj y_j)       ∀ r      bound_raised
              least_j y_j ≤ s_j ≤ most_j y_j                    ∀ j      size_chosen
              Σ_{l into t} w_rl x_l ≤ Σ_j min(D_rt, most_j) y_j ∀ r, t   lane_opened
              x_l ≥ least_l Σ_j y_j                             ∀ l      least_shipped
              Σ_l x_l ≤ most_p u_p                              ∀ p      runs
              Σ_l x_l ≥ share_p (Σ_j s_j − most_p (1 − u_p))    ∀ p      load_kept
              least_k ≤ Σ_j a_kj y_j ≤ most_k                   ∀ k      rule_kept
              Σ (once_j y_j + capital_j s_j) ≤ budget, Σ y_j ≤ number, quotas, y_j = 1, y_j = 0
              y_j, u_p ∈ {0, 1}

    y_j is 1 where option j is taken (a project built, an origin closed), s_j its size. r are rows
    whose upper bound options raise, a closure by less than nothing. `lane_opened` tightens: it is
    stated for rows that only projects open and sinks that take less, D_rt, than those bring. A lane
    from a project has its least shipment only if the project stands. u_p is 1 where a project p
    with a least load runs; most_p is the capacity of all its options. y and s are those of
    another model where they are `shared` with it.
    """
    every, raised = list(enumerate(options.options)), raised_rows(market, options)
    weights, upper, names = columns(market, lanes).toarray(), market.row_upper_kt, list(market.rows)
    held = conditional_lanes(market, lanes, options)
    free = replace(lanes, min_kt=np.where(held, 0.0, lanes.min_kt))
    model = build_lp(without_raised_bounds(market, options), free)
    model.runs = pyo.Var(range(len(options.loads)), domain=pyo.Binary)
    if shared is None:
        model.yes = pyo.Var(range(len(every)), domain=pyo.Binary)
        model.size_kt = pyo.Var([j for j, o in every if o.is_sized], bounds=(0, None))
    shared = shared or model
    x, y, size = list(model.ship_kt.values()), shared.yes, shared.size_kt
    s = [size[j] if o.is_sized else o.capacity_kt * y[j] for j, o in every]
    model.total_cost_kcny.expr += sum(
        o.lump_kcny * y[j] + o.unit_kcny_per_kt * s[j] for j, o in every
    )
    row = model.kept = pyo.ConstraintList()
    for r, members in raised.items():
        own = [every[j] for j in members]
        rise = sum(s[j] if o.is_sized else o.raises[names[r]] * y[j] for j, o in own)
        row.add(sum(weights[r, i] * x[i] for i in np.flatnonzero(weights[r])) <= upper[r] + rise)
        for t in range(len(market.sinks)):
            into = np.flatnonzero((lanes.sink == t) & (weights[r] > 0))
            takes = market.max_kt[t] * max(weights[r, into], default=0.0)
            opens = upper[r] == 0 and all(o.is_project for _, o in own)
            if len(into) and opens and takes < sum(o.capacity_kt for _, o in own):
                most = sum(min(takes, o.capacity_kt) * y[j] for j, o in own)
                row.add(sum(weights[r, i] * x[i] for i in into) <= most)
    for j in size:
        size[j].setub(every[j][1].capacity_kt)
        row.add(s[j] <= every[j][1].capacity_kt * y[j])
        row.add(s[j] >= every[j][1].min_kt * y[j])
    for i in np.flatnonzero(held):
        row.add(x[i] >= lanes.min_kt[i] * sum(y[j] for j in raised[lanes.origin[i]]))
    for p, load in enumerate(options.loads):
        r, most = market.row_of(*load.row), load.capacity_kt
        ships = sum(weights[r, i] * x[i] for i in np.flatnonzero(weights[r]))
        row.add(ships <= most * model.runs[p])
        row.add(
            ships >= load.share * (sum(s[j] for j in load.members) - most * (1 - model.runs[p]))
        )
    for rule in options.rules:
        total = sum(weight * y[j] for j, weight in rule.weights.items())
        row.add(pyo.inequality(rule.least, total, rule.most))
    for total, least, most in _required(options, required, y, s):
        row.add(pyo.inequality(least, total, most))
    return model


def _required(
    options: Options, required: Requirements, y: Mapping[int, Any], s: Sequence[Any]
) -> Iterator[tuple[Any, float, float]]:
    """What a user requires: an expression, and the bounds between which it must lie."""
    projects = [(j, options.options[j]) for j in options.projects]
    if required.budget_mcny is not None:
        every = enumerate(options.options)
        capital = sum(o.capital_kcny * y[j] + o.capital_kcny_per_kt * s[j] for j, o in every)
        yield capital, -np.inf, KCNY_PER_MCNY * required.budget_mcny
    if required.max_projects is not None:
        yield sum(y[j] for j, _ in projects), -np.inf, required.max_projects
    for region, most in required.quotas.items():
        yield sum(y[j] for j, o in projects if o.region == region), -np.inf, most
    for name in required.include:
        yield sum(y[j] for j, o in projects if o.name == name), 1, np.inf
    for name in required.exclude:
        yield sum(y[j] for j, o in projects if o.name == name), -np.inf, 0
