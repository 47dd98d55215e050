"""The study: which projects start when, and what flows in each year, at least discounted cost."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from model.arrays import Floats
from model.case.distances import with_distances
from model.checking.case_faults import refuse_faulty
from model.market.market import KCNY_PER_MCNY, Market
from model.result.answer import Answer
from model.result.figures import PLAN
from model.scenarios.info import ScenarioInfo
from model.solve.column_generation import Allocator
from model.solve.diagnose import diagnose
from model.solve.diagnosis import Diagnosis
from model.solve.highs import Status, require_version
from model.solve.tie_break import break_ties
from model.studies.plan.joined import Joined, in_year, join_years
from model.studies.plan.options import plan_options
from model.studies.plan.tables import flow_table, schedule, stock_table, year_table
from model.studies.plan.years import Year, read_years
from model.studies.siting.formulation import Choice, Formulation
from model.studies.siting.options import SUPPLY, read_options
from model.studies.siting.requirements import Requirements, check, rows_of

if TYPE_CHECKING:
    from model.case.case import Case

MONEY_DECIMALS = 9


@dataclass(frozen=True)
class Plan:
    """A schedule and its years.

    Attributes
    ----------
    case : as it was asked, distances filled in
    status : optimal, infeasible or limit
    figures : total_cost_mcny (discounted), its parts, proved_bound_mcny, opened, closed, ...
    schedule : option, kind, region, starts, size_kt, capital_mcny, fixed_cost_mcny (per year)
    years : a row per year, money of the year
    flows : a row per lane, year that makes and year that uses
    stocks : what each origin carries from one year to the next
    diagnosis : when infeasible
    """

    case: Case
    scenario: ScenarioInfo
    changes: pd.DataFrame
    status: str
    figures: dict[str, Any]
    schedule: pd.DataFrame
    years: pd.DataFrame
    flows: pd.DataFrame
    stocks: pd.DataFrame
    diagnosis: Diagnosis | None = None
    provenance: dict[str, Any] = field(default_factory=dict)

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables by name."""
        return {
            name: getattr(self, name)
            for name in ("schedule", "years", "flows", "stocks", "changes")
        }

    def answer(self) -> Answer:
        """The plan as a run folder holds it."""
        return Answer(
            PLAN,
            self.status,
            self.figures,
            self.tables(),
            self.scenario,
            asked=self.case,
            diagnosis=self.diagnosis,
            provenance=self.provenance,
        )

    def with_place(self, answer: Answer) -> Plan:
        """The plan as it was saved and certified."""
        return replace(
            self, status=answer.status, figures=answer.figures, provenance=answer.provenance
        )


def plan(
    case: Case,
    scenario: ScenarioInfo,
    changes: pd.DataFrame,
    requirements: Requirements | None = None,
    *,
    time_limit_s: float | None = None,
) -> Plan:
    """Choose what to build, and when, so that all years together cost least.

    Costs of a year are discounted to the first one. A project is paid for by its annuity in every
    year in which it stands; a budget counts upfront capital, whenever spent. With one year the
    answer is that of `site`.

    Raises
    ------
    BadInput
        Years or requirements that cannot be.
    """
    started = time.perf_counter()
    requirements = requirements or Requirements()
    refuse_faulty(case)
    years = read_years(case)
    case = with_distances(case)
    options = plan_options(years)
    check(options, requirements)
    supplying = [
        option.name
        for option in read_options(case).options
        if option.is_project and any(family == SUPPLY for family, _ in option.raises)
    ]
    joined = join_years(years, supplying)
    formulation = Formulation.of(joined.market, joined.lanes, options, time_limit_s=time_limit_s)
    choice = formulation.choose(rows_of(formulation, requirements).values())
    if not choice.found:
        told = _why_not(case, joined, formulation)
        return _without_plan(case, scenario, changes, choice, told)
    shipped, has_equals = _published(_with(joined.market, formulation, choice), joined)
    flows = flow_table(joined, shipped)
    found = Plan(
        case,
        scenario,
        changes,
        choice.status.value,
        {"other_plans_cost_the_same": has_equals},
        schedule=schedule(formulation, choice, years),
        years=year_table(joined, formulation, choice, flows),
        flows=flows,
        stocks=stock_table(joined, flows),
    )
    figures = _figures(formulation, choice, years, found, time.perf_counter() - started)
    return replace(found, figures=figures | found.figures)


