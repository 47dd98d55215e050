"""Expected cost against worst regret, and weights that change the choice, against enumeration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from model.studies.futures.answer import Together
from tests.support.compared import FEWER, Record, blocks, compare
from tests.support.futures_answers import answer
from tests.support.futures_oracle import Futures, varied_futures

NEAR = 5e-5
"""MCNY: sets that differ by less than ten CNY a year are one step."""


def fixed(futures: Futures) -> Futures:
    """The same with projects of one size."""
    cases = [
        case.replace_unchecked(projects=case.projects.assign(min_kt=np.nan))
        for case in futures.cases
    ]
    return replace(futures, cases=cases, criterion="expected")


def ask(seed: int) -> str | None:
    drawn = varied_futures(seed)
    if drawn is None:
        return None
    futures = fixed(drawn)
    found = answer(futures, top=1, full=True)
    if found is None or found.status != "optimal" or not futures.judged:
        return None
    return "; ".join([*of_the_curve(found, futures), *of_the_weights(found, futures)])


def of_the_curve(found: Together, futures: Futures) -> Iterator[str]:
    """Regrets at which the curve is not the least of all sets."""
    least = np.array([0.0 if each is None else each for each in futures.least])
    every = [(each.mean, max((np.array(each.costs) - least).max(), 0.0)) for each in futures.judged]
    for row in found.tables["tradeoff"].to_dict("records"):
        span = row["regret_to_mcny"] - row["regret_from_mcny"]
        for share in (0.02, 0.5, 0.98):
            regret = row["regret_from_mcny"] + share * span
            told = row["mean_from_mcny"] + share * (row["mean_to_mcny"] - row["mean_from_mcny"])
            best = min(mean for mean, worst in every if worst <= regret + NEAR)
            if span > 10 * NEAR and abs(told - best) > NEAR:
                yield f"{told} at a regret of {regret}, not {best}"


def of_the_weights(found: Together, futures: Futures) -> Iterator[str]:
    """Weights up to which another set is already better, or beyond which none is."""
    costs = np.array([each.costs for each in futures.judged])
    chosen = costs[0]
    for at, row in enumerate(found.tables["weights"].to_dict("records")):
        for side, end in (("down", 0.0), ("up", 1.0)):
            turn = row[f"weight_{side}"]
            until = end if np.isnan(turn) else turn
            for share in (0.5, 0.98):
                weights = shifted(
                    futures.weights, at, row["weight"] + share * (until - row["weight"])
                )
                if (costs @ weights).min() < chosen @ weights - NEAR:
                    yield f"another set is better before {side} {turn} of {row['scenario']}"
            if not np.isnan(turn):
                weights = shifted(futures.weights, at, turn + 0.02 * (end - turn))
                if (costs @ weights).min() > chosen @ weights + NEAR:
                    yield f"none is better beyond {turn}"


def shifted(weights: object, at: int, weight: float) -> np.ndarray:
    """Weights with another one of a future, the others in proportion."""
    others = np.array(weights, float)
    others[at] = 0.0
    if others.sum() <= 0:
        others = np.ones(len(others))
        others[at] = 0.0
    others *= (1.0 - weight) / others.sum()
    others[at] = weight
    return others


@pytest.mark.parametrize("block", blocks(FEWER))
def test_curve_and_weights_are_those_of_full_enumeration(
    block: tuple[int, int], record_property: Record
) -> None:
    compare("expected cost against regret", block, ask, record_property)


def test_sizes_are_chosen_along_the_curve() -> None:
    """It falls, and runs from the least regret to the least mean, in several random cases."""
    compared = 0
    for drawn in filter(None, map(varied_futures, range(60))):
        sized = drawn.cases[0].projects["min_kt"] < drawn.cases[0].projects["capacity_kt"]
        futures = replace(drawn, criterion="expected")
        found = answer(futures, top=1, full=True) if sized.any() and futures.judged else None
        if found is None or found.status != "optimal":
            continue
        table, regret = found.tables["tradeoff"], replace(drawn, criterion="regret")
        assert table["mean_to_mcny"].iloc[-1] == pytest.approx(futures.judged[0].value, abs=NEAR)
        assert table["regret_from_mcny"].iloc[0] == pytest.approx(regret.judged[0].value, abs=NEAR)
        assert (table["mean_to_mcny"] <= table["mean_from_mcny"] + NEAR).all()
        compared += 1
        if compared == 4:
            break
    assert compared == 4
