"""Answers become run folders: files, certificate, page and workbook, whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from reports.terminal.console import progress

if TYPE_CHECKING:
    from pathlib import Path

    from model.case.case import Case
    from model.result.result import Result
    from model.scenarios.prepare import PreparedCase
    from model.studies.compare.study import Comparison
    from model.studies.plan.plan import Plan

NO_FILES: Mapping[str, str | bytes] = MappingProxyType({})


@dataclass(frozen=True)
class Beside:
    """What else the page of a run shows.

    Attributes
    ----------
    base : the run that changes are measured against
    beside : the same question under the scenario that the case shows beside itself
    pictures : whether every picture is saved as PNG and SVG too
    """

    base: Result | None = None
    beside: Result | None = None
    pictures: bool = False


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


def publish_run(
    prepared: PreparedCase,
    result: Result,
    out: Path,
    *,
    kind: str = "run",
    page: Beside = Beside(),
    asked: Case | None = None,
    files: Mapping[str, str | bytes] = NO_FILES,
    question: Question = Question(),
) -> Result:
    """Save a result in a folder of its own; return it as it is with_checked_status, with its place.

    Parameters
    ----------
    asked : Case, optional
        What was asked, where the study solved a case of its own making.
    files : Mapping
        Further files of the folder: a study's tables, a scenario.
    question : Question
        What was asked beyond the case.
    """
    from model.audit.check_claim import with_checked_status
    from model.certify.certificate import certify
    from model.store.given import GIVEN, members, write_given
    from model.store.provenance import provenance
    from model.store.store import certified, saving
    from reports.page.page import render_run
    from reports.page.pictures import save_pictures
    from reports.workbook import run_workbook

    sealed = question.provenance | provenance(prepared.sha256)
    result = replace(result, provenance=result.provenance | sealed)
    with saving(result, out, kind, asked) as (placed, folder):
        found = certify(folder.partial)
        if placed.status != "infeasible" or placed.certificate:
            placed = with_checked_status(placed, found, folder.partial)
        saved = certified(placed, found, folder, kind)
        folder.write("report.html", render_run(saved, page.base, page.beside))
        folder.write("report.xlsx", run_workbook(saved))
        for name, content in files.items():
            folder.write(name, content)
        write_given(folder.partial / GIVEN, {**members(prepared.files), **question.given})
        if page.pictures:
            with progress("Drawing pictures"):
                save_pictures(folder.partial / "report.html", folder.partial / "pictures")
        prepared.check_unchanged()
    return saved


def publish_plan(prepared: PreparedCase, found: Plan, out: Path, question: Question) -> Plan:
    """Save a plan of several years with its page and workbook; return it with its place."""
    from model.store.given import GIVEN, members, write_given
    from model.store.provenance import provenance
    from model.studies.plan.saving import saving_plan
    from reports.page.page import render_plan
    from reports.workbook import plan_workbook

    sealed = question.provenance | provenance(prepared.sha256)
    found = replace(found, provenance=found.provenance | sealed)
    if found.years.empty and found.diagnosis is None:
        return found
    with saving_plan(found, out) as (placed, folder):
        folder.write("report.html", render_plan(placed))
        folder.write("report.xlsx", plan_workbook(placed))
        write_given(folder.partial / GIVEN, {**members(prepared.files), **question.given})
        prepared.check_unchanged()
    return placed


def publish_comparison(
    results: list[Result], comparison: Comparison, out: Path
) -> tuple[dict[str, Any], str]:
    """Save the comparison of several results, the first one as the base.

    Returns
    -------
    tuple
        The comparison as JSON, and in the words of a terminal.
    """
    from model.store.store import saving_comparison
    from reports.page.page import render_comparison
    from reports.terminal.headline import comparison_headline
    from reports.workbook import comparison_workbook

    with saving_comparison(comparison, results, out) as (content, folder):
        folder.write("report.html", render_comparison(results, comparison))
        folder.write("report.xlsx", comparison_workbook(results, comparison))
    return content, comparison_headline(comparison, content["run"])
