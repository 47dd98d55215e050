"""Every kind of page: the answer first, and no sentence, sum or name that does not hold."""

from __future__ import annotations

import re
from functools import cache

import pytest

from model.case.schema import TABLES
from model.result.figures import FIGURES
from model.result.output_columns import COLUMNS
from tests.support.page_cases import QUESTIONS, Answers, page_answers
from tests.support.page_text import PageText, TableText

MOST_FIRST_WORDS = 3_000
WORD = re.compile(r"[a-z0-9_]+")
RAW_NAMES = {
    name
    for name in (
        *FIGURES,
        *COLUMNS,
        *(column for table in TABLES.values() for column in table.by_name),
        *("road_local", "sea_coastal", "supply_limit", "demand_met", "limit_kept", "recipe_kept"),
    )
    if "_" in name
}
"""Names of figures and columns, of modes of the bundled cases, of rows of the program."""
NO_VALUE = re.compile(r"\b(?:nan|NaN|None|inf|-inf|NaT)\b")
UNIT = r"\s+(?:kt|MCNY|CNY|km|%)(?:\b|$)"
BLANK_WITH_UNIT = re.compile(r"(?:[(]|\b(?:of|by|at|to|for|and|costs|takes))" + UNIT)
FILE_NAMES = {"t-ledger", "t-inputs", "t-assumptions", "t-computed-facts", "t-grades", "t-sources"}
"""Tables that name cells of the case as its files do, or the options of the run."""


NEVER_SUMMED = ("%", "CNY/t", "Spread")


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """All kinds of answers, each made once."""
    return page_answers(tmp_path_factory.mktemp("pages"))


@pytest.fixture(params=QUESTIONS)
def page(answers: Answers, request: pytest.FixtureRequest) -> PageText:
    """The page of each question in turn."""
    return PageText(answers.page(request.param))


def test_a_page_of_each_kind_holds_what_it_says(page: PageText) -> None:
    assert page.title.endswith("?"), page.title
    assert 1 <= len(page.answer) <= 5 and all(text.endswith(".") for text in page.answer)
    assert len(page.first) < MOST_FIRST_WORDS
    assert [text for text in page.prose if NO_VALUE.search(text)] == []
    assert [text for text in page.prose if BLANK_WITH_UNIT.search(text)] == []
    assert all(value for value, _ in page.tiles), page.tiles
    assert raw_names(page) == []
    for table in page.tables:
        assert sums_that_do_not_add_up(table) == [], table.name
        assert columns_without_a_value(table) == [], table.name
    assert costs_that_do_not_add_up(page.answer) == []


SAID = {
    "plants_run": [
        "All demand is met; the least cost is 1,337 MCNY a year, 3,110 CNY a tonne shipped: 44 MCNY"
        " for land freight and 1,293 MCNY for production.",
        "Of 490 kt of domestic supply a year, 390 kt go to domestic buyers, 40 kt are exported and"
        " 60 kt stay unshipped.",
        "Before any shipment South (70 kt) alone is short; 220 kt, 56.4 % of domestic shipments,"
        " cross a regional border.",
    ],
    "abroad_run": [
        "All demand is met; the least cost is 12.1 MCNY a year, 93.08 CNY a tonne shipped.",
        "Of 160 kt of domestic supply a year, 130 kt are exported and 30 kt stay unshipped.",
        "One more tonne of supply would save nothing anywhere.",
    ],
    "trade_run": [
        "Not all demand is met: 80 kt go unmet, in Lost (70 kt) and Remote (10 kt); the least cost"
        " is 22.5 MCNY a year, 150 CNY a tonne shipped: 4.0 MCNY for land freight, 17.5 MCNY for"
        " production and 13.0 MCNY for shortage, less 12.0 MCNY of revenue.",
        "Of 150 kt of domestic supply a year, 120 kt go to domestic buyers and 30 kt are exported;"
        " 50 kt are sold above demand, at a price.",
    ],
    "idle_run": [
        "Nothing is asked for, so nothing is shipped; the least cost is 0 MCNY a year.",
        "Of 10 kt of domestic supply a year, 10 kt stay unshipped.",
    ],
    "plants_site": [
        "Build Fir Works (70 kt) and close Date Works and Elm Works: 1,315 MCNY a year in all,"
        " 13.34 less than without any project.",
        "It takes 84 MCNY of capital; closing saves 4.444 MCNY a year more than what is built"
        " costs.",
        "No other set costs less, by two searches and by proof.",
        "The next set, Fir Works, closing Date Works, costs 3.5 MCNY a year more (0.3 %).",
    ],
    "plants_together": [
        "Build Fir Works (70 kt) and close Date Works and Elm Works: 1,319 MCNY a year, the least"
        " expected cost, the weighted mean over futures, of all sets.",
    ],
    "trade_site": [
        "Build nothing: 22.5 MCNY a year in all.",
        "No other set costs less, by two searches and by proof.",
    ],
    "plants_plan": [
        "Start Fir Works (70 kt) in 2026; close Date Works (60 kt) and Elm Works (40 kt) in 2026.",
    ],
    "trade_plan": ["Start nothing: no schedule of projects costs less."],
    "months_plan": ["Start Press (40 kt) in 2026-01."],
    "plants_compare": [
        "Against “base” (1,337 MCNY a year) “dearer” costs 9 MCNY more (+0.7 %).",
        "“wants_more” has no feasible plan: of 1,290 kt that are needed, at most 490 kt can be"
        " had.",
        "The deficit (70 kt), what is moved between regions (220 kt) and emissions of transport"
        " (5.244 kt CO2e) are the same in all.",
    ],
    "plants_curve": [
        "New capacity of 120 kt would save most a year at South (1.25 MCNY), before what it costs"
        " to build.",
        "The first tonnes save 25 CNY each at South, up to 50 kt.",
    ],
    "plants_along": [
        "As demand of Bay Smelter goes from 110 to 130 kt a year, the least cost goes from 1,337 to"
        " 1,406 MCNY a year.",
    ],
    "plants_why": [
        "Because a tonne from Alder Works to Bay Smelter would cost 10 CNY more in all: freight"
        " 260, production 2,900, worth of supply at Alder Works 120 and worth of a tonne at Bay"
        " Smelter −3,270.",
    ],
    "plants_ranges": [
        "In plans dearer by at most 1 % of freight, 6 pairs are supplied in every one, 6 in some"
        " and all others in none.",
        "No other plan costs the same.",
    ],
    "plants_sweep": [
        "The least cost lies between 1,223 and 1,453 MCNY a year in all of 12 draws that have a"
        " plan, half of them under 1,350; the case as it stands costs 1,337.",
    ],
    "plants_infeasible": [
        "No: at least 800 kt a year are missing.",
        "Bay Smelter, Hill Smelter, North Smelter and 1 more need 1,290 kt; at most 490 kt can"
        " reach them, because of all supply of Alder Works 180 kt, all supply of Birch Works 120"
        " kt, all supply of Cedar Works 90 kt and 2 more.",
    ],
}
"""How answers begin, by question."""


