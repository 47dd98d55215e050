"""What the schema says of a column and of a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Kind = Literal[
    "name", "text", "target", "number", "integer", "boolean", "choice", "date", "names", "moment"
]

NAME_KINDS: tuple[Kind, ...] = ("name", "names")
NUMBER_KINDS: tuple[Kind, ...] = ("number", "integer")
SIGNS = {"≥": "at least", ">": "above", "≤": "at most"}
"""Signs of bounds, in words."""


@dataclass(frozen=True)
class Column:
    """One column of a table, or one key of ``case.toml``.

    Parameters
    ----------
    name : str
        As in the header; a quantity ends in its unit.
    kind : str
        ``name`` (one name), ``names`` (several joined by ``|``), ``text`` (free), ``target``
        (``table.column``), ``number``, ``integer``, ``boolean``, ``choice``, ``date``
        (YYYY-MM-DD) or ``moment`` (a year, or the name of a period).
    meaning : str
        What it says, in a phrase.
    unit : str
        Of a number; blank where it has none.
    required : bool
        Whether a table must have the column and a row must have a value in it.
    key : bool
        Whether it is part of what tells rows apart.
    is_alternative : bool
        Whether it is one of several key columns, of which a row may leave some blank.
    takes_fractions : bool
        Whether a number may be written as a fraction, such as ``1/12``.
    default : str, float or bool, optional
        Value of a blank cell. Without one a blank is ``""``, NaN or False.
    default_column : str
        A column of the same row whose value stands in for a blank.
    blank : str
        What a blank cell means, where neither of the two says it.
    minimum, maximum : float, optional
        Bounds that refuse.
    above : float, optional
        As `minimum`, but the bound itself is refused too.
    plausible : (float, float), optional
        Bounds that only warn; 0 is always plausible.
    choices : tuple of str
        The words allowed in a ``choice`` or in ``names``.
    refers_to : tuple of str
        ``table.column`` in one of which a name must stand.
    offers : tuple of str
        ``table.column`` whose names a workbook offers; others may stand there too.
    forbidden : str
        Characters that a name may not hold besides ``|``.
    old_names : tuple of str
        Names that it had before, which are still read, with a warning.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = False
    key: bool = False
    is_alternative: bool = False
    takes_fractions: bool = False
    default: str | float | bool | None = None
    default_column: str = ""
    blank: str = ""
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    plausible: tuple[float, float] | None = None
    choices: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    forbidden: str = ""
    old_names: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers (float64, NaN for blank)."""
        return self.kind in NUMBER_KINDS

    @property
    def is_name(self) -> bool:
        """Whether its values are names, to which the rules for names apply."""
        return self.kind in NAME_KINDS

    @property
    def bounds(self) -> dict[str, float]:
        """What a number must be, sign by sign: ``{">": 0, "≤": 1}``."""
        signed = {"≥": self.minimum, ">": self.above, "≤": self.maximum}
        return {sign: bound for sign, bound in signed.items() if bound is not None}

    @property
    def bounds_in_words(self) -> str:
        """The same as a phrase; blank where there is none."""
        return " and ".join(f"{SIGNS[sign]} {bound:g}" for sign, bound in self.bounds.items())

    @property
    def filler(self) -> str | float | bool:
        """What stands in a frame for a blank cell."""
        if self.default is not None:
            return self.default
        if self.is_number:
            return float("nan")
        return False if self.kind == "boolean" else ""


@dataclass(frozen=True)
class Table:
    """One table of a case, and the file or sheet of the same name.

    Parameters
    ----------
    rows_follow : bool
        Whether a row with a blank in its key begins where the one above it ends, so that the order
        of rows says something.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows_follow: bool = False

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by their names."""
        return {column.name: column for column in self.columns}

    @cached_property
    def renamed(self) -> dict[str, str]:
        """Present names of columns by their old ones."""
        return {old: column.name for column in self.columns for old in column.old_names}

    def present(self, name: str) -> str:
        """Return the present name of a column, for a present or an old one, or any other text."""
        return self.renamed.get(name, name)

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Names of all columns, in the order of the schema."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """Names of the columns that tell rows apart; empty where only whole rows do."""
        return tuple(column.name for column in self.columns if column.key)

    @cached_property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row must fill."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def file(self) -> str:
        """The table's file in a case folder."""
        return f"{self.name}.csv"
