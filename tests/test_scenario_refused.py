"""Scenarios that cannot be applied are refused in full, at their step."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.scenarios.scenario import load_scenario
from tests.support.applied import refusal
from tests.support.small_case import write_scenario, write_small_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_case(tmp_path / "case")


def test_a_step_that_matches_no_row(folder: Path) -> None:
    assert refusal(
        folder,
        '[[step]]\nset = "origins.supply_kt"\nwhere = { origin = "Old mil" }\nvalue = 1\n'
        '[[step]]\ndrop = "lanes"\nwhere = { mode = ["rail", "ship"], km = 3 }\n',
    ) == (
        'scenarios/trial.toml:step 1:where: origin="Old mil" found; must match a row of origins; '
        'did you mean origin="Old mill"?\n'
        'scenarios/trial.toml:step 2:where: mode="rail"|"ship"; km=3 found; must match a row of '
        "lanes; see the rows of lanes"
    )


def test_a_circle_of_extends(folder: Path) -> None:
    write_scenario(folder, "one", 'extends = "two"\n')
    write_scenario(folder, "two", 'extends = "trial"\n')
    assert refusal(folder, 'extends = "one"\n') == (
        'scenarios/trial.toml:extends: "trial > one > two > trial" found; scenarios may not extend '
        "one another in a circle; drop one of these extends"
    )


STEPS_REFUSED = {
    "no action": (
        'sett = "origins.supply_kt"',
        'step 1:sett: "sett" found; the step has no such key; did you mean "set"?\n'
        "step 1: no action found; a step must have one of set, scale, add, drop, append; write one "
        "of them",
    ),
    "two actions": (
        'set = "case.year"\ndrop = "lanes"\nvalue = 1',
        "step 1: set and drop found; a step must have one of set, scale, add, drop, append; write "
        "one of them",
    ),
    "unknown column": (
        'set = "origins.suply_kt"\nvalue = 1',
        'step 1:set: "origins.suply_kt" found; must be table.column or case.KEY; did you mean '
        '"origins.supply_kt"?',
    ),
    "unknown table": (
        'drop = "lane"',
        'step 1:drop: "lane" found; must be a table; did you mean "lanes"?',
    ),
    "unknown column in where": (
        'drop = "lanes"\nwhere = { modee = "truck" }',
        'step 1:where.modee: "modee" found; lanes has no such column; did you mean "mode"?',
    ),
    "true for a number": (
        'set = "origins.supply_kt"\nvalue = true',
        "step 1:value: true found; must be a number; write it without quotes, such as 1234.5",
    ),
    "text for a number": (
        'scale = "origins.supply_kt"\nvalue = "1.1"',
        'step 1:value: "1.1" found; must be a number; write it without quotes, such as 1234.5',
    ),
    "infinite": (
        'scale = "origins.supply_kt"\nvalue = inf',
        'step 1:value: "inf" found; must be a plain decimal number; write a figure that can occur',
    ),
    "no value": (
        'set = "origins.supply_kt"',
        "step 1:value: no value found; set must have one; write value = ...",
    ),
    "unknown choice and grade": (
        'set = "origins.kind"\nvalue = "abraod"\ngrade = "guessed"',
        'step 1:grade: "guessed" found; must be one of reported, derived, external, assumed; write '
        "one of these\n"
        'step 1:value: "abraod" found; must be one of domestic, abroad; did you mean "abroad"?',
    ),
    "scaling a text": (
        'scale = "origins.region"\nvalue = 2',
        'step 1:scale: "origins.region" found; only a column of numbers can be scaled or added '
        "to; use set",
    ),
    "where with case": (
        'set = "case.year"\nwhere = { year = 2024 }\nvalue = 2025',
        "step 1:where: a condition found; case has no rows to choose from; drop it",
    ),
    "a row without its columns": (
        'append = "sinks"\nrow = { sink = "X", demand = 3 }',
        'step 1:row.demand: "demand" found; sinks has no such column; did you mean "demand_kt"?\n'
        "step 1:row.demand_kt: no value found; a row of sinks must have it; write demand_kt = ...",
    ),
    "no row": (
        'append = "sinks"',
        "step 1:row: no row found; append must have one; write row = { column = value, ... }",
    ),
    "blanks alone": (
        'add = "lanes.max_kt"\nwhere = { origin = "South mill" }\nvalue = 5',
        "step 1:add: blanks alone found; add must meet a figure; use set",
    ),
    "unknown key": (
        'drop = "lanes"\nwhen = { origin = "South mill" }',
        'step 1:when: "when" found; the step has no such key; did you mean "where"?',
    ),
}


@pytest.mark.parametrize(("step", "message"), STEPS_REFUSED.values(), ids=STEPS_REFUSED.keys())
def test_a_step_that_cannot_be_understood(folder: Path, step: str, message: str) -> None:
    told = refusal(folder, f"[[step]]\n{step}\n")
    assert told.replace("scenarios/trial.toml:", "") == message


def test_keys_of_the_file(folder: Path) -> None:
    assert refusal(folder, 'titel = "x"\nwhy = 3\nstep = 5\n') == (
        'scenarios/trial.toml:titel: "titel" found; there is no such key; did you mean "title"?\n'
        "scenarios/trial.toml:why: another type found; must be a text; write it in double quotes "
        '"..."\n'
        "scenarios/trial.toml:step: another type found; steps must be tables; begin each with a "
        "line [[step]]"
    )


def test_a_syntax_error(folder: Path) -> None:
    assert refusal(folder, "title = \n") == (
        "scenarios/trial.toml:1:9: an error (invalid value) found; the file must be TOML; mend the "
        'line; texts stand in double quotes (name = "...")'
    )


def test_what_steps_make_of_a_case_is_checked_and_told_at_the_step(folder: Path) -> None:
    write_scenario(
        folder, "first", '[[step]]\nset = "case.year"\nvalue = 2025\n'
        '[[step]]\nadd = "origins.supply_kt"\nwhere = { origin = "Old mill" }\nvalue = -60\n'
    )  # fmt: skip
    assert refusal(
        folder,
        'extends = "first"\n'
        '[[step]]\ndrop = "closures"\n'
        '[[step]]\ndrop = "origins"\nwhere = { origin = "South mill" }\n'
        '[[step]]\nappend = "sinks"\nrow = { sink = "east", demand_kt = 3, node = "Port" }\n',
    ) == (
        'scenarios/first.toml:step 2:origins.supply_kt: "-10" (origin=Old mill) found; must be at '
        "least 0; write 0 or more\n"
        'scenarios/trial.toml:step 2:lanes.origin: "South mill" (origin=South mill; sink=East; '
        'mode=truck) found; must be one of origins.origin or projects.project; did you mean "North '
        'mill"?\n'
        'scenarios/trial.toml:step 2:limits.origin: "South mill" (limit=captive) found; must be '
        'one of origins.origin or projects.project; did you mean "North mill"?\n'
        'scenarios/trial.toml:step 2:observed.origins: "South mill" (quantity=balance_kt; '
        "region=South; origins=South mill|Old mill) found; must be one of origins.region or "
        'origins.origin; did you mean "North mill"?\n'
        'scenarios/trial.toml:step 3:sinks.sink: "east" (sink=east) found; differs from "East" '
        '(sinks sink=East) only by case, spaces or Unicode form; write "East" if it is the same, '
        "or another name"
    )


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("../../x", "a name must be a plain file name, not a path"),
        ("/etc/passwd", "a name must be a plain file name, not a path"),
        ("a\0b", "a name must be a plain file name, not a path"),
        ("CON", "the name is reserved by some systems"),
        ("nul.txt", "the name is reserved by some systems"),
        (300 * "x", "a name may have at most 100 characters"),
        ("..", "a name must be a plain file name, not a path"),
        (" x", "a name must be a plain file name, not a path"),
    ],
)
def test_names_that_lead_elsewhere(folder: Path, name: str, rule: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_scenario(folder, name)
    (fault,) = refused.value.faults
    assert (fault.where, fault.rule) == ("scenario", rule)
    assert fault.remedy == (
        "use letters, digits, spaces and . _ - +, beginning with a letter or digit"
    )
    write_scenario(folder, "trial", f"extends = {name!r}\n" if name.isprintable() else "")
    if name.isprintable():
        with pytest.raises(BadInput):
            load_scenario(folder, "trial")


@pytest.mark.parametrize("path", ["../../x.toml", "a\0b.toml", 300 * "x" + ".toml"])
def test_a_path_to_no_file(folder: Path, path: str) -> None:
    with pytest.raises(BadInput) as refused:
        load_scenario(folder, path)
    (fault,) = refused.value.faults
    assert str(fault).startswith("scenario: ") and str(fault).endswith(
        " found; a path to a scenario must lead to a file; check the path"
    )


def test_an_unknown_name(folder: Path) -> None:
    write_scenario(folder, "growth", "")
    with pytest.raises(BadInput) as refused:
        load_scenario(folder, "groth")
    assert str(refused.value) == (
        'scenario: "groth" found; a scenario must be a file scenarios/NAME.toml of the case, or a '
        'path to one; did you mean "growth"?\n1 fault; nothing was written'
    )
