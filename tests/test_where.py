"""Conditions on rows are read as written, whatever names hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.where import parse_where
from tests.support.where_text import where_text


def test_conditions() -> None:
    assert parse_where("") == {}
    assert parse_where("mode=rail|road; grade=assumed") == {
        "mode": ["rail", "road"],
        "grade": ["assumed"],
    }
    assert parse_where("a==b") == {"a": ["=b"]}
    with pytest.raises(ValueError, match='"mode" is not of the form column=value'):
        parse_where("mode")
    with pytest.raises(ValueError, match='"a" stands twice; join its values'):
        parse_where("a=1; a=2")


VALUES = st.lists(st.sampled_from(["rail", "A b", "0.5", "=x", "山东"]), min_size=1)


@given(st.dictionaries(st.sampled_from(["mode", "from", "cost_cny_per_t"]), VALUES))
def test_conditions_are_read_as_written(where: dict[str, list[str]]) -> None:
    text = "; ".join(f"{column}={'|'.join(values)}" for column, values in where.items())
    assert parse_where(text) == where


NAMES = st.text(min_size=1).filter(lambda name: name == name.strip() and "\0" not in name)


@given(st.dictionaries(st.sampled_from(["sink", "mode"]), st.lists(NAMES, min_size=1), min_size=1))
def test_conditions_are_read_back_whatever_names_hold(where: dict[str, list[str]]) -> None:
    assert parse_where(where_text(where)) == where
