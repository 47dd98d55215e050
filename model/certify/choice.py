"""The tables of a case in which chosen projects stand and others are closed, as texts to texts.

What docs/mathematics.md says of siting, derived again: a project that supplies is an origin of its
own name, one that adds to a limit raises it, a closed origin supplies nothing.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from math import floor

from model.certify.derive import bound_columns
from model.certify.program import ZERO
from model.certify.reading import (
    DECIMAL,
    CertificateError,
    exact,
    exact_or,
    exact_or_none,
    read_settings,
    read_table,
    split_names,
)

Record = dict[str, str]
DEFAULT_LIFE = Fraction(20)
DEFAULTS = {("projects", "life_years"): DEFAULT_LIFE}
"""What blank cells mean, where that is neither nothing nor 0, of columns that a path may change."""
KG_PER_KT = 10**6


def records_of(texts: Mapping[str, str], name: str) -> list[Record]:
    """The rows of a table by column."""
    table = read_table(texts, name)
    return [dict(zip(table.header, row, strict=True)) for row in table.rows]


def table_text(rows: Iterable[Record]) -> str:
    """Rows as the text of a table; one that lacks a column is blank there."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(name, "") for name in columns] for row in rows)
    return written.getvalue() if rows else ""


def decimal(value: Fraction) -> str:
    """A rational as a decimal: exact where it has an end, else to thirty digits."""
    digits, rest = 0, value.denominator
    for factor in (10, 2, 5):
        while rest % factor == 0:
            rest, digits = rest // factor, digits + 1
    digits = digits if rest == 1 else 30
    scaled = round(value * 10**digits)
    text = f"{abs(scaled):0{digits + 1}d}"
    whole = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return f"-{whole}" if scaled < 0 else whole


def region_of(project: Record, origins: Iterable[Record]) -> str:
    """Where a project is counted: its region, else that of its origin or node, else itself."""
    if project.get("region"):
        return project["region"]
    origins = list(origins)
    for column, key in (("origin", "origin"), ("node", "node")):
        if project.get(column):
            for origin in origins:
                if origin.get(key) == project[column]:
                    return origin.get("region") or origin["origin"]
    return project["project"]


def load_limit(project: str) -> str:
    """What the limit is called that states the least load of a project."""
    return f"least load of {project}"


def least_load_kt(share: Fraction, size_kt: Fraction) -> Fraction:
    """Least that a project of a size ships, rounded down to a kilogram."""
    return Fraction(floor(share * size_kt * KG_PER_KT), KG_PER_KT)


def built_texts(
    texts: Mapping[str, str],
    size_kt: Mapping[str, Fraction],
    closed: Collection[str],
    idle: Collection[str] | None = None,
) -> dict[str, str]:
    """The tables of the linear program with these projects built and these origins closed.

    Parameters
    ----------
    idle : projects that ship nothing; of the others that have one, a limit states the least load.
        Without it least loads do not hold
    """
    projects = [row for row in records_of(texts, "projects") if row["project"] in size_kt]
    supplying = [row for row in projects if not row.get("adds_to_limit")]
    origins = records_of(texts, "origins")
    new = [_origin(row, size_kt[row["project"]], origins) for row in supplying]
    for row in origins:
        if row["origin"] in closed:
            row["supply_kt"] = row["capacity_kt"] = "0"
    extensions: dict[str, list[str]] = {}
    for row in supplying:
        if row.get("origin"):
            extensions.setdefault(row["origin"], []).append(row["project"])
    built = dict(texts)
    built["origins.csv"] = table_text([*origins, *new])
    built["lanes.csv"] = table_text(_lanes(records_of(texts, "lanes"), supplying))
    built["recipes.csv"] = table_text(_recipes(records_of(texts, "recipes"), extensions))
    limits = _raised(texts, projects, size_kt)
    loads = [] if idle is None else list(_loads(texts, supplying, size_kt, idle))
    for name, rows in (("limits", limits), ("duties", records_of(texts, "duties"))):
        built[f"{name}.csv"] = table_text(_extended(row, extensions) for row in rows)
    built["limits.csv"] = table_text([*records_of(built, "limits"), *loads])
    return built


def _loads(
    texts: Mapping[str, str],
    supplying: Iterable[Record],
    size_kt: Mapping[str, Fraction],
    idle: Collection[str],
) -> Iterator[Record]:
    """Limits that state least loads: of what is idle, nothing."""
    columns = bound_columns(read_table(texts, "limits"))
    for row in supplying:
        share, name = exact_or(row.get("min_load", ""), ZERO), row["project"]
        if share > 0:
            kt = ZERO if name in idle else least_load_kt(share, size_kt[name])
            own = {"limit": load_limit(name), "origin": name, "measure": "ship_kt"}
            yield own | {columns[name in idle]: decimal(kt)}


def _origin(project: Record, size_kt: Fraction, origins: list[Record]) -> Record:
    """A project that supplies, as a row of origins.csv."""
    region = region_of(project, origins)
    if project.get("origin"):
        hosts = [row for row in origins if row["origin"] == project["origin"]]
    else:
        hosts = [row for row in origins if (row.get("region") or row["origin"]) == region]
    nothing: Record = {}
    extended = hosts[0] if project.get("origin") and hosts else {}
    host = min(reversed(hosts), key=_production_cost, default=nothing)
    return {
        "origin": project["project"],
        "supply_kt": decimal(size_kt),
        "region": region,
        "kind": host.get("kind") or "domestic",
        "node": project.get("node") or host.get("node", ""),
        "capacity_kt": decimal(size_kt),
        "cost_cny_per_t": project.get("cost_cny_per_t", ""),
        "commodity": project.get("commodity") or extended.get("commodity", ""),
    }


