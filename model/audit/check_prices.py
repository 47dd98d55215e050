"""The marginal values of prices.csv, derived again."""

from __future__ import annotations

from collections.abc import Iterator

from model.audit.corner import corner_of
from model.audit.disagreement import PRICES, Disagreement, compare_table, show
from model.audit.marginals import ROLES, marginal_value_table, unpaid_cny_per_t
from model.audit.observed import Prices
from model.audit.ratio import is_optimal
from model.audit.stored import Stored
from model.certify.basis import Basis
from model.certify.elimination import SingularError
from model.certify.program import ZERO
from model.certify.proof import Proof
from model.certify.reading import CertificateError, exact_or_none, read_output

SIDES = ("left_cny_per_t", "right_cny_per_t")


def exact_prices(stored: Stored) -> Prices | None:
    """Left and right values by place and role, where the basis is optimal on its own."""
    try:
        corner = corner_of(stored.program, Basis(stored.program, stored.certificate["basis"]))
        return marginal_value_table(stored.program, corner) if is_optimal(corner) else None
    except (CertificateError, SingularError, KeyError):
        return None


def check_prices(stored: Stored, proof: Proof, prices: Prices | None) -> Iterator[Disagreement]:
    """Values that are not the exact ones, or that do not enclose the dual of the proof."""
    if prices is None:
        yield from _bracketed(stored, proof)
        return
    expected = {key: dict(zip(SIDES, values, strict=True)) for key, values in prices.items()}
    table = read_output(stored.outputs, "prices")
    yield from compare_table(table, ("place", "role"), expected, PRICES)


def _bracketed(stored: Stored, proof: Proof) -> Iterator[Disagreement]:
    """Marginal values that do not enclose the proof's dual, where no basis gives them exactly."""
    rows = {role: (family, sign) for family, (role, sign) in ROLES.items()}
    for place, role, *cells in read_output(stored.outputs, "prices").records(
        "place", "role", *SIDES
    ):
        family, sign = rows.get(role, ("", 1))
        label = f"{'limit_kept' if family == 'recipe' else family}[{place}]"
        dual = sign * proof.duals.get(label, ZERO)
        if label in stored.program.rows:
            dual += unpaid_cny_per_t(stored.program, label)
        left, right = (exact_or_none(cell) for cell in cells)
        for side, said, excess in (
            (SIDES[0], left, sign * ((left or ZERO) - dual)),
            (SIDES[1], right, sign * (dual - (right or ZERO))),
        ):
            if said is not None and excess > PRICES.slack:
                figure = f"{place} / {role}, {side}"
                yield Disagreement(
                    "prices.csv", figure, show(said), f"on the other side of {show(dual)}"
                )
