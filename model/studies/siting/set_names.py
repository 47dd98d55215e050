"""Sets by their names in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.arrays import Booleans
from model.studies.siting.options import Options

JOINT = "; "


def sets_named(options: Options, text: str) -> Iterator[Booleans]:
    """Every set that `Problem.set_text` calls so, (J,): several where a name holds the joint."""
    closures = [n for n in range(len(options)) if not options.options[n].is_project]
    order = [*options.projects, *closures]
    names = [options.options[n].name for n in options.projects]
    names += [f"closing {options.options[n].name}" for n in closures]
    for places in _parts(names, text, 0):
        yes = np.zeros(len(options), bool)
        yes[[order[place] for place in places]] = True
        yield yes
    if text == "nothing":
        yield np.zeros(len(options), bool)


def _parts(names: list[str], text: str, start: int) -> Iterator[tuple[int, ...]]:
    """Places of names, in order, that joined are a text."""
    for place in range(start, len(names)):
        if text == names[place]:
            yield (place,)
        elif text.startswith(names[place] + JOINT):
            rest = text[len(names[place] + JOINT) :]
            yield from ((place, *more) for more in _parts(names, rest, place + 1))
