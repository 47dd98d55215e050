"""A site whose search ended early, derived again: what it claims is proved again, no more sought.

Every set that it names is valued, every row that claims a proof is proved again, and of the others
that nothing is cheaper than their gap says. The answer is then made of these as `site` makes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd

from model.arrays import Booleans
from model.certify.reading import CertificateError
from model.market.market import KCNY_PER_MCNY
from model.result.allocation import QUICK
from model.run import RunOptions, evaluate
from model.solve.deadline import Deadline
from model.solve.outcome import CutShort, Impossible, Outcome, Proved, answer_of
from model.solve.rows import Row
from model.studies.confirm import UNCONFIRMED, Confirmed
from model.studies.siting import cost_switching, size_switching
from model.studies.siting.budget_frontier import budget_frontier
from model.studies.siting.choice import Choice
from model.studies.siting.choice_along import read_along
from model.studies.siting.cost_switching import cost_row
from model.studies.siting.money import money
from model.studies.siting.number_frontier import number_steps, number_table
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.regret import regret
from model.studies.siting.requirements import Requirements, number_row
from model.studies.siting.root_bound import NO_BOUND, site_root_bound
from model.studies.siting.set_names import sets_named
from model.studies.siting.sets import set_table
from model.studies.siting.site import Siting, along_table, siting_result
from model.studies.siting.size_switching import size_row
from model.studies.siting.table import GAP, PROVED, ChoiceTable
from model.studies.siting.why_set import why_set
from model.studies.siting.worth import valued, worth
from model.verification.given import StoredQuestion

AS_LONG, AT_LEAST_S = 20.0, 60.0
"""A claim that takes so many times the limit, and so long, to prove again counts as not proved."""
SLACK_KCNY = 1e-5
"""Left of a bound that was published with nine decimals of a million."""
ENOUGH_KT = 1e-9

Record = Mapping[str, Any]


def site_again(
    question: StoredQuestion,
    requirements: Requirements,
    content: Record,
    studies: Record,
) -> Siting:
    """The answer that a site published, made again of what can be derived.

    Parameters
    ----------
    content, studies : ``run.json`` and ``studies.json``

    Raises
    ------
    CertificateError
        It names a set that is none.
    """
    limit = question.options["time_limit_s"]
    deadline = Deadline.after(max(AS_LONG * limit, AT_LEAST_S))
    problem = pose(question.case, requirements, deadline)
    chosen = _chosen(problem, content)
    again = _Again(problem, question, chosen, studies)
    confirmed = _confirmed(again, content)
    is_late = content["proved_bound_mcny"] is None and not again.has_more
    root = NO_BOUND if is_late else site_root_bound(problem)
    options = RunOptions(quick=bool(question.options.get(QUICK)))
    run = evaluate(problem.case_of(chosen), question.scenario, question.ledger, options)
    tables = {} if options.quick else again.tables(isinstance(confirmed.outcome, Proved))
    result = siting_result(problem, chosen, confirmed, root, run, tables, 0.0)
    if content["tables_proved"] is False and tables:
        # the last of all searches, that nothing comes after these rows, is not made again
        result = replace(result, figures=result.figures | {"tables_proved": False})
    return Siting(result, problem.case)


def _chosen(problem: SitingProblem, content: Record) -> Choice:
    """The published set at the published sizes, as its linear program values it."""
    sizes = content["opened_kt"]
    options = problem.formulation.options.options
    built = [name for name in sizes if name in content["opened"]]
    names = {True: built, False: content["closed"]}
    built_kt = [sizes.get(x.name, 0.0) if x.is_project else 0.0 for x in options]
    yes = np.array(
        [
            x.name in names[x.is_project]
            and (x.line == 1 or kt >= x.line * x.capacity_kt - ENOUGH_KT)
            for x, kt in zip(options, built_kt, strict=True)
        ]
    )
    fixed = [
        Row(problem.formulation.size_weights(n), built_kt[n] - ENOUGH_KT, built_kt[n] + ENOUGH_KT)
        for n in problem.formulation.options.sized
        if yes[n]
    ]
    best = problem.formulation.evaluate(yes.tolist(), problem.rows)
    found = problem.formulation.evaluate(yes.tolist(), [*problem.rows, *fixed])
    if (
        best is None
        or found is None
        or found.cost_kcny > best.cost_kcny + 1e-6 * (1.0 + abs(best.cost_kcny))
    ):
        raise CertificateError(
            "run.json: opened and closed are no set within the rules, or not at its best sizes"
        )
    is_sized = np.isin(np.arange(len(yes)), problem.formulation.options.sized)
    return replace(found, size_kt=np.where(yes & is_sized, built_kt, found.size_kt))


def _confirmed(again: _Again, content: Record) -> Confirmed[Choice]:
    """The search's outcome and the second one's, proved again as far as they were claimed."""
    problem = again.problem
    if content["status"] == "optimal":
        return problem.confirm(replaced(problem.choose(), again.chosen))
    claimed = content["claimed_bound_mcny"]
    bound = -np.inf if claimed is None else claimed * KCNY_PER_MCNY
    return Confirmed(cut_short(problem, again.chosen, bound, problem.rows), None)


def replaced(outcome: Outcome[Choice], chosen: Choice) -> Outcome[Choice]:
    """A proved outcome with the published set, where that costs the same."""
    if isinstance(outcome, Proved) and outcome.best.key == chosen.key:
        return Proved(chosen, outcome.bound)
    return outcome


def cut_short(
    problem: SitingProblem, choice: Choice, bound_kcny: float, rows: Sequence[Row]
) -> CutShort[Choice]:
    """A set with the bound that was published for it, once no other is found to undercut it.

    Raises
    ------
    CertificateError
        Another does, or it could not be shown that none does.
    """
    if np.isfinite(bound_kcny):
        found = problem.formulation.choose(rows, cutoff=below(bound_kcny))
        if not isinstance(found, Impossible):
            raise CertificateError(
                f"{problem.set_text(choice)}: the bound {bound_kcny / KCNY_PER_MCNY:.9f} MCNY is"
                " not proved"
            )
    return CutShort(choice, bound_kcny, UNCONFIRMED)


def below(bound_kcny: float) -> float:
    """What costs less than this undercuts a bound by more than its rounding."""
    return bound_kcny - SLACK_KCNY - 1e-10 * abs(bound_kcny)


@dataclass(frozen=True)
class _Again:
    """The tables of a site, derived as far as the stored ones go."""

    problem: SitingProblem
    question: StoredQuestion
    chosen: Choice
    studies: Record

    def stored(self, table: str) -> list[Record]:
        """Rows of a stored table; none where it is missing."""
        return list(self.studies.get(f"site_{table}") or [])

    def tables(self, is_proved: bool) -> dict[str, ChoiceTable]:
        """Every table that the answer has to have."""
        sets = list(self._sets())
        values = valued(self.problem, self.chosen)
        options = worth(self.problem, self.chosen, values).rows
        returns = money(self.problem, self.chosen, values).rows
        tables = {
            "sets": set_table(self.problem, sets),
            "options": self._as_far("options", options),
            "money": self._as_far("money", returns),
        }
        if not is_proved:
            return tables
        steps = list(self._steps())
        tables["number"] = number_table(self.problem, steps, all(map(_is_proved, steps)))
        if against := self.question.options["against"]:
            ranked = [choice for each in sets if (choice := answer_of(each)) is not None]
            cases = {name: self.question.under(name)[0] for name in against}
            rows = regret(self.problem, ranked, cases, self._elsewhere).rows
            tables["regret"] = self._as_far("regret", rows)
        if self.problem.formulation.options.has_convex_costs:
            budget = self.stored("budget")
            floor = (budget[0]["from_mcny"] or 0.0) if budget else np.inf
            rows = budget_frontier(self.problem, floor).rows
            tables["budget"] = self._as_far("budget", rows if budget else rows.iloc[:0])
        if (along := self.question.options.get("along")) is not None:
            rows = along_table(self.problem, read_along(along)).rows
            tables["along"] = self._as_far("along", rows)
        if not self.question.options["full"]:
            return tables
        reasons = why_set(self.problem, self.chosen, values).rows
        return tables | {"why_set": self._as_far("why_set", reasons)} | self._flips()

    @property
    def has_more(self) -> bool:
        """Whether there was time for more than the best set, and so for the bound."""
        return len(self.stored("sets")) > 1 or bool(self.stored("options"))

    def _sets(self) -> Iterator[Outcome[Choice]]:
        rows = self.problem.rows
        for rank, record in enumerate(self.stored("sets")):
            if record[PROVED] is True:
                found = self.problem.formulation.choose(rows)
                yield replaced(found, self.chosen) if rank == 0 else found
                if not isinstance(found, Proved):
                    return
                rows = [*rows, self.problem.formulation.other_than(found.best.yes)]
            else:
                choice = self._named(self.problem, record["set"], rows)
                yield self._open(self.problem, choice, record[GAP], rows)
                return

    def _steps(self) -> Iterator[Outcome[Choice]]:
        """The best set by number of projects, from the largest number down."""
        stored = self.stored("number")[::-1]
        proved = sum(record[PROVED] is True for record in stored)
        rows = self.problem.without_number().rows
        for found in islice(number_steps(self.problem), proved):
            yield found
            if (choice := answer_of(found)) is not None:
                most = len(self.problem.opened(choice)) - 1
                rows = [
                    *self.problem.without_number().rows,
                    number_row(self.problem.formulation, most),
                ]
        if proved < len(stored):
            choice = self._named(self.problem, stored[proved]["set"], rows)
            yield self._open(self.problem, choice, stored[proved][GAP], rows)

    def _elsewhere(self, scenario: str, there: SitingProblem) -> Outcome[Choice]:
        """The best set of a scenario, as it was claimed."""
        stored = [row for row in self.stored("regret") if row["scenario"] == scenario]
        if not stored or stored[0][PROVED] is True:
            return there.choose()
        if stored[0]["best_set"] == "no plan":
            return CutShort(None, -np.inf, UNCONFIRMED)
        choice = self._named(there, stored[0]["best_set"], there.rows)
        return self._open(there, choice, stored[0][GAP], there.rows)

    def _flips(self) -> dict[str, ChoiceTable]:
        """What would change the choice; rows that are not proved say nothing of that."""
        options = self.problem.formulation.options
        costs, sizes = (
            [
                (found if row[PROVED] is True else still_open)(self.problem, self.chosen, number)
                for number, row in zip(numbers, self.stored(table), strict=False)
            ]
            for table, numbers, found, still_open in (
                ("cost_flips", options.decisions, cost_row, cost_switching.open_row),
                ("size_flips", options.unlined, size_row, size_switching.open_row),
            )
        )
        tables = {
            "cost_flips": ChoiceTable(
                pd.DataFrame(costs, columns=cost_switching.COLUMNS),
                len(costs) == len(options.decisions),
            ),
            "size_flips": ChoiceTable(
                pd.DataFrame(sizes, columns=size_switching.COLUMNS),
                len(sizes) == len(options.unlined),
            ),
        }
        if options.loads:
            del tables["size_flips"]
        return tables

    def _open(
        self, problem: SitingProblem, choice: Choice, gap_mcny: float | None, rows: Sequence[Row]
    ) -> CutShort[Choice]:
        bound = -np.inf if gap_mcny is None else choice.cost_kcny - gap_mcny * KCNY_PER_MCNY
        return cut_short(problem, choice, bound, rows)

    def _named(self, problem: SitingProblem, text: str, rows: Sequence[Row]) -> Choice:
        """The set of a row, valued."""
        named: Iterator[Booleans] = sets_named(problem.formulation.options, text)
        plans = (problem.formulation.evaluate(yes.tolist(), rows) for yes in named)
        found = next(filter(None, plans), None)
        if found is None:
            raise CertificateError(f"studies.json: {text!r} is no set within the rules")
        return replaced_choice(found, self.chosen)

    def _as_far(self, table: str, rows: pd.DataFrame) -> ChoiceTable:
        """As many rows as are stored: nothing is claimed of those that the time left out."""
        count = len(self.stored(table))
        return ChoiceTable(rows.iloc[:count], is_whole=count >= len(rows))


def replaced_choice(found: Choice, chosen: Choice) -> Choice:
    """The published choice, where a set is that one: its sizes are known."""
    return chosen if found.key == chosen.key else found


def _is_proved(outcome: Outcome[Choice]) -> bool:
    return isinstance(outcome, Proved)
