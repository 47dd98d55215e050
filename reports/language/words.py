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
    "container", "river", "pipeline", "quay", "yard", "rail container", "rail abroad",
    "road abroad",
    # grades
    "reported", "derived", "external", "assumed",
    # what a set is
    "nothing", "captive", "True", "False",
    # parts of names
    "extension", "second line", "first", "second", "line", "plant", "lines",
    # what is known of a run
    "status", "solver", "written", "commit", "run", "timings", "options", "versions",
    "solve seconds", "derive seconds", "word", "plan from", "duals from", "objective kcny",
    "violation kt", "bound kcny", "gap kcny", "relative gap", "pairs priced",
    "least reduced cost cny per t", "basis", "margin", "alone", "set",
    # columns of tables that have no other title
    "Alternative", "Extra", "Rerouted", "Moves", "Curve", "Per unit", "Kt", "Regret", "Within",
    "Saved", "Why legs", "Why parts", "Leg", "Cny per t", "Below", "Lost",
    # figures of periods
    "supply", "demand", "made", "shipped", "moved", "deficit", "transport cost",
    "production cost", "total cost", "duty cost", "carbon cost", "holding cost", "shortage cost",
    "land cost", "sea cost", "capital", "co2", "stock", "length years", "discount", "balance",
)  # fmt: skip
"""Values of tables, with blanks for underlines."""
