"""What a user asks of the choice: budget, number, quotas, what must or must not be in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from model.case.errors import Fault, quoted, raise_any
from model.case.names import did_you_mean
from model.case.records import Json
from model.market.market import KCNY_PER_MCNY
from model.solve.rows import Row
from model.studies.siting.formulation import Formulation
from model.studies.siting.options import Options

ENOUGH = 1e-9


@dataclass(frozen=True)
class Requirements:
    """Bounds on the choice; None and empty mean none.

    Attributes
    ----------
    budget_mcny : upfront capital
    max_projects : how many projects at most (closures do not count)
    quotas : region → how many of its projects at most
    include, exclude : projects that must, or must not, be chosen
    """

    budget_mcny: float | None = None
    max_projects: int | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def as_dict(self) -> Json:
        """What is required, as JSON."""
        return {
            "budget_mcny": self.budget_mcny,
            "max_projects": self.max_projects,
            "quotas": dict(self.quotas),
            "include": list(self.include),
            "exclude": list(self.exclude),
        }


@dataclass(frozen=True)
class PlanRequirements(Requirements):
    """Bounds on a plan.

    Attributes
    ----------
    starts : project → the period, by its name or year, in which it starts
    """

    starts: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> Json:
        """What is required, as JSON."""
        return super().as_dict() | ({"starts": dict(self.starts)} if self.starts else {})


def parse_starts(texts: list[str]) -> dict[str, str]:
    """Periods by project from `PROJECT=PERIOD`.

    Raises
    ------
    BadInput

    Examples
    --------
    >>> parse_starts(["West mill=2026"])
    {'West mill': '2026'}
    """
    starts: dict[str, str] = {}
    faults = []
    for text in texts:
        project, equals, period = (part.strip() for part in text.rpartition("="))
        if not (equals and project and period):
            rule = "must be a project, = and a period"
            faults.append(Fault("--start", quoted(text), rule, 'write "West mill=2026"'))
        elif starts.setdefault(project, period) != period:
            rule = "starts in one period alone"
            faults.append(Fault("--start", quoted(text), rule, "drop one of them"))
    raise_any(faults)
    return starts


def parse_quotas(texts: list[str]) -> dict[str, int]:
    """Quotas from `REGION=N`.

    Raises
    ------
    BadInput

    Examples
    --------
    >>> parse_quotas(["North=1", "Far South=2"])
    {'North': 1, 'Far South': 2}
    """
    quotas, faults = {}, []
    for text in texts:
        region, equals, number = text.rpartition("=")
        if equals and region.strip() and number.strip().isdecimal():
            quotas[region.strip()] = int(number)
        else:
            rule = "must be a region, = and a whole number"
            faults.append(Fault("--quota", quoted(text), rule, 'write "North=1"'))
    raise_any(faults)
    return quotas


def check(options: Options, requirements: Requirements) -> None:
    """Refuse requirements that name nothing, contradict the case, or leave nothing to choose.

    Raises
    ------
    BadInput
        With every fault.
    """
    raise_any(
        [
            *_names(options, requirements),
            *_contradictions(options, requirements),
            *_money(options, requirements),
        ]
    )


def _names(options: Options, requirements: Requirements) -> Iterator[Fault]:
    known = {options.options[number].name for number in options.projects}
    for flag, names in (("--include", requirements.include), ("--exclude", requirements.exclude)):
        for name in names:
            if name not in known:
                remedy = did_you_mean(name, known, "see projects.csv")
                yield Fault(flag, quoted(name), "must be a project of the case", remedy)
    regions = {options.options[number].region for number in options.projects}
    for region in requirements.quotas:
        if region not in regions:
            remedy = did_you_mean(region, regions, "see projects.csv")
            yield Fault("--quota", quoted(region), "must be the region of a project", remedy)
    if requirements.budget_mcny is not None and not requirements.budget_mcny >= 0:
        yield Fault("--budget", f"{requirements.budget_mcny:g}", "must be at least 0", "write MCNY")
    if requirements.max_projects is not None and requirements.max_projects < 0:
        yield Fault(
            "--max-projects",
            str(requirements.max_projects),
            "must be at least 0",
            "write 0 or more",
        )


def _contradictions(options: Options, requirements: Requirements) -> Iterator[Fault]:
    for name in sorted(set(requirements.include) & set(requirements.exclude)):
        rule = "cannot be both included and excluded"
        yield Fault("--exclude", quoted(name), rule, "drop one of them")
    forced = forced_names(options)
    for name in requirements.exclude:
        if name in forced:
            rule = "is forced in projects.csv, so it cannot be excluded"
            yield Fault("--exclude", quoted(name), rule, "drop forced there, or keep the project")


def _money(options: Options, requirements: Requirements) -> Iterator[Fault]:
    if requirements.budget_mcny is None or not requirements.budget_mcny >= 0:
        return
    free = [
        number
        for number in options.projects
        if options.options[number].name not in requirements.exclude
    ]
    capital = {options.options[number].name: least_capital_mcny(options, number) for number in free}
    if not capital:
        return
    cheapest = min(capital, key=lambda name: (capital[name], name))
    can_close = bool(options.closures)
    if capital[cheapest] > requirements.budget_mcny + ENOUGH and not can_close:
        rule = (
            f"is below every project; the cheapest is {cheapest} at {capital[cheapest]:,.6g} MCNY"
        )
        yield Fault("--budget", f"{requirements.budget_mcny:g}", rule, "raise it")
        return
    must = sorted({*forced_names(options), *requirements.include} & set(capital))
    needed = sum(capital[name] for name in must)
    if needed > requirements.budget_mcny + ENOUGH:
        rule = f"does not pay for what must be built: {', '.join(must)} take {needed:,.6g} MCNY"
        yield Fault("--budget", f"{requirements.budget_mcny:g}", rule, "raise it")


def forced_names(options: Options) -> set[str]:
    """Projects that some rule of the case forces."""
    return {
        options.options[number].name
        for rule in options.rules
        if rule.forces
        for number in rule.weights
    }


def least_capital_mcny(options: Options, number: int) -> float:
    """Upfront capital of an option at its least size."""
    option = options.options[number]
    return option.spent_kcny(option.min_kt) / KCNY_PER_MCNY


def rows_of(formulation: Formulation, requirements: Requirements) -> list[Row]:
    """Requirements as rows of the program."""
    options, counted = formulation.options, formulation.answer_weights
    rows: list[Row] = []
    if requirements.budget_mcny is not None:
        rows.append(budget_row(formulation, requirements.budget_mcny))
    if requirements.max_projects is not None:
        rows.append(number_row(formulation, requirements.max_projects))
    for region, most in requirements.quotas.items():
        members = [n for n in options.projects if options.options[n].region == region]
        rows.append(Row(counted(members), most=float(most), why=f"quota of {region}"))
    for name in requirements.include:
        rows.append(Row(counted(options.numbers(name)), least=1.0, why=f"{name} included"))
    for name in requirements.exclude:
        rows.append(Row(counted(options.numbers(name)), most=0.0, why=f"{name} excluded"))
    return rows


def budget_row(formulation: Formulation, budget_mcny: float) -> Row:
    """Upfront capital within a budget."""
    most = KCNY_PER_MCNY * budget_mcny
    return Row(formulation.capital_weights(), most=most, why="the budget")


def number_row(formulation: Formulation, most: int) -> Row:
    """At most so many projects."""
    weights = formulation.answer_weights(formulation.options.projects)
    return Row(weights, most=float(most), why="the number of projects")
