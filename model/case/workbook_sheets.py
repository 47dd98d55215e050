"""Sheets of a workbook that are no tables of its case, which a reader passes over.

A run's workbook is a case too: what it reports stands in sheets that these names set apart.
"""

from __future__ import annotations

from enum import StrEnum

CASE_SHEET = "case"
CASE_HEADER = ("key", "value", "meaning")
"""Columns of the sheet `case`; the last one is for people and may be missing."""

README_SHEET, EXAMPLES_SHEET = "Read me", "Examples"
NOTES = frozenset({"notes", "note", "comments", "examples", "备注", "说明", "注释", "示例"})
"""Sheets that people write for themselves, in lower case."""
STUDY_PREFIX = "Study "
"""Beginning of the name of a sheet that reports a study."""


class ResultSheet(StrEnum):
    """Sheets that report what a run found."""

    SUMMARY = "Summary"
    CHARTS = "Charts"
    FLOWS = "Flows"
    BALANCE = "Balance"
    PLACES = "Ports and limits"
    PRICES = "Prices"
    OBSERVED = "Observed check"
    CHANGES = "Changes"
    CERTIFICATE = "Certificate"
    DIAGNOSIS = "Diagnosis"


def is_for_people(sheet: str) -> bool:
    """Whether a sheet explains or reports, so that it is no table of the case.

    >>> is_for_people("Flows"), is_for_people("Study curves"), is_for_people("origins")
    (True, True, False)
    >>> is_for_people("Notes")
    True
    """
    is_made = sheet == README_SHEET or sheet in set(ResultSheet) or sheet.startswith(STUDY_PREFIX)
    return is_made or sheet.strip().casefold() in NOTES
