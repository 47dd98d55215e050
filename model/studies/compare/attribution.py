"""Which changed input a difference of cost comes from: parts that sum to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import factorial

import pandas as pd

from model.case.case import Case
from model.case.distances import with_distances
from model.case.schema import CASE, TABLES
from model.market.compile_market import compile_market
from model.market.market import KCNY_PER_MCNY
from model.result.figures import COMPARISON
from model.result.outputs import columns_of
from model.solve.column_generation import Allocator
from model.solve.solution import Status
from model.studies.compare.differences import Difference, differences, with_differences

COLUMNS = columns_of(COMPARISON, "attribution")
MOST_GROUPS = 8
"""With so many groups every combination is solved (2^8 programs); with more, a sequence."""
MOST_NAMED = 4
PASSAGES = "closed_passages"
SHAPLEY = "average over every order in which the changes can come (Shapley)"
SEQUENCE = "one after the other, in the order listed"
PROGRAM_TABLES = (
    "case",
    "origins",
    "sinks",
    "recipes",
    "lanes",
    "nodes",
    "links",
    "modes",
    "limits",
    "duties",
)
"""What the linear program is made of; the other tables cannot change its cost."""

Name = tuple[str, str]
Group = tuple[str, list[Difference]]


def attribute(
    first: Case, second: Case, ledger: pd.DataFrame, run: str = ""
) -> tuple[pd.DataFrame, str]:
    """Split the cost of `second` less that of `first` over the inputs that differ.

    Changes are grouped by the step of the ledger that made them, else by table and column;
    rows that came or went stay together with whatever names them. With at most
    `MOST_GROUPS` groups a part is its Shapley value: the average, over all orders, of what
    the change adds when it comes after those before it. With more, or where some
    combination has no feasible plan, the changes are made one after the other in the order
    listed, those together between which no plan is feasible.

    Returns
    -------
    parts : pandas.DataFrame
        run, what, changes (cells and rows in the group), cost_mcny, rule; cost_mcny sums to
        the difference of the least costs.
    note : str
        Why there are no parts; blank where there are.
    """
    changes = differences(first, second)
    groups = _groups(changes, ledger, _of_passages(first, second, changes))
    worth = CombinedCosts(first, second, [changes for _, changes in groups])
    everything = frozenset(range(len(groups)))
    if worth.of(frozenset()) is None or worth.of(everything) is None:
        return pd.DataFrame(columns=COLUMNS), "a run without a feasible plan has no cost to split"
    parts = _shapley(worth, everything) if len(groups) <= MOST_GROUPS else None
    rule = SEQUENCE if parts is None else SHAPLEY
    if parts is None:
        groups, parts = _in_sequence(worth, groups)
    records = [
        {"run": run, "what": what, "changes": len(changes), "cost_mcny": part, "rule": rule}
        for (what, changes), part in zip(groups, parts, strict=True)
    ]
    return pd.DataFrame(records, columns=COLUMNS), ""


@dataclass
class CombinedCosts:
    """Least cost with some groups of changes made, each combination solved once."""

    first: Case
    second: Case
    groups: list[list[Difference]]
    _known: dict[frozenset[int], float | None] = field(default_factory=dict)

    def of(self, made: frozenset[int]) -> float | None:
        """MCNY with the groups of these numbers made; None where no plan is feasible."""
        if made not in self._known:
            chosen = [change for number in sorted(made) for change in self.groups[number]]
            self._known[made] = least_cost_mcny(with_differences(self.first, self.second, chosen))
        return self._known[made]


def least_cost_mcny(case: Case) -> float | None:
    """Least total cost of a case; None where no plan is feasible.

    Of a least and a greatest amount that change together one may be changed alone here, and cross
    the other.
    """
    market = compile_market(with_distances(case))
    if market.has_crossed_bounds:
        return None
    optimum = Allocator(market).optimise()
    return optimum.objective / KCNY_PER_MCNY if optimum.status is Status.OPTIMAL else None


def _shapley(worth: CombinedCosts, everything: frozenset[int]) -> list[float] | None:
    """Σ over the sets without i of |set|! (n−|set|−1)! / n! × what i adds to the set."""
    n = len(everything)
    parts = [0.0] * n
    for size in range(n + 1):
        for others in map(frozenset, combinations(sorted(everything), size)):
            if (cost := worth.of(others)) is None:
                return None
            for i in everything:
                if i in others:
                    parts[i] += factorial(size - 1) * factorial(n - size) / factorial(n) * cost
                else:
                    parts[i] -= factorial(size) * factorial(n - size - 1) / factorial(n) * cost
    return parts


def _in_sequence(worth: CombinedCosts, groups: list[Group]) -> tuple[list[Group], list[float]]:
    """Parts in order; groups between which no plan is feasible become one."""
    joined: list[Group] = []
    parts: list[float] = []
    made: set[int] = set()
    waiting: list[Group] = []
    before = worth.of(frozenset())
    assert before is not None
    for number, group in enumerate(groups):
        made.add(number)
        waiting.append(group)
        cost = worth.of(frozenset(made))
        if cost is not None:
            what = _together([name for name, _ in waiting])
            joined.append((what, [change for _, changes in waiting for change in changes]))
            parts.append(cost - before)
            before, waiting = cost, []
    return joined, parts


def _of_passages(first: Case, second: Case, changes: Iterable[Difference]) -> set[Difference]:
    """The change of closed passages, and what it makes of links: one change, not several."""
    closing = {change for change in changes if change.column == PASSAGES}
    if not closing:
        return set()
    there = _with_passages(first, second), _with_passages(second, first)
    return closing.union(differences(first, there[0]), differences(there[1], second))


def _with_passages(case: Case, other: Case) -> Case:
    """A case with the closed passages of another, gone round."""
    settings = replace(case.settings, closed_passages=other.settings.closed_passages)
    return with_distances(case.replace_unchecked(settings=settings))


def _groups(
    changes: Iterable[Difference], ledger: pd.DataFrame, of_passages: set[Difference]
) -> list[Group]:
    """Changes by what they are called, joined where one cannot be made without another."""
    steps = _steps(ledger)
    passages = next((_what(x, steps) for x in of_passages if x.column == PASSAGES), "")
    groups: dict[str, list[Difference]] = {}
    for change in changes:
        if change.table in PROGRAM_TABLES:
            what = passages if change in of_passages else _what(change, steps)
            groups.setdefault(what, []).append(change)
    joined: list[tuple[list[str], list[Difference]]] = []
    for what, members in groups.items():
        linked = [other for other in joined if _belong(other[1], members)]
        joined = [other for other in joined if other not in linked]
        names = [name for earlier, _ in linked for name in earlier]
        together = [change for _, earlier in linked for change in earlier]
        joined.append(([*names, what], [*together, *members]))
    return [(_together(names), members) for names, members in joined]


def _together(names: list[str]) -> str:
    """What changes that belong together are called: the first few by name."""
    if len(names) > MOST_NAMED:
        names = [*names[: MOST_NAMED - 1], f"{len(names) - MOST_NAMED + 1} more"]
    return " and ".join(names)


def _steps(ledger: pd.DataFrame) -> Mapping[tuple[str, str, str], str]:
    """What each cell's last step in the ledger is called: its grounds, else its target."""
    cells = [ledger[name].astype(str) for name in ("table", "row", "column", "step", "why")]
    return {
        (table, row, column): why or f"step {step}: {table}.{column}"
        for table, row, column, step, why in zip(*cells, strict=True)
    }


def _what(change: Difference, steps: Mapping[tuple[str, str, str], str]) -> str:
    place = (change.table, change.row, change.column)
    if place in steps:
        return steps[place]
    return f"{change.table}.{change.column}" if change.column else f"rows of {change.table}"


def _belong(some: list[Difference], others: list[Difference]) -> bool:
    """Whether rows that come or go in one list are named in the other."""
    return bool(_defined(some) & _named(others) or _defined(others) & _named(some))


def _defined(changes: list[Difference]) -> set[str]:
    """Names that appear or vanish with rows of these changes."""
    return {
        str(change.identity[0])
        for change in changes
        if not change.column and len(_key(change.table)) == 1
    }


def _named(changes: list[Difference]) -> set[str]:
    """Names that rows which come or go, or cells that change, refer to or define."""
    names: set[str] = set()
    for change in changes:
        if not change.column:
            names.update(str(value) for value in change.identity)
            names.update(change.before.replace("; ", "=").split("="))
            names.update(change.after.replace("; ", "=").split("="))
        else:
            names.update([*change.before.split("|"), *change.after.split("|")])
    return names - {""}


def _key(table: str) -> tuple[str, ...]:
    return () if table == CASE.name else TABLES[table].key
