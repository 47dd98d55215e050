"""Questions of the command line, as studies of a case: what each finds."""

from __future__ import annotations

from collections.abc import Sequence

from model.case.case import Case
from model.case.errors import BadInput, Fault, OutOfTime, quoted
from model.case.names import did_you_mean
from model.case.records import Studies
from model.case.schema import CASE, TABLES, present_target
from model.result.answer import Findings
from model.studies.allowance import Allowance
from model.studies.curve.curve import capacity_curves, figure_curve, pairs
from model.studies.curve.tables import capacity_table, figure_table
from model.studies.parametric.figure import Figure
from model.studies.ranges.study import ranges
from model.studies.sweep.draws import DrawPlan
from model.studies.sweep.study import sweep
from model.studies.why import why_pair

CAPACITY = "capacity"
FIGURES = {
    "demand": ("sinks.demand_kt", "sink"),
    "limit": ("limits.max", "limit"),
    "duty": ("duties.rate", "duty"),
    "rate": ("modes.cny_per_t_km", "mode"),
    "carbon": ("case.carbon_price_cny_per_t", ""),
}
"""Words for figures that a curve can run along: target, and the column that `--at` is sought in."""
SHARE_RULE = "must be a percentage such as 1%, or a fraction such as 0.01"


def curve_question(
    case: Case,
    of: str,
    at: Sequence[str],
    start: float | None,
    end: float,
    cost_cny_per_t: float | None,
    allowance: Allowance | None = None,
) -> Findings:
    """What capacity added at regions is worth, or what the least cost is along another figure."""
    if of == CAPACITY:
        return capacity_question(case, at, end, cost_cny_per_t, allowance)
    return figure_question(case, of, at, start, end, allowance)


def capacity_question(
    case: Case,
    regions: Sequence[str],
    up_to_kt: float,
    cost_cny_per_t: float | None,
    allowance: Allowance | None = None,
) -> Findings:
    """What capacity added at regions is worth, each alone and two by two."""
    allowance = allowance or Allowance()
    curves = capacity_curves(case, regions, up_to_kt, cost_cny_per_t, allowance)
    found: Studies = {"curves": capacity_table(curves)} if curves else {}
    if curves and len(regions) > 1:
        found["pairs"] = pairs(case, regions, up_to_kt, cost_cny_per_t, allowance)
    return Findings(found | allowance.note())


def figure_question(
    case: Case,
    of: str,
    at: Sequence[str],
    start: float | None,
    end: float,
    allowance: Allowance | None = None,
) -> Findings:
    """What the least cost is as another figure runs from its present value, or `start`, to `end`.

    Raises
    ------
    BadInput
        There is no such figure, or it has no one present value and no `start`.
    """
    figure = figure_of(case, of, at)
    low = figure.now(case) if start is None else start
    if low is None:
        raise BadInput([Fault("--of", figure.name, "it has no single value now", "add --from")])
    if low == end:
        rule = "a curve needs a range"
        raise BadInput([Fault("--up-to", f"{end:g}", rule, "give another end than its start")])
    allowance = allowance or Allowance()
    ends = min(low, end), max(low, end)
    curves = allowance.collect(figure_curve(case, figure, *ends, allowance) for _ in [figure])
    found = {"curve": figure_table(curves[0])} if curves else {}
    return Findings(found | allowance.note())


def figure_of(case: Case, of: str, at: Sequence[str]) -> Figure:
    """The figure that a word of `FIGURES`, or a `table.column`, names.

    Parameters
    ----------
    at : names of the rows it is about; with `table.column`, conditions `column=value`
    """
    target, key = FIGURES.get(of, (present_target(of), ""))
    table, _, name = target.partition(".")
    known = CASE if table == CASE.name else TABLES.get(table)
    column = None if known is None else known.by_name.get(name)
    if column is None or not column.is_number:
        words = [CAPACITY, *FIGURES]
        remedy = did_you_mean(of, words, f"the words are {', '.join(words)}")
        rule = "must be one of the words for figures, or table.column of a column of numbers"
        raise BadInput([Fault("--of", quoted(of), rule, remedy)])
    if key and not at:
        raise BadInput([Fault("--of", quoted(of), "it must say which", f"add --at {key.upper()}")])
    if not key:
        return _checked(case, Figure(target, "; ".join(at)), at)
    missing = [each for each in at if each not in set(case.table(table)[key])]
    if missing:
        names = sorted(case.table(table)[key])
        remedy = did_you_mean(missing[0], names, f"there are {', '.join(names) or 'none'}")
        raise BadInput([Fault("--at", quoted(missing[0]), f"must be a {key} of the case", remedy)])
    return Figure(target, {key: list(at)})


def _checked(case: Case, figure: Figure, at: Sequence[str]) -> Figure:
    """The figure, if its conditions can be read and pick a row."""
    try:
        picks = figure.target.startswith(f"{CASE.name}.") or figure.rows(case).any()
    except ValueError as error:
        raise BadInput(
            [Fault("--at", quoted("; ".join(at)), str(error), "write column=value")]
        ) from error
    if not picks:
        rule = f"must pick a row of {figure.target.partition('.')[0]}"
        raise BadInput([Fault("--at", quoted("; ".join(at)), rule, "write column=value")])
    return figure


def sweep_question(
    case: Case,
    plan: DrawPlan,
    draws: int | None,
    allowance: Allowance | None = None,
    *,
    workers: int = 1,
    cluster: str | None = None,
) -> Findings:
    """Draws of uncertain figures, with the tables of all of them."""
    allowance = allowance or Allowance()
    try:
        found = sweep(
            case, plan, draws=draws, workers=workers, cluster=cluster, allowance=allowance
        )
    except OutOfTime:
        allowance.took(0, 1)
        return Findings(dict(allowance.note()))
    return Findings({"sweep": found.as_dict()} | allowance.note(), found.files())


def ranges_question(case: Case, within: str, allowance: Allowance | None = None) -> Findings:
    """Flow ranges and other plans dearer by a share of freight, given as text."""
    allowance = allowance or Allowance()
    found = ranges(case, (share_of(within),), allowance)
    if not len(found.table):
        return Findings(dict(allowance.note()))
    tables = {
        "ranges": found.table,
        "alternatives": found.differs,
        "alternative_flows": found.alternatives,
    }
    return Findings(allowance.note() | tables)


def share_of(text: str) -> float:
    """A share from text.

    Examples
    --------
    >>> share_of("1%"), share_of("0.05")
    (0.01, 0.05)
    """
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share < 10:
        raise BadInput([Fault("--within", quoted(text), SHARE_RULE, "write 1%")])
    return share


def why_question(
    case: Case,
    origin: str,
    sink: str,
    forced_kt: float,
    allowance: Allowance | None = None,
    *,
    rather_than: str | None = None,
) -> Findings:
    """Why a pair of origin and sink ships what it ships; and the same of another origin, if named.

    Raises
    ------
    BadInput
        The case has no such origin or sink, or the other origin is the same.
    """
    if rather_than == origin:
        rule = "must be another origin"
        raise BadInput([Fault("--rather-than", quoted(origin), rule, "name the other one")])
    allowance = allowance or Allowance()
    asked = {"why": origin} | ({} if rather_than is None else {"why_instead": rather_than})
    answers = allowance.collect(
        why_pair(case, each, sink, forced_kt, allowance) for each in asked.values()
    )
    found = {name: answer.as_dict() for name, answer in zip(asked, answers, strict=False)}
    return Findings(found | allowance.note())
