"""Sets by their names in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.arrays import Booleans
from model.studies.siting.options import Options

JOINT = "; "
NOTHING = "nothing"


def names_of(options: Options) -> list[tuple[str, tuple[int, ...]]]:
    """What can be in a set, in order: each name with the options that it takes.

    Projects stand before closures; one in lines has a name for each number of them.
    """
    named = []
    for number in options.projects:
        lines, name = options.lines(number), options.options[number].name
        for count in range(1, len(lines) + 1):
            text = f"{name} ({count} line{'s' * (count > 1)})" if len(lines) > 1 else name
            named.append((text, tuple(lines[:count])))
    closures = ((f"closing {options.options[n].name}", (n,)) for n in options.closures)
    return [*named, *closures]


def set_text(options: Options, yes: Booleans) -> str:
    """A set in words: what is built, and what is closed."""
    taken = [
        name
        for name, numbers in names_of(options)
        if yes[list(numbers)].all() and yes[options.lines(numbers[0])].sum() == len(numbers)
    ]
    return JOINT.join(taken) or NOTHING


def sets_named(options: Options, text: str) -> Iterator[Booleans]:
    """Every set that `set_text` calls so, (J,): several where a name holds the joint."""
    named = names_of(options)
    for places in _parts([name for name, _ in named], text, 0):
        yes = np.zeros(len(options), bool)
        yes[[number for place in places for number in named[place][1]]] = True
        yield yes
    if text == NOTHING:
        yield np.zeros(len(options), bool)


def _parts(names: list[str], text: str, start: int) -> Iterator[tuple[int, ...]]:
    """Places of names, in order, that joined are a text."""
    for place in range(start, len(names)):
        if text == names[place]:
            yield (place,)
        elif text.startswith(names[place] + JOINT):
            rest = text[len(names[place] + JOINT) :]
            yield from ((place, *more) for more in _parts(names, rest, place + 1))
