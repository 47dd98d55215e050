"""Rules between columns and between tables, one function each."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from model.case.names import file_name_fault
from model.case.schema import CASE, FORMAT, TABLES
from model.checking.check import LEAST_AND_MOST, Finding, Frames, Rule, names_in
from model.checking.look_alikes import look_alikes
from model.checking.rules_assumptions import ASSUMPTION_RULES
from model.checking.rules_network import NETWORK_RULES
from model.checking.rules_periods import PERIOD_RULES
from model.checking.rules_projects import PROJECT_RULES
from model.checking.rules_recipes import RECIPE_RULES
from model.checking.rules_sea import SEA_RULES
from model.checking.rules_targets import TARGET_RULES


def check_rules(frames: Frames) -> list[Finding]:
    """Return everything that breaks a rule between columns or tables."""
    return [finding for rule in _RULES for finding in rule(frames)]


def _tables_needed(frames: Frames) -> Iterator[Finding]:
    rows = {name: len(frames[name]) for name in TABLES}
    if not rows["origins"] and not rows["projects"]:
        rule = "a case must have an origin, unless its supply is all in projects.csv"
        yield Finding("origins", None, None, rule, "add a row", "no row")
    if not rows["sinks"]:
        yield Finding("sinks", None, None, "a case must have a sink", "add a row", "no row")
    if not rows["lanes"] and not (rows["nodes"] and rows["links"] and rows["modes"]):
        rule = "a case must have lanes, or a network of nodes.csv, links.csv and modes.csv"
        yield Finding("lanes", None, None, rule, "add a row", "no row")


def _least_above_most(frames: Frames) -> Iterator[Finding]:
    for table, least, most in LEAST_AND_MOST:
        frame = frames[table]
        wrong = frame[least].to_numpy() > frame[most].to_numpy()
        for row in np.flatnonzero(wrong):
            rule = f"must be at most {most}, which is {frame[most].iloc[row]:g}"
            yield Finding(table, int(row), least, rule, "lower the one or raise the other")


def _file_names(frames: Frames) -> Iterator[Finding]:
    for key in ("default_scenario", "companion_scenario", "outlines"):
        column = CASE.by_name[key]
        for name in [n for cell in frames["case"][key] for n in names_in(column, cell)]:
            fault = file_name_fault(name, key)
            if fault:
                yield Finding("case", 0, key, fault.rule, fault.remedy, fault.found)


def _format(frames: Frames) -> Iterator[Finding]:
    for version in frames["case"]["format"]:
        if version > FORMAT:
            rule = f"this program reads formats up to {FORMAT}"
            remedy = "take a newer version of the program, or write the case in this format"
            yield Finding("case", 0, "format", rule, remedy)


_RULES: tuple[Rule, ...] = (
    _tables_needed,
    _format,
    _least_above_most,
    _file_names,
    look_alikes,
    *NETWORK_RULES,
    *SEA_RULES,
    *PROJECT_RULES,
    *RECIPE_RULES,
    *PERIOD_RULES,
    *TARGET_RULES,
    *ASSUMPTION_RULES,
)
