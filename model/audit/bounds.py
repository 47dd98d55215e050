"""What a site or a plan says that no choice undercuts: derived again, or held to its total."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from model.audit.disagreement import SUMS, Disagreement, Rounding, compare_number, show
from model.certify.root_bound import MULTIPLIERS, published_mcny, root_bound_kcny

FIGURES, GAPS = Fraction(1, 10**9), Fraction(1, 10**12)
"""What is published of a cost, MCNY, and of a gap."""
SAME_COST = Fraction(1, 1_000_000)
"""Part by which an optimum may lie above its claimed bound: two searches agree to this."""


def check_proved_bound(
    kind: str,
    inputs: Mapping[str, str],
    summary: Mapping[str, Any],
    certificate: Mapping[str, Any],
) -> Iterator[Disagreement]:
    """A proved bound that the multipliers of the certificate do not prove."""
    options = summary.get("provenance", {}).get("options", {})
    said, multipliers = summary.get("proved_bound_mcny"), certificate.get(MULTIPLIERS)
    if multipliers is None:
        found = None
    else:
        found = published_mcny(root_bound_kcny(kind, inputs, options, multipliers))
    if (None if said is None else float(said)) != found:
        yield Disagreement("run.json", "proved_bound_mcny", show(said), show(found))


def check_claims(summary: Mapping[str, Any]) -> Iterator[Disagreement]:
    """Bounds and gap of run.json that its total refutes."""
    yield from _within_total(summary)
    yield from _gap(summary)


def _within_total(summary: Mapping[str, Any]) -> Iterator[Disagreement]:
    """Bounds above the cost, a claim below what is proved, and an optimum above its bound."""
    total, claimed = summary.get("total_cost_mcny"), summary.get("claimed_bound_mcny")
    if total is None:
        return
    for name in ("proved_bound_mcny", "claimed_bound_mcny"):
        bound = summary.get(name)
        if bound is not None and bound > total + SUMS.slack:
            yield Disagreement("run.json", name, show(bound), f"no more than {show(total)}")
    proved = summary.get("proved_bound_mcny")
    if proved is not None and (claimed is None or claimed < proved - SUMS.slack):
        found = f"no less than {show(proved)}, which is proved"
        yield Disagreement("run.json", "claimed_bound_mcny", show(claimed), found)
    if summary.get("status") == "optimal":
        least = total - SAME_COST * (1 + abs(total))
        if claimed is None or claimed < least:
            found = f"{show(total)}, the optimum"
            yield Disagreement("run.json", "claimed_bound_mcny", show(claimed), found)


def _gap(summary: Mapping[str, Any]) -> Iterator[Disagreement]:
    """A gap that is not that of the total and its claimed bound."""
    total, claimed = summary.get("total_cost_mcny"), summary.get("claimed_bound_mcny")
    if total is not None:
        gap = None if claimed is None else (total - claimed) / abs(total) if total else Fraction(0)
        said = summary.get("gap_share")
        stated = None if said is None else Fraction(said)
        rounding = Rounding(GAPS, GAPS + (2 * FIGURES / abs(total) if total else 0))
        yield from compare_number("run.json", "gap_share", stated, gap, rounding)
