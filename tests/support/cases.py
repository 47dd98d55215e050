"""Cases as tests read and compare them."""

from __future__ import annotations

from pathlib import Path

from model.case.case import Case
from model.case.schema import TABLES
from model.reading.read_case import read_whole

TWELVE_REGIONS = Path(__file__).parents[1] / "data" / "twelve_regions"
"""The market of 2024 as tests know it, which data/prebaked_2024 may outgrow."""


def read_case_with_warnings(path: Path) -> tuple[Case, list[str]]:
    """Read a case and say what looks odd without being wrong."""
    read = read_whole(path)
    return read.case, read.warnings


def same_case(one: Case, other: Case) -> bool:
    """Whether two cases hold the same settings, outlines and cells."""
    return (one.settings, one.outlines) == (other.settings, other.outlines) and all(
        one.table(name).equals(other.table(name)) for name in TABLES
    )
