"""The study: one set of projects and closures, decided before it is known which future comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from model.arrays import Booleans
from model.case.errors import OutOfTime
from model.market.market import KCNY_PER_MCNY
from model.scenarios.info import ScenarioInfo
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of
from model.studies.confirm import Confirmed
from model.studies.futures.answer import Together
from model.studies.futures.answered import Answered, Own
from model.studies.futures.choose import Found, Ranked, best_for_all, confirmed, ranked
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future, Scenario, pose_futures
from model.studies.futures.given import read_sets
from model.studies.futures.impossible import infeasible, infeasible_alone, unanswered
from model.studies.futures.joint import join
from model.studies.futures.published import publish
from model.studies.futures.tradeoff import tradeoff_tables
from model.studies.futures.valued import Valued, Valuer
from model.studies.siting.choice import Choice
from model.studies.siting.requirements import Requirements
from model.studies.siting.set_names import set_text


def _nobody(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True)
class TogetherOptions:
    """How to answer.

    Attributes
    ----------
    weights : of each future, in order; they sum to 1
    top : sets to rank
    sets : sets to value beside the best, as a user writes them
    quick : give the set alone, without runners-up
    full : add what less regret takes, and which weights change the choice
    show : takes the answer in a line as soon as it is there
    """

    criterion: Criterion
    weights: Sequence[Fraction]
    top: int = 10
    sets: Sequence[str] = ()
    quick: bool = False
    full: bool = False
    time_limit_s: float | None = None
    show: Callable[[str], None] = _nobody


def together(
    scenarios: Sequence[Scenario], requirements: Requirements, options: TogetherOptions
) -> Together:
    """Choose one set of projects and closures for several futures.

    What is built, its sizes and what is closed are decided once; flows are free in each future. A
    set must keep the rules and requirements, and have a plan, in every future.

    Raises
    ------
    BadInput
        Futures of different projects, or fewer than two; what `site` refuses.
    SolverFailed
    """
    started = time.perf_counter()
    deadline = Deadline.after(options.time_limit_s)
    question = question_of([each.info for each in scenarios], options.criterion)
    try:
        futures = pose_futures(scenarios, requirements, deadline)
    except OutOfTime:
        return unanswered(question)
    given = read_sets(futures[0].problem.formulation.options, options.sets)
    own = _own_sets(futures, options)
    for future, each in zip(futures, own, strict=True):
        if isinstance(each.outcome, Impossible):
            return infeasible_alone(question, future)
    choices = [choice for each in own if (choice := answer_of(each.outcome)) is not None]
    if len(choices) < len(futures):
        return unanswered(question)
    valuer = _valuer(futures, choices, options)
    known = [found for each in _different(choices) if (found := valuer.value(each)) is not None]
    outcome = _never_nothing(best_for_all(valuer, known, deadline), known, options.criterion)
    if isinstance(outcome, Impossible):
        return infeasible(question, futures)
    first = answer_of(outcome)
    if first is None:
        return unanswered(question)
    if isinstance(outcome, Proved):
        options.show(f"{_line(valuer, first)}; a second search is to confirm it")
    again = confirmed(valuer, outcome, deadline)
    options.show("confirmed" if isinstance(again.outcome, Proved) else _line(valuer, first))
    sets = _sets(valuer, again, first, known, options, deadline)
    answered = Answered(question, valuer, again, own, sets, _given(valuer, given, options))
    if options.full and isinstance(again.outcome, Proved):
        further = tradeoff_tables(valuer, answered.best, deadline)
        answered = replace(answered, further=further)
    return publish(answered, requirements, time.perf_counter() - started)


def question_of(infos: Sequence[ScenarioInfo], criterion: Criterion) -> ScenarioInfo:
    """The question as a scenario: a name for its folder, a title that names the futures."""
    names = [info.name for info in infos]
    name = f"{criterion.value}-{names[0]}-and-{len(names) - 1}-more"
    what = {"expected": "least expected cost", "worst": "least worst cost"}
    aim = what.get(criterion.value, "least regret")
    return ScenarioInfo(name, f"One set for {', '.join(names)}: {aim}")


def _own_sets(futures: Sequence[Future], options: TogetherOptions) -> list[Own]:
    """The best set of each future by the search that `site` uses, confirmed."""
    own = []
    for future in futures:
        found = future.problem.confirm(future.problem.choose_some())
        own.append(Own(future.name, found.outcome, found.as_dict()))
        options.show(f"best set under {future.name} alone: {own[-1].text(future)}")
    return own


def _valuer(
    futures: Sequence[Future], choices: Sequence[Choice], options: TogetherOptions
) -> Valuer:
    weights = np.array([float(weight) for weight in options.weights])
    least = np.array([choice.cost_kcny for choice in choices])
    joint = join(futures, options.criterion, weights, least)
    return Valuer(futures, joint, options.criterion, weights, least)


def _different(choices: Sequence[Choice]) -> list[Booleans]:
    """Answers of choices, each once."""
    return list({choice.key: choice.yes for choice in choices}.values())


def _never_nothing(
    outcome: Outcome[Found], known: Sequence[Valued], criterion: Criterion
) -> Outcome[Found]:
    """The outcome; where the time ended before any set was found, with the best that is known."""
    if isinstance(outcome, CutShort) and outcome.found is None and known:
        best = min(known, key=lambda each: each.value_kcny)
        return CutShort(Found(best.yes, best.value_kcny), outcome.bound, outcome.reason)
    return outcome


def _sets(
    valuer: Valuer,
    again: Confirmed[Found],
    first: Found,
    known: Sequence[Valued],
    options: TogetherOptions,
    deadline: Deadline,
) -> Ranked:
    """The best sets in order; the best alone where no more are asked for or nothing is proved."""
    if isinstance(again.outcome, Proved):
        count = 1 if options.quick else options.top
        return ranked(valuer, first, count, deadline, [each.yes for each in known])
    alone = valuer.value(first.yes)
    return Ranked([] if alone is None else [alone], is_whole=False)


def _given(
    valuer: Valuer, sets: Sequence[Booleans], options: TogetherOptions
) -> list[tuple[str, Valued | None]]:
    """Sets that were named, as they were written, with their values."""
    return [(text, valuer.value(yes)) for text, yes in zip(options.sets, sets, strict=True)]


def _line(valuer: Valuer, found: Found) -> str:
    """The answer in a line."""
    problem = valuer.futures[0].problem
    named = set_text(problem.formulation.options, found.yes)
    value = f"{found.cost_kcny / KCNY_PER_MCNY:,.6f} MCNY/yr"
    return f"best of all sets by {valuer.criterion.value}: {named} ({value})"
