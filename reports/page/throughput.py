"""Ports, corridors and limits: what passes, how full they are, what more room is worth."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from model.case.records import Record
from model.result.crossings import LIMIT, ROLES, limits_of_nodes
from reports.frames import records
from reports.language import say
from reports.language.names import mode_words
from reports.language.numbers import is_number
from reports.page.section import Section, section
from reports.page.table import PageTable, TableColumn, texts

if TYPE_CHECKING:
    from model.result.allocation import Allocation

UNUSED = "Ports, borders and links that nothing passes and nothing limits are left out."
MEANINGS = (
    "One tonne more: what a tonne of more room saves, CNY. Next best: the port, border or link by "
    "which the tonne goes that costs least to send another way between the same two places, and "
    "how much dearer that is. Closed: what all that passes would cost more by such ways, whether "
    "or not they have room."
)
KT = "kt/yr"
_LINK = re.compile(r"([^>]+)>([^>:]+):([^#]+)(#\d+)?")


def throughput_section(result: Allocation) -> Section | None:
    """Return the section of ports, corridors and limits; None where the case has none of them."""
    return section("throughput", "Ports, corridors and limits", throughput_table(result))


def throughput_table(result: Allocation) -> PageTable | None:
    """Every place that tonnes pass or that is limited, the fullest of each role first."""
    shown = _shown(records(result.throughput))
    if not shown:
        return None
    worth = _worths(result)
    has_links = any(row["direction"] for row in shown)
    is_mass = all(row["unit"] == KT for row in shown)
    amount = TableColumn("Through", "kt") if is_mass else TableColumn("Through", kind="mixed")
    columns = [
        *texts("Place", "Role", *(["Direction"] if has_links else [])),
        amount,
        TableColumn("of it by sea", "kt"),
        replace(amount, title="Limit"),
        *texts(*([] if is_mass else ["Unit"])),
        TableColumn("Used", "%", "share"),
        TableColumn("One tonne more", "CNY/t"),
        *texts("Next best"),
        TableColumn("Dearer by", "CNY/t"),
        TableColumn("Closed", "MCNY"),
    ]
    rows = [
        [
            link_words(row["place"]),
            row["role"],
            *([row["direction"].replace(">", " → ")] if has_links else []),
            row["through_kt"],
            row["by_sea_kt"],
            row["limit"],
            *([] if is_mass else [say(row["unit"])]),
            row["used_share"],
            worth.get((row["role"], row["place"])),
            link_words(row["next_best"]) or _why_none(row),
            row["next_best_cny_per_t"],
            row["closed_cost_mcny"],
        ]
        for row in shown
    ]
    is_whole = len(shown) == len(result.throughput)
    note = say(MEANINGS) if is_whole else f"{say(MEANINGS)} {say(UNUSED)}"
    return PageTable("throughput", "What passes, and what is full", columns, rows, note)


def link_words(name: str) -> str:
    """Write the name of a link, `A>B:rail_container`, as words; any other name as it is.

    >>> link_words("North>Bay:rail_container#2"), link_words("Suez Canal")
    ('North → Bay, rail container #2', 'Suez Canal')
    """
    found = _LINK.fullmatch(name)
    if found is None:
        return name
    start, end, mode, number = found.groups(default="")
    words = say("{start} → {end}, {mode}", start=start, end=end, mode=mode_words(mode))
    return f"{words} {number}".strip()


def _shown(rows: list[Record]) -> list[Record]:
    """Rows that say something; the fullest of each role first, then the busiest."""
    found = [row for row in rows if row["through_kt"] or is_number(row["limit"])]
    order = {role: place for place, role in enumerate(ROLES)}

    def rank(row: Record) -> tuple[int, float, float]:
        used = row["used_share"] if is_number(row["used_share"]) else -1.0
        return order[row["role"]], -used, -row["through_kt"]

    return sorted(found, key=rank)


def _worths(result: Allocation) -> dict[tuple[str, str], float]:
    """What one more tonne of room saves, by role and place; of a port, at a limit of its own."""
    saved = {
        row["place"]: row["right_cny_per_t"] + 0.0
        for row in records(result.prices)
        if row["role"] == LIMIT and is_number(row["right_cny_per_t"])
    }
    found = {(role, place): value for place, value in saved.items() for role in ("link", LIMIT)}
    for place, limit in limits_of_nodes(result.case).items():
        if limit in saved:
            found |= {("port", place): saved[limit], ("border", place): saved[limit]}
    return found


def _why_none(row: Record) -> Any:
    return say("no other way") if row["through_kt"] else ""
