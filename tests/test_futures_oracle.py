"""One set for several futures against an independent enumeration of all sets in all futures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from model.studies.futures.answer import Together
from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.futures_answers import answer
from tests.support.futures_oracle import Futures, tied_first, varied_futures
from tests.support.lined import least_value, with_lines
from tests.support.siting_answers import near
from tests.support.siting_varied import with_loads

TOP = 4


def ask_loaded(seed: int) -> str | None:
    futures = varied_futures(seed)
    if futures is None:
        return None
    loaded = replace(futures, cases=[with_loads(case, seed) for case in futures.cases])
    found = answer(loaded, top=TOP)
    return None if found is None else "; ".join(differences(found, loaded))


def ask(seed: int) -> str | None:
    futures = varied_futures(seed)
    found = None if futures is None else answer(futures, top=TOP)
    return None if futures is None or found is None else "; ".join(differences(found, futures))


def ask_lined(seed: int) -> str | None:
    """The criterion of the best set where projects come in lines."""
    futures = varied_futures(seed)
    if futures is None:
        return None
    lined = replace(futures, cases=[with_lines(case, seed) for case in futures.cases])
    found = answer(lined, top=TOP)
    if found is None:
        return None
    expected, value = least_value(lined), found.figures.get("criterion_value_mcny")
    return "" if near(value, expected) else f"a criterion of {value}, not {expected}"


def differences(found: Together, futures: Futures) -> Iterator[str]:
    judged, figures = futures.judged, found.figures
    if not judged:
        if found.status != "infeasible":
            yield f"{found.status}, and no set serves all"
        return
    if found.status != "optimal":
        yield f"{found.status}, and {judged[0]} is the best"
        return
    if not near(figures["criterion_value_mcny"], judged[0].value):
        yield f"a criterion of {figures['criterion_value_mcny']}, not {judged[0]}"
        return
    chosen = frozenset([*figures["opened"], *(f"-{name}" for name in figures["closed"])])
    if chosen not in set(tied_first(judged)):
        yield f"{sorted(chosen)} is not among the best: {judged[:3]}"
        return
    own = next(each for each in judged if each.chosen == chosen)
    if not near(figures["total_cost_mcny"], own.mean):
        yield f"a mean of {figures['total_cost_mcny']}, not {own}"
    yield from _by_future(found, futures)
    yield from _of_knowing(found, futures)
    yield from _runners_up(found, futures)


def _by_future(found: Together, futures: Futures) -> Iterator[str]:
    figures = found.figures
    costs, best = figures["cost_by_scenario_mcny"], figures["best_by_scenario_mcny"]
    for name, least in zip(best, futures.least, strict=True):
        if not near(best[name], least):
            yield f"the best of {name} costs {best[name]}, not {least}"
        regret = figures["regret_by_scenario_mcny"][name]
        if regret < 0 or not near(regret, costs[name] - best[name]):
            yield f"a regret of {regret} under {name}"
    bound = figures["proved_bound_mcny"]
    if bound is None or bound > figures["criterion_value_mcny"] + 1e-9:
        yield f"a bound of {bound} above the optimum"


def _of_knowing(found: Together, futures: Futures) -> Iterator[str]:
    if futures.criterion != "expected":
        return
    least = [0.0 if each is None else each for each in futures.least]
    informed = sum(w * each for w, each in zip(futures.weights, least, strict=True))
    worth = found.figures["value_of_perfect_information_mcny"]
    if not near(worth, futures.judged[0].mean - informed):
        yield f"perfect information is worth {worth}"
    naive = found.figures["value_of_stochastic_solution_mcny"]
    if naive is not None and naive < -1e-9:
        yield f"a negative value of the stochastic solution: {naive}"


def _runners_up(found: Together, futures: Futures) -> Iterator[str]:
    values = found.tables["sets"]["criterion_mcny"].tolist()
    expected = [each.value for each in futures.judged[:TOP]]
    if len(values) != len(expected) or not all(map(near, values, expected)):
        yield f"sets have {values}, not {expected}"


@pytest.mark.parametrize("block", blocks())
def test_one_set_for_several_futures_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site --together", block, ask, record_property)


@pytest.mark.parametrize("block", blocks(FEWER))
def test_one_set_for_several_futures_with_least_loads_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site --together with least loads", block, ask_loaded, record_property)


@pytest.mark.parametrize("block", blocks(FEWER))
def test_one_set_of_lines_for_several_futures_is_that_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("site --together with lines", block, ask_lined, record_property)
