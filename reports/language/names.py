"""Names for people: local ones of a case, modes, columns of tables in words."""

from __future__ import annotations

import re

from model.case.schema import TABLES
from reports.language.catalogue import ENGLISH, named, say, spoken_language
from reports.language.numbers import joined


def titled(name: str, local: str) -> str:
    """Return a name as a map shows it: with its local name beside it, or in the language alone."""
    if spoken_language() != ENGLISH:
        return named(name)
    return f"{name} {local}" if local else name


UNIT_ENDINGS = ("_cny_per_t", "_mcny", "_kt", "_km")
TARGETS = {
    "sinks.demand_kt": "demand", "limits.max": "limit", "duties.rate": "rate of duty",
    "modes.cny_per_t_km": "tariff", "case.carbon_price_cny_per_t": "carbon price",
    "links.km": "length of links",
}  # fmt: skip
PARTS = {
    "price at ": "worth of a tonne at {place}", "scarcity at ": "worth of supply at {place}",
}  # fmt: skip
_TARGET = re.compile(r"\b([a-z]+)\.([a-z0-9_]+)\b")


def mode_words(mode: str) -> str:
    """Write modes as words: `rail+road_local` as `rail + road local`."""
    return " + ".join(say(part.replace("_", " ")) for part in mode.split("+"))


def part_words(part: str) -> str:
    """Write a part of what one tonne more costs: marginal values are no prices.

    >>> part_words("price at Topeka"), part_words("freight")
    ('worth of a tonne at Topeka', 'freight')
    """
    for beginning, words in PARTS.items():
        if part.startswith(beginning):
            return say(words, place=part.removeprefix(beginning))
    return say(part)


def target_words(text: str) -> str:
    """Write every `table.column` of the schema in a text as words.

    >>> target_words("duties.rate: 2 rows")
    'rate of duty: 2 rows'
    >>> target_words("origins.supply_kt")
    'supply of origins'
    """
    return _TARGET.sub(lambda found: _words_of(*found.groups()), text)


def _words_of(table: str, column: str) -> str:
    name = f"{table}.{column}"
    if name in TARGETS:
        return say(TARGETS[name])
    if table not in TABLES or column not in TABLES[table].by_name:
        return name
    for ending in UNIT_ENDINGS:
        column = column.removesuffix(ending)
    return say("{column} of {table}", column=say(column.replace("_", " ")), table=say(table))


def selected_words(figure: str) -> str:
    """Write a figure of a case, with the rows it is about, as words.

    >>> selected_words("sinks.demand_kt where sink=North Bay")
    'demand of North Bay'
    """
    target, _, where = figure.partition(" where ")
    names = [part.partition("=")[2] for part in where.split(";") if "=" in part]
    words = target_words(target)
    if not names:
        return words
    places = joined(name for each in names for name in each.split("|"))
    return say("{figure} of {places}", figure=words, places=places)
