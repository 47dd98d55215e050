"""An optimal basis in rationals that can be pivoted: flows stay, duals move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from model.certify.basis import Basis
from model.certify.elimination import solve_exactly
from model.certify.lanes import Lane, LaneKey, find_lane
from model.certify.paths import Arc
from model.certify.program import ZERO, Program, Row

LOWER, UPPER = "lower", "upper"

Name = LaneKey | str
"""Of a lane, or of a row."""


class Leaving(NamedTuple):
    """A basic lane or row that would cross a bound, and which one."""

    name: Name
    at: str


@dataclass(frozen=True)
class Corner:
    """A plan at a vertex, with a basis there and its duals.

    Attributes
    ----------
    program : Program
    lanes : those met so far, which a pivot may add to; never fewer than the plan needs
    ship_kt, activity : of lanes and rows; absent is 0
    basic : basic lanes
    at_upper : nonbasic lanes that stand at their upper bound
    tight : nonbasic rows and the side at which they stand
    duals : of tight rows
    """

    program: Program
    lanes: dict[LaneKey, Lane]
    ship_kt: Mapping[LaneKey, Fraction]
    activity: Mapping[str, Fraction]
    basic: frozenset[LaneKey]
    at_upper: frozenset[LaneKey]
    tight: Mapping[str, str]
    duals: Mapping[str, Fraction]

    def weights_of_basics(self) -> dict[LaneKey, dict[str, Fraction]]:
        """Coefficients of the basic lanes in the tight rows."""
        return {
            key: {row: w for row, w in self.lanes[key].weights.items() if w and row in self.tight}
            for key in sorted(self.basic)
        }

    def change_of_flows(self, shift: Mapping[str, Fraction]) -> dict[LaneKey, Fraction]:
        """Change of the basic flows as the bounds of tight rows move by `shift`."""
        equations: dict[str, dict[LaneKey, Fraction]] = {row: {} for row in self.tight}
        for key, weights in self.weights_of_basics().items():
            for row, weight in weights.items():
                equations[row][key] = weight
        return solve_exactly(equations, shift)

    def change_of_duals(self, leaving: Leaving) -> dict[str, Fraction]:
        """Change of the duals per CNY/t that the leaving one's reduced cost, or dual, goes its way.

        That of every other basic lane stays 0.
        """
        sign = Fraction(1 if leaving.at == LOWER else -1)
        if isinstance(leaving.name, LaneKey):
            return solve_exactly(self.weights_of_basics(), {leaving.name: -sign})
        right = {key: -sign * self.lanes[key].weights.get(leaving.name, ZERO) for key in self.basic}
        return {**solve_exactly(self.weights_of_basics(), right), leaving.name: sign}

    def pull(self, key: LaneKey, duals: Mapping[str, Fraction]) -> Fraction:
        """Σ_i w_i y_i over the rows of a lane."""
        weights = self.lanes[key].weights.items()
        return sum((weight * duals.get(row, ZERO) for row, weight in weights), ZERO)

    def reduced_cost(self, key: LaneKey) -> Fraction:
        """Cost of a lane less what its rows pay, CNY/t."""
        return self.lanes[key].cost_cny_per_t - self.pull(key, self.duals)

    def know(self, key: LaneKey) -> None:
        """Enter a lane on offer among those met."""
        if key not in self.lanes:
            self.lanes[key] = find_lane(self.program, key)

    def moved_duals(self, direction: Mapping[str, Fraction], step: Fraction) -> dict[str, Fraction]:
        """The duals after a step."""
        moved = {row: self.duals.get(row, ZERO) + step * move for row, move in direction.items()}
        return {**self.duals, **moved}

    def pivoted(
        self, leaving: Leaving, entering: Name, direction: Mapping[str, Fraction], step: Fraction
    ) -> Corner:
        """The same plan with another basis."""
        basic, at_upper = set(self.basic), set(self.at_upper)
        tight, duals = dict(self.tight), self.moved_duals(direction, step)
        if isinstance(leaving.name, LaneKey):
            basic.discard(leaving.name)
            if leaving.at == UPPER:
                at_upper.add(leaving.name)
        else:
            tight[leaving.name] = leaving.at
        if isinstance(entering, LaneKey):
            basic.add(entering)
            at_upper.discard(entering)
        else:
            del tight[entering], duals[entering]
        return replace(
            self, basic=frozenset(basic), at_upper=frozenset(at_upper), tight=tight, duals=duals
        )


def corner_of(program: Program, basis: Basis) -> Corner:
    """The corner of an optimal basis.

    Raises
    ------
    SingularError
        The columns of the basis are not independent.
    """
    plan, duals = basis.plan(), basis.duals()
    return Corner(
        program=program,
        lanes=dict(basis.lanes),
        ship_kt=plan.ship_kt,
        activity=plan.activity(),
        basic=frozenset(basis.basic),
        at_upper=frozenset(key for key, kt in basis.at.items() if kt != basis.lanes[key].min_kt),
        tight={
            row: _side(program.rows[row], side, duals[row]) for row, side in basis.tight.items()
        },
        duals=duals,
    )


def _side(row: Row, bound: Fraction, dual: Fraction) -> str:
    """The side that a row stands at; of an equality the one that its dual pulls to."""
    if row.low == row.high:
        return LOWER if dual > 0 else UPPER
    return LOWER if bound == row.low else UPPER


def route_key(origin: str, sink: str, start: str, path: list[Arc]) -> LaneKey:
    """The name of the lane that follows a path."""
    modes = [a.mode for place, a in enumerate(path) if not place or path[place - 1].mode != a.mode]
    route = "".join([start, *(f" >{arc.step}> {arc.head}" for arc in path)])
    return LaneKey(origin, sink, "+".join(modes), route)
