"""Why the chosen set is the best: what each of its parts displaces, saves and costs.

The set is taken down, first what is worth least at its margin, until nothing stands but what must.
Each step compares two published plans, so that the steps, and the parts of each, add up exactly to
what the set saves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from model.case.records import Record
from model.market.market import KCNY_PER_MCNY
from model.result.definitions import EXACT, NEARLY
from model.result.deliveries import is_own
from model.result.figures import SITE
from model.result.outputs import columns_of
from model.run import published_flows
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem
from model.studies.siting.set_names import JOINT
from model.studies.siting.table import PROVED, ChoiceTable
from model.studies.siting.worth import Valued, Worths

COLUMNS = columns_of(SITE, "why_set")
MOST = 10
"""Steps of single options; what is worth less than these is taken down together."""
LEAST_KT = 0.001
"""Tonnes that count as displaced."""
PARTS = (
    "freight_saved_mcny", "inputs_saved_mcny", "production_saved_mcny", "duty_saved_mcny",
    "carbon_saved_mcny", "trade_saved_mcny", "fixed_saved_mcny",
)  # fmt: skip


@dataclass(frozen=True)
class _Published:
    """A set as it is published.

    Attributes
    ----------
    costs : by the names of `PARTS`, MCNY a year
    sent_kt : by origin, of the case's own commodity
    """

    costs: dict[str, float]
    sent_kt: pd.Series

    @property
    def total(self) -> float:
        """All of it."""
        return sum(self.costs.values())


def why_set(problem: SitingProblem, chosen: Choice, values: Sequence[Valued]) -> ChoiceTable:
    """What each part of the set displaces, saves and costs, as a table.

    Returns
    -------
    ChoiceTable
        A row per step, in the order in which the set is put up again, then one of all together
        (option blank): displaces (origins that send less, with kt), what it saves in freight,
        inputs, production, duties, carbon, trade (shortage less revenue) and fixed cost (below 0:
        what it costs), their sum, and `tie` where the sum is no finding.
    """
    worths = Worths(problem, chosen)
    rows: list[Record] = []
    above, first = _published(problem, chosen), chosen
    whole = above
    for names, below in _steps(worths, values):
        if problem.formulation.deadline.has_passed:
            return ChoiceTable(pd.DataFrame(columns=list(COLUMNS)), is_whole=False)
        if below is None:
            rows.insert(0, {"option": names, "blank_because": "no plan without it"} | _blank())
            return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS))
        under = _published(problem, below)
        rows.insert(0, _row(names, above, under, _new(problem, first, below), whole.total))
        above, first = under, below
    if rows:
        rows.append(_row("", whole, above, set(problem.opened(chosen)), whole.total))
    return ChoiceTable(pd.DataFrame(rows, columns=COLUMNS))


def _steps(worths: Worths, values: Sequence[Valued]) -> Iterator[tuple[str, Choice | None]]:
    """What is taken down, and the set that is left; none where that has no plan."""
    options = worths.problem.formulation.options.options
    order = sorted(
        (each.margin_kcny if each.margin_kcny == each.margin_kcny else np.inf, each.number)
        for each in values
        if worths.chosen.yes[each.number] and not worths.forced[each.number]
    )
    numbers = [number for _, number in order]
    single = max(0, len(numbers) - MOST)
    left = worths.chosen.yes.copy()
    for group in [numbers[:single], *([number] for number in numbers[single:])]:
        down = [n for n in range(len(left)) if left[n] and _goes(worths, n, group)]
        if down:
            left[down] = False
            named = dict.fromkeys(options[n].name for n in down)
            yield JOINT.join(named), worths.plan(left)


def _goes(worths: Worths, number: int, group: Sequence[int]) -> bool:
    """Whether an option is of a group, or requires one of it."""
    return any(other in group for other in worths.needs(number))


def _new(problem: SitingProblem, above: Choice, below: Choice) -> set[str]:
    """Projects that a step puts up."""
    return set(problem.opened(above)) - set(problem.opened(below))


def _published(problem: SitingProblem, choice: Choice) -> _Published:
    case = problem.case_of(choice)
    flows, figures = published_flows(case)
    own = is_own(case, flows)
    ship = flows["ship_kt"]
    inputs = float(
        (ship * (flows["freight_cny_per_t"] + flows["production_cny_per_t"]))[~own].sum()
    )
    production = float((ship * flows["production_cny_per_t"])[own].sum())
    inbound = figures["inbound_cost_mcny"]
    costs = (
        figures["transport_cost_mcny"] - inbound,
        inputs / KCNY_PER_MCNY,
        production / KCNY_PER_MCNY,
        figures["duty_cost_mcny"],
        figures["carbon_cost_mcny"],
        figures["shortage_cost_mcny"] - figures["revenue_mcny"],
        problem.fixed_cost_mcny(choice),
    )
    sent = flows[own].groupby("origin")["ship_kt"].sum()
    return _Published(dict(zip(PARTS, costs, strict=True)), sent)


def _row(names: str, above: _Published, below: _Published, new: set[str], total: float) -> Record:
    """What one step saves: costs below it less costs with it."""
    saved = {part: below.costs[part] - above.costs[part] for part in PARTS}
    saves = sum(saved.values())
    falls = below.sent_kt.sub(above.sent_kt, fill_value=0.0)
    falls = falls[(falls > LEAST_KT) & ~falls.index.isin(list(new))].sort_index()
    falls = falls.sort_values(ascending=False, kind="stable")
    return {
        "option": names,
        "displaces": JOINT.join(f"{origin} {kt:.6g}" for origin, kt in falls.items()),
        "displaced_kt": float(falls.sum()),
        **saved,
        "saves_mcny": saves,
        "tie": _tie(abs(saves), abs(total)),
        "blank_because": "",
        PROVED: True,
    }


def _tie(saves: float, total: float) -> str:
    """Whether a saving is none, or hardly one: less than the data can tell."""
    if saves <= EXACT * (1.0 + total):
        return "tie"
    return "hardly" if saves <= NEARLY * total else ""


def _blank() -> Record:
    numbers = dict.fromkeys(("displaced_kt", *PARTS, "saves_mcny"), float("nan"))
    return {"displaces": "", "tie": "", PROVED: True} | numbers