@pytest.mark.parametrize("question", SAID)
def test_the_answer_begins_with_these_sentences(answers: Answers, question: str) -> None:
    said = SAID[question]
    assert PageText(answers.page(question)).answer[: len(said)] == said


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("abroad_run", "Self-sufficiency|domestic buyers|region needs|Emissions"),
        ("cans_run", "export|Emissions|project|closing"),
        ("trade_run", "All demand is met|kt over"),
        ("trade_site", "capital;|closing|New capacity"),
        ("plants_plan", "stock at the end"),
        ("trade_plan", "[Ss]tock"),
        ("battery_full", r"run --full|a full run|regions: [;.]|there: \.|none of them"),
        ("cans_full", "run --full|a full run"),
        ("inputs_run", "markets: \\."),
        ("plants_run", "Limit: saving|Input: cost"),
        ("plants_quick", "saves most|No other plan"),
        ("plants_site", "reported figures"),
    ],
)
def test_nothing_is_said_whose_premise_fails(answers: Answers, question: str, never: str) -> None:
    prose = PageText(answers.page(question)).prose
    assert [text for text in prose if re.search(never, text)] == []


def test_a_carry_within_a_period_is_told_as_none(answers: Answers) -> None:
    tables = {table.name: table for table in PageText(answers.page("months_plan")).tables}
    rows = tables["t-stocks-table"].rows
    assert rows and all(row[0][0] != row[1][0] for row in rows)


def raw_names(page: PageText) -> list[str]:
    """Names as tables and programs write them, outside tables that name cells of files."""
    allowed = {
        text
        for table in page.tables
        if table.name in FILE_NAMES
        for row in [*table.rows, table.headers]
        for text, _ in row
    }
    return [
        text
        for text in page.prose
        if text not in allowed and not RAW_NAMES.isdisjoint(WORD.findall(text))
    ]


def number(cell: tuple[str, str]) -> float | None:
    """The value of a cell that is a number."""
    text, value = cell
    try:
        return float((text.replace(",", "").replace("−", "-")) if value == "\0" else value)
    except ValueError:
        return None


def sums_that_do_not_add_up(table: TableText) -> list[str]:
    """Columns whose last row is not the sum of the others: as they are, and as they are printed."""
    wrong = []
    for at, (text, value) in enumerate(table.total):
        header = table.headers[at][0]
        if not at or not text or any(word in header for word in NEVER_SUMMED):
            continue
        for kind, values in (("", value), ("printed ", "\0")):
            cells = [(row[at][0], row[at][1] if kind == "" else "\0") for row in table.rows]
            total, parts = number((text, values)), [number(cell) or 0.0 for cell in cells]
            places = max(len(cell.partition(".")[2]) for cell, _ in (*cells, (text, "")))
            slack = 1e-6 if kind == "" else 0.5 / 10**places * (len(parts) + 1)
            if total is not None and abs(sum(parts) - total) > slack * (1 + 1e-6 * abs(total)):
                wrong.append(f"{header}: {kind}{sum(parts)}, not {total}")
    return wrong


def columns_without_a_value(table: TableText) -> list[str]:
    """Headers with a unit over nothing."""
    return [
        header
        for at, (header, _) in enumerate(table.headers)
        if header.endswith(")") and table.rows and not any(row[at][0] for row in table.rows)
    ]


def costs_that_do_not_add_up(sentences: list[str]) -> list[str]:
    """Sentences of cost whose parts are not the total."""
    wrong = []
    for text in sentences:
        head, colon, parts = text.partition(" CNY a tonne: ")
        if colon:
            total = figures(head)[0] if "costs" not in head else figures(head.split("costs")[1])[0]
            less = figures(parts.partition(", less ")[2])
            more = figures(parts.partition(", less ")[0])
            if round(sum(more) - sum(less) - total, 6):
                wrong.append(text)
    return wrong


@cache
def figures(text: str) -> list[float]:
    """The numbers before a unit of money."""
    found = re.findall(r"(−?[\d,]+(?:\.\d+)?) MCNY", text)
    return [float(each.replace(",", "").replace("−", "-")) for each in found]
