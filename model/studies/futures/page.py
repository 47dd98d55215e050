"""The program of one set for several futures, on one screen: the page of siting, once a future."""

from __future__ import annotations

from collections.abc import Sequence

import pyomo.environ as pyo

from model.arrays import Floats
from model.market.unbeaten_routes import lanes_that_matter
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future
from model.studies.siting.page import build_siting


def build_futures(
    futures: Sequence[Future], criterion: Criterion, weights: Floats, own_kcny: Floats
) -> pyo.ConcreteModel:
    """What to build for all futures, with least-cost shipments in each: a Pyomo program.

    ::

        min   Σ_f w_f z_f                                  expected
        min   t    s.t.  z_f ≤ t          ∀ f              worst
        min   t    s.t.  z_f − v_f ≤ t    ∀ f              regret
        s.t.  the rows of `siting/page.py` with flows x_f and what runs, u_f,  ∀ f
              y and s in common

    z_f is the yearly cost in future f, w_f its weight, v_f the cost of its own best set.
    """
    model, first = pyo.ConcreteModel(name="futures"), futures[0].problem.formulation.options
    sized = first.sized.tolist()
    model.yes = pyo.Var(range(len(first)), domain=pyo.Binary)
    model.size_kt = pyo.Var(sized, bounds=(0, None))
    model.greatest_kcny = pyo.Var()
    model.limit = pyo.ConstraintList()
    costs = []
    for number, future in enumerate(futures):
        problem = future.problem
        market, options = problem.formulation.market, problem.formulation.options
        lanes = lanes_that_matter(market)
        block = build_siting(market, lanes, options, problem.requirements, shared=model)
        block.total_cost_kcny.deactivate()
        model.add_component(f"future_{number}", block)
        costs.append(block.total_cost_kcny.expr)
    if criterion is Criterion.EXPECTED:
        objective = sum(w * cost for w, cost in zip(weights.tolist(), costs, strict=True))
    else:
        base = own_kcny if criterion is Criterion.REGRET else 0.0 * own_kcny
        for cost, own in zip(costs, base.tolist(), strict=True):
            model.limit.add(cost - own <= model.greatest_kcny)
        objective = model.greatest_kcny
    model.criterion_kcny = pyo.Objective(expr=objective)
    return model
