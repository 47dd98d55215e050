"""Everything that a stored run says, checked again from its own inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from model.certify.basis import TOLERANCE_KT, Basis
from model.certify.certificate import (
    PROVED,
    certify_texts,
    describe,
)
from model.certify.corner import corner_of
from model.certify.disagreement import (
    PRICES,
    Disagreement,
    compare_cell,
    compare_number,
    compare_table,
    compare_text,
    row_name,
    show,
)
from model.certify.elimination import SingularError
from model.certify.figures import balance, flow_figures, flows_of, run_figures
from model.certify.lanes import LaneKey, find_lane
from model.certify.ledger import check_ledger
from model.certify.manifest import check_manifest
from model.certify.marginals import ROLES, marginal_prices
from model.certify.observed import Compared, Prices, compare_observed
from model.certify.plan import Plan
from model.certify.program import ZERO, Program, derive_program
from model.certify.proof import Proof, prove, published_plan
from model.certify.ratio import is_optimal
from model.certify.reading import (
    CertificateError,
    exact,
    exact_or_none,
    read_json,
    read_output,
    read_texts,
)

COMPARISON = "comparison"
MALFORMED = (
    CertificateError,
    SingularError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What reading files that no run has written can raise."""


def verify(run: Path) -> list[Disagreement]:
    """Every figure in a run folder that is not what its own inputs give; none when all agree.

    Hashes of all files are checked against the manifest; and, since a manifest can be forged too,
    all that can be recomputed is: plan, costs, balances, marginal values, observed figures,
    headline figures and the certificate itself.

    Parameters
    ----------
    run : Path
        A finished run folder, wherever it was copied or moved to.
    """
    return list(dict.fromkeys([*check_manifest(run), *_contents(run)]))


def _contents(run: Path) -> Iterator[Disagreement]:
    """What the files say against what follows from the case."""
    try:
        outputs = read_texts(run)
        if read_json(outputs, "run.json").get("kind") == COMPARISON and "flows.csv" not in outputs:
            return  # it has no plan of its own; its runs are verified where they are
        yield from _claims(read_texts(run / "inputs"), outputs)
    except MALFORMED as error:
        yield Disagreement(run.name, "", "files of a run", f"{type(error).__name__}: {error}")


def _claims(inputs: Mapping[str, str], outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    program = derive_program(inputs)
    content = read_json(outputs, "run.json")
    certificate = read_json(outputs, "certificate.json")
    yield from check_ledger(inputs, outputs)
    status = content.get("status")
    if status == "infeasible":
        yield from _infeasible(inputs, outputs, content, certificate)
    elif status == "limit" and not read_output(outputs, "flows").rows and not certificate:
        return  # time ran out before there was a plan
    elif status in ("optimal", "limit"):
        yield from _planned(inputs, outputs, program, content, certificate)
    else:
        yield Disagreement("run.json", "status", show(status), "optimal, infeasible or limit")


def _planned(
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    program: Program,
    content: Mapping[str, Any],
    certificate: Mapping[str, Any],
) -> Iterator[Disagreement]:
    """A run with a plan: the proof, and everything that follows from it."""
    yield from _flow_rows(program, outputs)
    try:
        published = published_plan(program, outputs)
    except CertificateError as error:
        yield Disagreement("flows.csv", "", "a plan", str(error))
        return
    proof = prove(program, published, certificate)
    found = describe(program, proof)
    proved = "optimal" if found["word"] == PROVED else "limit"
    yield from compare_text("run.json", "status", str(content["status"]), proved)
    yield from _certificate(certificate, found, proof)
    yield from _plan(program, published, proof.plan)
    flows = flows_of(program, proof.plan)
    regions = balance(program, flows)
    yield from compare_table(read_output(outputs, "balance"), ("region", "role"), regions)
    prices = _exact_prices(program, certificate)
    if prices is None:
        yield from _bracketed(outputs, proof)
    else:
        expected = {
            key: {"left_cny_per_t": left, "right_cny_per_t": right}
            for key, (left, right) in prices.items()
        }
        yield from compare_table(
            read_output(outputs, "prices"), ("place", "role"), expected, PRICES
        )
        yield from _observed(outputs, compare_observed(inputs, program, flows, regions, prices))
    figures = run_figures(program, flows)
    for name, figure in figures.items():
        yield from compare_number("run.json", name, _said(content, name), figure)
    for name in ("offered", "used"):
        said = _said(content.get("lanes", {}), name)
        yield from compare_number("run.json", f"lanes.{name}", said, figures[f"lanes_{name}"])


def _flow_rows(program: Program, outputs: Mapping[str, str]) -> Iterator[Disagreement]:
    """Rows of flows.csv whose lane is not on offer, or not at that price and length."""
    table = read_output(outputs, "flows")
    expected = {}
    for *names, kt in table.records(*LaneKey._fields, "ship_kt"):
        key = LaneKey(*names)
        try:
            expected[key] = flow_figures(find_lane(program, key), exact(kt))
        except CertificateError as error:
            yield Disagreement("flows.csv", row_name(key), "a lane on offer", str(error))
    yield from compare_table(table, LaneKey._fields, expected)


def _plan(program: Program, published: Plan, proved: Plan) -> Iterator[Disagreement]:
    """Published flows that break a bound, or that are not those of the proof."""
    for label, amount in published.violations(program).items():
        if amount > TOLERANCE_KT:
            yield Disagreement("flows.csv", label, "kept", f"broken by {show(amount)}")
    for key in dict.fromkeys([*published.ship_kt, *proved.ship_kt]):
        said, found = published.ship_kt.get(key, ZERO), proved.ship_kt.get(key, ZERO)
        if abs(said - found) > TOLERANCE_KT:
            yield Disagreement("flows.csv", f"{row_name(key)}, ship_kt", show(said), show(found))


def _certificate(
    certificate: Mapping[str, Any], found: Mapping[str, Any], proof: Proof
) -> Iterator[Disagreement]:
    """What the certificate says it found, and the duals that it claims."""
    said = certificate.get("found", {})
    for name in dict.fromkeys([*said, *found]):
        yield from _same_json(f"found.{name}", said.get(name), found.get(name))
    if proof.duals_from == "basis":
        for row, dual in certificate.get("duals", {}).items():
            found_dual = proof.duals.get(row, ZERO)
            yield from compare_number(
                "certificate.json", f"duals.{row}", Fraction(dual), found_dual, PRICES
            )


def _same_json(figure: str, said: Any, found: Any) -> Iterator[Disagreement]:
    if isinstance(said, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*said, *found]):
            yield from _same_json(f"{figure}.{name}", said.get(name), found.get(name))
    elif isinstance(said, Fraction | int) and isinstance(found, float | int):
        yield from compare_number("certificate.json", figure, Fraction(said), Fraction(found))
    elif said != found:
        yield Disagreement("certificate.json", figure, show(said), show(found))


