"""Tables of a case made from what other programs write."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from model.case.errors import BadInput, Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.schema import TABLES
from model.reading.read_csv import read_csv_table

KM_OF_UNIT = {"km": 1.0, "kilometers": 1.0, "m": 0.001, "meters": 0.001, "metres": 0.001,
              "mi": 1.609344, "miles": 1.609344, "ft": 0.0003048, "feet": 0.0003048}  # fmt: skip
"""Kilometres of the units of length that a GMNS folder may name."""


def table_from(
    source: str | Path | pd.DataFrame,
    table: str,
    columns: Mapping[str, str],
    *,
    scale: Mapping[str, float] | None = None,
    **constants: str | float | bool,
) -> pd.DataFrame:
    """Make a table of a case from any table, by a map of columns.

    Parameters
    ----------
    source : path of a CSV file, or DataFrame
        A row per row of the table.
    table : str
        Name of the table to make, such as ``origins``.
    columns : mapping
        Column of the table → column of `source`.
    scale : mapping, optional
        Column of the table → what its numbers are multiplied by: 0.001 for tonnes to kt.
    **constants
        Columns that have one value in all rows.

    Returns
    -------
    DataFrame
        To give to :meth:`Case.replace` or :meth:`Case.of`, which check it as files are checked.

    Raises
    ------
    BadInput
        A column is not there, or a cell that should be a number is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from model import table_from
    >>> plants = pd.DataFrame({"Plant": ["Seaside", "Uphill"], "Output (t)": [820_000, 410_000]})
    >>> names = {"origin": "Plant", "supply_kt": "Output (t)"}
    >>> table_from(plants, "origins", names, scale={"supply_kt": 0.001})
        origin  supply_kt
    0  Seaside      820.0
    1   Uphill      410.0
    """
    if table not in TABLES:
        raise KeyError(table)
    label = str(source) if isinstance(source, str | Path) else table
    given = source if isinstance(source, pd.DataFrame) else _read(Path(source))
    known, there = TABLES[table].by_name, [str(name) for name in given.columns]
    raise_any(
        [
            *(_unknown(table, name, [*known]) for name in columns if name not in known),
            *(_unknown(label, name, there) for name in columns.values() if name not in there),
        ]
    )
    made: dict[str, pd.Series] = {}
    for ours, theirs in columns.items():
        values = given[theirs]
        if known[ours].is_number:
            values = _numbers(values, f"{label}:{{row}}:{theirs}") * (scale or {}).get(ours, 1.0)
        made[ours] = values
    return pd.DataFrame(made).assign(**constants)


def network_from_gmns(
    folder: str | Path, modes: str | Mapping[str, str] = "road", *, length_unit: str = ""
) -> dict[str, pd.DataFrame]:
    """Read a network from a GMNS folder (``node.csv``, ``link.csv``, perhaps ``config.csv``).

    Parameters
    ----------
    folder : str or Path
        The folder.
    modes : str or mapping, optional
        The mode of all links, or mode by ``facility_type``; links of other types are left out.
    length_unit : str, optional
        Unit of ``length``; by default ``long_length`` of ``config.csv``, or else km.

    Returns
    -------
    dict of DataFrame
        `nodes` (node, name, lat, lon) and `links` (from, to, mode, km, one_way), to give to
        :meth:`Case.replace`: ``case.replace(**network_from_gmns("network"))``. A link that is
        directed runs one way. Blank lengths stay blank: they are computed from coordinates.

    Raises
    ------
    BadInput
        A file or a column is missing, a number is none, or the unit is unknown.

    References
    ----------
    Zephyr Foundation, General Modeling Network Specification, node and link tables.
    """
    folder = Path(folder)
    nodes, links = _read(folder / "node.csv"), _read(folder / "link.csv")
    names = {"node": "node_id", "name": "name", "lat": "y_coord", "lon": "x_coord"}
    if "name" not in nodes.columns:
        del names["name"]
    made = table_from(nodes, "nodes", names)
    ends = {"from": "from_node_id", "to": "to_node_id", "km": "length"}
    factor = _km_of(length_unit or _unit_in(folder), folder)
    lines = table_from(links, "links", ends, scale={"km": factor})
    one_way = links["directed"].str.lower().isin(["1", "true"]) if "directed" in links else True
    lines = lines.assign(one_way=one_way, mode=modes if isinstance(modes, str) else "")
    if not isinstance(modes, str):
        lines["mode"] = links["facility_type"].map(modes)
        lines = lines.dropna(subset=["mode"])
    return {"nodes": made, "links": lines.reset_index(drop=True)}


def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise BadInput([Fault(str(path), "no such file", "the table must be there", "name it")])
    raw = read_csv_table(path)
    return pd.DataFrame(raw.rows, columns=pd.Index(raw.header))


def _numbers(values: pd.Series, where: str) -> pd.Series:
    """The numbers in a column; blank cells are NaN."""
    blank = values.isna() | (values.astype(str).str.strip() == "")
    numbers = pd.to_numeric(values.mask(blank), errors="coerce").astype(float)
    rule, remedy = "must be a number", "write the figure, such as 1234.5"
    raise_any(
        [
            Fault(where.format(row=row + 2), quoted(str(values.iloc[row])), rule, remedy)
            for row in (numbers.isna() & ~blank).to_numpy().nonzero()[0]
        ]
    )
    return numbers


def _unknown(where: str, name: str, there: list[str]) -> Fault:
    remedy = did_you_mean(name, there, f"take one of {', '.join(there)}")
    return Fault(where, quoted(name), "no such column is there", remedy)


def _unit_in(folder: Path) -> str:
    config = folder / "config.csv"
    if not config.is_file():
        return "km"
    units = _read(config).get("long_length", pd.Series(["km"]))
    return str(units.iloc[0]).strip() if len(units) else "km"


def _km_of(unit: str, folder: Path) -> float:
    if unit.lower() not in KM_OF_UNIT:
        rule = f"a length is in one of {', '.join(KM_OF_UNIT)}"
        raise BadInput([Fault(str(folder), quoted(unit), rule, "give length_unit")])
    return KM_OF_UNIT[unit.lower()]
