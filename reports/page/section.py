"""What a page is made of: sections, each a heading with blocks below it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from reports.figures.style import Picture
from reports.page.table import PageTable


@dataclass(frozen=True)
class Sentences:
    """Sentences of an answer, each on a line of its own."""

    lines: tuple[str, ...]
    kind: str = "sentences"


@dataclass(frozen=True)
class Text:
    """A paragraph. `command`, if any, is what to run for what is missing."""

    text: str
    command: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Formula:
    """Lines of mathematics, kept as they are."""

    text: str
    kind: str = "formula"


@dataclass(frozen=True)
class Tiles:
    """A few figures in large print: (title, value, unit, change)."""

    tiles: tuple[tuple[str, str, str, str], ...]
    kind: str = "tiles"


@dataclass(frozen=True)
class Pair:
    """Blocks beside each other where there is room."""

    figures: tuple[Picture, ...]
    kind: str = "pair"


Block = Sentences | Text | Formula | Tiles | Pair | Picture | PageTable


@dataclass(frozen=True)
class Section:
    """A part of a page, with an anchor."""

    name: str
    title: str
    blocks: tuple[Block, ...]

    def figures(self) -> Iterable[Picture]:
        """All pictures in it."""
        for block in self.blocks:
            if isinstance(block, Picture):
                yield block
            elif isinstance(block, Pair):
                yield from block.figures


def section(name: str, title: str, *blocks: Any) -> Section | None:
    """Return a section of the blocks that there are, or None when there is none."""
    present = tuple(
        block.without_blank_columns() if isinstance(block, PageTable) else block
        for block in blocks
        if block is not None
    )
    return Section(name, title, present) if present else None