def _with(market: Market, formulation: Formulation, choice: Choice) -> Market:
    """The market with a choice built."""
    rise = np.zeros(market.row_count)
    for option, yes, size in zip(
        formulation.options.options, choice.yes, choice.size_kt, strict=True
    ):
        for row, kt in option.raises.items():
            rise[market.row_of(*row)] += (size if option.is_sized else kt) if yes else 0.0
    supply, _, limits = market.split(rise)
    return replace(
        market,
        supply_kt=np.maximum(market.supply_kt + supply, 0.0),
        limits=replace(market.limits, max_kt=market.limits.max_kt + limits),
    )


def _published(market: Market, joined: Joined) -> tuple[Floats, bool]:
    """Shipments of the published plan by lane, (n,), and whether others cost the same."""
    allocator = Allocator(market)
    published = break_ties(allocator, allocator.optimise())
    shipped = np.zeros(len(joined.lanes))
    shipped[[row for (row,) in published.plan.lanes.item]] = published.plan.ship_kt
    return shipped, published.has_equals


def _figures(
    formulation: Formulation,
    choice: Choice,
    years: list[Year],
    found: Plan,
    seconds: float,
) -> dict[str, Any]:
    table, starts = found.years, found.schedule
    parts = [name for name in table.columns if name.endswith("_cost_mcny")]
    discounted = {name: float((table[name] * table["discount"]).sum()) for name in parts}
    bound = min(choice.bound_kcny / KCNY_PER_MCNY, discounted["total_cost_mcny"])
    figures: dict[str, Any] = {
        **{name: round(value, MONEY_DECIMALS) for name, value in discounted.items()},
        "objective_kcny": round(discounted["total_cost_mcny"] * KCNY_PER_MCNY, MONEY_DECIMALS),
        "capital_mcny": round(float(starts["capital_mcny"].sum()), MONEY_DECIMALS),
        "proved_bound_mcny": round(bound, MONEY_DECIMALS),
        "first_year": years[0].year,
        "last_year": years[-1].year,
        "discount_rate": years[0].case.settings.discount_rate,
        "opened": list(starts.loc[starts["kind"] == "project", "option"]),
        "starts": dict(zip(starts["option"], starts["starts"].tolist(), strict=True)),
        "opened_kt": dict(zip(starts["option"], starts["size_kt"].tolist(), strict=True)),
        "closed": list(starts.loc[starts["kind"] == "closure", "option"]),
        "lanes_offered": len(formulation.lanes),
        "lanes_used": len(found.flows),
        "solver": f"HiGHS {require_version()}",
        "seconds": round(seconds, 6),
    }
    return figures


def _why_not(case: Case, joined: Joined, formulation: Formulation) -> Diagnosis:
    """What is short with everything built as early as can be; else, what stands in the way."""
    options = formulation.options.options
    first: dict[str, int] = {}
    for number, option in enumerate(options):
        if option.is_project:
            first.setdefault(option.name, number)
    everything = replace(
        _EVERYTHING,
        yes=np.array([number in first.values() for number in range(len(options))]),
        size_kt=np.array([option.capacity_kt for option in options]),
    )
    market = _with(joined.market, formulation, everything)
    allocator = Allocator(market)
    optimum = allocator.optimise()
    if optimum.status is Status.INFEASIBLE:
        sinks = [
            year.case.sinks.assign(
                sink=[in_year(name, year.year) for name in year.case.sinks["sink"]]
            )
            for year in joined.years
        ]
        return diagnose(case.replace_unchecked(sinks=pd.concat(sinks)), allocator, optimum)
    rules = "; ".join(sorted({rule.why for rule in formulation.rules}))
    told = "With every project built demand can be met in every year, but no schedule keeps"
    return Diagnosis(
        f"{told} the requirements and these rules: {rules}.", [], 0.0, 0.0, 0.0, [], []
    )


_EVERYTHING = Choice(
    Status.OPTIMAL, np.zeros(0, bool), np.zeros(0), 0.0, 0.0, np.zeros(0), np.zeros(0)
)


def _without_plan(
    case: Case, scenario: ScenarioInfo, changes: pd.DataFrame, choice: Choice, told: Diagnosis
) -> Plan:
    from model.studies.plan.tables import FLOWS, SCHEDULE, STOCKS, YEARS

    figures = dict.fromkeys(("total_cost_mcny", "proved_bound_mcny", "opened", "closed"))
    return Plan(
        case,
        scenario,
        changes,
        choice.status.value,
        figures,
        schedule=pd.DataFrame(columns=SCHEDULE),
        years=pd.DataFrame(columns=YEARS),
        flows=pd.DataFrame(columns=FLOWS),
        stocks=pd.DataFrame(columns=STOCKS),
        diagnosis=told if choice.status is Status.INFEASIBLE else None,
    )
