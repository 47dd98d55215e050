"""A result as Python users hold it: figures, tables, and the way to a run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from model.case.records import Figures, Studies
from model.result.absent import not_applicable
from model.result.answer import CUT_SHORT, Answer
from model.result.figures import FIGURES, printed

if TYPE_CHECKING:
    import pandas as pd

    from model.case.case import Case
    from model.result.allocation import Allocation
    from model.scenarios.prepare import PreparedCase
    from model.store.folder import RunFolder
    from model.studies.compare.study import Comparison
    from model.studies.futures.answer import Together
    from model.studies.plan.plan import Plan

Pages = Callable[["Result", "RunFolder"], None]
"""Writes what a folder shows besides its tables."""


@dataclass(frozen=True)
class Question:
    """What was asked, so that it can be asked again.

    Attributes
    ----------
    prepared : the case under its scenario, and the files that it was read from; none of a
        comparison
    options : what was asked beyond the case, as ``run.json`` keeps it
    given : further files that it was read from, by their names in the archive of given files
    """

    prepared: PreparedCase | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Path] = field(default_factory=dict)

    def with_files(self, scratch: Path) -> Question:
        """The question with files; those of a case made in Python are written into `scratch`."""
        from model.case.write import further_texts, write_case
        from model.reading.digests import digests
        from model.scenarios.prepare import case_files

        prepared = self.prepared
        if prepared is None or prepared.files:
            return self
        write_case(prepared.case, scratch)
        further = {name: scratch / name for name in further_texts(prepared.case)}
        files = case_files(scratch) | further
        return replace(self, prepared=replace(prepared, files=files, sha256=digests(files)))

    def sealed(self, answer: Answer) -> Answer:
        """The answer with what a reader needs to ask again: options, hashes, versions, time."""
        from model.reading.digests import digests
        from model.store.provenance import provenance

        options = {"options": dict(self.options)} if self.options else {}
        sha256 = {} if self.prepared is None else self.prepared.sha256
        sealed = provenance(sha256 | digests(self.given))
        return replace(answer, provenance=answer.provenance | options | sealed)

    @property
    def archived(self) -> dict[str, Path]:
        """Every file that was given, by its name in the archive."""
        return {**({} if self.prepared is None else self.prepared.files), **self.given}


class Result:
    """What a question came to: of `allocate`, a study, `site`, `plan` or `compare`.

    Every table of the answer is an attribute: of an allocation `flows`, `balance`, `prices`,
    `changes` and `observed`; of a site also `sets`, `options`, `budget` and the like; of a plan
    `schedule`, `years`, `flows`, `stocks`; of one set for several futures `futures`, `sets`,
    `regret`. Their columns stand in docs/outputs.md; masses are in
    kt per year, money in MCNY per year, unit costs in CNY/t.

    Attributes
    ----------
    answer : all of it as a run folder holds it
    content : the run, the plan or the comparison as pages read it
    runs : those compared
    question : what was asked; None of a run that was read back
    """

    def __init__(
        self,
        answer: Answer,
        content: Allocation | Plan | Comparison | Together,
        question: Question | None = None,
        runs: Iterable[Result] = (),
    ) -> None:
        self.answer, self.content, self.question = answer, content, question
        self.runs = tuple(runs)

    @property
    def kind(self) -> str:
        """Kind of the answer: run, curve, ranges, why, sweep, site, plan, futures or comparison."""
        return self.answer.kind

    @property
    def status(self) -> str:
        """Its status: optimal, infeasible or limit; of a comparison the worst of its runs.

        An optimal run whose further questions a limit cut short has status limit.
        """
        return "limit" if CUT_SHORT in self.answer.studies else self.answer.status

    @property
    def case(self) -> Case | None:
        """The case that was solved, distances filled in; None for a comparison."""
        return self.answer.solved

    @property
    def figures(self) -> Figures:
        """Figures by name; None where one does not apply, for the reason in `not_applicable`."""
        return {**dict.fromkeys(self.not_applicable), **self.answer.figures}

    @property
    def not_applicable(self) -> dict[str, str]:
        """Why each figure that has no value has none."""
        return not_applicable(self.kind, self.answer.status, self.answer.figures)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name, a CSV file each in a run folder."""
        return self.answer.tables

    @property
    def studies(self) -> Studies:
        """Answers of further questions by name."""
        return self.answer.studies

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Return the table of that name."""
        tables = self.__dict__["answer"].tables if "answer" in self.__dict__ else {}
        if name in tables:
            frame: pd.DataFrame = tables[name]
            return frame
        raise AttributeError(f"a {self.kind} has no {name}; its tables are {', '.join(tables)}")

    def __dir__(self) -> list[str]:
        """Names that can be asked for, tables among them."""
        return [*super().__dir__(), *self.answer.tables]

    def __repr__(self) -> str:
        """Kind, scenario, status and cost in a line."""
        name = self.answer.scenario.name if self.answer.scenario else ", ".join(self._compared)
        cost = self.answer.figures.get("total_cost_mcny")
        parts = [f"{self.kind} {name}", self.status, "" if cost is None else f"{cost:,.1f} MCNY"]
        return f"<Result: {', '.join(part for part in parts if part)}>"

    def _repr_html_(self) -> str:
        """Figures as a table, for notebooks."""
        rows = "".join(
            f"<tr><td>{escape(FIGURES[name].title)}</td>"
            f"<td style='text-align:right'>{_shown(name, self.answer.figures[name])}</td>"
            f"<td>{escape(FIGURES[name].unit)}</td></tr>"
            for name in printed(self.answer.figures)
        )
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"

    @property
    def _compared(self) -> tuple[str, ...]:
        return getattr(self.content, "results", ())

    def save(self, folder: str | Path = "reports/runs", pages: Pages | None = None) -> Path:
        """Write a whole run folder, certificate included, as the command does.

        Parameters
        ----------
        folder : str or Path
            The folder in which the run folder is made.
        pages : function, optional
            Writes the page and the workbook too: `reports.pages.write_pages`. The model itself
            knows no report.

        Returns
        -------
        Path
            The run folder, ``<scenario>-<UTC time>-<hash8>``.

        Raises
        ------
        BadInput
            The folder cannot be written, or an input has changed since it was read.
        SolverFailed
            The certificate does not confirm the answer.
        ValueError
            The result was read from a run folder, so it is saved already; or no plan was found
            in time, so there is nothing to save.
        """
        from model.store.folder import check_writable

        if self.question is None:
            raise ValueError(f"it is saved already, in {self.answer.figures.get('run')}")
        if not self.answer.has_content:
            raise ValueError("there is nothing to save: no plan was found in time")
        out = Path(folder)
        check_writable(out)
        for run in self.runs:
            if run.answer.figures.get("run") is None:
                run.save(out, pages)
        with TemporaryDirectory() as scratch:
            self._save(out, self.question.with_files(Path(scratch)), pages)
        return Path(self.answer.figures["run"])

    def _save(self, out: Path, question: Question, pages: Pages | None) -> None:
        from model.store.provenance import PAGES
        from model.store.store import save

        def add(saved: Answer, made: RunFolder) -> None:
            self._settle(saved)
            if pages is not None:
                pages(self, made)
            if question.prepared is not None:
                question.prepared.check_unchanged()

        runs = {"runs": [run.answer.figures["run"] for run in self.runs]} if self.runs else {}
        answer = replace(question.sealed(self.answer), details=self.answer.details | runs)
        kept = {key: answer.provenance[key] for key in answer.provenance if key != PAGES}
        answer = replace(answer, provenance=kept)
        if pages is None:  # a comparison has no provenance of its own
            none = {PAGES: False}
            answer = replace(
                answer,
                provenance=answer.provenance | none,
                details=answer.details | (none if self.runs else {}),
            )
        self._settle(save(answer, out, given=question.archived, add=add))

    def _settle(self, saved: Answer) -> None:
        """Take over what certifying and saving has found."""
        self.answer, self.content = saved, self.content.with_place(saved)


def _shown(name: str, value: Any) -> str:
    figure = FIGURES[name]
    if figure.unit == "%":
        return f"{100 * value:.{figure.decimals}f}"
    return f"{value:,.{figure.decimals}f}" if isinstance(value, int | float) else escape(str(value))
