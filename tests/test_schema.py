"""The schema, the settings, and what is written of both agree."""

from __future__ import annotations

import dataclasses

from model.case.case import Settings
from model.case.passages import PASSAGES
from model.case.schema import CASE, TABLES, column
from model.case.schema_page import ASSUMED, PAGE, page
from model.case.settings import make_settings, settings_values


def test_settings_and_schema_have_the_same_keys_and_defaults() -> None:
    fields = {field.name: field.default for field in dataclasses.fields(Settings)}
    assert tuple(fields) == CASE.column_names
    blank = {key: CASE.by_name[key].filler for key in fields} | {"name": "x"}
    assert make_settings(blank) == Settings("x")
    full = Settings("x", "t", 2024, 0.1, 5.0, ("suez", "A"), "s", ("a.json",))
    assert make_settings(settings_values(full)) == full


def test_every_reference_and_default_of_the_schema_is_a_column() -> None:
    for table in (CASE, *TABLES.values()):
        for each in table.columns:
            assert each.default_column == "" or each.default_column in table.by_name
            for target in each.refers_to:
                assert column(target).is_name
            assert each.is_number or (each.minimum, each.maximum, each.plausible) == (None,) * 3
            assert each.meaning and (each.kind != "choice" or each.choices)


def test_the_passages_are_those_of_searoute() -> None:
    from searoute.classes.passages import Passage
    from searoute.searoute import setup_M

    listed = {name for name in Passage.valid_passages() if isinstance(name, str)}
    edges = {edge.get("passage") for _, _, edge in setup_M().edges(data=True)}
    assert set(PASSAGES) == listed | {"dardanelles"}  # which its network has, and its list lacks
    assert set(PASSAGES) <= edges


def test_the_page_of_the_format_is_the_one_that_the_schema_makes() -> None:
    format_of_a_case, _, _ = PAGE.read_text("utf-8").partition(ASSUMED)
    assert format_of_a_case == page(), "run `python -m model.case.schema_page`"
