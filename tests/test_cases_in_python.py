"""A case built in Python is refused for what no file could hold, before anything is solved."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case, Settings
from model.case.cells import parse_cell
from model.case.columns import Column, Table
from model.case.errors import BadInput
from model.case.schema import CASE, TABLES
from model.case.write import write_case
from model.checking.case_faults import refuse_faulty
from model.reading.read_case import read_case
from model.run import RunOptions, evaluate
from model.scenarios.info import ScenarioInfo
from tests.conftest import Ended
from tests.support.small_case import write_small_case

NO_CHANGES = pd.DataFrame()


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(write_small_case(tmp_path_factory.mktemp("small") / "case"))


def with_cell(case: Case, table: str, column: str, value: Any) -> Case:
    """The case with one cell of the first row replaced."""
    frame = case.table(table).astype({column: object})
    frame.loc[0, column] = value
    return case.replace(**{table: frame})


def refusal(case: Case) -> str:
    with pytest.raises(BadInput) as refused:
        evaluate(case, ScenarioInfo("made"), NO_CHANGES, RunOptions())
    return str(refused.value).splitlines()[0]


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("origins", "supply_kt", -5.0,
         'origins.supply_kt: "-5" (origin=North mill) found; must be at least 0; write 0 or more'),
        ("origins", "supply_kt", np.nan,
         "origins.supply_kt: a blank (origin=North mill) found; must be a number (kt/year); "
         "write the figure; a blank never counts as 0"),
        ("origins", "supply_kt", np.inf,
         'origins.supply_kt: "inf" (origin=North mill) found; must be a plain decimal number; '
         "write a figure that can occur"),
        ("origins", "supply_kt", 1e20,
         'origins.supply_kt: "1e+20" (origin=North mill) found; must be less than 1e15 in size; '
         "write a figure that can occur"),
        ("origins", "node", "Nowhere",
         'origins.node: "Nowhere" (origin=North mill) found; must be one of nodes.node; '
         "add it to nodes.csv"),
        ("sinks", "kind", "home",
         'sinks.kind: "home" (sink=East) found; must be one of domestic, export; '
         "write one of these"),
        ("links", "km", -1.0,
         'links.km: "-1" (from=Easttown; to=Port; mode=road) found; must be at least 0; '
         "write 0 or more"),
        ("origins", "source", "a\x00b",
         'origins.source: "a\\x00b" (origin=North mill) found; must hold no control or invisible '
         "character (character 2 is U+0000); delete it"),
    ],
)  # fmt: skip
def test_a_cell_that_no_file_could_hold(
    case: Case, table: str, column: str, value: Any, message: str
) -> None:
    assert refusal(with_cell(case, table, column, value)) == message


def test_a_repeated_key_and_a_rule_between_tables(case: Case) -> None:
    twice = case.replace(sinks=pd.concat([case.sinks, case.sinks.iloc[[0]]]))
    assert refusal(twice).startswith(
        'sinks.sink: "East" (sink=East) found; sinks sink=East has it too, and sink must differ'
    )
    nothing = case.replace(sinks=case.sinks.iloc[:0], lanes=case.lanes.iloc[:0])
    with pytest.raises(BadInput, match="no row found; a case must have a sink"):
        refuse_faulty(nothing)


COLUMNS = [(table, column) for table in TABLES.values() for column in table.columns]
STRANGE = {
    "a Decimal of 40 digits": Decimal("1." + "3" * 40),
    "a fraction": Fraction(1, 3),
    "bytes": b"5",
    "a list": [1.0, 2.0],
    "a complex number": 1j,
    "an object": {},
    "a span of time": pd.Timedelta(5),
}
NO_NUMBERS = STRANGE | {"a text": "5", "a day": datetime.date(2024, 1, 1), "true": np.True_}
NO_TEXTS = STRANGE | {"a number": 0.5, "true": True}
NO_BOOLEANS = STRANGE | {"a number": 0.5, "a text": "true", "one": 1, "inf": np.inf}


@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS]
)
def test_a_cell_of_another_type_is_refused_at_once(
    case: Case, table: Table, column: Column
) -> None:
    if column.is_number:
        strange, rule = NO_NUMBERS, "must be numbers"
    elif column.kind == "boolean":
        strange, rule = NO_BOOLEANS, "must be true or false"
    else:
        what_it_is = "years or names of periods" if column.kind == "moment" else "text"
        strange, rule = NO_TEXTS, f"must be {what_it_is}"
    for what, cell in strange.items():
        one = np.empty(1, dtype=object)
        one[0] = cell
        with pytest.raises(BadInput) as refused:
            case.replace(**{table.name: pd.DataFrame({column.name: one})})
        fault = refused.value.faults[0]
        assert (fault.where, fault.rule) == (f"{table.name}.{column.name}", rule), what


@pytest.mark.parametrize("blank", [np.nan, None, pd.NA], ids=["nan", "None", "NA"])
@pytest.mark.parametrize(
    ("table", "column"), COLUMNS, ids=[f"{table.name}.{column.name}" for table, column in COLUMNS]
)
def test_a_blank_means_in_python_what_it_means_in_a_file(
    case: Case, table: Table, column: Column, blank: object
) -> None:
    if not len(case.table(table.name)):
        pytest.skip("the small case has no row of it")
    made = with_cell(case, table.name, column.name, blank).table(table.name)
    cells = made[column.name].tolist()
    if column.required:
        assert refusal(with_cell(case, table.name, column.name, blank)).startswith(
            (f"{table.name}.{column.name}: a blank", f"{table.name}: ")
        ), "a required cell"
    elif column.default_column:
        assert made[column.default_column].tolist()[0] in cells
    else:
        assert parse_cell(column, "") in cells or column.filler != column.filler


@pytest.mark.parametrize("number", [10**400, -(10**400), np.inf, 1e15], ids=str)
def test_a_number_that_no_file_could_hold(case: Case, number: float) -> None:
    with pytest.raises(BadInput, match=r"origins\.supply_kt: "):
        refuse_faulty(with_cell(case, "origins", "supply_kt", number))


def test_next_to_nothing_counts_as_nothing_as_in_a_file(case: Case) -> None:
    supply = with_cell(case, "origins", "supply_kt", -1e-12).origins["supply_kt"]
    assert 0.0 in supply.tolist() and not np.signbit(supply).any()


def test_days_may_be_days(case: Case) -> None:
    for day in (datetime.date(2024, 6, 1), pd.Timestamp("2024-06-01"), "2024-06-01"):
        made = with_cell(case, "duties", "from_date", day)
        assert made.duties["from_date"].tolist()[0] == "2024-06-01"
        refuse_faulty(made)
    for text in ("20/5/2025", str(pd.Timestamp("2024-06-01 05:00"))):
        with pytest.raises(BadInput, match=r"duties\.from_date: "):
            refuse_faulty(with_cell(case, "duties", "from_date", text))


@pytest.mark.parametrize("key", [field.name for field in fields(Settings)])
def test_settings_of_another_type_are_refused(case: Case, key: str) -> None:
    is_number = CASE.by_name[key].is_number
    for value in (np.nan, b"5", [1.0], Decimal(1), True, 10**400, "5" if is_number else 0.5):
        with pytest.raises(BadInput) as refused:
            refuse_faulty(case.replace(settings=replace(case.settings, **{key: value})))
        assert refused.value.faults[0].where == f"case.{key}", value


def test_a_mode_without_a_tariff_warns_wherever_it_comes_from(
    case: Case, tmp_path: Path, command: Callable[..., Ended]
) -> None:
    free = case.replace(modes=case.modes.assign(cny_per_t_km=np.nan), links=case.links)
    with pytest.warns(UserWarning, match=r"modes\.cny_per_t_km: .* a blank tariff counts as 0"):
        refuse_faulty(free)
    write_case(free, tmp_path / "free")
    ended = command("check", "--case", "free")
    assert ended.code == 0
    assert "a blank tariff counts as 0, and links without cost_cny_per_t" in ended.err


def test_a_case_is_checked_once_and_its_derived_ones_never(case: Case) -> None:
    again = case.replace(origins=case.origins)
    assert case.is_checked and not again.is_checked
    refuse_faulty(again)
    assert again.is_checked
    supply = case.origins.assign(supply_kt=-1.0)
    refuse_faulty(again.replace_unchecked(origins=supply))
    with pytest.raises(BadInput):
        refuse_faulty(again.replace(origins=supply))


def test_whatever_a_file_may_hold_is_accepted(case: Case) -> None:
    refuse_faulty(Case.of(case.settings, case.outlines, **case.tables()))
