"""A page taken apart: what is read before anything is unfolded, sentences, tables, captions."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSEEN = {"script", "style"}
VOID = {"meta", "link", "br", "input", "hr"}
PRECISE = {"code", "pre"}
"""Commands and formulas, which are not prose."""


@dataclass
class TableText:
    """A table: its headers, and rows of (text, value)."""

    name: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    total: list[tuple[str, str]] = field(default_factory=list)


class PageText(HTMLParser):
    """What a page says.

    Attributes
    ----------
    title, answer : of its opening
    prose : every text a reader sees, commands and formulas left out
    first : words before anything is unfolded
    tables : every table
    tiles : figures in large print, each (value, unit)
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.title, self.answer = "", list[str]()
        self.prose: list[str] = []
        self.first: list[str] = []
        self.tables: list[TableText] = []
        self.tiles: list[tuple[str, str]] = []
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is opened; end tags of cells are left out by the page."""
        at = dict(attrs)
        if tag in VOID:
            return
        if tag in ("td", "th", "tr") and self._inside("td", "th"):
            self._close_to("td", "th")
        if tag == "tr" and self._inside("tr"):
            self._close_to("tr")
        self._open.append((tag, at))
        for name in ("aria-label", "title"):
            if at.get(name):
                self.prose.append(str(at[name]))
        if tag == "div" and at.get("class") == "table":
            self.tables.append(TableText(str(at.get("id"))))
        elif tag == "tr":
            self._row()
        elif tag in ("td", "th") and self.tables:
            self._cells().append(("", str(at["data-v"]) if "data-v" in at else "\0"))
        elif tag == "li" and self._classes("answer"):
            self.answer.append("")
        elif tag == "b" and self._classes("tiles"):
            self.tiles.append(("", ""))

    def handle_endtag(self, tag: str) -> None:
        """Close it, and whatever was left open within."""
        if any(name == tag for name, _ in self._open):
            self._close_to(tag)

    def handle_data(self, data: str) -> None:
        """File a text by where it stands."""
        text = " ".join(data.replace("\N{NO-BREAK SPACE}", " ").split())
        if not text or self._inside(*UNSEEN):
            return
        if not self._inside("details") or self._inside("summary"):
            self.first += text.split()
        if self._inside("h1"):
            self.title += text
        if not self._inside(*PRECISE):
            self.prose.append(text)
        if self._inside("td", "th") and self.tables:
            cells = self._cells()
            old, value = cells[-1]
            cells[-1] = (old + text, value)
        elif self._inside("li") and self._classes("answer"):
            self.answer[-1] += text
        elif self._inside("b") and self._classes("tiles"):
            self.tiles[-1] = (text, "")
        elif self._inside("span") and self._classes("tiles"):
            self.tiles[-1] = (self.tiles[-1][0], text)

    def _inside(self, *tags: str) -> bool:
        return any(tag in tags for tag, _ in self._open)

    def _classes(self, name: str) -> bool:
        return any(at.get("class") == name for _, at in self._open)

    def _close_to(self, *tags: str) -> None:
        while self._open:
            if self._open.pop()[0] in tags:
                return

    def _row(self) -> None:
        if self._inside("tbody") and self.tables:
            self.tables[-1].rows.append([])

    def _cells(self) -> list[tuple[str, str]]:
        table = self.tables[-1]
        if self._inside("tfoot"):
            return table.total
        if self._inside("thead"):
            return table.headers
        return table.rows[-1]
