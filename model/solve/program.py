"""The Pyomo model as labelled arrays, so that the one formulation serves every study."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_array, csc_array

from model.arrays import Floats, Integers
from model.market.columns import columns
from model.market.lanes import Lanes

if TYPE_CHECKING:
    from model.market.market import Market


@dataclass(frozen=True)
class Program:
    """min c x + offset  subject to  row_lower ≤ A x ≤ row_upper,  lower ≤ x ≤ upper.

    Attributes
    ----------
    cost, lower, upper : (n,)
    matrix : (m, n)
    row_lower, row_upper : (m,)
    integer : (n,) bool
    offset_kcny : what is added to the objective
    """

    cost: Floats
    lower: Floats
    upper: Floats
    matrix: csc_array
    row_lower: Floats
    row_upper: Floats
    integer: np.ndarray | None = None
    offset_kcny: float = 0.0

    def part(self, columns: Integers, rows: Integers) -> Program:
        """These columns and rows alone, of a program without whole numbers."""
        matrix = self.matrix
        if len(columns) < len(self.cost):
            matrix = csc_array(matrix[:, columns])
        if len(rows) < len(self.row_lower):
            matrix = csc_array(matrix[rows])
        return replace(
            self,
            cost=self.cost[columns],
            lower=self.lower[columns],
            upper=self.upper[columns],
            matrix=matrix,
            row_lower=self.row_lower[rows],
            row_upper=self.row_upper[rows],
        )


MOST_ON_PAGE = 1_000
"""Rows and lanes on offer above which a program comes from arrays: Pyomo takes longer."""


def compile_program(market: Market, lanes: Lanes) -> Program:
    """The LP over some lanes: compiled from its page, or where it is large from the same arrays."""
    is_large = market.row_count + max(len(lanes), market.size) > MOST_ON_PAGE
    return from_arrays(market, lanes) if is_large else from_page(market, lanes)


def from_arrays(market: Market, lanes: Lanes) -> Program:
    """The program that `from_page` gives, without its page."""
    return Program(
        cost=lanes.cost_cny_per_t,
        lower=lanes.min_kt,
        upper=lanes.max_kt,
        matrix=columns(market, lanes),
        row_lower=market.row_lower_kt,
        row_upper=market.row_upper_kt,
        offset_kcny=market.unpaid_kcny,
    )


def from_page(market: Market, lanes: Lanes) -> Program:
    """Build the LP over some lanes in Pyomo and compile it.

    Rows stand in the market's order. A row that none of these lanes touches has no Pyomo
    constraint; it enters empty, with the market's bounds, for lanes added later.
    """
    import pyomo.environ as pyo  # a second that programs compiled elsewhere need not spend
    from pyomo.repn import generate_standard_repn

    from model.solve.lp import build_lp

    model = build_lp(market, lanes)
    variables = list(model.ship_kt.values())
    number = {id(variable): column for column, variable in enumerate(variables)}
    row_lower, row_upper = market.row_lower_kt.copy(), market.row_upper_kt.copy()
    rows, entries, values = [], [], []
    for constraint in model.component_data_objects(pyo.Constraint):
        row = market.row_of(constraint.parent_component().local_name, constraint.index())
        terms = generate_standard_repn(constraint.body)
        rows += [row] * len(terms.linear_vars)
        entries += [number[id(variable)] for variable in terms.linear_vars]
        values += terms.linear_coefs
        row_lower[row] = -np.inf if constraint.lower is None else pyo.value(constraint.lower)
        row_upper[row] = np.inf if constraint.upper is None else pyo.value(constraint.upper)
    cost = np.zeros(len(variables))
    objective = generate_standard_repn(model.total_cost_kcny.expr)
    for variable, coefficient in zip(objective.linear_vars, objective.linear_coefs, strict=True):
        cost[number[id(variable)]] = coefficient
    bounds = [variable.bounds for variable in variables]
    return Program(
        cost=cost,
        lower=np.array([-np.inf if low is None else low for low, _ in bounds]),
        upper=np.array([np.inf if high is None else high for _, high in bounds]),
        matrix=coo_array(
            (values, (rows, entries)), shape=(market.row_count, len(variables))
        ).tocsc(),
        row_lower=row_lower,
        row_upper=row_upper,
        offset_kcny=float(pyo.value(objective.constant)),
    )
