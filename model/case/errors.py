"""What is wrong with an input, said once and in full; and a solver without an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

MOST_SHOWN = 50
FEW_ALIKE = 4
"""So many further rows with the same fault are counted, fewer are listed."""
_ROW = re.compile(r"(?<=:)\d+(?=:)|(?<=[A-Z])\d+$")
"""The row in a place such as `lanes.csv:3:km` or `case.xlsx:lanes!B3`."""


@dataclass(frozen=True)
class Fault:
    """One thing that an input may not hold.

    Parameters
    ----------
    where : str
        ``file:row:column``, or as much of it as there is (``case.xlsx:origins!B3`` in a workbook).
    found : str
        What stands there, already fit to print.
    rule : str
        What has to hold.
    remedy : str
        What the user can do about it.

    Examples
    --------
    >>> str(Fault("origins.csv:3:supply_kt", '"-5"', "must be at least 0", "write 0 or more"))
    'origins.csv:3:supply_kt: "-5" found; must be at least 0; write 0 or more'
    """

    where: str
    found: str
    rule: str
    remedy: str

    def __str__(self) -> str:
        return printable(f"{self.where}: {self.found} found; {self.rule}; {self.remedy}")


class BadInput(Exception):  # noqa: N818 - the name says it
    """Every fault of an input at once; nothing was solved and nothing was written.

    Its text is one line a fault (the first fifty) and the line that counts them; a mistake that is
    made in many rows of a column has one line.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: list[Fault] = list(faults)
        super().__init__(self._text())

    def _text(self) -> str:
        told = list(_together(self.faults))
        lines = [text for text, _ in told[:MOST_SHOWN]]
        hidden = sum(count for _, count in told[MOST_SHOWN:])
        if hidden:
            lines.append(f"... and {hidden} more")
        noun = "fault" if len(self.faults) == 1 else "faults"
        return "\n".join([*lines, f"{len(self.faults)} {noun}; nothing was written"])


def _together(faults: Sequence[Fault]) -> Iterator[tuple[str, int]]:
    """Yield what to say and of how many faults; those that differ in their rows alone are one."""
    alike: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        key = _ROW.sub("", fault.where), fault.found, fault.rule, fault.remedy
        alike.setdefault(key, []).append(fault)
    for first, *others in alike.values():
        if len(others) < FEW_ALIKE:
            yield from ((str(fault), 1) for fault in (first, *others))
        else:
            yield f"{first} ({len(others)} more rows likewise)", 1 + len(others)


class OutOfTime(Exception):  # noqa: N818 - the name says it
    """A step could not end before the moment came; what was proved before it stands."""


class SolverFailed(Exception):  # noqa: N818 - the name says it
    """The solver ended without an answer that stands, for no reason that the input could give."""


class NoPlan(Exception):  # noqa: N818 - the name says it
    """No feasible plan, of the case itself or at any value of a figure that a study asks of."""


def renamed_warning(where: str, old: str, present: str) -> str:
    """Return the warning for a name that is still read."""
    return str(Fault(where, quoted(old), f"it is called {present} now", f"write {present}"))


def raise_any(faults: Sequence[Fault]) -> None:
    """Raise :class:`BadInput` with all `faults`, if there are any."""
    if faults:
        raise BadInput(faults)


def quoted(text: str, longest: int = 80) -> str:
    r"""Return `text` in double quotes, shortened, with control characters made visible.

    Examples
    --------
    >>> print(quoted("a\tb"))
    "a\x09b"
    """
    return f'"{printable(shortened(text, longest))}"'


def is_utf8(name: str) -> bool:
    """Whether a name that the system gave is UTF-8: no byte had to be smuggled into it."""
    return not any("\ud800" <= character <= "\udfff" for character in name)


def shortened(text: str, longest: int = 80) -> str:
    """Return the beginning of a long text, and that there is more."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


def printable(text: str) -> str:
    """Return `text` with characters that a terminal would act on, or not show, made visible."""
    return "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
