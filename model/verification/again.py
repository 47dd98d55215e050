"""Every kind of question asked again, and its files written as they were when it was published."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from model.case.records import Json
from model.certify.reading import read_output, read_texts
from model.result.allocation import PROGRAMS, QUICK, Allocation
from model.result.answer import ANSWERED, CUT_SHORT, Answer, Findings
from model.result.study_tables import file_tables
from model.run import RunOptions, evaluate
from model.store.store import save
from model.studies.allowance import Allowance
from model.studies.full import with_full_studies
from model.studies.plan.plan import Plan, plan
from model.studies.questions import curve_question, ranges_question, sweep_question, why_question
from model.studies.siting.choice_along import read_along
from model.studies.siting.requirements import PlanRequirements, Requirements
from model.studies.siting.site import SiteOptions, Siting, site
from model.studies.sweep.read_draws import read_draws
from model.verification.given import StoredQuestion
from model.verification.plan_cut_short import plan_again
from model.verification.site_cut_short import site_again


def answer_again(
    kind: str, question: StoredQuestion, provenance: Mapping[str, Any], out: Path
) -> Path:
    """Ask a question again and write its files, but page and workbook, into a new folder of `out`.

    Parameters
    ----------
    provenance : of the stored run, which the new one takes over

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    BadInput, SolverFailed
        As asking did not.
    """
    return save_again(ANSWERS[kind](question), provenance, out)


def save_again(answer: Answer, provenance: Mapping[str, Any], out: Path) -> Path:
    """Write an answer found again, with the provenance of the stored one; where it is.

    How far it came before a limit is found again too.
    """
    options = {key: said for key, said in provenance["options"].items() if key not in FOUND}
    provenance = {**provenance, "options": options | _found(answer)}
    return Path(save(replace(answer, provenance=provenance), out).figures["run"])


FOUND = (PROGRAMS, ANSWERED)
"""Options that were found with the answer."""


def _found(answer: Answer) -> Json:
    """How far an answer came before a limit."""
    said = answer.provenance.get("options", {})
    cut = {ANSWERED: answer.studies[CUT_SHORT][ANSWERED]} if CUT_SHORT in answer.studies else {}
    return {key: said[key] for key in FOUND if said.get(key) is not None} | cut


def _run(question: StoredQuestion) -> Answer:
    result = _evaluated(question)
    is_full = question.options.get("full")
    return (
        with_full_studies(result, question.case, _as_much(question)) if is_full else result
    ).answer()


def _site(question: StoredQuestion) -> Answer:
    options = question.options
    against = {name: question.under(name)[0] for name in options["against"]}
    found = site(
        question.case,
        question.scenario,
        question.ledger,
        _requirements(options),
        SiteOptions(
            top=options["top"],
            full=options["full"],
            against=against,
            quick=bool(options.get(QUICK)),
            along=None if options.get("along") is None else read_along(options["along"]),
        ),
    )
    return _siting_answer(found)


def site_cut_short(question: StoredQuestion, content: Mapping[str, Any], run: Path) -> Answer:
    """What a site whose search ended early published, as far as it is derived again."""
    stored = run / "studies.json"
    studies = json.loads(stored.read_text(encoding="utf-8")) if stored.is_file() else {}
    requirements = _requirements(question.options)
    return _siting_answer(site_again(question, requirements, content, studies))


def plan_cut_short(question: StoredQuestion, content: Mapping[str, Any], run: Path) -> Answer:
    """What a plan whose search ended early published, made again of its schedule."""
    schedule = read_output(read_texts(run), "schedule")
    requirements = _plan_requirements(question.options)
    return _plan_answer(plan_again(question, requirements, content, schedule))


def _plan_answer(found: Plan) -> Answer:
    return replace(found.answer(), provenance={"options": {ANSWERED: found.answered}})


def _siting_answer(found: Siting) -> Answer:
    tables = file_tables(found.result.studies, "site")
    answer = found.result.answer("site", found.requested, tables)
    return replace(answer, provenance={"options": {ANSWERED: found.answered}})


def _plan(question: StoredQuestion) -> Answer:
    requirements = _plan_requirements(question.options)
    parts = question.options.get(ANSWERED)
    return _plan_answer(
        plan(question.case, question.scenario, question.ledger, requirements, parts=parts)
    )


def _curve(question: StoredQuestion) -> Answer:
    options = question.options
    asked = options["of"], options["at"], options["from"], options["up_to"], options["cost"]
    found = curve_question(question.case, *asked, _as_much(question))
    return replace(_evaluated(question), studies=found.studies).answer("curve")


def _ranges(question: StoredQuestion) -> Answer:
    def ask() -> Findings:
        return ranges_question(question.case, question.options["within"], _as_much(question))

    return _with_findings("ranges", question, ask)


def _why(question: StoredQuestion) -> Answer:
    options = question.options

    def ask() -> Findings:
        pair = options["origin"], options["sink"], options["kt"]
        other = options.get("rather_than")
        return why_question(question.case, *pair, _as_much(question), rather_than=other)

    return _with_findings("why", question, ask)


def _sweep(question: StoredQuestion) -> Answer:
    drawn = read_draws(question.draws / question.options["file"], question.draws_table)

    def ask() -> Findings:
        return sweep_question(question.case, drawn, question.options["draws"], _as_much(question))

    return _with_findings("sweep", question, ask)


def _with_findings(kind: str, question: StoredQuestion, ask: Callable[[], Findings]) -> Answer:
    """The run and, where it is optimal, what the study found."""
    result = _evaluated(question)
    found = ask() if result.status == "optimal" else Findings({})
    return replace(result, studies=found.studies).answer(kind, tables=found.tables)


def _as_much(question: StoredQuestion) -> Allowance:
    """As many parts of a study as were answered: all, unless a limit cut it short."""
    return Allowance(parts=question.options.get(ANSWERED))


def _evaluated(question: StoredQuestion) -> Allocation:
    programs = question.options.get(PROGRAMS)
    options = RunOptions(quick=bool(question.options.get(QUICK)), programs=programs)
    return evaluate(question.case, question.scenario, question.ledger, options)


def _requirements(options: Mapping[str, Any]) -> Requirements:
    return Requirements(
        options["budget_mcny"],
        options["max_projects"],
        options["quotas"],
        tuple(options["include"]),
        tuple(options["exclude"]),
    )


def _plan_requirements(options: Mapping[str, Any]) -> Requirements:
    required = vars(_requirements(options))
    return PlanRequirements(**required, starts=options.get("starts") or {})


ANSWERS: Mapping[str, Callable[[StoredQuestion], Answer]] = {
    "run": _run,
    "site": _site,
    "plan": _plan,
    "curve": _curve,
    "ranges": _ranges,
    "why": _why,
    "sweep": _sweep,
}
"""How each kind of question is asked again."""
