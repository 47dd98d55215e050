"""Rows that whole choices keep in any case: nothing passes a limit of nothing before it is raised.

Of a limit that is 0 and that projects alone raise, what goes from some origins to some sinks is at
most what these sinks take, and none unless some project that raises it stands:
Σ w x ≤ Σ_j min(w⁺ D, most_j) y_j. A multiplier of such a row sharpens a bound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from model.certify.program import ZERO, Limit, Program, Row
from model.certify.start_rules import StartRule
from model.certify.starts import Choices, Start


@dataclass(frozen=True)
class Opening:
    """A limit narrowed to some origins and sinks, by name; none are all."""

    limit: str
    origins: frozenset[str]
    sinks: frozenset[str]

    @staticmethod
    def read(content: Mapping[str, Any]) -> Opening:
        """As certificate.json keeps it."""
        ends = (frozenset(content[name]) for name in ("origins", "sinks"))
        return Opening(content["limit"], *ends)

    @property
    def label(self) -> str:
        """What its multiplier is called."""
        names = ("|".join(sorted(names)) for names in (self.origins, self.sinks))
        return f"opened[{self.limit}: {'; '.join(names)}]"


def with_openings(choices: Choices, openings: Iterable[Opening]) -> tuple[Choices, list[StartRule]]:
    """Choices of one stretch in which these rows stand as limits, and what they say of starts.

    One that does not follow from the program is left out.
    """
    (stretch,) = choices.stretches
    program, rules = stretch.program, list[StartRule]()
    limits = {limit.row: limit for limit in program.limits}
    for opening in openings:
        limit = limits.get(opening.limit)
        raising = [start for start in choices.starts if start.limit == opening.limit]
        own = None if limit is None else _narrowed(program, limit, opening)
        if own is None or not raising or program.rows[opening.limit].high != 0:
            continue
        most = _most_kt(program, own)
        if most is None:
            continue
        row = Row(None, ZERO)
        rows = {**program.rows, own.row: row}
        program = replace(program, limits=(*program.limits, own), rows=rows)
        opens: dict[Start, Fraction] = {start: -min(most, start.most_kt) for start in raising}
        rules.append(StartRule(own.row, row, opens))
    return Choices((replace(stretch, program=program),), choices.starts), rules


def _narrowed(program: Program, limit: Limit, opening: Opening) -> Limit | None:
    """The limit over the lanes between these ends; None where it does not count tonnes."""
    chosen = limit.selection
    if limit.measure != "ship_kt" or (chosen.modes and not chosen.vias):
        return None
    origins = {x.name for x in program.origins.values() if chosen.takes_origin(x)}
    sinks = {x.name for x in program.sinks.values() if chosen.takes_sink(x)}
    own = replace(
        chosen,
        origins=frozenset(origins & opening.origins if opening.origins else origins),
        sinks=frozenset(sinks & opening.sinks if opening.sinks else sinks),
    )
    return Limit(opening.label, own, limit.measure) if own.origins and own.sinks else None


def _most_kt(program: Program, limit: Limit) -> Fraction | None:
    """Most that a limit over some ends can count; None where nothing tells.

    A way that passes a place twice is never needed, so that each place of `via` counts once.
    """
    chosen = limit.selection
    if chosen.vias and not _needs_no_circles(program):
        return None
    takes = [sink.max_kt for sink in program.sinks.values() if chosen.takes_sink(sink)]
    if any(kt is None for kt in takes):
        return None
    return max(1, len(chosen.vias)) * sum((kt or ZERO for kt in takes), ZERO)


def _needs_no_circles(program: Program) -> bool:
    """Whether a circle on a way costs, and counts towards bounds from above alone."""
    arcs = [arc for network in program.networks.values() for arc in network.arcs]
    from_below = (limit for limit in program.limits if program.rows[limit.row].low)
    return (
        program.carbon_price_cny_per_t >= 0
        and all(arc.freight_cny_per_t >= 0 and arc.co2_t_per_t >= 0 for arc in arcs)
        and all(duty.charge_cny_per_t >= 0 for duty in program.duties)
        and all(x.measure == "ship_kt" and not x.selection.looks_at_path for x in from_below)
    )
