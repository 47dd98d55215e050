"""A run that has a plan: its proof, and every figure that follows from it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from model.audit.check_prices import check_prices, exact_prices
from model.audit.deliveries import deliveries
from model.audit.disagreement import (
    NANO,
    OF_PRICES,
    PRICES,
    Disagreement,
    Rounding,
    compare_cell,
    compare_number,
    compare_table,
    compare_text,
    row_name,
    show,
)
from model.audit.figures import balance, flow_figures, flows_of, run_figures
from model.audit.observed import Compared, Found, Prices, compare_observed
from model.audit.stored import Stored
from model.audit.throughput import check_throughput
from model.certify.basis import TOLERANCE_KT
from model.certify.certificate import PROVED, describe
from model.certify.lanes import LaneKey, find_lane
from model.certify.plan import Plan
from model.certify.program import ZERO
from model.certify.proof import Proof, prove, published_plan
from model.certify.reading import CertificateError, exact, read_output

COMMODITY = "commodity"
DIGITS = Fraction(1, 10**12)


def check_planned(stored: Stored) -> Iterator[Disagreement]:
    """Figures that the proved plan does not have, and whatever stands in the way of a proof."""
    program, outputs = stored.program, stored.outputs
    yield from _flow_rows(stored)
    try:
        published = published_plan(program, outputs)
    except CertificateError as error:
        yield Disagreement("flows.csv", "", "a plan", str(error))
        return
    proof = prove(program, published, stored.certificate)
    found = describe(program, proof)
    proved = "optimal" if found["word"] == PROVED else "limit"
    is_late = stored.summary["status"] == "limit" and not stored.has_prices
    if stored.summary.get("kind") != "site" and not is_late:  # there it speaks of the choice
        yield from compare_text("run.json", "status", str(stored.summary["status"]), proved)
    yield from stored.compare_found(found)
    yield from _duals(stored, proof)
    yield from _plan(stored, published, proof.plan)
    flows = flows_of(program, published)
    yield from check_throughput(stored, flows)
    delivered = deliveries(program, flows)
    regions = balance(program, delivered)
    yield from compare_table(read_output(outputs, "balance"), ("region", "role"), regions)
    prices: Prices | None = {}
    if stored.has_prices:
        prices = exact_prices(stored)
        yield from check_prices(stored, proof, prices)
    if prices is not None:
        compared = compare_observed(stored.inputs, Found(program, delivered, regions, prices))
        yield from _observed(stored, compared)
    figures = run_figures(program, flows, stored.fixed_cost_mcny)
    for name, figure in figures.items():
        yield from stored.compare_figure(name, found=figure)
    for name in ("offered", "used"):
        yield from stored.compare_figure("lanes", name, found=figures[f"lanes_{name}"])


def _flow_rows(stored: Stored) -> Iterator[Disagreement]:
    """Rows of flows.csv whose lane is not on offer, or not at that price and length."""
    table = read_output(stored.outputs, "flows")
    expected = {}
    for *names, kt, commodity in table.records(*LaneKey._fields, "ship_kt", COMMODITY):
        key = LaneKey(*names)
        try:
            expected[key] = flow_figures(find_lane(stored.program, key), exact(kt))
        except CertificateError as error:
            yield Disagreement("flows.csv", row_name(key), "a lane on offer", str(error))
            continue
        sent = stored.program.origins[key.origin].commodity
        yield from compare_text("flows.csv", f"{row_name(key)}, {COMMODITY}", commodity, sent)
    yield from compare_table(table, LaneKey._fields, expected)
    if expected:
        columns = (*LaneKey._fields, *next(iter(expected.values())), COMMODITY)
        yield from compare_text("flows.csv", "header", ",".join(table.header), ",".join(columns))
    if list(expected) != sorted(expected):
        yield Disagreement("flows.csv", "", "rows in another order", "in the order of their names")


def _duals(stored: Stored, proof: Proof) -> Iterator[Disagreement]:
    """Duals that the certificate claims, against those of its own basis."""
    if proof.duals_from == "basis":
        for row, said in stored.certificate.get("duals", {}).items():
            found = proof.duals.get(row, ZERO)
            figure = f"duals.{row}"
            yield from compare_number("certificate.json", figure, Fraction(said), found, PRICES)


def _plan(stored: Stored, published: Plan, proved: Plan) -> Iterator[Disagreement]:
    """Published flows that break a bound, or that are not those of the proof."""
    for label, amount in published.violations(stored.program).items():
        if amount > TOLERANCE_KT:
            yield Disagreement("flows.csv", label, "kept", f"broken by {show(amount)}")
    rounding = _of_flows(sum(published.ship_kt.values(), ZERO))
    for key in dict.fromkeys([*published.ship_kt, *proved.ship_kt]):
        said, found = published.ship_kt.get(key, ZERO), proved.ship_kt.get(key, ZERO)
        yield from compare_number("flows.csv", f"{row_name(key)}, ship_kt", said, found, rounding)


def _of_flows(total_kt: Fraction) -> Rounding:
    """How flows are rounded: to 9 decimals, or 12 digits of all that is shipped if these are more.

    The arithmetic of doubles may take as much of the total.
    """
    unit = min(NANO, DIGITS * Fraction(10) ** math.floor(math.log10(total_kt or 1)))
    return Rounding(unit, 2 * unit + DIGITS * total_kt)


def _observed(stored: Stored, compared: list[Compared]) -> Iterator[Disagreement]:
    """Rows of observed.csv, which stand in the order of the case's own."""
    table = read_output(stored.outputs, "observed")
    if len(table.rows) != len(compared):
        yield Disagreement("observed.csv", "", f"{len(table.rows)} rows", str(len(compared)))
        return
    for place, row in enumerate(compared):
        name = row_name((row.texts["quantity"], row.texts["region"]))
        said = dict(zip(table.header, table.rows[place], strict=True))
        for column, text in row.texts.items():
            yield from compare_text("observed.csv", f"{name}, {column}", said.get(column, ""), text)
        for column, figure in row.figures.items():
            cell = said.get(column, "")
            yield from compare_cell("observed.csv", f"{name}, {column}", cell, figure, OF_PRICES)
