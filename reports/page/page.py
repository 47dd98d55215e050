"""The page of a run and of a comparison: one self-contained file, pure functions of results."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.result.figures import RUN
from reports.figures.style import DARK, DESIGN_WIDTH_PX
from reports.language.catalogue import ENGLISH, say, spoken_language, word
from reports.language.numbers import joined
from reports.language.verdict import verdict
from reports.maps.outlines import Outlines, load_outlines
from reports.page.section import Section

if TYPE_CHECKING:
    from model.case.case import Case
    from model.result.allocation import Allocation
    from model.scenarios.info import ScenarioInfo
    from model.studies.futures.answer import Together
    from model.studies.plan.plan import Plan

HERE = Path(__file__).parents[1]
MAP_WORDS = {"closer": "Closer", "farther": "Farther", "whole": "Whole map"}
"""What the buttons of a map say."""


def render_run(
    result: Allocation,
    base: Allocation | None = None,
    companion: Allocation | None = None,
    outlines: Outlines | None = None,
    kind: str = RUN,
) -> str:
    """Return the page of one run.

    Parameters
    ----------
    result : Allocation
    base : Allocation, optional
        The run to measure changes against.
    companion : Allocation, optional
        The same question under the scenario that the case shows beside it.
    outlines : Outlines, optional
        The outlines of the maps; by default the bundled ones, and the case's own.
    kind : str
        Of the question: run, site, curve, ranges, why or sweep.

    Returns
    -------
    str
        HTML that needs nothing else: style, scripts and data are inside.
    """
    from reports.page.sections import run_opening, run_sections

    outlines = outlines or load_outlines(result.case.outlines.values())
    first = run_opening(result, outlines, base, kind)
    sections = run_sections(result, outlines, base, companion, first, kind)
    return render_page(
        title=first.question,
        subtitle=subtitle(result.case, result.scenario),
        status=verdict(result.status, result.figures),
        created=str(result.provenance.get("created", ""))[:10],
        sections=sections,
    )


def render_comparison(
    results: Sequence[Allocation], comparison: Any = None, outlines: Outlines | None = None
) -> str:
    """Return the page of several runs side by side; the first is the base.

    Parameters
    ----------
    comparison : mapping, optional
        What the study found beyond the runs themselves: tables by name.
    """
    from reports.page.comparison import comparison_sections

    outlines = outlines or load_outlines(results[0].case.outlines.values())
    sections = comparison_sections(results, comparison, outlines)
    names = joined(run.scenario.name for run in results)
    case = results[0].case.settings
    return render_page(
        title=say("How do these {count} runs differ?", count=len(results)),
        subtitle=say("{case}: {scenario}", case=word(case.title or case.name), scenario=names),
        status=say("{count} runs", count=len(results)),
        created=str(results[0].provenance.get("created", ""))[:10],
        sections=sections,
    )


def render_plan(plan: Plan) -> str:
    """Return the page of a plan over several years."""
    from reports.page.opening import NO_PLAN
    from reports.page.plan_sections import plan_question, plan_sections

    return render_page(
        title=say(NO_PLAN) if plan.years.empty else plan_question(plan),
        subtitle=subtitle(plan.case, plan.scenario),
        status=verdict(plan.status, plan.figures),
        created=str(plan.provenance.get("created", ""))[:10],
        sections=plan_sections(plan),
    )


def subtitle(case: Case, scenario: ScenarioInfo) -> str:
    """Return which case under which scenario."""
    title = case.settings.title or case.settings.name
    scenario_title = word(scenario.title or scenario.name)
    return say("{case}: {scenario}", case=word(title), scenario=scenario_title)


def render_futures(answer: Together) -> str:
    """Return the page of one set for several futures."""
    from reports.page.futures import futures_question, futures_sections, futures_verdict

    return render_page(
        title=futures_question(answer),
        subtitle=word(answer.scenario.title or answer.scenario.name),
        status=futures_verdict(answer),
        created=str(answer.provenance.get("created", ""))[:10],
        sections=futures_sections(answer),
    )


def render_page(sections: Sequence[Section], **words: Any) -> str:
    """Return a page of sections; `words` are those of its head."""
    figures = [figure for part in sections for figure in part.figures()]
    has_map = any(figure.is_map for figure in figures)
    data = {
        "mapWords": {key: say(text) for key, text in MAP_WORDS.items()},
        "dark": DARK,
        "designWidth": DESIGN_WIDTH_PX,
        "words": script_words(SCRIPT),
        "figures": {f.name: f.as_plotly() | {"isMap": f.is_map} for f in figures},
    }
    page: str = _template("page.html").render(
        sections=sections,
        lang=spoken_language(),
        say=say,
        data=safe_json(data),
        style=_asset("page.css"),
        script=_asset("page.js"),
        map_script=_asset("maps.js") if has_map else "",
        plotly=b64encode(packed_plotly()).decode() if figures else "",
        **words,
    )
    return page


SCRIPT = (
    "Fold all",
    "Unfold all",
    "Filter rows",
    "Filter rows of {table}",
    "Sorted by {column}, descending",
    "Sorted by {column}, ascending",
    "Copy",
    "Copy {table} as CSV",
    "{table} copied",
    "Save {table} as CSV",
    "This browser cannot unpack the drawing script, so pictures are described in words. Browsers "
    "from 2023 on draw them.",
)
"""What the page's script says."""


def script_words(texts: Sequence[str]) -> dict[str, str]:
    """Return what a script says in the language, by the English; nothing in English itself."""
    return {} if spoken_language() == ENGLISH else {text: say(text) for text in texts}


def safe_json(data: Any) -> str:
    """Return JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def packed_plotly() -> bytes:
    """Return the script that draws pictures, gzip; see `reports/assets/make_plotly.py`."""
    return (HERE / "assets" / "plotly.min.js.gz").read_bytes()


@cache
def _asset(name: str) -> str:
    return (HERE / "assets" / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
