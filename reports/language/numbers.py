"""Numbers as people read them: thousands separators, a true minus, sensible digits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10
from typing import Any

from reports.language.catalogue import named, say

MINUS = "\N{MINUS SIGN}"
SIGNIFICANT = 4
TINY = 1e-9  # below this a figure is the noise of arithmetic


def is_number(value: Any) -> bool:
    """Tell whether a value is a finite number; booleans and texts are not."""
    if isinstance(value, (bool, str)) or value is None:
        return False
    try:
        return isfinite(value)
    except TypeError:
        return False


def digits_for(values: Iterable[Any]) -> int:
    """Return the decimals that show the largest of the values to four significant digits.

    Fewer where the values do not need them: whole numbers have none.
    """
    known = [float(value) for value in values if is_number(value)]
    largest = max(map(abs, known), default=0.0)
    if largest < TINY:
        return 0
    most = max(0, min(6, SIGNIFICANT - 1 - floor(log10(largest))))
    shown = [round(value, most) for value in known]
    return next(d for d in range(most + 1) if all(round(v, d) == v for v in shown))


def plain(value: Any, digits: int | None = None, *, signed: bool = False) -> str:
    """Return a number as text, `1,234.5`; a value that is none as an empty text.

    Examples
    --------
    >>> plain(-1100.0), plain(2563.0, 1, signed=True), plain(None)
    ('−1,100', '+2,563.0', '')
    """
    if not is_number(value):
        return ""
    places = digits_for([value]) if digits is None else digits
    rounded = round(float(value), places)
    text = f"{abs(rounded):,.{places}f}"
    if rounded < 0:
        return MINUS + text
    return f"+{text}" if signed and rounded > 0 else text


def adding_up(total: float, parts: Sequence[float]) -> tuple[str, list[str]]:
    """Return a total and its parts as texts that add up, however they are rounded.

    All have the digits of the total, more where a part would else be written as 0.

    Examples
    --------
    >>> adding_up(10.0, [10 / 3, 10 / 3, 10 / 3])
    ('10', ['4', '3', '3'])
    >>> adding_up(1284.3, [1284.0, 0.3])
    ('1,284.3', ['1,284.0', '0.3'])
    """
    places = digits_for([total])
    while places < 6 and any(TINY < abs(part) < 0.5 / 10**places for part in parts):
        places += 1
    units = [part * 10**places for part in parts]
    whole = [floor(unit) for unit in units]
    left = round(total * 10**places) - sum(whole)
    if 0 <= left <= len(parts):  # else they are not its parts
        ranked = sorted(range(len(parts)), key=lambda n: (whole[n] - units[n], n))
        for number in ranked[:left]:
            whole[number] += 1
    else:
        whole = [round(unit) for unit in units]
    return plain(total, places), [plain(unit / 10**places, places) for unit in whole]


def percent(value: Any, digits: int | None = 1, *, signed: bool = False) -> str:
    """Return a fraction as percent, `0.8213` as `82.1 %`."""
    if not is_number(value):
        return ""
    return say(
        "{number}\N{NO-BREAK SPACE}%", number=plain(100 * float(value), digits, signed=signed)
    )


def listed(names: Iterable[str]) -> str:
    """Join names as a sentence does: `A, B and C`."""
    *most, last = [named(name) for name in names] or [""]
    return say("{most} and {last}", most=joined(most), last=last) if most else last


def joined(names: Iterable[str]) -> str:
    """Join names or phrases without a last word before the last: `A, B, C`."""
    return say(", ").join(named(name) for name in names)


def sentence(parts: Iterable[str]) -> str:
    """Make a sentence of clauses: `One; another.`; blank where there are none."""
    text = say("; ").join(parts)
    return say("{clauses}.", clauses=f"{text[:1].upper()}{text[1:]}") if text else ""


def some(names: Sequence[str], most: int) -> str:
    """Join the first of many names, and count the others: `A, B and 3 more`."""
    more = len(names) - most
    return listed([*names[:most], say("{count} more", count=more)] if more > 0 else names)
