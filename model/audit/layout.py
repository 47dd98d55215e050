"""What stands in a run folder, kind by kind, and what of it says nothing to be derived again."""

from __future__ import annotations

from dataclasses import dataclass

PICTURES = "pictures"
PICTURE_FORMS = (".png", ".svg")
PAGES = ("report.html", "report.xlsx")
NOT_COVERED = (*PAGES, PICTURES)
"""Files made of the others: what they show is checked there."""
CASES = ("inputs", "built")
CASE_FOLDERS = (*CASES, *(f"{case}/scenarios" for case in CASES))
"""Folders of a case, and of the scenarios that its assumptions name."""
FOLDERS = (*CASE_FOLDERS, PICTURES, "futures")
"""Folders that a run folder may hold."""
FUTURES = "futures"
SEALS = ("manifest.json", "given.zip")
"""Files that are checked by what they list and hold, not by their own bytes."""


@dataclass(frozen=True)
class NotCovered:
    """Keys of a file that say nothing that could be derived again, and how that is said."""

    text: str
    keys: frozenset[str]


RUN_JSON_NOT_COVERED = NotCovered(
    "run.json: times, time limit, versions, commit and path",
    frozenset(
        {
            "run",
            "seconds",
            "solver",
            "provenance.created",
            "provenance.timings",
            "provenance.options.time_limit_s",
            "provenance.versions",
            "provenance.git_commit",
        }
    ),
)


def is_folder(name: str) -> bool:
    """Whether a run folder may hold a folder at this path: that of a future has those of a run."""
    first, *inner = name.split("/")
    if first == FUTURES and inner:
        return len(inner) == 1 or "/".join(inner[1:]) in CASE_FOLDERS
    return name in FOLDERS


def is_covered(name: str) -> bool:
    """Whether a file, by its path in the folder, is compared by its content."""
    folder, _, file = name.rpartition("/")
    is_picture = folder == PICTURES and file.endswith(PICTURE_FORMS)
    return not is_picture and name not in (*PAGES, *SEALS)
