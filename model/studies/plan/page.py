"""The plan's program, on one screen."""

from __future__ import annotations

import numpy as np
import pyomo.environ as pyo

from model.market.columns import columns
from model.studies.plan.layout import PlanLayout
from model.studies.plan.period_budgets import period_budgets
from model.studies.plan.periods import Horizon
from model.studies.plan.places import Places
from model.studies.plan.starts import Starts


def build_plan(horizon: Horizon, places: Places, starts: Starts) -> pyo.ConcreteModel:
    """What starts when, with least-cost shipments and stocks: a Pyomo mixed-integer program.

    ::

        min   Σ_kl w_k c_kl x_kl + Σ_ko h_ko z_ko + Σ_j (lump_j y_j + unit_j s_j)    CNY thousand
        s.t.  a_ko ≤ S_ko + Σ_j r_kj s_j                           ∀ k, o    supply_limit
              a_ko ≥ 0                                   ∀ k, o with stock   made
              D⁻_kt ≤ Σ_{l into t} x_kl ≤ D⁺_kt                    ∀ k, t    demand_met
              L⁻_ki ≤ Σ_l b_kil x_kl ≤ L⁺_ki + Σ_j r_kj s_j        ∀ k, i    limit_kept
              Σ_{l into o with m} x_kl = t_om a_ko              ∀ k, o, m    recipe_kept
              Σ_o z_ko ≤ Z_k                                       ∀ k       stock_kept
              least_j y_j ≤ s_j ≤ most_j y_j                       ∀ j       size_chosen
              x_kl ≥ l_kl Σ_j y_j                   ∀ k, l of a project      least_shipped
              a_ko ≤ most_o u_ko                    ∀ k, o of a least load   runs
              a_ko ≥ Σ_j share_j s_j − least_o (1 − u_ko)          ∀ k, o    load_kept
              least_i ≤ Σ_j a_ij y_j ≤ most_i                      ∀ i       rule_kept
              Σ_j (once_pj y_j + price_pj s_j) ≤ most_p            ∀ p       budget_kept

    a_ko = Σ_{l from o} x_kl + z_ko / L_k − z_{k−1,o} / L_k is what o makes. Period k lasts L_k
    years and weighs w_k; x_kl is what lane l carries, kt per year; z_ko what o holds at the end of
    k, kt; y_j is 1 if start j is chosen, s_j its size; j in a row are the starts that stand in k;
    u_ko is 1 if o runs in k, most_o its capacity and least_o a share of it that covers every
    start's; once_pj and price_pj are what j buys in period p, for itself and for each kt.
    """
    model, every, periods = pyo.ConcreteModel(name="plan"), starts.starts, places.periods
    lanes = [(k, n) for k in range(len(places)) for n in range(len(places.lanes[k]))]
    stocks = [(k, o) for k in places.carries for o in places.stock_origins.tolist()]
    model.ship_kt, model.stock_kt = pyo.Var(lanes), pyo.Var(stocks, bounds=(0, None))
    model.yes = pyo.Var(range(len(every)), domain=pyo.Binary)
    model.size_kt = pyo.Var([j for j, e in enumerate(every) if e.is_sized], bounds=(0, None))
    layout = PlanLayout(places, starts)
    model.runs = pyo.Var(range(len(layout.loads)), domain=pyo.Binary)
    loads = {load.row: (load, model.runs[at]) for at, load in enumerate(layout.loads)}
    x, z, y = model.ship_kt, model.stock_kt, model.yes
    s = [model.size_kt[j] if e.is_sized else e.capacity_kt * y[j] for j, e in enumerate(every)]
    freight = sum(periods[k].weight * places.lanes[k].cost_cny_per_t[n] * x[k, n] for k, n in lanes)
    holding = sum(places.stock_cost_cny_per_t(k)[o] * z[k, o] for k, o in stocks)
    built = sum(
        e.lump_kcny(horizon) * y[j] + e.unit_kcny_per_kt(horizon) * s[j]
        for j, e in enumerate(every)
    )
    model.total_cost_kcny = pyo.Objective(expr=freight + holding + built + places.unpaid_kcny)
    row = model.kept = pyo.ConstraintList()
    for k, market in enumerate(places.markets):
        weights, own = columns(market, places.lanes[k]).toarray(), places.lanes[k]
        for r, name in enumerate(market.rows):
            total = sum(weights[r, n] * x[k, n] for n in np.flatnonzero(weights[r]))
            total += z[k, r] / periods[k].length if (k, r) in z else 0
            total -= z[k - 1, r] / periods[k].length if (k - 1, r) in z else 0
            if taken := market.input_rows.get(r):
                o, takes = market.origins.index(taken.use.origin), taken.use.t_per_t
                total -= takes * z[k, o] / periods[k].length if (k, o) in z else 0
                total += takes * z[k - 1, o] / periods[k].length if (k - 1, o) in z else 0
            rise = sum(
                e.raises_kt[e.stands.index(k)] * s[j]
                for j, e in enumerate(every)
                if e.row == name and k in e.stands
            )
            least = 0.0 if (k - 1, r) in z else market.row_lower_kt[r]
            row.add(pyo.inequality(least, total, np.inf))
            row.add(pyo.inequality(-np.inf, total - rise, market.row_upper_kt[r]))
            if (number := layout.first_row[k] + r) in loads:
                load, runs = loads[number]
                size = sum(every[j].min_load * s[j] for j in load.members)
                row.add(total <= load.capacity_kt * runs)
                row.add(total >= size - load.share * load.capacity_kt * (1 - runs))
        for n in range(len(own)):
            x[k, n].setub(own.max_kt[n] if np.isfinite(own.max_kt[n]) else None)
            x[k, n].setlb(0.0 if places.is_project[own.origin[n]] else own.min_kt[n])
            if places.is_project[own.origin[n]] and own.min_kt[n] > 0:
                project = market.origins[own.origin[n]]
                stands = [j for j, e in enumerate(every) if e.name == project and k in e.stands]
                row.add(x[k, n] >= own.min_kt[n] * sum(y[j] for j in stands))
    for k in places.carries:
        row.add(sum(z[k, o] for o in places.stock_origins.tolist()) <= periods[k].max_stock_kt)
    for j in model.size_kt:
        row.add(s[j] <= every[j].capacity_kt * y[j])
        row.add(s[j] >= every[j].min_kt * y[j])
    for rule in starts.rules:
        total = sum(weight * y[j] for j, weight in rule.weights.items())
        row.add(pyo.inequality(rule.least, total, rule.most))
    for budget in period_budgets(horizon, starts):
        spent = sum(
            bought.capital_kcny * y[j] + bought.capital_kcny_per_kt * s[j]
            for j, own in budget.purchases.items()
            for bought in own
        )
        row.add(spent <= budget.most_kcny)
    return model
