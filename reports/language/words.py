"""Words that values of answers are made of: the catalogue has them as it has sentences."""

from __future__ import annotations

WORDS: tuple[str, ...] = (
    # statuses
    "optimal", "infeasible", "limit", "proved", "valid",
    # roles and kinds
    "origin", "sink", "input", "region", "market", "all", "project", "closure", "domestic",
    "export", "abroad", "pair", "outflow", "port", "border", "hub", "junction",
    # modes of transport
    "rail", "road", "sea", "road local", "rail local", "coastal", "sea coastal", "barge", "truck",
    "container", "river", "pipeline",
    # grades
    "reported", "derived", "external", "assumed",
    # what a set is
    "nothing", "captive", "smelters",
)  # fmt: skip
"""Values of tables, with blanks for underlines."""
