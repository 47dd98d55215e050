"""A case's own words for regions, sinks and borders: in sentences, never in names."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from model.case.case import Settings
from reports.language import say, word
from reports.language.own_words import using

OWN = Settings(name="own", region_words=("plant", "plants"), border_words=("fence", "fences"))


@pytest.fixture
def own() -> Iterator[None]:
    with using(OWN, "en"):
        yield


@pytest.mark.usefixtures("own")
def test_sentences_have_the_words_of_the_case() -> None:
    assert say("No region needs more than it supplies itself.") == (
        "No plant needs more than it supplies itself."
    )
    assert say("Regions by {region}", region="Region 5") == "Plants by Region 5"
    text = "{lack}; {kt} kt, {share} of domestic shipments, cross a regional border."
    told = say(text, lack="Short", kt=5, share="3 %")
    assert told == "Short; 5 kt, 3 % of domestic shipments, cross a fence."


@pytest.mark.usefixtures("own")
def test_a_word_alone_is_the_case_s_and_a_name_stays() -> None:
    assert word("Region") == "Plant"
    assert word("North Region") == "North Region"
    assert say("regionally {x}", x=1) == "regionally 1"


def test_without_words_of_its_own_a_case_has_the_usual_ones() -> None:
    assert word("Region") == "Region"
    assert say("No region needs more than it supplies itself.").startswith("No region")
