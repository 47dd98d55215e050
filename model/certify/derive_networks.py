"""The networks of a case from the text of its tables: links both ways, tariffs, limits of links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from model.certify.paths import Arc, Network
from model.certify.program import GRAMS_PER_TONNE, ZERO, Row, Tariff, limit_row
from model.certify.reading import CertificateError, exact, exact_or, exact_or_none, read_table


def derive_networks(
    texts: Mapping[str, str], closed: frozenset[str], taken: Mapping[str, Row]
) -> dict[str, Network]:
    """The network of each commodity with tariffs of its own, and under a blank of all others."""
    tariffs, networks = tariffs_of(texts), {}
    for commodity, own in tariffs.items():
        network = _network(texts, closed, tariffs[""] | own)
        networks[commodity] = replace(network, arcs=_with_own_limits(network.arcs, taken))
    return networks


def _with_own_limits(arcs: Iterable[Arc], taken: Iterable[str]) -> tuple[Arc, ...]:
    """Arcs with a name for the limit of each that no other limit has."""
    rows, named = set(taken), []
    for arc in arcs:
        name = arc.label
        if arc.limit_kt is not None:
            name = apart(name, rows, "link", limit_row)
            rows.add(limit_row(name))
        named.append(replace(arc, limit_name=name))
    return tuple(named)


def tariffs_of(texts: Mapping[str, str]) -> dict[str, dict[str, Tariff]]:
    """Tariffs of each mode by commodity; a blank is any."""
    columns = ("commodity", "mode", "fixed_cny_per_t", "cny_per_t_km", "gco2_per_t_km")
    tariffs: dict[str, dict[str, Tariff]] = {"": {}}
    for commodity, mode, *cells in read_table(texts, "modes").records(*columns):
        fixed, per_km, grams = (exact_or(cell, ZERO) for cell in cells)
        tariffs.setdefault(commodity, {})[mode] = fixed, per_km, grams
    return tariffs


def _network(
    texts: Mapping[str, str], closed: frozenset[str], tariffs: Mapping[str, Tariff]
) -> Network:
    """Both directions of every link that two-way traffic may use, closed nodes left out."""
    nodes = frozenset(name for (name,) in read_table(texts, "nodes").records("node")) - closed
    columns = ("from", "to", "mode", "km", "cost_cny_per_t", "limit_kt", "one_way", "closed_by")
    forth, back = [], []
    for tail, head, mode, km, cost, limit, one_way, closed_by in read_table(texts, "links").records(
        *columns
    ):
        if mode not in tariffs:
            raise CertificateError(f"links.csv: {mode!r} is no mode")
        _, per_km, grams = tariffs[mode]
        if not km and not cost and not closed_by:
            raise CertificateError(f"links.csv: {tail} to {head} by {mode} has no length")
        if tail not in nodes or head not in nodes:
            continue
        length = exact_or(km, ZERO)
        freight = exact(cost) if cost else length * per_km
        arc = Arc(
            tail=tail,
            head=head,
            mode=mode,
            step=mode,
            km=length,
            freight_cny_per_t=freight,
            co2_t_per_t=length * grams / GRAMS_PER_TONNE,
            limit_kt=exact_or_none(limit),
        )
        forth.append((arc, not closed_by))
        if one_way != "true":
            back.append((replace(arc, tail=head, head=tail), not closed_by))
    fixed = {mode: fixed for mode, (fixed, _, _) in tariffs.items()}
    numbered = _number_parallel([arc for arc, _ in forth + back])
    arcs = tuple(arc for arc, (_, is_open) in zip(numbered, forth + back, strict=True) if is_open)
    return Network(nodes if arcs else frozenset(), arcs, fixed)


def _number_parallel(arcs: list[Arc]) -> Iterator[Arc]:
    """The arcs, with #2, #3, ... on those that repeat the ends and mode of an earlier one."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for arc in arcs:
        ends = (arc.tail, arc.head, arc.mode)
        seen[ends] += 1
        yield arc if seen[ends] == 1 else replace(arc, step=f"{arc.mode}#{seen[ends]}")


def apart(name: str, taken: Collection[str], mark: str, label: Callable[[str], str]) -> str:
    """A name with marks behind it until nothing that is taken has its label."""
    while label(name) in taken:
        name += f" ({mark})"
    return name
