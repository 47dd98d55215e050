"""Scenarios: steps change tables, say so in a ledger, and are refused in full where they fail."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.case.case import Case
from model.case.errors import BadInput
from model.case.where import parse_where
from model.reading.read_case import read_case
from model.scenarios.apply import LEDGER
from model.scenarios.prepare import check_case, prepare
from model.scenarios.scenario import apply, list_scenarios, load_scenario
from tests.support.cases import same_case
from tests.support.small_case import write_file, write_scenario, write_small_case
from tests.support.where_text import where_text

GROUNDS = 'why = "because"\nsource = "survey"\ngrade = "assumed"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_case(tmp_path / "case")


def applied(folder: Path, text: str) -> tuple[Case, list[tuple[str, ...]]]:
    """The case after the scenario, and its ledger without grounds."""
    write_scenario(folder, "trial", text)
    case, ledger = apply(read_case(folder), load_scenario(folder, "trial"))
    assert tuple(ledger.columns) == LEDGER
    rows = ledger[["step", "table", "row", "column", "before", "after"]]
    return case, [tuple(map(str, row)) for row in rows.itertuples(index=False)]


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(BadInput) as refused:
        applied(folder, text)
    *faults, count = str(refused.value).splitlines()
    plural = "" if len(faults) == 1 else "s"
    assert count == f"{len(faults)} fault{plural}; nothing was written"
    return "\n".join(faults)


def test_years_are_added_to_a_year_and_to_nothing_else(folder: Path) -> None:
    where = 'where = { project = ["West mill", "Quay"] }\n'
    case, ledger = applied(folder, f'[[step]]\nadd = "projects.earliest"\nvalue = 2\n{where}')
    earliest = case.projects.set_index("project")["earliest"]
    assert (earliest["West mill"], earliest["West mill II"], earliest["Quay"]) == (
        "2028",
        "2027",
        "",
    )
    assert ledger == [("1", "projects", "project=West mill", "earliest", "2026", "2028")]
    text = (
        '[[step]]\nappend = "periods"\nrow = { period = "spring" }\n'
        f'[[step]]\nset = "projects.earliest"\nvalue = "spring"\n{where}'
        f'[[step]]\nadd = "projects.earliest"\nvalue = 1\n{where}'
    )
    assert 'step 3:add: "spring" found; only years can be added to a year; use set' in refusal(
        folder, text
    )


def test_set_scale_and_add(folder: Path) -> None:
    case, ledger = applied(
        folder,
        '[[step]]\nset = "origins.supply_kt"\nwhere = { origin = "Old mill" }\nvalue = 20\n'
        '[[step]]\nscale = "sinks.demand_kt"\nvalue = 1.1\n'
        'where = { sink = ["East", "Overseas"] }\n'
        '[[step]]\nadd = "limits.max"\nvalue = -10\n',
    )
    assert case.origins.set_index("origin").loc["Old mill", "supply_kt"] == 20
    assert ledger == [
        ("1", "origins", "origin=Old mill", "supply_kt", "50", "20"),
        ("2", "sinks", "sink=East", "demand_kt", "250", "275"),
        ("2", "sinks", "sink=Overseas", "demand_kt", "40", "44"),
        ("3", "limits", "limit=carbon", "max", "90", "80"),
        ("3", "limits", "limit=port", "max", "100", "90"),
    ]


def test_old_names_of_columns_are_read_with_a_warning(folder: Path) -> None:
    text = (
        '[[step]]\nset = "limits.max_kt"\nwhere = { max_kt = 100 }\nvalue = 80\n'
        '[[step]]\nappend = "limits"\nrow = { limit = "x", max_kt = 5 }\n'
    )
    case, ledger = applied(folder, text)
    assert ledger[0] == ("1", "limits", "limit=port", "max", "100", "80")
    assert case.limits.set_index("limit").loc["x", "max"] == 5
    warnings = [note for step in load_scenario(folder, "trial").steps for note in step.warnings]
    assert warnings == [
        'scenarios/trial.toml:step 1:set: "limits.max_kt" found; it is called limits.max now; '
        "write limits.max",
        'scenarios/trial.toml:step 1:where.max_kt: "max_kt" found; it is called max now; write max',
        'scenarios/trial.toml:step 2:row.max_kt: "max_kt" found; it is called max now; write max',
    ]
    _, _, noted = check_case(folder)
    assert set(warnings) <= set(noted)


def test_the_ledger_gives_grounds(folder: Path) -> None:
    write_scenario(folder, "trial", f'[[step]]\nset = "case.year"\nvalue = 2030\n{GROUNDS}')
    case, ledger = apply(read_case(folder), load_scenario(folder, "trial"))
    assert case.settings.year == 2030
    assert ledger.to_dict("records") == [
        {
            "step": 1, "table": "case", "row": "", "column": "year", "before": "2024",
            "after": "2030", "why": "because", "source": "survey", "grade": "assumed",
        }
    ]  # fmt: skip


def test_keys_of_the_case(folder: Path) -> None:
    case, ledger = applied(
        folder,
        '[[step]]\nset = "case.closed_passages"\nvalue = ["suez", "Port"]\n'
        '[[step]]\nscale = "case.discount_rate"\nvalue = 2\n'
        '[[step]]\nset = "case.year"\nvalue = ""\n',
    )
    assert case.settings.closed_passages == ("suez", "Port")
    assert case.settings.discount_rate == 0.16
    assert case.settings.year is None
    assert [row[3:] for row in ledger] == [
        ("closed_passages", "", "suez|Port"),
        ("discount_rate", "0.08", "0.16"),
        ("year", "2024", ""),
    ]


def test_drop_and_append(folder: Path) -> None:
    case, ledger = applied(
        folder,
        '[[step]]\ndrop = "links"\nwhere = { from = "Easttown", one_way = false }\n'
        '[[step]]\nappend = "links"\n'
        'row = { from = "Southtown", to = "Port", mode = "road", km = 700, one_way = true }\n',
    )
    assert "road" in set(case.links["mode"])
    assert ledger == [
        ("1", "links", "from=Easttown; to=Port; mode=road", "",
         "from=Easttown; to=Port; mode=road; km=200; one_way=false", ""),
        ("2", "links", "from=Southtown; to=Port; mode=road", "", "",
         "from=Southtown; to=Port; mode=road; km=700; one_way=true"),
    ]  # fmt: skip


def test_a_blank_takes_a_figure_away_and_brings_a_default_back(folder: Path) -> None:
    case, _ = applied(
        folder,
        '[[step]]\nset = "sinks.max_kt"\nwhere = { max_kt = 120 }\nvalue = ""\n'
        '[[step]]\nset = "origins.region"\nwhere = { origin = "Old mill" }\nvalue = ""\n',
    )
    assert case.sinks["max_kt"].isna().all()
    assert case.origins.set_index("origin").loc["Old mill", "region"] == "Old mill"


def test_what_is_extended_comes_first_and_places_name_its_file(folder: Path) -> None:
    write_scenario(folder, "first", '[[step]]\nset = "case.year"\nvalue = 2025\n')
    write_scenario(folder, "second", 'extends = "first"\n[[step]]\nadd = "case.year"\nvalue = 1\n')
    case, ledger = applied(folder, 'extends = "second"\ntitle = "Third"\nwhy = "to see"\n')
    assert case.settings.year == 2026
    assert [row[0] for row in ledger] == ["1", "2"]
    scenario = load_scenario(folder, "trial")
    assert (scenario.name, scenario.title, scenario.why) == ("trial", "Third", "to see")
    assert [step.place for step in scenario.steps] == [
        "scenarios/first.toml:step 1",
        "scenarios/second.toml:step 1",
    ]


def test_several_scenarios_are_extended_in_their_order(folder: Path) -> None:
    write_scenario(folder, "first", '[[step]]\nset = "case.year"\nvalue = 2025\n')
    write_scenario(folder, "second", '[[step]]\nscale = "case.year"\nvalue = 1\n')
    case, _ = applied(folder, 'extends = ["second", "first"]\n')
    assert case.settings.year == 2025
    assert [step.place for step in load_scenario(folder, "trial").steps] == [
        "scenarios/second.toml:step 1",
        "scenarios/first.toml:step 1",
    ]
    assert refusal(folder, "extends = [1]\n") == (
        'scenarios/trial.toml:extends: another type found; must name scenarios; write "NAME", or '
        '["NAME", "NAME"] for several, in their order'
    )


def test_base_is_the_case_as_it_stands(folder: Path) -> None:
    case = read_case(folder)
    for name in ("", "base"):
        scenario = load_scenario(folder, name)
        changed, ledger = apply(case, scenario)
        assert scenario.name == "base" and same_case(case, changed) and len(ledger) == 0
        assert tuple(ledger.columns) == LEDGER
    write_scenario(folder, "base", 'title = "Our base"\n')
    assert load_scenario(folder, "").title == "Our base"


def test_a_scenario_file_anywhere_and_the_list(folder: Path, tmp_path: Path) -> None:
    write_scenario(folder, "b", "")
    write_scenario(folder, "a", "")
    assert list_scenarios(folder) == ["a", "b"]
    elsewhere = write_file(tmp_path / "elsewhere.toml", 'extends = "a"\n')
    assert load_scenario(folder, str(elsewhere)).name == "elsewhere"
    assert list_scenarios(tmp_path / "case.xlsx") == []


def test_an_applied_case_asks_for_no_scenario_again(folder: Path) -> None:
    write_file(folder / "case.toml", 'name = "Small"\nyear = 2024\ndefault_scenario = "trial"\n')
    case, _ = applied(folder, '[[step]]\nset = "case.year"\nvalue = 2025\n')
    assert case.settings.default_scenario == ""


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


def test_conditions() -> None:
    assert parse_where("") == {}
    assert parse_where("mode=rail|road; grade=assumed") == {
        "mode": ["rail", "road"],
        "grade": ["assumed"],
    }
    assert parse_where("a==b") == {"a": ["=b"]}
    with pytest.raises(ValueError, match='"mode" is not of the form column=value'):
        parse_where("mode")
    with pytest.raises(ValueError, match='"a" stands twice; join its values'):
        parse_where("a=1; a=2")


VALUES = st.lists(st.sampled_from(["rail", "A b", "0.5", "=x", "山东"]), min_size=1)


@given(st.dictionaries(st.sampled_from(["mode", "from", "cost_cny_per_t"]), VALUES))
def test_conditions_are_read_as_written(where: dict[str, list[str]]) -> None:
    text = "; ".join(f"{column}={'|'.join(values)}" for column, values in where.items())
    assert parse_where(text) == where


NAMES = st.text(min_size=1).filter(lambda name: name == name.strip() and "\0" not in name)


@given(st.dictionaries(st.sampled_from(["sink", "mode"]), st.lists(NAMES, min_size=1), min_size=1))
def test_conditions_are_read_back_whatever_names_hold(where: dict[str, list[str]]) -> None:
    assert parse_where(where_text(where)) == where


def test_what_is_prepared_names_no_scenario_of_the_folder(folder: Path) -> None:
    """Its inputs stand without the folder: they may name no file that is not beside them."""
    write_scenario(folder, "first", '[[step]]\nset = "case.year"\nvalue = 2025\n')
    write_scenario(folder, "second", '[[step]]\nset = "case.year"\nvalue = 2026\n')
    text = (folder / "case.toml").read_text(encoding="utf-8")
    names = 'default_scenario = "first"\ncompanion_scenario = "second"\n'
    write_file(folder / "case.toml", text + names)
    (default,), (stands,) = prepare(folder, []), prepare(folder, ["base"])
    assert (default.scenario.name, default.case.settings.year) == ("first", 2025)
    assert stands.companion is not None and stands.companion.case.settings.year == 2026
    for prepared in (default, stands, stands.companion):
        settings = prepared.case.settings
        assert (settings.default_scenario, settings.companion_scenario) == ("", "")
