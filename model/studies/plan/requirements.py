"""What a user requires of a schedule: refused where it cannot be, else rows of its program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.market.market import KCNY_PER_MCNY
from model.studies.plan.layout import PlanLayout, SparseRow
from model.studies.plan.periods import Horizon
from model.studies.plan.starts import Starts
from model.studies.siting.options import Options
from model.studies.siting.read_options import read_options
from model.studies.siting.requirements import PlanRequirements, Requirements, check


def check_requirements(horizon: Horizon, starts: Starts, requirements: Requirements) -> None:
    """Refuse requirements as `site` does; a project counts at its cheapest start."""
    single = read_options(horizon.periods[0].case)
    options = []
    for option in single.options:
        own = [starts.starts[number] for number in starts.of(option.name, option.kind)]
        prices = [(start.spent_kcny(0.0), start.spent_kcny(1.0)) for start in own]
        once, one = min(prices, key=lambda x: x[0] + option.min_kt * (x[1] - x[0]), default=(0, 0))
        of_plan = replace(option, capital_kcny=once, capital_kcny_per_kt=one - once)
        options.append(of_plan if own else option)
    check(Options(tuple(options), single.rules), requirements)
    raise_any(
        [
            Fault(
                "--include",
                quoted(name),
                "must be able to start within the plan",
                "drop it, or add years to periods.csv",
            )
            for name in requirements.include
            if not starts.of(name)
        ]
    )


def starts_of(requirements: Requirements) -> Mapping[str, str]:
    """The periods in which projects are required to start."""
    return requirements.starts if isinstance(requirements, PlanRequirements) else {}


def wrong_starts(horizon: Horizon, starts: Starts, requirements: Requirements) -> Iterator[Fault]:
    """Required starts of what is no project, is excluded, or cannot start then."""
    names = list(dict.fromkeys(starts.starts[number].name for number in starts.projects))
    for name, period in starts_of(requirements).items():
        found = quoted(f"{name}={period}")
        can = [horizon.periods[starts.starts[n].period].label for n in starts.of(name)]
        if name in requirements.exclude:
            yield Fault("--start", found, "is excluded too", "drop one of them")
        elif not can:
            remedy = did_you_mean(name, names, "see projects.csv")
            yield Fault("--start", found, "must be a project that can start in the plan", remedy)
        elif period not in can:
            rule = "must be a period in which it can start"
            remedy = did_you_mean(period, can, f"it can in {', '.join(can)}")
            yield Fault("--start", found, rule, remedy)


def requirement_rows(layout: PlanLayout, requirements: Requirements) -> dict[str, SparseRow]:
    """Budget, number, quotas, what must and what must not be built."""
    starts, rows = layout.starts, {}
    projects = {layout.answer(number): 1.0 for number in starts.projects}
    if requirements.budget_mcny is not None:
        rows["budget"] = SparseRow(
            capital_weights(layout), most=KCNY_PER_MCNY * requirements.budget_mcny
        )
    if requirements.max_projects is not None:
        rows["number"] = SparseRow(projects, most=float(requirements.max_projects))
    for region, most in requirements.quotas.items():
        members = [n for n in starts.projects if starts.starts[n].region == region]
        own = {layout.answer(n): 1.0 for n in members}
        rows[f"quota of {region}"] = SparseRow(own, most=float(most))
    for name in requirements.include:
        own = {layout.answer(n): 1.0 for n in starts.of(name)}
        rows[f"{name} included"] = SparseRow(own, least=1.0)
    for name, period in starts_of(requirements).items():
        own = {
            layout.answer(n): 1.0
            for n in starts.of(name)
            if layout.places.periods[starts.starts[n].period].label == period
        }
        rows[f"{name} starts in {period}"] = SparseRow(own, least=1.0)
    for name in requirements.exclude:
        own = {layout.answer(n): 1.0 for n in starts.of(name)}
        rows[f"{name} excluded"] = SparseRow(own, most=0.0)
    return rows


def capital_weights(layout: PlanLayout) -> dict[int, float]:
    """Capital by column, CNY thousand: every purchase in full."""
    return layout.spent({n: start.purchases for n, start in enumerate(layout.starts.starts)})
