"""The linear program, on one screen."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo
from pyomo.core.expr.numeric_expr import LinearExpression

from model.market.columns import columns
from model.market.lanes import Lanes
from model.market.market import Market


def build_lp(market: Market, lanes: Lanes) -> pyo.ConcreteModel:
    """Least-cost shipments as a Pyomo linear program.

    ::

        min   Σ_l c_l x_l + Σ_s p_s D⁻_s                      CNY thousand per year
        s.t.  Σ_{l from o} x_l ≤ S_o             ∀ o         supply_limit
              D⁻_s ≤ Σ_{l into s} x_l ≤ D⁺_s       ∀ s         demand_met
              L⁻_k ≤ Σ_l w_kl x_l ≤ L⁺_k           ∀ k         limit_kept
              l_l ≤ x_l ≤ u_l                    ∀ l         kt per year

    c is freight along the route + production cost + duty + carbon price × emission − p, p what
    sink s pays for a tonne above its demand, in CNY/t; kt × CNY/t = 1000 CNY. The program never
    grows: ports, corridors, tiers, plants abroad, shortages and years are rows of its tables.

    Parameters
    ----------
    market : Market
        O origins, S sinks and K limits with their bounds, in kt per year.
    lanes : Lanes, n rows
        The lanes that the program may use; each origin and sink should have one.

    Returns
    -------
    pyomo.environ.ConcreteModel
        n columns; one row per origin, sink and limit that some lane touches
        (Pyomo refuses an empty row; `program.compile_program` adds those).
    """
    labels = market.lane_labels(lanes)
    model = pyo.ConcreteModel(name="least_cost_allocation")
    model.ORIGINS = pyo.Set(initialize=market.origins)
    model.SINKS = pyo.Set(initialize=market.sinks)
    model.LIMITS = pyo.Set(initialize=market.limits.names)
    model.LANES = pyo.Set(initialize=labels)
    lower = dict(zip(labels, lanes.min_kt.tolist(), strict=True))
    upper = dict(zip(labels, lanes.max_kt.tolist(), strict=True))
    model.ship_kt = pyo.Var(model.LANES, bounds=lambda _, lane: (lower[lane], upper[lane]))
    ship = [model.ship_kt[lane] for lane in labels]
    weights = columns(market, lanes).tocsr()

    def bounded(row: int) -> object:
        """Row `row` as `lower ≤ Σ w x ≤ upper`, or nothing where no lane touches it."""
        here = slice(weights.indptr[row], weights.indptr[row + 1])
        lower_kt, upper_kt = market.row_lower_kt[row], market.row_upper_kt[row]
        if here.start == here.stop or np.isinf([lower_kt, upper_kt]).all():
            return pyo.Constraint.Skip
        total = LinearExpression(
            linear_coefs=weights.data[here].tolist(),
            linear_vars=[ship[lane] for lane in weights.indices[here]],
        )
        return (_finite(lower_kt), total, _finite(upper_kt))

    @model.Objective(sense=pyo.minimize)
    def total_cost_kcny(_):  # type: ignore[no-untyped-def]
        cost = LinearExpression(linear_coefs=lanes.cost_cny_per_t.tolist(), linear_vars=ship)
        return cost + market.unpaid_kcny

    @model.Constraint(model.ORIGINS)
    def supply_limit(_, origin):  # type: ignore[no-untyped-def]
        return bounded(market.row_of("supply_limit", origin))

    @model.Constraint(model.SINKS)
    def demand_met(_, sink):  # type: ignore[no-untyped-def]
        return bounded(market.row_of("demand_met", sink))

    @model.Constraint(model.LIMITS)
    def limit_kept(_, limit):  # type: ignore[no-untyped-def]
        return bounded(market.row_of("limit_kept", limit))

    return model


def _finite(bound: float) -> float | None:
    """The bound, or None where there is none."""
    return float(bound) if np.isfinite(bound) else None