def _recipes(recipes: list[Record], extensions: Mapping[str, list[str]]) -> list[Record]:
    """Every recipe; an extension without its own has those of the origin that it extends."""
    named = {row.get("origin", "") for row in recipes}
    copies = [
        row | {"origin": project}
        for row in recipes
        for project in extensions.get(row.get("origin", ""), [])
        if project not in named
    ]
    return [*recipes, *copies]


def _production_cost(origin: Record) -> Fraction:
    return exact_or(origin.get("cost_cny_per_t", ""), ZERO)


def _lanes(lanes: list[Record], supplying: list[Record]) -> list[Record]:
    """Every lane; an extension without its own has those of the origin that it extends."""
    with_lanes = {row["origin"] for row in lanes}
    copies = [
        row | {"origin": project["project"], "min_kt": ""}
        for project in supplying
        if project.get("origin") and project["project"] not in with_lanes
        for row in lanes
        if row["origin"] == project["origin"]
    ]
    return [*lanes, *copies]


def _raised(
    texts: Mapping[str, str], projects: list[Record], size_kt: Mapping[str, Fraction]
) -> list[Record]:
    """Limits with what projects add to them."""
    _, most = bound_columns(read_table(texts, "limits"))
    rows = records_of(texts, "limits")
    for row in rows:
        bound = exact_or_none(row.get(most, ""))
        added = [size_kt[p["project"]] for p in projects if p.get("adds_to_limit") == row["limit"]]
        if bound is not None and added:
            row[most] = decimal(bound + sum(added, ZERO))
    return rows


def _extended(row: Record, extensions: Mapping[str, list[str]]) -> Record:
    """A row with a selection, in which an extension counts where its origin is named."""
    names = split_names(row.get("origin", ""))
    more = [name for host in names for name in extensions.get(host, []) if name not in names]
    return row | {"origin": "|".join([*names, *more])} if more else row


def with_paths(
    texts: dict[str, str],
    moment: Fraction,
    begins: Mapping[str | Fraction, Fraction],
    year: Fraction | None,
) -> dict[str, str]:
    """The tables as `paths.csv` has them at a moment: of each path, the latest value so far.

    Parameters
    ----------
    begins : when each period begins, by its name and by its year
    year : within which the moment lies
    """
    latest: dict[tuple[str, str], tuple[Fraction, Record]] = {}
    for row in records_of(texts, "paths"):
        named: str | Fraction = row.get("period", "") or exact(row.get("year", ""))
        if named not in begins:
            raise CertificateError(f"paths.csv: {named} is no period")
        key, begin = (row["target"], row.get("where", "")), begins[named]
        if begin <= moment and (key not in latest or latest[key][0] <= begin):
            latest[key] = begin, row
    changed = dict(texts)
    if year is not None:
        changed["case.toml"] = _with_key(texts.get("case.toml", ""), "year", year)
    for _, (_, row) in sorted(latest.items(), key=lambda path: path[0]):
        _change(changed, row)
    return changed


def _change(texts: dict[str, str], path: Record) -> None:
    """Apply one path to the table that it is about."""
    name, _, column = path["target"].partition(".")
    value, is_factor = exact(path["value"]), path.get("how") == "factor"
    if name == "case":
        now = Fraction(read_settings(texts).get(column, 0))
        new = now * value if is_factor else value
        texts["case.toml"] = _with_key(texts["case.toml"], column, new)
        return
    rows, conditions = records_of(texts, name), _conditions(path)
    blank = DEFAULTS.get((name, column))
    for row in rows:
        if all(_holds(row, key, names) for key, names in conditions):
            text = row.get(column, "")
            cell = exact(text) if text else blank
            if not is_factor:
                row[column] = decimal(value)
            elif cell is not None:
                row[column] = decimal(cell * value)
    texts[f"{name}.csv"] = table_text(rows)


def _with_key(toml: str, key: str, value: Fraction) -> str:
    """Settings with one number replaced or added."""
    others = [line for line in toml.splitlines() if line.partition("=")[0].strip() != key]
    return "\n".join([f"{key} = {decimal(value)}", *others]) + "\n"


_NAME = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?=[;|]|$)|([^;|]*)')
"""A name in quotes, in which a quote is doubled and any sign may stand; or one without."""


def _conditions(path: Record) -> list[tuple[str, list[str]]]:
    """`column=name|"name; with signs"; column=name` as pairs."""
    text, at, found = path.get("where", ""), 0, []
    while text[at:].strip():
        column = text[at:].partition("=")[0]
        at += len(column)
        names = []
        while text[at : at + 1] in ("=", "|"):
            name = _NAME.match(text, at + 1)
            assert name is not None  # the second form takes even nothing
            in_quotes, plain = name.groups()
            names.append(plain.strip() if in_quotes is None else in_quotes.replace('""', '"'))
            at = name.end()
        found.append((column.strip(), names))
        at += 1
    return found


def _holds(row: Record, column: str, values: list[str]) -> bool:
    """Whether a cell has one of some values, as a text or as a number; a region may be implied."""
    cell = row.get(column, "")
    if not cell and column == "region":
        cell = row.get("origin") or row.get("sink") or ""
    return cell in values or (bool(cell) and _number(cell) in map(_number, values))


def _number(text: str) -> Fraction | str:
    return exact(text) if DECIMAL.fullmatch(text) else text
