"""Sets that a user names, to be valued beside the best."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.arrays import Booleans
from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.studies.siting.options import Options

NOTHING = "nothing"
CLOSING = "closing "


def read_sets(options: Options, texts: Sequence[str]) -> list[Booleans]:
    """Answers of sets written as names joined by commas, (J,) each.

    A name is that of a project, or of an origin to close, which may be written `closing NAME`;
    `nothing` alone is the empty set.

    Raises
    ------
    BadInput
        Naming every name that is none.
    """
    number = {option.name: at for at, option in enumerate(options.options)}
    number |= {
        f"{CLOSING}{option.name}": at
        for at, option in enumerate(options.options)
        if not option.is_project
    }
    sets, faults = [], []
    for text in texts:
        yes = np.zeros(len(options), bool)
        for name in (part.strip() for part in text.split(",")):
            if name in number:
                yes[number[name]] = True
            elif text.strip() not in ("", NOTHING):
                remedy = did_you_mean(name, list(number), "see projects.csv and closures.csv")
                rule = "must be projects, or origins to close, joined by commas, or nothing"
                faults.append(Fault("--set", quoted(name), rule, remedy))
        sets.append(yes)
    raise_any(faults)
    return sets
