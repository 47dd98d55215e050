"""What a run writes as CSV and JSON: exact, stable, harmless in a spreadsheet, and read back."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.store.output_csv import from_csv, safe_text, to_csv, unsafe_text
from model.store.output_json import json_text

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
NUMBERS = st.floats(allow_infinity=False)


def test_numbers_texts_and_booleans_have_one_form() -> None:
    frame = pd.DataFrame(
        {
            "region": ["Yunnan", "a,b", ""],
            "ship_kt": [7515.0, -0.0, np.nan],
            "share": [0.1, 1e-7, -2.5],
            "holds": [True, False, True],
        }
    )
    assert to_csv(frame) == (
        'region,ship_kt,share,holds\nYunnan,7515,0.1,true\n"a,b",0,1e-07,false\n,,-2.5,true\n'
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_a_text_that_looks_like_a_formula_gets_an_apostrophe(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert safe_text(text) == f"'{text}"
    assert unsafe_text(safe_text(text)) == text


@pytest.mark.parametrize("text", ["-5", "-0.25", "-1e-07", "1", "Inner Mongolia", "a=b", ""])
def test_negative_numbers_and_plain_texts_stay(text: str) -> None:
    assert safe_text(text) == text


@given(st.lists(st.tuples(TEXTS, NUMBERS, st.booleans()), min_size=1, max_size=8))
def test_a_frame_reads_back_as_it_was(rows: list[tuple[str, float, bool]]) -> None:
    frame = pd.DataFrame(rows, columns=["name", "kt", "holds"])
    again = from_csv(to_csv(frame), text_columns={"name"})
    pd.testing.assert_frame_equal(again, frame, check_exact=True, check_dtype=False)
    assert to_csv(again) == to_csv(frame)


def test_an_empty_frame_keeps_its_columns() -> None:
    frame = pd.DataFrame({"name": pd.Series(dtype="str"), "kt": pd.Series(dtype=float)})
    assert to_csv(frame) == "name,kt\n"
    assert list(from_csv("name,kt\n", {"name"}).columns) == ["name", "kt"]


def test_json_holds_full_precision_and_no_nan() -> None:
    content = {
        "a": 0.1 + 0.2,
        "b": np.float64(1.5),
        "c": float("nan"),
        "d": [np.int64(3), np.bool_(True)],
        "e": pd.DataFrame({"x": [1.0, np.nan], "名": ["山东", ""]}),
        "f": float("inf"),
    }
    text = json_text(content)
    assert "0.30000000000000004" in text
    assert "山东" in text
    assert json.loads(text) == {
        "a": 0.1 + 0.2,
        "b": 1.5,
        "c": None,
        "d": [3, True],
        "e": [{"x": 1.0, "名": "山东"}, {"x": None, "名": ""}],
        "f": None,
    }
