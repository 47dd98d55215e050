"""The sections of a run's page, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports import tables
from reports.answer import answer
from reports.figures.balance import balance_bars
from reports.figures.bridge import bridge
from reports.figures.capacity import capacity
from reports.figures.curves import curves
from reports.figures.easing import deficits, easing
from reports.figures.matrix import matrix
from reports.figures.outlines import Outlines
from reports.figures.prices import prices
from reports.figures.ranges import ranges
from reports.figures.region_map import region_map
from reports.figures.sankey import sankey
from reports.figures.supply_curve import supply_curve
from reports.figures.world_map import world_map
from reports.numbers import percent, plain
from reports.section import Formula, Section, Sentences, Text, Tiles, section
from reports.studies import curve_steps, curves_of, effects, other_studies, ranges_of, ranges_within
from reports.table import Table

if TYPE_CHECKING:
    from model.result import Diagnosis, Result

COST_PARTS = {
    "land_cost_mcny": "land",
    "sea_cost_mcny": "sea",
    "production_cost_mcny": "production",
    "duty_cost_mcny": "duties",
    "carbon_cost_mcny": "carbon",
    "fixed_cost_mcny": "fixed",
}

MATHEMATICS = """\
min   Σ c·x                         CNY thousand a year, over all lanes
s.t.  Σ x out of an origin ≤ its supply                       supply_limit
      least ≤ Σ x into a sink ≤ most                          demand_met
      least ≤ Σ w·x of a limit ≤ most                         limit_kept
      least ≤ x ≤ most                                        on every lane, kt a year

