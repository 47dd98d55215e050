"""``data/README.md``: the format of a case, as the schema declares it."""

from __future__ import annotations

from pathlib import Path

from model.case.columns import Column, Table
from model.case.schema import CASE, MAX_BYTES, MAX_NUMBER, MAX_ROWS, MIN_NUMBER, TABLES
from model.case.schema_choices import PROJECTS
from model.case.schema_market import LANES, ORIGINS, SINKS
from model.case.schema_network import LINKS, MODES, NODES
from model.case.schema_sources import ASSUMPTIONS

PAGE = Path(__file__).parents[2] / "data" / "README.md"
ASSUMED = "\n## What the bundled cases assume\n"
"""Heading of what follows the format; see `model.studies.sensitivity.assumptions_page`."""


def page() -> str:
    """Return the page as Markdown."""
    return "\n\n".join([_introduction(), *map(_section, [CASE, *TABLES.values()])]) + "\n"


def write_page() -> Path:
    """Write the page into the checkout, before what the cases assume, and return its path."""
    PAGE.parent.mkdir(exist_ok=True)
    _, heading, rest = PAGE.read_text(encoding="utf-8").partition(ASSUMED)
    PAGE.write_text(page() + heading + rest, encoding="utf-8", newline="\n")
    return PAGE


def _introduction() -> str:
    return f"""# The format of a case

<!-- Made from model/case/schema*.py by `python -m model.case.schema_page`; edit it there. -->

A case is a folder with a `case.toml` and the CSV files below, or one workbook whose sheets bear
the same names (`python solve.py template FILE.xlsx` writes an empty one). Masses are in kt per
year, money in CNY, unit costs in CNY/t, so kt × CNY/t = 1000 CNY. Columns in **bold** must be
there and filled. A case needs `{SINKS.file}`; `{ORIGINS.file}`, unless `{PROJECTS.file}` has rows;
and `{LANES.file}` or a network (`{NODES.file}`, `{LINKS.file}` and `{MODES.file}`). Every other
table is optional, and a header alone means none. Rows and columns may stand in any order; only
the rows of `periods.csv` stand in that of time.

Files are UTF-8, separated by commas. Numbers are plain decimals (`1234.5`, `-3`, `2e-5`) without
separators, smaller than {MAX_NUMBER:.0e} in size; below {MIN_NUMBER:.0e} they count as 0. Booleans
are `true` and `false`, days `2025-05-20`. Names are case-sensitive and do not hold `|`, which joins
several of them. The figures of a row come from its `source`; its `grade` says how well founded
they are. The range of a column in brackets is what is plausible: beyond it there is a warning. A
table may have at most {MAX_ROWS:,} rows, a file {MAX_BYTES:,} bytes.

A `where` (`{ASSUMPTIONS.file}`, `paths.csv`) picks rows of the table that its `target` names:
`mode=rail|road; grade=assumed` means both, with either mode. `scenarios/*.toml` beside the tables
turn one case into another; see the README of the project."""


def _section(table: Table) -> str:
    rows = [
        f"| {_name(column)} | {_meaning(column)} | {column.unit} | {_blank(column)} "
        f"| {_allowed(column)} |"
        for column in table.columns
    ]
    title = "case.toml" if table is CASE else table.file
    head = [
        "| column | meaning | unit | blank means | allowed |",
        "| --- | --- | --- | --- | --- |",
    ]
    return f"## {title}\n\n{table.meaning}{_key(table)}\n\n" + "\n".join(head + rows)


def _key(table: Table) -> str:
    if table.key:
        either = [name for name in table.key if table.by_name[name].is_alternative]
        others = [name for name in table.key if name not in either]
        words = [f"`{name}`" for name in others]
        words += [" or ".join(f"`{name}`" for name in either)] if either else []
        return f" One row per {', '.join(words)}."
    return "" if table is CASE else " No row may repeat another in every column."


def _name(column: Column) -> str:
    return f"**{column.name}**" if column.required else column.name


def _meaning(column: Column) -> str:
    return _in_table(column.meaning)


def _blank(column: Column) -> str:
    if column.required:
        return "not allowed"
    if column.default_column:
        return f"`{column.default_column}`"
    if column.default is not None:
        return f"`{_shown(column.default)}`"
    return _in_table(column.blank) or "nothing said"


def _allowed(column: Column) -> str:
    if column.choices:
        return ", ".join(f"`{choice}`" for choice in column.choices)
    if column.refers_to:
        return " or ".join(f"a `{target}`" for target in column.refers_to)
    if column.kind == "moment":
        return "a year, or a `periods.period`"
    bounds: list[str] = [_bounds(column) if column.is_number else column.kind]
    if column.plausible:
        low, high = column.plausible
        bounds.append(f"({low:,g} to {high:,g})")
    return " ".join(bounds)


def _bounds(column: Column) -> str:
    words = [{"integer": "a whole number"}.get(column.kind, "a number")]
    words += ["or fraction"] if column.takes_fractions else []
    return " ".join([*words, *(f"{sign} {bound:g}" for sign, bound in column.bounds.items())])


def _shown(value: str | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    print(write_page())
