"""What no choice undercuts, proved by any multipliers of rows and rules whatever.

A choice says what begins, when and how large; under it goods flow at least cost. Rows of the
program and rules on the choice are taken into the cost at given multipliers; what is left falls
apart into one question for each origin, and one for each project or closure, which are answered
exactly. The sum of the answers is no more than what the best choice costs.

References
----------
Lagrangean relaxation (Geoffrion 1974); docs/mathematics.md, the certificate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from model.certify.bound import make_valid
from model.certify.certificate import A_GRAM_KT
from model.certify.explicit import PricedLane
from model.certify.outlets import Outlet, lanes_by_origin
from model.certify.program import ZERO, supply_row
from model.certify.start_rules import Rules, StartRule
from model.certify.starts import CLOSURE, Choices, Start, Stretch


@dataclass(frozen=True)
class Multipliers:
    """What makes a bound.

    Attributes
    ----------
    rows : of each stretch, row label → CNY/t (of limits in other measures: CNY thousand per unit),
        as of a year in it
    rules : label of a rule → CNY thousand per unit
    """

    rows: Sequence[Mapping[str, Fraction]]
    rules: Mapping[str, Fraction]


def choice_bound_kcny(choices: Choices, rules: Rules, multipliers: Multipliers) -> Fraction:
    """No choice within the rules costs less, CNY thousand over all stretches, discounted.

    Raises
    ------
    CertificateError
        Multipliers that make a link cheaper than free leave no shortest paths.
    """
    chosen = {(start.name, start.kind) for start in choices.starts}
    changing = {name for name, _ in chosen}
    brought = ZERO
    priced = []
    for stretch, duals in zip(choices.stretches, multipliers.rows, strict=True):
        priced.append(Priced(stretch, duals, brought))
        brought = stretch.stock_kt
    value = sum((each.fixed_kcny(changing) for each in priced), ZERO)
    value += sum(map(_carried_kcny, priced, priced[1:]), ZERO)
    bearing = [
        (rule, rate) for rule in rules.rows if (rate := _valid(rule, multipliers.rules)) != 0
    ]
    for rule, rate in bearing:
        value += rate * ((rule.row.low if rate > 0 else rule.row.high) or ZERO)
    for name, kind in sorted(chosen):
        question = Question(priced, choices.of(name, kind), bearing)
        value += question.least_kcny(rules.must.get(name, ()), is_never=name in rules.never)
    return value


def _valid(rule: StartRule, rates: Mapping[str, Fraction]) -> Fraction:
    """The multiplier of a rule; 0 where no bound of the rule supports its sign."""
    return make_valid({rule.label: rule.row}, rates).get(rule.label, ZERO)


class Priced:
    """A stretch under duals, money per year.

    Parameters
    ----------
    duals : of rows; those of a sign that no bound supports are left out
    brought_kt : most stock that comes in
    """

    def __init__(
        self, stretch: Stretch, duals: Mapping[str, Fraction], brought_kt: Fraction
    ) -> None:
        self.stretch, self.program, self.weight = stretch, stretch.program, stretch.weight
        self.supply = {supply_row(name): name for name in self.program.origins}
        made = {row: dual for row in self.supply if (dual := duals.get(row, ZERO))}
        self.duals = make_valid(self.program.rows, duals) | made  # what is made is never below 0
        self.brought_kt = brought_kt / stretch.length
        self.lanes = lanes_by_origin(self.program, self.duals)
        self.outlet_of: dict[tuple[str, bool], Outlet] = {}

    def fixed_kcny(self, changing: Iterable[str]) -> Fraction:
        """All that no choice changes: bounds of rows, and what each other origin ships."""
        value = self.program.unpaid_kcny
        for label, dual in self.duals.items():
            if label not in self.supply:
                row = self.program.rows[label]
                value += dual * ((row.low if dual > 0 else row.high) or ZERO)
        for name in self.program.origins.keys() - set(changing):
            value += self.shipped_kcny(name, self.program.sends_kt(name))
        return self.weight * value

    def outlet(self, origin: str, *, has_least: bool) -> Outlet:
        """What an origin could gain by shipping."""
        key = origin, has_least
        if key not in self.outlet_of:
            none: list[PricedLane] = []
            self.outlet_of[key] = Outlet.of(self.lanes.get(origin, none), has_least=has_least)
        return self.outlet_of[key]

    def shipped_kcny(self, origin: str, kt: Fraction) -> Fraction:
        """What an origin that makes up to `kt` a year comes to, per year."""
        return kt * self.supply_price(origin) + self.outlet(origin, has_least=True).value_kcny(
            kt + self.brought_kt
        )

    def sold_kcny(self, origin: str, *, has_least: bool) -> Fraction:
        """What an origin that makes nothing more could gain from its stock, per year."""
        return self.outlet(origin, has_least=has_least).value_kcny(self.brought_kt)

    def can_ship(self, origin: str, kt: Fraction) -> bool:
        """Whether so much, and stock, cover what an origin has to ship, and the sinks take it."""
        outlet = self.outlet(origin, has_least=True)
        return outlet.fits and outlet.least_kt <= kt + self.brought_kt + A_GRAM_KT

    def supply_price(self, origin: str) -> Fraction:
        """What a tonne of supply is worth, below 0."""
        return min(self.duals.get(supply_row(origin), ZERO), ZERO)

    def made_price(self, origin: str) -> Fraction:
        """What the rows of an origin pay for a tonne that it makes."""
        rows = self.program.origin_rows(origin)
        return sum((self.duals.get(row, ZERO) * weight for row, weight in rows.items()), ZERO)


def _carried_kcny(here: Priced, there: Priced) -> Fraction:
    """Least that stock from one stretch to the next can come to, over the whole of it.

    A lane bears the cost of production of the stretch that delivers; stock gives that back, and
    bears the cost of the stretch that makes.
    """
    if not here.stretch.stock_kt:
        return ZERO
    per_kt = [here.weight / here.stretch.length, there.weight / there.stretch.length]
    least = ZERO
    for holder in here.program.holders:
        name, later = holder.name, there.program.origins[holder.name]
        pays = per_kt[0] * (
            holder.cost_cny_per_t + here.stretch.holding_cny_per_t - here.made_price(name)
        )
        gains = per_kt[1] * (later.cost_cny_per_t - there.made_price(name))
        least = min(least, pays - gains)
    return least * here.stretch.stock_kt


@dataclass(frozen=True)
class Question:
    """When one project or closure begins, if at all.

    Attributes
    ----------
    priced : every stretch
    starts : the answers but for none
    bearing : rules, with their multipliers
    """

    priced: Sequence[Priced]
    starts: Sequence[Start]
    bearing: Sequence[tuple[StartRule, Fraction]]

    def least_kcny(self, must: Sequence[Start], *, is_never: bool) -> Fraction:
        """The least that any answer comes to, of those that rules leave."""
        allowed = () if is_never else must or self.starts
        if must:
            return min(map(self._start_kcny, allowed))
        possible = filter(self._is_possible, allowed)
        return min([self._nothing_kcny, *map(self._start_kcny, possible)])

    def _is_possible(self, start: Start) -> bool:
        """Whether what has to be shipped can be: from an origin that is closed, nothing."""
        if start.limit:
            return True
        stands = (self.priced[number] for number in start.stands)
        return all(each.can_ship(start.name, start.most_kt) for each in stands)

    @cached_property
    def _nothing_kcny(self) -> Fraction:
        """What comes of it if it never begins: an origin that may close supplies throughout."""
        start = self.starts[0]
        return self._open_kcny(start.name, len(self.priced)) if start.kind == CLOSURE else ZERO

    def _open_kcny(self, origin: str, until: int) -> Fraction:
        """What an origin of the case comes to before it closes."""
        return sum(
            (
                each.weight * each.shipped_kcny(origin, each.program.origins[origin].supply_kt)
                for each in self.priced[:until]
            ),
            ZERO,
        )

    def _start_kcny(self, start: Start) -> Fraction:
        lump, per_kt = self._own_cost(start)
        if start.kind == CLOSURE:
            lump += self._open_kcny(start.name, start.begin)
            return lump + self._sold_kcny(start, start.begin, has_least=True)
        stands = [self.priced[number] for number in start.stands]
        if start.limit:
            per_kt += sum(
                (x.weight * min(x.duals.get(start.limit, ZERO), ZERO) for x in stands), ZERO
            )
            return lump + min(per_kt * start.least_kt, per_kt * start.most_kt)
        lump += self._sold_kcny(start, start.stands[-1] + 1, has_least=False)

        def value(kt: Fraction) -> Fraction:
            shipped = (x.weight * x.shipped_kcny(start.name, kt) for x in stands)
            return per_kt * kt + sum(shipped, ZERO)

        return lump + least_of_convex(value, self._sizes(start, stands))

    def _sold_kcny(self, start: Start, since: int, *, has_least: bool) -> Fraction:
        """What comes of stock once an origin makes nothing more."""
        stretches = self.priced[since:]
        sold = (x.weight * x.sold_kcny(start.name, has_least=has_least) for x in stretches)
        return sum(sold, ZERO)

    def _own_cost(self, start: Start) -> tuple[Fraction, Fraction]:
        """What a yes costs, and each kt, less what rules pay for it."""
        lump, per_kt = start.lump_kcny, start.unit_kcny_per_kt
        for rule, rate in self.bearing:
            lump -= rate * rule.per_yes.get(start, ZERO)
            per_kt -= rate * rule.per_kt.get(start, ZERO)
        return lump, per_kt

    def _sizes(self, start: Start, stands: Sequence[Priced]) -> list[Fraction]:
        """Sizes at which the least may lie: the bounds, and where some outlet bends between them.

        Least shipments ask for a size of their own; below it no size is feasible.
        """
        if start.least_kt == start.most_kt:
            return [start.most_kt]
        outlets = [(x, x.outlet(start.name, has_least=True)) for x in stands]
        needed = max((outlet.least_kt - x.brought_kt for x, outlet in outlets), default=ZERO)
        least = min(max(start.least_kt, needed), start.most_kt)
        bends = {at - x.brought_kt for x, outlet in outlets for at in outlet.corners_kt()}
        return sorted({least, start.most_kt, *(kt for kt in bends if least < kt < start.most_kt)})


def least_of_convex(value: Callable[[Fraction], Fraction], points: Sequence[Fraction]) -> Fraction:
    """The least value of a convex function at sorted points, found by halving."""
    low, high = 0, len(points) - 1
    while low < high:
        middle = (low + high) // 2
        if value(points[middle]) <= value(points[middle + 1]):
            high = middle
        else:
            low = middle + 1
    return value(points[low])
