"""What each option is worth: alone, and at the margin of the chosen set."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from model.market.market import KCNY_PER_MCNY
from model.solve.highs import Status
from model.studies.siting.formulation import Choice
from model.studies.siting.problem import Problem

COLUMNS = [
    "option", "kind", "region", "chosen", "size_kt", "fixed_cost_mcny", "capital_mcny",
    "saves_alone_mcny", "saves_at_margin_mcny", "margin", "with",
]  # fmt: skip


def worth(problem: Problem, chosen: Choice) -> pd.DataFrame:
    """Every option alone and at the margin, whatever budget, number and quotas say.

    Alone is the cost with nothing but what is forced, less the cost with the option (and what it
    requires) besides. At the margin of the chosen set is the cost without an option that is in it
    (and without what requires it), less the cost with it; of one that is not in it, the cost of
    the set less the cost of the set with the option. Both after the option's own fixed cost.

    Returns
    -------
    pandas.DataFrame
        A row per option: option, kind, region, chosen, size_kt and fixed_cost_mcny (in the chosen
        set, else of the option alone), saves_alone_mcny, saves_at_margin_mcny (blank where demand
        cannot be met with or without), margin (`without it` or `with it`), with (what it
        requires). Negative savings are losses.
    """
    options = problem.formulation.options.options
    forced = [_is_forced(problem, number) for number in range(len(options))]
    in_set = chosen.yes.tolist()
    nothing, whole = _cost(problem, forced), _cost(problem, in_set)
    rows = []
    for number, option in enumerate(options):
        needs = _needs(problem, number)
        alone = problem.formulation.evaluate(_joined(forced, needs))
        if in_set[number]:
            rest = _without(problem, in_set, number)
            margin, told = _cost(problem, rest) - whole, "without it"
        else:
            margin, told = whole - _cost(problem, _joined(in_set, needs)), "with it"
        sized = chosen if in_set[number] or not alone.found else alone
        size = float(sized.size_kt[number]) if sized.found else 0.0
        rows.append(
            {
                "option": option.name,
                "kind": option.kind,
                "region": option.region,
                "chosen": in_set[number],
                "size_kt": size,
                "fixed_cost_mcny": (option.lump_kcny + size * option.unit_kcny_per_kt)
                / KCNY_PER_MCNY,
                "capital_mcny": size * option.capital_kcny_per_kt / KCNY_PER_MCNY,
                "saves_alone_mcny": _mcny(nothing - alone.cost_kcny),
                "saves_at_margin_mcny": _mcny(margin),
                "margin": told,
                "with": ", ".join(options[other].name for other in needs if other != number),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _cost(problem: Problem, answers: list[bool]) -> float:
    choice = problem.formulation.evaluate(answers)
    return choice.cost_kcny if choice.status is Status.OPTIMAL else float("inf")


def _mcny(kcny: float) -> float:
    """In MCNY; nothing where one side has no plan."""
    finite = kcny == kcny and abs(kcny) != float("inf")
    return kcny / KCNY_PER_MCNY if finite else float("nan")


def _is_forced(problem: Problem, number: int) -> bool:
    return any(
        rule.least == 1 and list(rule.weights) == [number] for rule in problem.formulation.rules
    )


def _needs(problem: Problem, number: int) -> list[int]:
    """An option and all that it requires."""
    needed, waiting = [], [number]
    while waiting:
        current = waiting.pop()
        if current not in needed:
            needed.append(current)
            waiting += _required(problem, current)
    return needed


def _required(problem: Problem, number: int) -> Iterable[int]:
    """Options that a rule y_number ≤ y_other ties to an option."""
    for rule in problem.formulation.rules:
        if rule.most == 0 and rule.weights.get(number) == 1:
            yield from (other for other, weight in rule.weights.items() if weight == -1)


def _joined(answers: list[bool], more: list[int]) -> list[bool]:
    return [yes or number in more for number, yes in enumerate(answers)]


def _without(problem: Problem, answers: list[bool], number: int) -> list[bool]:
    """A set without an option and all that requires it."""
    return [yes and number not in _needs(problem, other) for other, yes in enumerate(answers)]
