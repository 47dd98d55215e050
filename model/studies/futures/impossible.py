"""Why no set serves all futures, and which future stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from model.result.figures import COST_PARTS
from model.scenarios.info import ScenarioInfo
from model.solve.core import Core
from model.solve.diagnosis import Diagnosis
from model.solve.outcome import Impossible
from model.solve.search import search_in
from model.solve.solver_trust import require_version
from model.studies.futures.answer import Together
from model.studies.futures.criterion import Criterion
from model.studies.futures.future import Future
from model.studies.futures.joint import join
from model.studies.siting.impossible import impossible


def unanswered(question: ScenarioInfo) -> Together:
    """Nothing was found in time."""
    return Together(question, "limit", _nothing())


def infeasible_alone(question: ScenarioInfo, future: Future) -> Together:
    """No set serves one future, whatever the others are."""
    alone = impossible(future.problem, future.info, future.changes)
    reason = alone.diagnosis
    headline = "no set keeps what is required" if reason is None else reason.headline
    said = f"Under {future.name}: {headline}"
    diagnosis = _diagnosis(said) if reason is None else replace(reason, headline=said)
    return Together(question, "infeasible", _nothing(), diagnosis=diagnosis)


def infeasible(question: ScenarioInfo, futures: Sequence[Future]) -> Together:
    """Each future has a set of its own, and none serves all; which is the first to fail."""
    for count in range(2, len(futures) + 1):
        if not _serve(futures[:count]):
            break
    served = " and ".join(future.name for future in futures[: count - 1])
    last = futures[count - 1].name
    said = (
        f"Under {last}: no set that serves {served} serves {last} too, though each future has a"
        " set of its own within the rules and the budget."
    )
    return Together(question, "infeasible", _nothing(), diagnosis=_diagnosis(said))


def _serve(futures: Sequence[Future]) -> bool:
    """Whether some set serves these futures."""
    weights = np.full(len(futures), 1.0 / len(futures))
    joint = join(futures, Criterion.EXPECTED, weights, np.zeros(len(futures)))
    deadline = futures[0].problem.formulation.deadline
    core = Core(joint.program, joint.answers, integer=joint.integer, time_limit_s=deadline.left_s)
    return not isinstance(search_in(core, deadline), Impossible)


def _diagnosis(headline: str) -> Diagnosis:
    return Diagnosis(headline, [], 0.0, 0.0, 0.0, [], [])


def _nothing() -> dict[str, object]:
    """Figures of an answer without a set."""
    names = ("total_cost_mcny", *COST_PARTS, "criterion_value_mcny", "opened", "closed")
    return dict.fromkeys(names) | {"solver": require_version(), "seconds": None}
