"""Sets that a user names, to be valued beside the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.arrays import Booleans
from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.studies.siting.options import Options
from model.studies.siting.set_names import NOTHING, names_of


def read_sets(options: Options, texts: Sequence[str]) -> list[Booleans]:
    """Answers of sets written as names joined by commas, (J,) each.

    A name is that of a project, or of an origin to close, which may be written `closing NAME`;
    `NAME (2 lines)` is a project with so many of its lines, `NAME` alone with one, and `nothing`
    the empty set.

    Raises
    ------
    BadInput
        Naming every name that is none.
    """
    number: dict[str, tuple[int, ...]] = {
        options.options[at].name: (at,) for at in options.decisions
    }
    number |= dict(names_of(options))
    sets, faults = [], []
    for text in texts:
        yes = np.zeros(len(options), bool)
        for name in (part.strip() for part in text.split(",")):
            if name in number:
                yes[list(number[name])] = True
            elif text.strip() not in ("", NOTHING):
                remedy = did_you_mean(name, list(number), "see projects.csv and closures.csv")
                rule = "must be projects, or origins to close, joined by commas, or nothing"
                faults.append(Fault("--set", quoted(name), rule, remedy))
        sets.append(yes)
    raise_any(faults)
    return sets
