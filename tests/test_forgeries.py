"""Forged run folders of every kind, the hashes of their manifest made again: `verify` names each.

Every forgery was thought out from the documentation alone; the list stands in README.md.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import solve
from model.store.folder import seal
from model.verification.verify import verify
from tests.support.small_case import write_scenario, write_small_case

Forge = Callable[[Path], None]

WEST = """
title = "More in the West"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["West"] }
value = 110
why = "a new smelter"
[[step]]
scale = "modes.cny_per_t_km"
where = { mode = ["rail"] }
value = 1.1
why = "a dearer railway"
"""
STARVED = """
title = "Too much"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["East"] }
value = 900
why = "a test"
"""
DRAWS = """
seed = 7
draws = 12
[[vary]]
name = "demand"
target = "sinks.demand_kt"
how = "factor"
distribution = "uniform"
low = 0.9
high = 1.1
"""
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "west"),
    "base": ("run",),
    "starved": ("run", "starved"),
    "full": ("run", "--full"),
    "site": ("site", "--top", "3", "--against", "west"),
    "plan": ("plan",),
    "curve": ("curve", "--at", "South", "--up-to", "120"),
    "ranges": ("ranges",),
    "why": ("why", "South mill", "West"),
    "sweep": ("sweep", "draws.toml"),
}


@dataclass(frozen=True)
class Honest:
    """Where honest folders are, by what they are called here."""

    folders: dict[str, Path]

    def copy(self, name: str, target: Path) -> Path:
        """A copy that may be spoilt; the runs of a comparison stand beside it."""
        if name == "comparison":
            for other in ("base", "run"):
                shutil.copytree(self.folders[other], target / self.folders[other].name)
        folder = self.folders[name]
        return Path(shutil.copytree(folder, target / folder.name))


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Honest]:
    base = tmp_path_factory.mktemp("forgeries")
    case = write_small_case(base / "case")
    write_scenario(case, "west", WEST)
    write_scenario(case, "starved", STARVED)
    (base / "draws.toml").write_text(DRAWS, encoding="utf-8")
    folders: dict[str, Path] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(base)
        for name, command in COMMANDS.items():
            folders[name] = _made(patch, [*command, "--case", "case", "--out", f"out/{name}"])
            assert list(folders[name].parent.iterdir()) == [folders[name]]
        runs = [str(folders[name]) for name in ("base", "run")]
        folders["comparison"] = _made(patch, ["compare", *runs, "--out", "out/comparison"])
        yield Honest({name: base / folder for name, folder in folders.items()})


def _made(patch: pytest.MonkeyPatch, arguments: list[str]) -> Path:
    patch.setattr(sys, "argv", ["solve.py", *arguments])
    assert solve.main() in (0, 3)
    (folder,) = Path(arguments[-1]).iterdir()
    return folder


# How to forge


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return header, rows


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")


def cells(file: str, column: str, change: Callable[[str], str], row: int | None = None) -> Forge:
    """Change one column, in one row or in all."""

    def forge(run: Path) -> None:
        header, rows = table(run / file)
        assert rows, file
        for number, cells in enumerate(rows):
            if row is None or number == row % len(rows):
                cells[header.index(column)] = change(cells[header.index(column)])
        write(run / file, header, rows)

    return forge


def times(factor: float) -> Callable[[str], str]:
    return lambda cell: repr(float(cell) * factor) if cell else "1"


def emptied(*files: str) -> Forge:
    """Leave nothing but the headers."""

    def forge(run: Path) -> None:
        for file in files:
            write(run / file, table(run / file)[0], [])

    return forge


def without_last_row(file: str) -> Forge:
    def forge(run: Path) -> None:
        header, rows = table(run / file)
        write(run / file, header, rows[:-1])

    return forge


def removed(file: str) -> Forge:
    return lambda run: (run / file).unlink()


def added(file: str, text: str) -> Forge:
    def forge(run: Path) -> None:
        (run / file).write_text(text, encoding="utf-8")

    return forge


def in_folder(file: str, text: str) -> Forge:
    """Put a file into a folder that may not be there."""

    def forge(run: Path) -> None:
        (run / file).parent.mkdir(exist_ok=True)
        (run / file).write_text(text, encoding="utf-8")

    return forge


def value(file: str, *path: Any, to: Any) -> Forge:
    """Set a value of a JSON file; a function makes it of the one that is there."""

    def forge(run: Path) -> None:
        content = json.loads((run / file).read_text(encoding="utf-8"))
        place = content
        for key in path[:-1]:
            place = place[key]
        new = to(place[path[-1]]) if callable(to) else to
        assert path[-1] not in place or new != place[path[-1]], path
        place[path[-1]] = new
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (run / file).write_text(text, encoding="utf-8")

    return forge


def key_removed(file: str, *path: Any) -> Forge:
    def forge(run: Path) -> None:
        content = json.loads((run / file).read_text(encoding="utf-8"))
        place = content
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        (run / file).write_text(json.dumps(content, indent=2), encoding="utf-8")

    return forge


def key_twice(file: str, key: str, first: str) -> Forge:
    """Give a key twice, an innocent value last."""

    def forge(run: Path) -> None:
        text = (run / file).read_text(encoding="utf-8")
        (run / file).write_text(text.replace("{", f'{{"{key}": {first},', 1), encoding="utf-8")

    return forge


def text(file: str, old: str, new: str) -> Forge:
    def forge(run: Path) -> None:
        content = (run / file).read_text(encoding="utf-8")
        assert old in content, (file, old)
        (run / file).write_text(content.replace(old, new), encoding="utf-8")

    return forge


def archived(name: str, old: str, new: str) -> Forge:
    """Change, or add, a file among those given."""

    def forge(run: Path) -> None:
        path = run / "given.zip"
        with zipfile.ZipFile(path) as archive:
            files = {member: archive.read(member) for member in archive.namelist()}
        before = files.get(name, b"").decode()
        assert old in before
        files[name] = (before.replace(old, new) if old else new).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in files.items():
                archive.writestr(member, data)

    return forge


def both(*forgeries: Forge) -> Forge:
    def forge(run: Path) -> None:
        for each in forgeries:
            each(run)

    return forge


def moved_tonnes(run: Path) -> None:
    """Ship what one lane carries on another, so that every sum stays."""
    header, rows = table(run / "flows.csv")
    at = header.index("ship_kt")
    part = min(float(row[at]) for row in rows[:2]) / 2
    rows[0][at], rows[1][at] = (repr(float(rows[n][at]) + s * part) for n, s in ((0, 1), (1, -1)))
    write(run / "flows.csv", header, rows)


def beneath(forge: Forge) -> Forge:
    """Forge the first run of a comparison, and make its manifest again."""

    def change(run: Path) -> None:
        first = json.loads((run / "run.json").read_text(encoding="utf-8"))["runs"][0]
        other = run.parent / Path(first).name
        forge(other)
        seal(other)

    return change


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
    ("run", "a key given twice"): key_twice("run.json", "total_cost_mcny", "1"),
    ("run", "a key of the certificate twice"): key_twice("certificate.json", "found", "{}"),
    ("run", "a gap that is none"): value("certificate.json", "found", "pairs_priced", to=10**6),
    ("run", "another dual"): value(
        "certificate.json", "duals", "demand_met[West]", to=lambda x: x + 1
    ),
    ("run", "more lanes on offer"): value("run.json", "lanes", "offered", to=1000),
    ("run", "another scenario's title"): value("run.json", "scenario", "title", to="As reported"),
    ("run", "a limit that was not given"): value(
        "run.json", "provenance", "options", "time_limit_s", to=5.0
    ),
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
}


@pytest.mark.parametrize("name", [*COMMANDS, "comparison"])
def test_an_honest_folder_agrees(honest: Honest, name: str) -> None:
    found = verify(honest.folders[name])
    assert found.disagreements == ()
    assert set(found.not_covered) >= {"report.html", "report.xlsx"}


FAST = 3
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
    seal(run)
    found = verify(run).disagreements
    assert found, f"{name}: {what} passes"
    assert all(entry.file and entry.said and entry.found for entry in found)


def test_every_forgery_is_listed() -> None:
    text = (Path(__file__).parent / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\w+) \| ([^|]+) \| forged \|$", text, re.MULTILINE)
    assert listed == list(FORGERIES)
    assert len(FORGERIES) >= 60
