"""The page and the workbook of any kind of result, written into its run folder."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reports.language import speaking_of

if TYPE_CHECKING:
    from model.interface.result import Result
    from model.store.folder import RunFolder


@dataclass(frozen=True)
class Extras:
    """What the folder of a run shows beside the run.

    Attributes
    ----------
    base : the run that changes are measured against
    companion : the same question under the scenario that the case shows beside itself
    pictures : whether every picture is saved as PNG and SVG too
    files : further files
    """

    base: Result | None = None
    companion: Result | None = None
    pictures: bool = False
    files: Mapping[str, str | bytes] = field(default_factory=dict)


NO_EXTRAS = Extras()


def write_pages(result: Result, folder: RunFolder, extras: Extras = NO_EXTRAS) -> None:
    """Write ``report.html`` and ``report.xlsx`` of a result that is being saved.

    Examples
    --------
    ::

        result.save("reports/runs", pages=write_pages)
    """
    render = {"plan": _plan, "futures": _futures, "comparison": _comparison}.get(result.kind, _run)
    with spoken_of(result):
        files = render(result, extras)
    for name, content in {**files, **extras.files}.items():
        folder.write(name, content)
    if extras.pictures:
        from reports.page.pictures import save_pictures

        save_pictures(folder.partial / "report.html", folder.partial / "pictures")


def spoken_of(result: Result) -> AbstractContextManager[None]:
    """Speak meanwhile the language that was asked for, else that of the result's case."""
    runs = getattr(result.content, "runs", {})
    cases = [result.case, *(run.case for run in result.runs)]
    cases += [run.case for run in runs.values()] if isinstance(runs, Mapping) else []
    case = next((case for case in cases if case is not None), None)
    return nullcontext() if case is None else speaking_of(case)


def _run(result: Result, extras: Extras) -> dict[str, str | bytes]:
    from reports.page.opening import answer_sentences
    from reports.page.page import render_run
    from reports.workbook import run_workbook

    run: Any = result.content
    base: Any = extras.base and extras.base.content
    companion: Any = extras.companion and extras.companion.content
    has_plan = run.figures["total_cost_mcny"] is not None
    answer = answer_sentences(run, base, result.kind) if has_plan else []
    return {
        "report.html": render_run(run, base, companion, kind=result.kind),
        "report.xlsx": run_workbook(run, answer),
    }


def _plan(result: Result, _: Extras) -> dict[str, str | bytes]:
    from reports.page.page import render_plan
    from reports.workbook import plan_workbook

    plan: Any = result.content
    return {"report.html": render_plan(plan), "report.xlsx": plan_workbook(plan)}


def _futures(result: Result, _: Extras) -> dict[str, str | bytes]:
    from reports.page.page import render_futures
    from reports.workbook import futures_workbook

    answer: Any = result.content
    return {"report.html": render_futures(answer), "report.xlsx": futures_workbook(answer)}


def _comparison(result: Result, _: Extras) -> dict[str, str | bytes]:
    from reports.page.page import render_comparison
    from reports.workbook import comparison_workbook

    comparison: Any = result.content
    runs: list[Any] = [run.content for run in result.runs]
    return {
        "report.html": render_comparison(runs, comparison),
        "report.xlsx": comparison_workbook(runs, comparison),
    }
