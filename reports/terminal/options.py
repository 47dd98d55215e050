"""The options of the command line that several commands take, or that need many words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from model.case.schema import LANGUAGES
from reports.language.catalogue import ask_for

CHECKOUT, BUNDLED = Path(__file__).resolve().parents[2], "prebaked_2024"
DATA = CHECKOUT / ("data" if (CHECKOUT / "data" / BUNDLED).is_dir() else "bundled_cases")
"""The bundled cases: of the checkout, or as a wheel installs them."""
DEFAULT_CASE = DATA / BUNDLED
DEFAULT_OUT = Path("reports/runs")

Scenarios = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SCENARIO",
        help="Names in the case's scenarios folder, or paths of TOML files; `base` is the case as"
        " it stands.",
        show_default=False,
    ),
]
CasePath = Annotated[
    Path,
    typer.Option(
        "--case",
        metavar="DIR|FILE.xlsx",
        help="The case: a folder or a workbook.",
        show_default="data/prebaked_2024",
    ),
]
OutPath = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where run folders are made.")]
AsJson = Annotated[
    bool,
    typer.Option("--json", help="One JSON object on standard output, all else on standard error."),
]


def _speak(code: str | None) -> str | None:
    """Speak the language that was asked for from here on."""
    if code is not None and code not in LANGUAGES:
        raise typer.BadParameter(f"{code} is no language of the reports; write {LANGUAGES_TEXT}")
    ask_for(code or "")
    return code


LANGUAGES_TEXT = " or ".join(LANGUAGES)
Spoken = Annotated[
    str | None,
    typer.Option(
        "--language",
        metavar="|".join(LANGUAGES),
        callback=_speak,
        help="Of report and terminal.",
        show_default="the case's own",
    ),
]
RunNames = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN",
        help="Names that `list` shows or beginnings of them, paths, scenarios (their latest run),"
        " `latest`.",
    ),
]
RunName = Annotated[
    str,
    typer.Argument(
        metavar="RUN",
        help="A name that `list` shows or its beginning, a path, a scenario, `latest`.",
    ),
]
Budget = Annotated[
    float | None, typer.Option("--budget", metavar="MCNY", help="Upfront capital at most.")
]
MostProjects = Annotated[
    int | None, typer.Option("--max-projects", metavar="N", help="Projects built at most.")
]
Quotas = Annotated[
    list[str] | None,
    typer.Option(
        "--quota", metavar="REGION=N", help="Projects of a region built at most; may be repeated."
    ),
]
Include = Annotated[
    list[str] | None, typer.Option("--include", metavar="PROJECT", help="It must be built.")
]
Exclude = Annotated[
    list[str] | None, typer.Option("--exclude", metavar="PROJECT", help="It must not be built.")
]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", min=0, help="End soon after this (exit code 4)."
    ),
]
SearchLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit", metavar="SECONDS", min=0, help="Stop each search after this (exit code 4)."
    ),
]
Places = Annotated[
    list[str] | None,
    typer.Option(metavar="REGION", help="Where; several are valued two by two as well."),
]
End = Annotated[
    float, typer.Option(metavar="KT", min=0, help="Most that is added, or the figure's end.")
]
ProductionCost = Annotated[
    float | None,
    typer.Option(
        metavar="CNY_PER_T",
        min=0,
        help="Production cost there.",
        show_default="that of the region's cheapest origin",
    ),
]
FigureName = Annotated[
    str,
    typer.Option(
        metavar="FIGURE",
        help="capacity, demand, limit, duty, rate, carbon, or table.column; --at then names"
        " the sink, limit, duty or mode, or rows as column=value.",
    ),
]
Start = Annotated[
    float | None,
    typer.Option(
        "--from",
        metavar="VALUE",
        help="Where another figure's range begins.",
        show_default="its present value",
    ),
]
Full = Annotated[
    bool, typer.Option("--full", help="Add value curves, flow ranges and what answers rest on.")
]
Quick = Annotated[
    bool,
    typer.Option(
        "--quick",
        help="Give the first plan of least cost: no search for others that cost the same, no"
        " marginal values.",
    ),
]
RunLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        metavar="SECONDS",
        min=0,
        help="End soon after this, with what is known (exit code 4).",
    ),
]
Png = Annotated[
    bool, typer.Option("--png", help="Save every picture as PNG and SVG (needs a Chromium).")
]
MostSets = Annotated[int, typer.Option("--top", metavar="K", min=1, help="Best sets to rank.")]
Rivals = Annotated[
    list[str] | None,
    typer.Option(
        "--against",
        metavar="SCENARIO",
        help="Regret of the best sets under it; may be repeated.",
    ),
]
Together = Annotated[
    str | None,
    typer.Option(
        "--together",
        metavar="CRITERION",
        help="Choose one set for all the scenarios: of least `expected` cost, least `worst` cost,"
        " or least `regret` (cost above that of each scenario's own best set).",
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="W,W",
        help="With --together expected: of the scenarios in their order, decimals or fractions"
        " that sum to 1.",
        show_default="equal",
    ),
]
FixedStarts = Annotated[
    list[str] | None,
    typer.Option(
        "--start",
        metavar="PROJECT=PERIOD",
        help="Build this project, and start it in this period, by its name or year; may be"
        " repeated.",
    ),
]
AlongFigure = Annotated[
    str | None,
    typer.Option(
        "--along",
        metavar="TARGET=LOW:HIGH",
        help="Which set is best as a figure moves, exactly: `duties.rate=0:0.3`, `sinks.demand_kt"
        " where sink=NAME=100:200`, or by factors `modes.cny_per_t_km=0.5x:2x`.",
    ),
]
NamedSets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="A,B",
        help="With --together: value this set beside the best; names of projects, and of origins"
        " to close, or `nothing`; may be repeated.",
    ),
]
FullChoice = Annotated[
    bool, typer.Option("--full", help="Add what would change the choice, project by project.")
]
QuickChoice = Annotated[
    bool, typer.Option("--quick", help="Give the best set alone, without the tables about it.")
]
