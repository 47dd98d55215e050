"""Answers become run folders: files, certificate, page and workbook, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.terminal.console import progress
from reports.terminal.outcome import Outcome

if TYPE_CHECKING:
    from model.result.answer import Answer
    from model.result.result import Result
    from model.scenarios.prepare import PreparedCase
    from model.store.folder import RunFolder
    from model.studies.compare.study import Comparison
    from model.studies.plan.plan import Plan

Files = Mapping[str, str | bytes]


@dataclass(frozen=True)
class Question:
    """What was asked beyond the case and its scenario, so that it can be asked again.

    Attributes
    ----------
    options : by name, as ``run.json`` keeps them; none where the result itself says
    given : files that it was read from, by their names in the archive of given files
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Path] = field(default_factory=dict)

    @property
    def provenance(self) -> dict[str, Any]:
        """The options, for ``run.json``."""
        return {"options": dict(self.options)} if self.options else {}


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
    files: Files = field(default_factory=dict)


def publish_run(
    answer: Answer,
    prepared: PreparedCase,
    out: Path,
    question: Question = Question(),
    extras: Extras = Extras(),
) -> Result:
    """Save an answer that holds one allocation; return it as certified, with its place."""
    from model.result.result import Result
    from reports.page.page import render_run
    from reports.page.pictures import save_pictures
    from reports.workbook import run_workbook

    def add(saved: Answer, folder: RunFolder) -> None:
        result = Result.of(saved)
        page = render_run(result, extras.base, extras.companion)
        _write(folder, {"report.html": page, "report.xlsx": run_workbook(result), **extras.files})
        if extras.pictures:
            with progress("Drawing pictures"):
                save_pictures(folder.partial / "report.html", folder.partial / "pictures")

    return Result.of(_publish(answer, prepared, out, question, add))


def published(
    answer: Answer,
    prepared: PreparedCase,
    out: Path,
    question: Question = Question(),
    extras: Extras = Extras(),
) -> Outcome:
    """Save an answer that holds one allocation, and say what it came to."""
    from reports.terminal.headline import headline

    saved = publish_run(answer, prepared, out, question, extras)
    entry = saved.answer(answer.kind).summary()
    return Outcome(entry, [headline(saved)], saved if answer.has_content else None)


def publish_plan(plan: Plan, prepared: PreparedCase, out: Path, question: Question) -> Plan:
    """Save a plan of several periods; return it as certified, with its place."""
    from reports.page.page import render_plan
    from reports.workbook import plan_workbook

    def add(saved: Answer, folder: RunFolder) -> None:
        placed = plan.with_place(saved)
        _write(folder, {"report.html": render_plan(placed), "report.xlsx": plan_workbook(placed)})

    return plan.with_place(_publish(plan.answer(), prepared, out, question, add))


def _publish(
    answer: Answer,
    prepared: PreparedCase,
    out: Path,
    question: Question,
    add: Callable[[Answer, RunFolder], None],
) -> Answer:
    """Save an answer with what it was made from; one without content is only given its options."""
    from model.reading.digests import digests
    from model.store.provenance import provenance
    from model.store.store import save

    sha256 = prepared.sha256 | digests(question.given)
    sealed = answer.provenance | question.provenance | provenance(sha256)
    answer = replace(answer, provenance=sealed)
    if not answer.has_content:
        return answer

    def add_unchanged(saved: Answer, folder: RunFolder) -> None:
        add(saved, folder)
        prepared.check_unchanged()

    given = {**prepared.files, **question.given}
    return save(answer, out, given=given, add=add_unchanged)


def publish_comparison(
    results: list[Result], comparison: Comparison, out: Path
) -> tuple[dict[str, Any], str]:
    """Save the comparison of several results, the first one as the base.

    Returns
    -------
    tuple
        The comparison as JSON, and in the words of a terminal.
    """
    from model.store.provenance import provenance
    from model.store.store import save
    from reports.page.page import render_comparison
    from reports.terminal.headline import comparison_headline
    from reports.workbook import comparison_workbook

    def add(_: Answer, folder: RunFolder) -> None:
        page, book = (
            render_comparison(results, comparison),
            comparison_workbook(results, comparison),
        )
        _write(folder, {"report.html": page, "report.xlsx": book})

    answer = comparison.answer([result.figures["run"] for result in results])
    saved = save(replace(answer, provenance=provenance({})), out, add=add)
    return saved.summary(), comparison_headline(comparison, saved.figures["run"])


def _write(folder: RunFolder, files: Files) -> None:
    for name, content in files.items():
        folder.write(name, content)
