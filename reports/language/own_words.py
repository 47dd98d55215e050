"""A case's own words for what reports call regions, sinks and regional borders.

They stand in the sentences of the catalogue in place of its words, never in names of the case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.case.case import Settings

USUAL: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "border_words": ("regional border", "regional borders"),
        "region_words": ("region", "regions"),
        "sink_words": ("sink", "sinks"),
    },
    "zh": {"border_words": ("区界",), "region_words": ("地区",), "sink_words": ("需求地",)},
}
"""What reports say by default, one and several, by language and key of case.toml."""
Pairs = tuple[tuple[str, str], ...]
_OWN: ContextVar[Pairs] = ContextVar("own", default=())


@contextmanager
def using(settings: Settings, code: str) -> Iterator[None]:
    """Use a case's own words meanwhile, in place of the usual ones of a language."""
    pairs = [
        pair
        for key, usual in USUAL[code].items()
        if (given := getattr(settings, key))
        for pair in zip(usual, (given[0], given[-1]), strict=False)
    ]
    earlier = _OWN.set(tuple(pairs))
    try:
        yield
    finally:
        _OWN.reset(earlier)


def in_own_words(text: str) -> str:
    """Return a sentence of the catalogue in the case's own words; its ``{name}`` stay."""
    pairs = _OWN.get()
    return _reworded(text, pairs) if pairs else text


def own_word(word: str) -> str:
    """Return a word alone, as a heading or a cell has it; any other text as it is."""
    pairs = dict(_OWN.get())
    return _like(word, pairs[word.lower()]) if word.lower() in pairs else word


@lru_cache(maxsize=10_000)
def _reworded(text: str, pairs: Pairs) -> str:
    own: Mapping[str, str] = dict(pairs)
    longest = sorted(own, key=len, reverse=True)
    usual = "|".join(
        rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in longest
    )
    parts = re.split(r"(\{[^}]*\})", text)
    pattern = re.compile(usual, re.IGNORECASE)
    return "".join(
        part
        if part.startswith("{")
        else pattern.sub(lambda found: _like(found[0], own[found[0].lower()]), part)
        for part in parts
    )


def _like(usual: str, own: str) -> str:
    """Begin a word as the one that it stands for begins."""
    return own[:1].upper() + own[1:] if usual[:1].isupper() else own
