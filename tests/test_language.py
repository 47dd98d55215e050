"""One catalogue holds every text that reports say, whole in each language."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import Any

import polib
import pytest

from model.case.schema import LANGUAGES
from model.interface.read_case import read_case
from reports.language import say, speaking, word
from reports.language.catalogue import HERE, texts_of
from reports.language.numbers import listed, percent, some
from reports.workbook.futures_workbook import SHEETS as FUTURES_SHEETS
from reports.workbook.plan_workbook import SHEETS as PLAN_SHEETS
from tests.support.catalogue_keys import (
    IN_F_STRING,
    WORDY,
    Literal,
    in_templates,
    literals,
    of_the_model,
)
from tests.support.page_cases import Answers, page_answers
from tests.support.small_case import write_small_case

OTHERS = [code for code in LANGUAGES if code != LANGUAGES[0]]
HELP = ("reports/commands/", "reports/terminal/options.py", "solve.py")
"""Where the help of commands and the refusal of their options stand, which are English."""
PROGRAMS = (
    "reports/explore/guard.py", "reports/explore/app.py", "reports/explore/server.py",
    "reports/page/pictures.py", "reports/workbook/inputs.py", "reports/maps/projection.py",
)  # fmt: skip
"""Files whose texts are faults, which are English as those of the model are."""
NOT_READ = re.compile(
    r"^(?:Consolas|Polygon|General|Table Style.*|Draft|Strict|Host|Allocation|price at "
    r"|scarcity at |python solve\.py .*|system-ui.*|<pre id.*|[\w ]*[{<][\w ]*[>}]?=.*)$"
)
"""Texts of programs: fonts, kinds of shapes, types, commands, HTML."""
NAMES_OF_SHEETS = {
    *PLAN_SHEETS.values(), *FUTURES_SHEETS.values(), "Summary", "Inputs that differ",
    "Cost attribution", "Easing", "Prices",
}  # fmt: skip
"""Sheets are named in workbooks as in files, whatever the language."""


def keys() -> dict[str, str]:
    """Every text that the catalogue should hold, and where it stands."""
    found = {literal.text: literal.place for literal in literals() if is_said(literal)}
    templates = dict.fromkeys(in_templates(), "a template")
    return dict.fromkeys(of_the_model(), "the model") | templates | found


def is_said(literal: Literal) -> bool:
    """Whether a text reaches a reader in their language."""
    if literal.is_part or (literal.place.startswith((*HELP, *PROGRAMS)) and not literal.is_said):
        return False
    if literal.text in NAMES_OF_SHEETS:
        return False
    is_wordy = bool(WORDY.search(literal.text)) and not NOT_READ.match(literal.text)
    return literal.is_said or is_wordy


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_in_the_catalogue(code: str) -> None:
    missing = {text: place for text, place in keys().items() if not texts_of(code).get(text)}
    assert missing == {}


@pytest.mark.parametrize("code", OTHERS)
def test_the_catalogue_holds_nothing_that_is_said_nowhere(code: str) -> None:
    said = {literal.text for literal in literals()} | in_templates() | of_the_model()
    assert {text for text in texts_of(code) if text not in said} == set()


def test_no_sentence_is_put_together_outside_the_catalogue() -> None:
    pieces = [
        (literal.place, literal.text)
        for literal in literals()
        if literal.is_part
        and IN_F_STRING.search(literal.text)
        and not literal.place.startswith((*HELP, *PROGRAMS))
        and not OF_PROGRAMS.search(literal.text)
    ]
    assert pieces == []


OF_PROGRAMS = re.compile(r"python solve\.py|<|class=|data-v|px |\.py |rgba|^ \w+=|^--")


@pytest.mark.parametrize("code", OTHERS)
def test_the_places_of_values_agree(code: str) -> None:
    def names(text: str) -> Counter[str]:
        return Counter(name for _, name, _, _ in Formatter().parse(text) if name is not None)

    differ = {
        text
        for text, other in texts_of(code).items()
        if "%{" not in text and set(names(text)) != set(names(other))
    }
    assert differ == set()


@pytest.mark.parametrize("code", OTHERS)
def test_no_text_stands_in_two_files(code: str) -> None:
    files = sorted((HERE / code).glob("*.po"))
    found = Counter(entry.msgid for file in files for entry in polib.pofile(str(file)))
    assert [text for text, count in found.items() if count > 1] == []


def test_numbers_and_lists_follow_the_language() -> None:
    assert (percent(0.5), listed(["A", "B", "C"])) == ("50.0\N{NO-BREAK SPACE}%", "A, B and C")
    with speaking("zh"):
        assert (percent(0.5), listed(["A", "B", "C"])) == ("50.0%", "A、B和C")
        assert some(["A", "B", "C", "D"], 2) == "A、B和其余 2 个"


def test_names_of_a_case_are_those_of_the_language() -> None:
    names = {"North": "北方", "North Hill": "北山"}
    with speaking("zh", names):
        text = say("{origin} supplies {sink} with {kt} kt a year", origin="North", sink="X", kt=5)
        assert text == "北方每年供应X 5 千吨"
        assert (word("North Hill extension"), word("Hill")) == ("北山扩建", "Hill")
        assert word("North ships 1 more; North to North Hill +1") == "北方多运 1；北方至北山 +1"
        assert word("Two plants, three markets") == "Two plants, three markets"
    assert word("North Hill") == "North Hill"


def test_a_case_names_the_language_of_its_reports(tmp_path: Path) -> None:
    write_small_case(tmp_path / "case")
    settings = tmp_path / "case" / "case.toml"
    settings.write_text(f'{settings.read_text("utf-8")}\nlanguage = "zh"\n', encoding="utf-8")
    case = read_case(tmp_path / "case")
    assert case.settings.language == "zh"


QUESTIONS = (
    "plants_full", "plants_quick", "plants_compare", "plants_site_full", "plants_together",
    "plants_plan", "plants_curve", "plants_along", "plants_ranges", "plants_why", "plants_sweep",
    "plants_infeasible", "plants_no_plan", "inputs_run", "inputs_site", "trade_run", "months_plan",
)  # fmt: skip
ENGLISH = re.compile(r"\b[a-zA-Z]{2,}(?:,? [a-z]{2,}){2,}")
OF_THE_CASES = (
    "Five works and four smelters", "Three times the demand", "Freight a fifth dearer",
    "demand in the bay", "list prices vary", "A survey of mills", "A year by month",
    "Prices and shortages",
)  # fmt: skip
"""What cases say of themselves, which stays as they have it."""


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """All kinds of answers, in Chinese."""
    return page_answers(tmp_path_factory.mktemp("chinese"), "zh")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_page_in_chinese_has_no_english_sentence(chinese: Answers, question: str) -> None:
    page = chinese.page(question)
    assert '<html lang="zh">' in page
    assert [text for text in texts_of_page(page) if ENGLISH.search(text)] == []


def texts_of_page(page: str) -> Iterator[str]:
    """Texts of elements and pictures, without what the case says of itself."""
    data = json.loads(re.search(r'id="data">(.*?)</script>', page, re.S)[1])  # type: ignore[index]
    body = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    texts = [*re.findall(r">([^<]+)<", body), *re.findall(r'aria-label="([^"]*)"', body)]
    for text in [*texts, *_strings(data["figures"])]:
        plain = html.unescape(text)
        for own in OF_THE_CASES:
            plain = plain.replace(own, "")
        yield re.sub(r"python solve\.py.*|<[^>]+>|through npm [\w -]+", "", plain).strip()


def _strings(data: Any) -> Iterator[str]:
    """Every text in what plotly draws, but for names of fonts."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name != "family":
                yield from _strings(value)
    elif isinstance(data, list):
        for value in data:
            yield from _strings(value)
    elif isinstance(data, str):
        yield data