def _exact_prices(program: Program, certificate: Mapping[str, Any]) -> Prices | None:
    """Marginal values, where the basis is optimal on its own."""
    try:
        corner = corner_of(program, Basis(program, certificate["basis"]))
        return marginal_prices(program, corner) if is_optimal(corner) else None
    except (CertificateError, SingularError, KeyError):
        return None


def _bracketed(outputs: Mapping[str, str], proof: Proof) -> Iterator[Disagreement]:
    """Marginal values that do not enclose the proof's dual, where no basis gives them exactly."""
    columns = ("place", "role", "left_cny_per_t", "right_cny_per_t")
    rows = {role: (family, sign) for family, (role, sign) in ROLES.items()}
    for place, role, *cells in read_output(outputs, "prices").records(*columns):
        family, sign = rows.get(role, ("", 1))
        dual = sign * proof.duals.get(f"{family}[{place}]", ZERO)
        left, right = (exact_or_none(cell) for cell in cells)
        for side, said, excess in (
            ("left", left, sign * ((left or ZERO) - dual)),
            ("right", right, sign * (dual - (right or ZERO))),
        ):
            if said is not None and excess > PRICES:
                figure = f"{place} / {role}, {side}_cny_per_t"
                yield Disagreement(
                    "prices.csv", figure, show(said), f"on the other side of {show(dual)}"
                )


def _observed(outputs: Mapping[str, str], compared: list[Compared]) -> Iterator[Disagreement]:
    """Rows of observed.csv, which stand in the order of the case's own."""
    table = read_output(outputs, "observed")
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
            yield from compare_cell("observed.csv", f"{name}, {column}", cell, figure, PRICES)


def _infeasible(
    inputs: Mapping[str, str],
    outputs: Mapping[str, str],
    content: Mapping[str, Any],
    certificate: Mapping[str, Any],
) -> Iterator[Disagreement]:
    """A run without a plan: the proof that there is none, and the shortage that it states."""
    found = certify_texts(inputs, outputs)
    if found["word"] != PROVED:
        yield Disagreement("run.json", "status", "infeasible", f"not proved: {found['reason']}")
    said = certificate.get("found", {})
    for name in dict.fromkeys([*said, *found]):
        yield from _same_json(f"found.{name}", said.get(name), found.get(name))
    for table in ("flows", "balance", "prices"):
        if read_output(outputs, table).rows:
            yield Disagreement(f"{table}.csv", "", "rows", "no plan")
    least = found.get("shortage_kt_at_least")
    shortage = _said(content.get("diagnosis") or {}, "shortage_kt")
    if least is not None and shortage is not None:
        yield from compare_number(
            "run.json", "diagnosis.shortage_kt", shortage, Fraction(least["exact"])
        )


def _said(content: Mapping[str, Any], name: str) -> Fraction | None:
    value = content.get(name)
    return Fraction(value) if isinstance(value, Fraction | int) else None
