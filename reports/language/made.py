"""Texts that the model makes of names and figures, recognised by their patterns.

The model speaks English; reports find in the catalogue what it says of a plan: why a value changes,
what stops a bound, what would repair a case. What no pattern recognises stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

PATTERNS = (
    "{origin} ships {kt} more",
    "{origin} ships {kt} less",
    "{origin} to {sink} {before} → {after} kt",
    "{origin} to {sink} {change}",
    "closing {name}",
    "cannot change this way: bound by {names}",
    "shortage at {name}",
    "all supply of {name}",
    "limit {name} is reached",
    "limit {name} binds no more",
    "the limit of link {name}",
    "the least flow of lane {pair}",
    "lane {pair}",
    "{name} has nothing left",
    "{name} keeps tonnes back",
    "{name} is at its bound",
    "{name} leaves its bound",
    "{kt} kt more supply at {name}",
    "{kt} kt less demand at {name}",
    "{kt} kt more {input} at {name}",
    "{row} lowered by {kt} kt",
    "{row} raised by {kt} kt",
    "without it and with it: {reason}",
    "without it: {reason}",
    "with it: {reason}",
    "and {count} more",
    "{count} more",
    "no tonne more can be sent, because of {names}",
    "{kt} kt more are too many to be sent",
    "price at {name}",
    "scarcity at {name}",
    "paid by {name} above its demand",
    "No route to {sink} (nearest: {names})",
    "No route to {sink}",
    "No allocation keeps these bounds together: {names}.",
    "With every project built: {sentence}",
    "In {period}, with every project built: {sentence}",
    "In {period}: {sentence}",
    "In {period}, with every project built",
    "In {period}",
    "{run}: a run without a feasible plan has no cost to split",
    "One set for {names}: least expected cost",
    "One set for {names}: least worst cost",
    "One set for {names}: least regret",
    "{names} need {kt} kt; at most {most} kt can reach them: short by {short} kt, because of "
    "{reasons}.",
    "{names} needs {kt} kt; at most {most} kt can reach it: short by {short} kt, because of "
    "{reasons}.",
    "limit {name}",
    "{origin} to {sink} stops",
    "{origin} to {sink} begins",
    "{origin} to {sink} by another route",
    "{cause} {kt} kt",
)
"""Texts of the model with their parts, the most special first."""
PLAIN = (
    "no flow changes",
    "no flow changes, prices do",
    "cannot change this way",
    "no plan within the rules",
    "no lane brings more",
    "no lane joins them",
    "what the sink takes",
    "other flows take over at another cost",
    "the set has no plan beyond",
    "it moves nothing in this run",
    "no feasible plan",
    "without it",
    "with it",
    "plan, near those claimed",
    "the time limit came first",
    "With every project built",
    "The case as it stands",
    "average over every order in which the changes can come (Shapley)",
)
"""Texts of the model without parts."""
NUMBERS = {"kt", "most", "short", "before", "after", "count"}
SIGNED = {"change"}
LISTS = {"names": ", ", "reasons": "; "}
WHOLE = {"reasons", "sentence"}
"""Parts that may be lists themselves."""
_NUMBER, _SIGNED, _TEXT = r"[\d.,e+]+", r"[+\-−][\d.,e]+", r"[^;]+?"


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression with a group for each part."""
    pieces = re.split(r"\{(\w+)\}", pattern)
    found = [re.escape(piece) if n % 2 == 0 else _group(piece) for n, piece in enumerate(pieces)]
    return re.compile("".join(found))


def _group(name: str) -> str:
    kind = _NUMBER if name in NUMBERS else _SIGNED if name in SIGNED else _TEXT
    kind = ".+" if name in WHOLE else kind
    return f"(?P<{name}>{kind})"


def recognised(text: str) -> tuple[str, dict[str, str]] | None:
    """Return the pattern of a text, with its parts; None where there is none.

    >>> recognised("North to East +5")
    ('{origin} to {sink} {change}', {'origin': 'North', 'sink': 'East', 'change': '+5'})
    """
    for pattern in PATTERNS:
        found = _expression(pattern).fullmatch(text)
        if found:
            return pattern, found.groupdict()
    return None


def translated(text: str, texts: dict[str, str], word: Callable[[str], str]) -> str:
    """Return a text of the model by the catalogue's `texts`, its parts by `word`.

    Examples
    --------
    >>> translated("A to B +5", {"{origin} to {sink} {change}": "{change}: {sink} < {origin}"}, str)
    '+5: B < A'
    """
    for divider in (" and ", " or "):
        parts = text.split(divider)
        if len(parts) > 1 and all(map(recognised, parts)):
            return texts.get(divider, divider).join(map(word, parts))
    found = recognised(text)
    if found is None:
        return _joined(text, texts, word)
    pattern, groups = found
    read = {}
    for name, part in groups.items():
        between = LISTS.get(name, "")
        pieces = part.split(between) if between else [part]
        read[name] = texts.get(between, between).join(map(word, pieces))
    return texts[pattern].format(**read) if pattern in texts else text


def _joined(text: str, texts: dict[str, str], word: Callable[[str], str]) -> str:
    """Translate a list part by part; a sentence of the case, which only looks like one, stays."""
    for divider in (sign for sign in ("; ", "|", " and ", " or ", ", ") if sign in text):
        parts = text.split(divider)
        read = [word(part) for part in parts]
        is_list = divider in ("; ", "|") or all(map(str.__ne__, parts, read))
        if is_list:
            return texts.get(divider, divider).join(read)
    return text
