"""Left and right marginal values, derived exactly by pivots from the optimal basis.

To move a bound by ε, the basis stays and flows change by ε δ, unless a basic lane or row that
stands on a bound (a degenerate one) would cross it. Then it leaves the basis, and a dual ratio test
over all lanes on offer finds what enters: the dual simplex method on a perturbation of first order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from model.audit.circulation import NoCirculationError, circulation
from model.audit.corner import LOWER, UPPER, Corner, Leaving
from model.audit.path_values import PathValues
from model.audit.ratio import first_stop
from model.certify.certificate import A_GRAM_KT
from model.certify.lanes import LaneKey
from model.certify.program import INPUT, ZERO, Program, Row
from model.certify.reading import CertificateError
from model.certify.selection import SHORTAGE

MOST_PIVOTS = 1000


def slope(corner: Corner, row: str, step: int) -> Fraction | None:
    """Change of least cost per unit as the bound of a row moves by `step` (+1 or −1) times ε.

    Parameters
    ----------
    corner : Corner
        Of an optimal basis: no lane on offer has a negative reduced cost.
    row : str
        Its bound is the upper one; of a sink the demand (and the most that it takes, where they
        are equal); of a limit without a maximum the lower one.

    Returns
    -------
    Fraction or None
        CNY/t; None where no plan is left.

    Raises
    ------
    CertificateError
        After too many pivots.
    """
    rows = corner.program.rows
    moving = moving_sides(row, rows[row], is_input=row in corner.program.recipe_rows)
    unpaid = unpaid_cny_per_t(corner.program, row)
    if _is_loose(corner, row, moving):
        return unpaid
    equalities = {label for label, bounds in rows.items() if bounds.low == bounds.high}
    if row in equalities and len(moving) == 1:
        equalities.remove(row)  # it opens into a range, or closes for good
        if step < 0:
            return None
    shift = {(row, side): Fraction(step) for side in moving}
    for _ in range(MOST_PIVOTS):
        tight_shift = {label: shift.get((label, at), ZERO) for label, at in corner.tight.items()}
        change = corner.change_of_flows(tight_shift)
        leaving = next(_crossing(corner, change, shift), None)
        if leaving is None:
            cost = [corner.duals[label] * move for label, move in tight_shift.items()]
            return sum(cost, ZERO) / step + unpaid
        direction = corner.change_of_duals(leaving)
        stop = first_stop(corner, direction, frozenset(equalities))
        if stop is None:
            return None
        corner = corner.pivoted(leaving, stop.name, direction, stop.step)
    raise CertificateError(f"{row}: too many pivots for a marginal value")


def unpaid_cny_per_t(program: Program, row: str) -> Fraction:
    """What the sink of a row no longer pays for a tonne that its demand now counts."""
    family, place = row[:-1].split("[", 1)
    return program.sinks[place].price_cny_per_t if family == "demand_met" else ZERO


def _is_loose(corner: Corner, row: str, moving: tuple[str, ...]) -> bool:
    """Whether a row is slack where its bound moves, so that nothing depends on it."""
    bounds = corner.program.rows[row]
    sides = [bounds.low if side == LOWER else bounds.high for side in moving]
    activity = corner.activity.get(row, ZERO)
    return row not in corner.tight and not any(_is_at(activity, side) for side in sides)


def _is_at(value: Fraction, bound: Fraction | None) -> bool:
    """Whether a figure stands on a bound, but for less than a gram that sums of figures leave."""
    return bound is not None and abs(value - bound) <= A_GRAM_KT


def moving_sides(label: str, row: Row, *, is_input: bool) -> tuple[str, ...]:
    """Which bounds are a row's figure."""
    if label.startswith("demand_met["):
        return (LOWER, UPPER) if row.low == row.high else (LOWER,)
    if is_input:
        return LOWER, UPPER
    return (LOWER,) if row.high is None else (UPPER,)


def _crossing(
    corner: Corner,
    change: Mapping[LaneKey, Fraction],
    shift: Mapping[tuple[str, str], Fraction],
) -> Iterator[Leaving]:
    """Degenerate basic lanes, then rows, that would cross a bound, in a fixed order (Bland)."""
    moves: dict[str, Fraction] = {}
    for key in sorted(change):
        delta, kt, lane = change[key], corner.ship_kt.get(key, ZERO), corner.lanes[key]
        if not delta:
            continue
        for row, weight in lane.weights.items():
            moves[row] = moves.get(row, ZERO) + weight * delta
        if delta < 0 and _is_at(kt, lane.min_kt):
            yield Leaving(key, LOWER)
        elif delta > 0 and _is_at(kt, lane.max_kt):
            yield Leaving(key, UPPER)
    for label, bounds in corner.program.rows.items():
        if label in corner.tight:
            continue
        value, move = corner.activity.get(label, ZERO), moves.get(label, ZERO)
        if _is_at(value, bounds.low) and move < shift.get((label, LOWER), ZERO):
            yield Leaving(label, LOWER)
        elif _is_at(value, bounds.high) and move > shift.get((label, UPPER), ZERO):
            yield Leaving(label, UPPER)


def marginal_value_table(
    program: Program, corner: Corner
) -> dict[tuple[str, str], tuple[Fraction | None, Fraction | None]]:
    """Left and right value of every (place, role) of prices.csv.

    Of a sink or an input what its tonne costs, of an origin or a limit what its unit saves, CNY/t.
    """
    ways, prices = _path_values(program, corner), {}
    for label, row in program.rows.items():
        family, place = label[:-1].split("[", 1)
        if family == "demand_met" and program.sinks[place].kind == INPUT:
            continue
        if family == "supply_limit" and program.origins[place].kind == SHORTAGE:
            continue
        role, sign = ROLES["recipe" if label in program.recipe_rows else family]
        if ways is None:
            left, right = (slope(corner, label, step) for step in (-1, +1))
        else:
            sides = moving_sides(label, row, is_input=False)
            moves = {"moves_low": LOWER in sides, "moves_high": UPPER in sides}
            found = [ways.slope(label, step, **moves) for step in (-1, +1)]
            unpaid = unpaid_cny_per_t(program, label)
            left, right = (None if value is None else value + unpaid for value in found)
        prices[place, role] = (
            None if left is None else sign * left,
            None if right is None else sign * right,
        )
    return prices


def _path_values(program: Program, corner: Corner) -> PathValues | None:
    """Values by shortest paths; None where the program is no circulation."""
    try:
        return PathValues(circulation(program, corner.ship_kt))
    except NoCirculationError:
        return None


ROLES = {
    "supply_limit": ("origin", -1),
    "demand_met": ("sink", 1),
    "limit_kept": ("limit", -1),
    "recipe": (INPUT, 1),
}
"""Role in prices.csv of each family of rows, and the sign of what is published there."""
