"""Sea passages that may be closed, and the names that they go by."""

from __future__ import annotations

from collections.abc import Iterable

from model.case.names import folded

PASSAGES: dict[str, tuple[str, ...]] = {
    "babalmandab": ("Bab-el-Mandeb", "Bab el Mandeb", "Bab al-Mandab", "Strait of Bab-el-Mandeb",
                    "Mandeb Strait"),
    "bering": ("Bering Strait", "Strait of Bering"),
    "bosporus": ("Bosporus Strait", "Bosphorus", "Bosphorus Strait", "Strait of Istanbul"),
    "chili": ("Chile", "Cape Horn", "Drake Passage"),
    "dardanelles": ("Dardanelles Strait", "Strait of the Dardanelles", "Çanakkale Strait"),
    "gibraltar": ("Strait of Gibraltar", "Gibraltar Strait"),
    "malacca": ("Strait of Malacca", "Malacca Strait", "Straits of Malacca"),
    "northwest": ("Northwest Passage", "North-West Passage"),
    "ormuz": ("Hormuz", "Strait of Hormuz", "Hormuz Strait", "Strait of Ormuz"),
    "panama": ("Panama Canal",),
    "south_africa": ("South Africa", "Cape of Good Hope", "Cape Agulhas"),
    "suez": ("Suez Canal",),
    "sunda": ("Sunda Strait", "Strait of Sunda"),
}  # fmt: skip
"""Passages of searoute's network, by its own name for each; the names that readers know."""

PASSAGE_NAMES = tuple(
    sorted({name for label, names in PASSAGES.items() for name in (label, *names)})
)
"""Every name of a passage; any letter case is read."""

_LABELS = {
    folded(name): label for label, names in PASSAGES.items() for name in (label, *names)
}  # fmt: skip


def passage_called(name: str) -> str:
    """Return searoute's name of a passage, ``""`` where there is none of that name.

    Examples
    --------
    >>> passage_called("Suez Canal"), passage_called("hormuz"), passage_called("Kiel")
    ('suez', 'ormuz', '')
    """
    return _LABELS.get(folded(name), "")


def closed_sea_passages(names: Iterable[str]) -> tuple[str, ...]:
    """Return searoute's names of the passages among the names of closed ones, sorted."""
    return tuple(sorted({passage_called(name) for name in names} - {""}))
