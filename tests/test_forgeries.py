"""Forged run folders of every kind, every hash of theirs made again: `verify` names each.

Every forgery was thought out from the documentation alone; the list stands in README.md.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from model.verification.verify import verify
from tests.support.forging import (
    Forge,
    added,
    archived,
    beneath,
    both,
    cells,
    column_more,
    emptied,
    in_folder,
    key_removed,
    key_twice,
    moved_tonnes,
    removed,
    row_twice,
    rows_swapped,
    seal_again,
    site_rows,
    text,
    times,
    value,
    without_last_row,
)
from tests.support.honest_folders import NAMES, Honest, honest_folders


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Honest:
    return honest_folders(tmp_path_factory.mktemp("forgeries"))


PLANLESS = ("flows.csv", "balance.csv", "prices.csv", "observed.csv")
FORGERIES: dict[tuple[str, str], Forge] = {
    # a run
    ("run", "every flow halved"): cells("flows.csv", "ship_kt", times(0.5)),
    ("run", "tonnes moved from lane to lane"): moved_tonnes,
    ("run", "a cheaper lane"): cells("flows.csv", "cost_cny_per_t", times(0.9), 0),
    ("run", "less carbon"): cells("flows.csv", "co2_kt", times(0.5)),
    ("run", "a flow left out"): without_last_row("flows.csv"),
    ("run", "no deficit"): cells("balance.csv", "deficit_kt", lambda _: "0"),
    ("run", "a region left out"): without_last_row("balance.csv"),
    ("run", "another marginal value"): cells(
        "prices.csv", "left_cny_per_t", lambda cell: repr(float(cell or 0) + 10), 1
    ),
    ("run", "another reason"): cells("prices.csv", "right_reason", lambda _: "because", 0),
    ("run", "no basis and no prices"): both(
        key_removed("certificate.json", "basis"), emptied("prices.csv")
    ),
    ("run", "an observed figure that holds"): cells("observed.csv", "holds", lambda _: "maybe", 0),
    ("run", "another figure before a step"): cells("changes.csv", "before", times(2), 0),
    ("run", "another ground for a step"): cells("changes.csv", "why", lambda _: "as reported", 0),
    ("run", "no ledger"): emptied("changes.csv"),
    ("run", "a lower total"): value("run.json", "total_cost_mcny", to=lambda x: x * 0.99),
    ("run", "tonne-km blank"): value("run.json", "bn_t_km", to=None),
    ("run", "status limit, tables empty"): both(
        value("run.json", "status", to="limit"), emptied(*PLANLESS)
    ),
    ("run", "status infeasible, tables empty"): both(
        value("run.json", "status", to="infeasible"), emptied(*PLANLESS)
    ),
    ("run", "a status that none has"): value("run.json", "status", to="best known"),
    ("run", "called a comparison"): both(
        value("run.json", "kind", to="comparison"), removed("flows.csv")
    ),
    ("run", "called a plan"): value("run.json", "kind", to="plan"),
    ("run", "a kind that none has"): value("run.json", "kind", to="audit"),
    ("run", "brackets without end"): added("run.json", "[" * 10**5),
    ("run", "a key given twice"): key_twice("run.json", "total_cost_mcny", "1"),
    ("run", "a key of the certificate twice"): key_twice("certificate.json", "found", "{}"),
    ("run", "a gap that is none"): value("certificate.json", "found", "pairs_priced", to=10**6),
    ("run", "another dual"): value(
        "certificate.json", "duals", "demand_met[West]", to=lambda x: x + 1
    ),
    ("run", "more lanes on offer"): value("run.json", "lanes", "offered", to=1000),
    ("run", "another scenario's title"): value("run.json", "scenario", "title", to="As reported"),
    ("run", "a quick run with prices"): value(
        "run.json", "provenance", "options", "quick", to=True
    ),
    ("run", "a full run without studies"): value(
        "run.json", "provenance", "options", "full", to=True
    ),
    ("run", "a figure that no run has"): value("run.json", "profit_mcny", to=1.0),
    ("run", "other inputs"): cells("inputs/origins.csv", "cost_cny_per_t", times(0.5)),
    ("run", "other given files"): archived("origins.csv", "3000", "2000"),
    ("run", "a file more among those given"): archived("capacity.csv", "", "origin\n"),
    ("run", "no given files"): removed("given.zip"),
    ("run", "another hash of an input"): value(
        "run.json", "provenance", "inputs", "origins.csv", to="0" * 64
    ),
    ("run", "a table more"): added("margins.csv", "origin,margin\nNorth mill,9\n"),
    ("run", "studies that nobody made"): added("studies.json", '{"curves": []}\n'),
    ("run", "no certificate"): removed("certificate.json"),
    ("run", "an option that no run has"): value(
        "run.json", "provenance", "options", "within", to="1%"
    ),
    ("run", "a note on where it comes from"): value("run.json", "provenance", "audited", to="yes"),
    ("run", "no page"): removed("report.html"),
    ("run", "no workbook"): removed("report.xlsx"),
    ("run", "a page that was not asked for"): value("run.json", "provenance", "pages", to=False),
    ("run", "a file beside the pictures"): in_folder("pictures/flows.csv", "origin,sink\n"),
    ("run", "a folder more"): in_folder("notes/read me.txt", "all is well"),
    ("run", "an empty folder more"): lambda run: (run / "notes").mkdir(),
    ("run", "a table more among the inputs"): added("inputs/periods.csv", "year\n2024\n"),
    ("run", "a table less among the inputs"): removed("inputs/origins.csv"),
    ("run", "a case built that nobody chose"): in_folder("built/origins.csv", "origin\n"),
    # a run without a plan
    ("starved", "no page"): removed("report.html"),
    ("starved", "no repairs in a table"): removed("changes.csv"),
    ("starved", "half the shortage"): value(
        "run.json", "diagnosis", "shortage_kt", to=lambda x: x / 2
    ),
    ("starved", "another repair"): value("run.json", "diagnosis", "repairs", to=[]),
    ("starved", "no proof"): value("certificate.json", "farkas", to={}),
    ("starved", "called optimal"): value("run.json", "status", to="optimal"),
    # a full run
    ("full", "another worth of capacity"): value(
        "studies.json", "ranges", 0, "high_kt", to=lambda x: x + 50
    ),
    ("full", "a conclusion"): value("studies.json", "conclusions", "largest_flow", to="none"),
    # a site
    ("site", "less capital"): value("run.json", "capital_mcny", to=lambda x: x / 2),
    ("site", "nothing opened"): value("run.json", "opened", to=[]),
    ("site", "a larger project"): value("run.json", "opened_kt", "Quay", to=41.0),
    ("site", "a proof of the optimum"): value("run.json", "proved_bound_mcny", to=lambda x: x + 1),
    ("site", "another claimed bound"): value("run.json", "claimed_bound_mcny", to=lambda x: x - 1),
    ("site", "within a budget"): both(
        value("run.json", "provenance", "options", "budget_mcny", to=1.0),
        value("studies.json", "site", "budget_mcny", to=1.0),
    ),
    ("site", "a closure"): value("run.json", "closed", to=["North mill"]),
    ("site", "a cheaper second set"): cells("sets.csv", "cost_mcny", times(0.5), 1),
    ("site", "worth at the margin"): cells("options.csv", "saves_at_margin_mcny", times(3)),
    ("site", "no frontier"): emptied("budget.csv"),
    ("site", "no regret"): cells("regret.csv", "regret_mcny", lambda _: "-5"),
    ("site", "another size in built/"): cells("built/origins.csv", "supply_kt", times(1.1), 0),
    ("site", "studies otherwise than tables"): value(
        "studies.json", "site_sets", 0, "capital_mcny", to=7.5
    ),
    ("site", "no page"): removed("report.html"),
    ("site", "no case as it was built"): lambda run: shutil.rmtree(run / "built"),
    ("site", "a table of sets left out"): removed("sets.csv"),
    # a plan
    ("plan", "no workbook"): removed("report.xlsx"),
    ("plan", "marginal values more"): added("prices.csv", "place,role\n"),
    ("plan", "every flow halved"): cells("flows.csv", "ship_kt", times(0.5)),
    ("plan", "nothing scheduled"): emptied("schedule.csv"),
    ("plan", "no years"): removed("years.csv"),
    ("plan", "freight of 1"): both(
        value("run.json", "transport_cost_mcny", to=1.0),
        cells("years.csv", "transport_cost_mcny", lambda _: "1"),
    ),
    ("plan", "no capital"): both(
        value("run.json", "capital_mcny", to=0.0),
        cells("schedule.csv", "capital_mcny", lambda _: "0"),
        cells("years.csv", "capital_mcny", lambda _: "0"),
    ),
    ("plan", "another rate"): value("run.json", "discount_rate", to=0.05),
    ("plan", "a stock"): added(
        "stocks.csv", "from_year,to_year,origin,stock_kt\n2024,2025,North mill,7\n"
    ),
    ("plan", "started a year later"): both(
        cells("schedule.csv", "starts", lambda _: "2025"), value("run.json", "starts", to={})
    ),
    ("plan", "a wider gain"): value("run.json", "nothing_cost_mcny", to=99999.0),
    ("plan", "a bound that is the cost"): value(
        "run.json", "proved_bound_mcny", to=lambda x: (x or 0) - 3
    ),
    ("plan", "another exact cost"): value(
        "certificate.json", "found", "objective_kcny", "exact", to="1/3"
    ),
    # studies
    ("curve", "another worth"): value(
        "studies.json", "curves", 0, "value_cny_per_t", to=lambda x: (x or 0) + 10
    ),
    ("curve", "asked further"): value("run.json", "provenance", "options", "up_to", to=130.0),
    ("ranges", "a flow that may vanish"): value("studies.json", "ranges", 0, "low_kt", to=-1.0),
    ("ranges", "asked within 2 %"): value("run.json", "provenance", "options", "within", to="2%"),
    ("why", "another cost of forcing"): value("studies.json", "why", "forced_kt", to=11.0),
    ("why", "no answer"): removed("studies.json"),
    ("sweep", "another draw"): cells("sweep_draws.csv", "total_cost_mcny", times(1.01), 3),
    ("sweep", "a narrower spread"): cells("sweep_quantiles.csv", "p95", times(0.9), 0),
    ("sweep", "a table left out"): removed("sweep_lanes.csv"),
    ("sweep", "another seed"): archived("draws/draws.toml", "seed = 7", "seed = 8"),
    ("sweep", "more draws"): value("studies.json", "sweep", "counts", "draws", to=1000),
    ("sweep", "no page"): removed("report.html"),
    ("ranges", "a sweep more"): added("sweep_draws.csv", "draw\n1\n"),
    # a comparison
    ("comparison", "no page"): removed("report.html"),
    ("comparison", "flows more"): added("flows.csv", "origin,sink\n"),
    ("comparison", "no difference between inputs"): removed("inputs.csv"),
    ("comparison", "another figure"): cells("figures.csv", "base", times(1.01), 0),
    ("comparison", "ease where there is none"): cells("easing.csv", "bn_t_km", times(-1)),
    ("comparison", "cost moved between causes"): cells("attribution.csv", "cost_mcny", times(1.2)),
    ("comparison", "another flow"): cells("lanes.csv", "west", times(0.5)),
    ("comparison", "a change left out"): without_last_row("inputs.csv"),
    ("comparison", "of other runs"): value("run.json", "runs", 0, to="runs/none"),
    ("comparison", "of a forged run"): beneath(cells("balance.csv", "local_kt", times(0.5))),
    # a quick run
    ("quick", "another commodity"): cells("flows.csv", "commodity", lambda _: "coke", 0),
    ("quick", "no commodity"): cells("flows.csv", "commodity", lambda _: ""),
    ("quick", "flows in another order"): rows_swapped("flows.csv"),
    ("quick", "a flow twice"): row_twice("flows.csv"),
    ("quick", "a column more of flows"): column_more("flows.csv"),
    ("quick", "tonnes moved from lane to lane"): moved_tonnes,
    ("quick", "ties resolved"): value("run.json", "ties", to="resolved"),
    ("quick", "not quick"): value("run.json", "provenance", "options", "quick", to=False),
    ("quick", "marginal values more"): added("prices.csv", "place,role\n"),
    ("quick", "a region's deficit moved"): both(
        cells("balance.csv", "deficit_kt", lambda _: "0", 0), rows_swapped("flows.csv")
    ),
    # a run with a limit that it did not need
    ("limited", "stopped by its limit"): value("run.json", "status", to="limit"),
    ("limited", "stopped without a plan"): both(
        value("run.json", "status", to="limit"),
        value("run.json", "total_cost_mcny", to=None),
        emptied(*PLANLESS),
        added("certificate.json", "{}\n"),
    ),
    ("limited", "stopped after a program"): value(
        "run.json", "provenance", "options", "programs", to=1
    ),
    ("limited", "stopped after a part"): value(
        "run.json", "provenance", "options", "answered", to=5
    ),
    ("limited", "no marginal values"): both(
        value("run.json", "status", to="limit"), emptied("prices.csv")
    ),
    # a curve along another figure
    ("demand", "another slope"): value("studies.json", "curve", 0, "to", to=lambda x: x + 1),
    ("demand", "from another end"): value("run.json", "provenance", "options", "from", to=10.0),
    ("demand", "of another figure"): value("run.json", "provenance", "options", "of", to="rate"),
    # a full run, further
    ("full", "an assumption left out"): value("studies.json", "rests_on", to=lambda x: x[1:]),
    ("full", "no other plans"): value("studies.json", "alternatives", to=[]),
    ("full", "no curves"): key_removed("studies.json", "ranges_wide"),
    ("full", "asked for in part"): value("run.json", "provenance", "options", "answered", to=999),
    # a site, further
    ("site", "an option not chosen"): site_rows("options", lambda rows: [*rows[1:], rows[0]]),
    ("site", "a number left out"): site_rows("number", lambda rows: rows[1:]),
    ("site", "tables not proved"): value("run.json", "tables_proved", to=False),
    ("site", "stopped by a limit"): both(
        value("run.json", "tables_proved", to=False),
        value("run.json", "provenance", "options", "time_limit_s", to=9.0),
    ),
    ("site", "an unproved set"): both(
        cells("sets.csv", "proved", lambda _: "false", 1),
        value("studies.json", "site_sets", 1, "proved", to=False),
    ),
    ("site", "fewer sets asked for"): value("run.json", "provenance", "options", "top", to=2),
    ("site", "against nothing"): value("run.json", "provenance", "options", "against", to=[]),
    ("site", "another second search"): value(
        "certificate.json", "siting", "second_search_agrees", to=False
    ),
    ("site", "no claimed bound"): value("run.json", "claimed_bound_mcny", to=None),
    ("site", "another gap"): value("run.json", "gap_share", to=lambda x: x + 0.01),
    ("site", "a project excluded"): value(
        "run.json", "provenance", "options", "exclude", to=["West mill"]
    ),
    ("site_full", "another switching value"): both(
        cells("cost_flips.csv", "stays_best_below", times(1.1), 1),
        value("studies.json", "site_cost_flips", 1, "stays_best_below", to=lambda x: x * 1.1),
    ),
    ("site_full", "another size"): cells("size_flips.csv", "up_kt", times(0.5), 0),
    ("site_full", "no switching values"): site_rows("size_flips", lambda rows: rows[:1]),
    ("site_full", "a larger budget"): value(
        "run.json", "provenance", "options", "budget_mcny", to=301.0
    ),
    ("site_full", "not full"): value("run.json", "provenance", "options", "full", to=False),
    ("site_quick", "a table of sets"): added("sets.csv", "rank,set\n1,nothing\n"),
    ("site_quick", "not quick"): value("run.json", "provenance", "options", "quick", to=False),
    ("site_quick", "no proved bound"): value("run.json", "proved_bound_mcny", to=None),
    ("site_quick", "nothing closed"): value("run.json", "closed", to=[]),
    ("site_quick", "a smaller project"): value("run.json", "opened_kt", "Quay", to=lambda x: x / 2),
    ("no_site", "another reason"): value("run.json", "diagnosis", "headline", to="No time."),
    ("no_site", "stopped by a limit"): value("run.json", "status", to="limit"),
    ("no_site", "a choice"): value("run.json", "opened", to=["Quay"]),
    ("no_site", "no case as it was built"): lambda run: shutil.rmtree(run / "built"),
    ("no_site", "a smaller shortage"): value(
        "run.json", "diagnosis", "causes", 0, "kt", to=lambda x: x + 1
    ),
    # a site that its limit cut short
    ("site_cut", "an option left out"): site_rows("options", lambda rows: rows[:-1]),
    ("site_cut", "a budget left out"): site_rows("budget", lambda rows: rows[1:]),
    ("site_cut", "no budgets"): site_rows("budget", lambda rows: rows[:0]),
    ("site_cut", "a set left out"): site_rows("sets", lambda rows: rows[:-1]),
    ("site_cut", "a scenario left out"): site_rows("regret", lambda rows: rows[:-1]),
    ("site_cut", "a number left out"): site_rows("number", lambda rows: rows[1:]),
    ("site_cut", "an option twice"): site_rows("options", lambda rows: [*rows, rows[-1]]),
    ("site_cut", "all proved"): value("run.json", "tables_proved", to=True),
    ("site_cut", "no proved bound"): value("run.json", "proved_bound_mcny", to=None),
    ("site_cut", "more answered"): value(
        "run.json", "provenance", "options", "answered", "budget", to=lambda x: x + 1
    ),
    ("site_cut", "no limit"): value("run.json", "provenance", "options", "time_limit_s", to=None),
    ("site_cut", "another budget"): both(
        cells("budget.csv", "cost_to_mcny", times(0.99), 0),
        value("studies.json", "site_budget", 0, "cost_to_mcny", to=lambda x: x * 0.99),
    ),
    # a plan, further
    ("plan", "another discount"): cells("years.csv", "discount", times(0.9), 1),
    ("plan", "bought in another year"): cells("schedule.csv", "bought", lambda _: "2025", 0),
    ("plan", "gone early"): cells("schedule.csv", "ends", lambda _: "2025", 0),
    ("plan", "a longer period"): cells("years.csv", "length_years", lambda _: "2", 0),
    ("plan", "a claimed bound"): value("run.json", "claimed_bound_mcny", to=lambda x: x - 1),
    ("plan", "other plans"): value("run.json", "other_plans_cost_the_same", to=lambda x: not x),
    ("plan", "more lanes"): value("run.json", "lanes_offered", to=lambda x: x + 1),
    ("plan", "a later end"): value("run.json", "last_year", to=2026),
    ("plan", "made in another year"): cells("flows.csv", "made", lambda _: "2023", 0),
    ("plan", "another commodity"): cells("flows.csv", "commodity", lambda _: "coke", 0),
    ("plan_limited", "stopped by its limit"): both(
        value("run.json", "status", to="limit"),
        value("run.json", "claimed_bound_mcny", to=lambda x: x - 1),
    ),
    ("plan_limited", "a bound that is too high"): both(
        value("run.json", "status", to="limit"),
        value("run.json", "claimed_bound_mcny", to=lambda x: x + 1),
        value("run.json", "total_cost_mcny", to=lambda x: x + 2),
    ),
    ("plan_limited", "no cost of doing nothing"): value("run.json", "nothing_cost_mcny", to=None),
    ("plan_limited", "within a smaller budget"): value(
        "run.json", "provenance", "options", "budget_mcny", to=1.0
    ),
    ("plan_cut", "more figures in time"): value(
        "run.json", "provenance", "options", "answered", to=2
    ),
    ("plan_cut", "a cost of doing nothing"): value("run.json", "nothing_cost_mcny", to=9999.0),
    ("plan_cut", "nothing scheduled"): emptied("schedule.csv"),
    ("no_plan", "another reason"): value("run.json", "diagnosis", "headline", to="No time."),
    ("no_plan", "a year"): added("years.csv", "year\n2024\n"),
    ("no_plan", "stopped by a limit"): value("run.json", "status", to="limit"),
    # recipes and depots
    ("inputs_run", "freight of inputs"): value("run.json", "inbound_cost_mcny", to=lambda x: x / 2),
    ("inputs_run", "another recipe"): cells("inputs/recipes.csv", "t_per_t", times(0.5), 0),
    ("inputs_run", "an input that is the product"): cells(
        "flows.csv", "commodity", lambda cell: "product" if cell == "coke" else cell
    ),
    ("inputs_run", "less input"): cells("flows.csv", "ship_kt", times(0.9), 0),
    ("inputs_site", "no depot"): text("inputs/origins.csv", "Yard", "Shed"),
    ("inputs_site", "cheaper input"): cells("built/origins.csv", "cost_cny_per_t", times(0.5), 0),
    ("inputs_plan", "another recipe"): archived("recipes.csv", "coke,0.5", "coke,0.4"),
    ("inputs_plan", "a cheaper year"): cells("years.csv", "production_cost_mcny", times(0.9), 0),
    # studies, further
    ("full_cut", "a part more in time"): value(
        "run.json", "provenance", "options", "answered", to=lambda x: x + 1
    ),
    ("full_cut", "a part left out"): value("studies.json", "ranges", to=lambda x: x[:-1]),
    ("full_cut", "all in time"): key_removed("studies.json", "cut_short"),
    ("ranges_cut", "a range left out"): value("studies.json", "ranges", to=lambda x: x[:-1]),
    ("ranges_cut", "a wider range"): value(
        "studies.json", "ranges", 0, "high_kt", to=lambda x: x + 1
    ),
    ("ranges_cut", "all in time"): key_removed("run.json", "provenance", "options", "answered"),
    ("sweep_cut", "a draw left out"): without_last_row("sweep_draws.csv"),
    ("sweep_cut", "draws without a limit"): key_removed("studies.json", "cut_short"),
    ("sweep_cut", "fewer draws in time"): value("studies.json", "cut_short", "answered", to=1),
    ("sweep", "draws in another order"): rows_swapped("sweep_draws.csv"),
    ("sweep", "asked for in part"): value("run.json", "provenance", "options", "answered", to=99),
    ("comparison", "a cause more"): row_twice("attribution.csv"),
    ("run", "a smallest gap"): value("certificate.json", "found", "relative_gap", to=8.4e-12),
    ("site_quick", "sets asked for"): value("run.json", "provenance", "options", "top", to=5),
    ("site_quick", "against a scenario"): value(
        "run.json", "provenance", "options", "against", to=["west"]
    ),
    ("site_cut", "no plan elsewhere"): both(
        *(
            both(
                cells("regret.csv", column, lambda _, text=text: text),
                *(value("studies.json", "site_regret", row, column, to=said) for row in range(3)),
            )
            for column, text, said in (
                ("best_set", "no plan", "no plan"),
                ("best_mcny", "", None),
                ("regret_mcny", "", None),
                ("proved", "false", False),
                ("proof_gap_mcny", "", None),
            )
        )
    ),
    ("plan_limited", "stopped below what is proved"): both(
        value("run.json", "status", to="limit"),
        value("run.json", "claimed_bound_mcny", to=lambda x: x / 2),
        value("run.json", "gap_share", to=0.5),
    ),
    ("comparison", "of no runs"): value("run.json", "runs", to=[]),
    ("comparison", "another status"): value("run.json", "status", to="infeasible"),
}


@pytest.mark.parametrize("name", NAMES)
def test_an_honest_folder_agrees_sealed_again(honest: Honest, tmp_path: Path, name: str) -> None:
    run = honest.copy(name, tmp_path)
    seal_again(run)
    found = verify(run)
    assert found.disagreements == ()
    assert found.not_covered == (
        "report.html",
        "report.xlsx",
        "run.json: times, time limit, versions, commit and path",
    )


def test_pages_that_are_not_there_are_named(honest: Honest, tmp_path: Path) -> None:
    run = honest.copy("run", tmp_path)
    both(
        removed("report.html"),
        removed("report.xlsx"),
        value("run.json", "provenance", "pages", to=False),
    )(run)
    seal_again(run)
    found = verify(run)
    assert found.disagreements == ()
    assert found.not_covered[:2] == ("report.html: not there", "report.xlsx: not there")


FAST = 6
"""One forgery of so many is made in the fast tests, the others in the slow ones."""


@pytest.mark.parametrize(
    ("name", "what"),
    [
        pytest.param(*key, id=": ".join(key), marks=[pytest.mark.slow] if number % FAST else [])
        for number, key in enumerate(FORGERIES)
    ],
)
def test_a_forgery_is_named(honest: Honest, tmp_path: Path, name: str, what: str) -> None:
    run = honest.copy(name, tmp_path)
    FORGERIES[name, what](run)
    seal_again(run)
    found = verify(run).disagreements
    assert found, f"{name}: {what} passes"
    assert all(entry.file and entry.said and entry.found for entry in found)


def test_every_forgery_is_listed() -> None:
    page = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\w+) \| ([^|]+) \| forged \|$", page, re.MULTILINE)
    assert listed == list(FORGERIES)
    assert len(FORGERIES) >= 200
