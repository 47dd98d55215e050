"""A page in a tab of the browser."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page


@dataclass
class Browsed:
    """A page with what it said and asked for while it loaded.

    Attributes
    ----------
    said, requested : messages of its console and its errors; addresses
    """

    page: Page
    said: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def visit(self, address: str) -> None:
        """Go to an address, and note what happens from then on."""
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.requested.append(request.url))
        self.page.goto(address)
