"""One set for several futures, asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.result.answer import Answer
from model.studies.futures.criterion import read_criterion, read_weights
from model.studies.futures.future import Scenario
from model.studies.futures.together import TogetherOptions, together
from model.studies.siting.requirements import Requirements
from model.verification.given import prepared


def together_again(given: Path, content: Mapping[str, Any]) -> Answer:
    """The answer to the question of a stored run.

    Parameters
    ----------
    given : folder of the given files
    content : ``run.json``
    """
    options = content["provenance"]["options"]
    scenarios = [Scenario(*prepared(given, name)) for name in options["scenarios"]]
    criterion = read_criterion(options["together"])
    required = {name: options[name] for name in ("budget_mcny", "max_projects", "quotas")}
    required |= {name: tuple(options[name]) for name in ("include", "exclude")}
    return together(
        scenarios,
        Requirements(**required),
        TogetherOptions(
            criterion,
            read_weights(options["weights"], criterion, len(scenarios)),
            top=options["top"],
            sets=options["sets"],
            quick=options["quick"],
            full=bool(options.get("full")),
        ),
    ).answer()
