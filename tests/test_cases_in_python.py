"""A case built in Python is refused for what no file could hold, before anything is solved."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.checking.case_faults import refuse_faulty
from model.reading.read_case import read_case
from model.run import Options, evaluate
from model.scenarios.info import ScenarioInfo
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
        evaluate(case, ScenarioInfo("made"), NO_CHANGES, Options())
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


@pytest.mark.parametrize("cell", ["a lot", "5", [1.0]])
def test_a_cell_of_another_type_is_refused_at_once(case: Case, cell: object) -> None:
    with pytest.raises(BadInput, match=r"origins\.supply_kt: .* found; must be numbers"):
        with_cell(case, "origins", "supply_kt", cell)
    with pytest.raises(BadInput, match=r"links\.one_way: .* found; must be true or false"):
        with_cell(case, "links", "one_way", cell)


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