c = freight along the route + production + duty × value + carbon price × emission, CNY/t"""


def run_sections(
    result: Result, outlines: Outlines, base: Result | None, captive: Result | None
) -> list[Section]:
    """Return every section for which the result has something to say."""
    if result.diagnosis is not None or result.flows.empty:
        found = [_no_plan(result), _ledger(result), _assumptions(result), _sources(result),
                 _computed(result)]  # fmt: skip
    else:
        found = [
            _answer(result, base),
            _headlines(result, base),
            section("map", "Map of regions", region_map(result, outlines)),
            section("world", "Exports", world_map(result, outlines)),
            _who(result),
            _balances(result),
            _prices(result),
            _firmness(result),
            _studies(result),
            _changes(result, base),
            _captive(result, captive),
            _ledger(result),
            _assumptions(result),
            _sources(result),
            _certificate(result),
            _computed(result),
        ]
    return [part for part in found if part is not None]


def _answer(result: Result, base: Result | None) -> Section | None:
    return section("answer", "The answer", Sentences(tuple(answer(result, base))))


def tiles(result: Result, base: Result | None = None) -> Tiles:
    """Return the figures that everybody asks for first."""
    figures = result.figures

    def each(run: Result) -> float | None:
        total, shipped = run.figures["total_cost_mcny"], run.figures["shipped_kt"]
        return 1000 * total / shipped if shipped else None

    chosen: list[tuple[str, Any, Any, str]] = [
        ("Total cost", figures["total_cost_mcny"],
         base and base.figures["total_cost_mcny"], "MCNY a year"),
        ("per tonne shipped", each(result), base and each(base), "CNY/t"),
        ("of it on land", figures["land_cost_mcny"],
         base and base.figures["land_cost_mcny"], "MCNY"),
        ("of it at sea", figures["sea_cost_mcny"], base and base.figures["sea_cost_mcny"], "MCNY"),
        ("Deficit of short regions", figures["deficit_kt"],
         base and base.figures["deficit_kt"], "kt"),
        ("Moved between regions", figures["moved_kt"], base and base.figures["moved_kt"], "kt"),
        ("Exports", figures["export_kt"], base and base.figures["export_kt"], "kt"),
        ("Not shipped", figures["unshipped_kt"], base and base.figures["unshipped_kt"], "kt"),
    ]  # fmt: skip
    shown = [
        (title, plain(value), unit, "" if before is None else _change(value, before))
        for title, value, before, unit in chosen
        if value is not None
    ]
    if figures.get("self_sufficiency") is not None:
        shown.append(("Self-sufficiency", percent(figures["self_sufficiency"]), "of demand", ""))
    return Tiles(tuple(shown))


def _change(value: float, before: float) -> str:
    return (
        f"{plain(value - before, signed=True)} against the base" if value != before else "as base"
    )


def _headlines(result: Result, base: Result | None) -> Section | None:
    return section(
        "headlines", "Headline figures",
        tiles(result, base), tables.headlines(result, base), tables.costs(result),
    )  # fmt: skip


def _who(result: Result) -> Section | None:
    return section("who", "Who supplies whom", sankey(result), matrix(result), tables.flows(result))


def _balances(result: Result) -> Section | None:
    return section(
        "balance", "Balances beside those reported",
        balance_bars(result), tables.balances(result), tables.observed(result),
        capacity(result), tables.origins(result),
    )  # fmt: skip


def _prices(result: Result) -> Section | None:
    steps = curve_steps(result)
    told = tables.generic(
        "curve-pieces", "What added capacity is worth, piece by piece", curves_of(result)
    ) if steps else None  # fmt: skip
    missing = None if steps else Text(
        "The value of every further tonne of capacity, not only of the first, is drawn by",
        "python solve.py run --full",
    )  # fmt: skip
    return section(
        "prices", "Prices and the worth of capacity",
        prices(result, "sink", "prices-sinks"), prices(result, "origin", "prices-origins"),
        tables.prices(result) if len(result.prices) else None,
        curves(steps), told, missing, supply_curve(result),
    )  # fmt: skip


def _firmness(result: Result) -> Section | None:
    title = "Lanes: forced, optional, unused"
    frame = ranges_of(result)
    if frame.empty:
        note = Text("How far each flow may vary at nearly the same cost is found by",
                    "python solve.py run --full")  # fmt: skip
        equal = result.lanes.get("other_plans_cost_the_same")
        words = {
            True: "Other plans cost exactly the same; the one published has least tonne-km "
            "among them.",
            False: "No other plan costs the same.",
        }
        return section("lanes", title, Text(words[equal]) if equal in words else None, note)
    kinds = [
        "forced" if low > 1e-6 else "optional" if high > 1e-6 else "unused"
        for low, high in zip(frame["low_kt"], frame["high_kt"], strict=True)
    ]
    shown = frame.assign(kind=kinds)[["origin", "sink", "kind", "low_kt", "ship_kt", "high_kt"]]
    counts = {kind: kinds.count(kind) for kind in ("forced", "optional", "unused")}
    within = ranges_within(result)
    text = Text(
        f"Of {len(kinds)} pairs, {counts['forced']} are supplied in every plan"
        f"{f' within {within} of the least cost' if within else ' of least cost'}, "
        f"{counts['optional']} in some and {counts['unused']} in none."
    )
    return section(
        "lanes", title, text, ranges(frame, within),
        tables.generic("flow-ranges", "Flow ranges", shown),
    )  # fmt: skip


def _studies(result: Result) -> Section | None:
    """Return what further questions found, each as a table."""
    return section(
        "studies",
        "Further questions",
        *(
            tables.generic(name.replace(" ", "-"), name.capitalize(), frame)
            for name, frame in other_studies(result).items()
        ),
    )


def cost_bridge(start: Result, end: Result, name: str) -> Any:
    """Return the bridge from one run's cost to another's, by part of the cost."""
    steps = {
        word: (end.figures.get(key) or 0.0) - (start.figures.get(key) or 0.0)
        for key, word in COST_PARTS.items()
    }
    return bridge(
        (start.scenario.name, start.figures["total_cost_mcny"]), steps,
        (end.scenario.name, end.figures["total_cost_mcny"]), name,
    )  # fmt: skip


def _changes(result: Result, base: Result | None) -> Section | None:
    if base is None or base.flows.empty or base.scenario.name == result.scenario.name:
        return None
    runs = {base.scenario.name: base, result.scenario.name: result}
    return section(
        "changes", "What changed against the base",
        easing(runs), deficits(deficits_of(runs)), cost_bridge(base, result, "bridge"),
        tables.regions_side_by_side(runs, "deficit_kt", "deficits-changed", "Deficit by region"),
        tables.regions_side_by_side(runs, "inflow_kt", "inflow-changed", "Inflow by region"),
    )  # fmt: skip


def deficits_of(runs: Mapping[str, Result]) -> dict[str, list[tuple[str, float]]]:
    """Return the deficits by region, kt, of each run."""
    found = {}
    for label, run in runs.items():
        rows = run.balance[run.balance["role"] == "region"]
        found[label] = list(zip(rows["region"], rows["deficit_kt"].astype(float), strict=True))
    return found


def _captive(result: Result, captive: Result | None) -> Section | None:
    if captive is None or captive.flows.empty:
        return None
    runs = {result.scenario.name: result, captive.scenario.name: captive}
    why = captive.scenario.why or "A floor on local shipments: tonnes that do not move freely."
    return section(
        "captive", "With and without captive tonnes",
        Text(why),
        easing(runs, "captive-easing"),
        tables.side_by_side(runs, "captive-figures", "Side by side"),
        tables.regions_side_by_side(runs, "local_kt", "captive-local", "Shipped within the region"),
    )  # fmt: skip


def _ledger(result: Result) -> Section | None:
    table = tables.ledger(result)
    if table is None:
        table = Text("Nothing: this is the case as it stands.")  # type: ignore[assignment]
    why = Text(result.scenario.why) if result.scenario.why else None
    return section("ledger", "What the scenario changed", why, table)


def _assumptions(result: Result) -> Section | None:
    found = effects(result)
    stated = tables.assumptions(result, found) if len(result.case.assumptions) else None
    missing = Text("Ranked by how much hangs on each of them, they are listed by",
                   "python solve.py run --full") if stated and not found else None  # fmt: skip
    return section("assumptions", "What it rests on", stated, missing, tables.grades(result))


def _sources(result: Result) -> Section | None:
    if result.case.sources.empty:
        return None
    return section("sources", "Sources", tables.sources(result))


def _certificate(result: Result) -> Section | None:
    found = result.certificate.get("found")
    if not isinstance(found, Mapping):
        return section(
            "certificate", "Certificate",
            Text("The plan is checked again, exactly and without the solver, by",
                 f"python solve.py verify {_run_name(result)}"),
        )  # fmt: skip
    rows = [(key.replace("_", " "), _about(value)) for key, value in found.items()]
    return section(
        "certificate", "Certificate",
        tables.facts("certificate-facts", "What an exact check found", rows,
                     "Recomputed in rational numbers from the run's own inputs, without the "
                     "solver: no flow breaks a row, and no plan can cost less than the bound."),
        Text("Check it again with", f"python solve.py verify {_run_name(result)}"),
    )  # fmt: skip


def _about(value: Any) -> Any:
    """Return the readable part of an exact figure."""
    return value.get("about") if isinstance(value, Mapping) else value


def _run_name(result: Result) -> str:
    return str(result.figures.get("run") or "RUN").rstrip("/").rpartition("/")[2]


def _computed(result: Result) -> Section | None:
    lanes, origin = result.lanes, result.provenance
    words = {"offered": "lanes on offer", "seen": "lanes that the solver saw",
             "used": "lanes that carry anything", "rounds": "rounds of pricing",
             "least_reduced_cost": "least reduced cost of a lane left out (CNY/t)"}  # fmt: skip
    rows: list[tuple[str, Any]] = [
        ("status", result.status), ("solver", result.figures.get("solver")),
        *((word, lanes.get(key)) for key, word in words.items()),
        ("written", origin.get("created")), ("commit", origin.get("git_commit")),
        ("run", result.figures.get("run")),
    ]  # fmt: skip
    for group in ("timings", "options", "versions"):
        entries = origin.get(group)
        if isinstance(entries, Mapping):
            rows += [
                (f"{group}: {name.replace('_', ' ')}", value) for name, value in entries.items()
            ]
    return section(
        "computed", "How it was computed",
        Text("A linear program; every lane left out of it is priced against its duals, and the "
             "last round in which none would pay proves the plan over all lanes."),
        Formula(MATHEMATICS), tables.facts("computed-facts", "This run", rows),
    )  # fmt: skip


def _no_plan(result: Result) -> Section | None:
    if result.diagnosis is None:
        return section("answer", "No plan", Text("A limit came before any plan was found."))
    told: Diagnosis = result.diagnosis
    lists: dict[str, Any] = {
        "short": ("Who is short", told.sinks), "causes": ("What holds them short", told.causes),
        "repairs": ("Single changes that would repair it, smallest first", told.repairs),
        "unreachable": ("Buyers that no route reaches", told.unreachable),
    }  # fmt: skip
    return section(
        "answer", "No feasible allocation",
        Sentences((told.headline,)),
        tables.facts("cut", "The cut", [("needed (kt)", told.need_kt),
                     ("can reach them (kt)", told.reach_kt), ("short (kt)", told.shortage_kt)]),
        *(_listed(name, title, rows) for name, (title, rows) in lists.items() if rows),
    )  # fmt: skip


def _listed(name: str, title: str, rows: list[dict[str, Any]]) -> Table:
    import pandas as pd

    plain_rows = [
        {key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
         for key, value in row.items()}
        for row in rows
    ]  # fmt: skip
    return tables.generic(name, title, pd.DataFrame(plain_rows))
