"""A stored plan of several periods against what follows from its schedule, flows and case.

That no schedule is cheaper is the search's claim. Everything else is derived: what may start, what
stands when, what it costs and saves, what is carried, what is shipped, and every sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from model.audit.bounds import check_claims, check_proved_bound
from model.audit.disagreement import (
    NANO,
    SUMS,
    Disagreement,
    Rounding,
    compare_number,
    compare_table,
    compare_text,
    show,
)
from model.audit.plan_figures import (
    bought_text,
    flow_rows,
    run_figures,
    schedule_rows,
    stock_rows,
    year_rows,
)
from model.audit.plan_rules import check_bounds, check_rules
from model.audit.planning import CLOSURE, KCNY_PER_MCNY, PROJECT, Planned, Start, put_together
from model.certify.certificate import CLAIMED, number
from model.certify.lanes import LaneKey
from model.certify.program import ZERO
from model.certify.reading import CertificateError, Json, read_json, read_output

TABLES = ("schedule", "years", "flows", "stocks")
NAMES = (
    ("schedule", "starts", "period"),
    ("years", "year", "period"),
    ("flows", "year", "period"),
    ("flows", "made", "made_period"),
    ("stocks", "from_year", "from_period"),
    ("stocks", "to_year", "to_period"),
)
"""Tables with a column of years, and the column in which the names of these periods stand."""
DERIVED = "derived"
PARTS = 10
"""Figures of a year of which a total is made at most, each of them rounded."""


def check_plan(inputs: dict[str, str], outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """What a plan's files say that does not follow, or that a rule does not allow."""
    summary = read_json(outputs, "run.json")
    if summary.get("status") == "infeasible":
        for name in TABLES:
            if read_output(outputs, name).rows:
                yield Disagreement(f"{name}.csv", "", "rows", "no plan")
        return
    try:
        planned = put_together(inputs, outputs)
    except CertificateError as error:
        yield Disagreement("flows.csv", "", "a plan", str(error))
        return
    yield from check_rules(planned, inputs, summary.get("provenance", {}).get("options", {}))
    yield from check_bounds(planned)
    years = year_rows(planned)
    for name, keys, expected in (
        ("flows", ("year", "made", *LaneKey._fields), flow_rows(planned)),
        ("stocks", ("from_year", "to_year", "origin"), stock_rows(planned)),
        ("schedule", ("option", "kind"), schedule_rows(planned)),
        ("years", ("year",), years),
    ):
        yield from compare_table(read_output(outputs, name), keys, expected)
    yield from _names(planned, outputs)
    yield from _bought(planned, outputs)
    of_years = Rounding(NANO, NANO * PARTS * len(years))
    for name, figure in run_figures(planned, years).items():
        yield from _figure(summary, name, figure, rounding=of_years)
    yield from _choice(planned, summary)
    yield from check_proved_bound("plan", inputs, summary, read_json(outputs, "certificate.json"))
    yield from check_claims(summary)


def certify_plan(inputs: dict[str, str], outputs: Mapping[str, str]) -> Json:
    """What the files of a plan prove, as JSON: its exact cost, and the bound that it is held to.

    `word` is `derived`: the schedule keeps every rule, and every figure follows from it and the
    flows; how far the proved bound leaves the optimum open is the gap.
    """
    summary = read_json(outputs, "run.json")
    if not read_output(outputs, "years").rows:
        return {"word": CLAIMED, "reason": "no schedule to derive figures from"}
    planned = put_together(inputs, outputs)
    total = run_figures(planned, year_rows(planned))["objective_kcny"] or ZERO
    bound = summary.get("proved_bound_mcny")
    gap = None if bound is None else total - Fraction(bound) * KCNY_PER_MCNY
    return {
        "word": DERIVED,
        "reason": "",
        "objective_kcny": number(total),
        "proved_bound_mcny": None if bound is None else float(bound),
        "relative_gap": None if gap is None else float(gap / max(abs(total), Fraction(1))),
    }


def _names(planned: Planned, outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """Names of periods, next to their years."""
    for table, at, column in NAMES:
        for year, said in read_output(outputs, table).records(at, column):
            yield from compare_text(f"{table}.csv", f"{year}, {column}", said, planned.name(year))


def _bought(planned: Planned, outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """The years in which capital is bought, which are a text."""
    said = {row[0]: row[1] for row in read_output(outputs, "schedule").records("option", "bought")}
    for start in planned.starts:
        figure = f"{start.name}, bought"
        text = bought_text(planned, start)
        yield from compare_text("schedule.csv", figure, said.get(start.name, ""), text)


def _choice(planned: Planned, summary: Mapping[str, Any]) -> Iterator[Disagreement]:
    """What run.json says is opened and closed, when and how large."""
    for key, kind in (("opened", PROJECT), ("closed", CLOSURE)):
        names = sorted(start.name for start in planned.starts if start.kind == kind)
        if sorted(summary.get(key) or ()) != names:
            yield Disagreement("run.json", key, show(summary.get(key)), show(names))
    starts, sizes = summary.get("starts") or {}, summary.get("opened_kt") or {}
    for name in dict.fromkeys([*starts, *sizes, *(start.name for start in planned.starts)]):
        own = next((start for start in planned.starts if start.name == name), None)
        yield from _starts(planned, own, name, starts)
        yield from _figure(sizes, name, None if own is None else own.size_kt, "opened_kt.")


def _starts(
    planned: Planned, own: Start | None, name: str, said: Mapping[str, Any]
) -> Iterator[Disagreement]:
    """When run.json says that something starts: the name of its period, or its year."""
    if own is not None and planned.horizon.has_names:
        label = planned.horizon.label(own.begin)
        yield from compare_text("run.json", f"starts.{name}", str(said.get(name)), label)
    else:
        begins = None if own is None else planned.first_year + own.begin
        yield from _figure(said, name, begins, "starts.")


def _figure(
    said: Mapping[str, Any],
    name: str,
    found: Fraction | None,
    prefix: str = "",
    rounding: Rounding = SUMS,
) -> Iterator[Disagreement]:
    value = said.get(name)
    is_number = isinstance(value, Fraction | int) and not isinstance(value, bool)
    stated = Fraction(value) if is_number and value is not None else None
    if name == "objective_kcny":
        rounding = Rounding(NANO, rounding.slack * KCNY_PER_MCNY)
    yield from compare_number("run.json", f"{prefix}{name}", stated, found, rounding)
