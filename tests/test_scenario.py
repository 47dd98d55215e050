"""Scenarios: steps change tables, and say so in a ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.reading.read_case import read_case
from model.scenarios.apply import LEDGER
from model.scenarios.prepare import check_case, prepare
from model.scenarios.scenario import apply, list_scenarios, load_scenario
from tests.support.applied import GROUNDS, applied, refusal
from tests.support.cases import same_case
from tests.support.small_case import write_file, write_scenario, write_small_case


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_case(tmp_path / "case")


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
