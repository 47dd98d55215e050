"""Answers to the page: plain data, a pure function of the start and of the moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from model.case.errors import BadInput
from model.case.records import Json
from reports.explore.pictures import FIGURES, MOVING, Drawn, drawn, lean
from reports.language import say, word
from reports.language.numbers import is_number, plain
from reports.maps.region_data import Scales, scales_of
from reports.page.tiles import tiles

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.studies.whatif.knob import Knob, Moves
    from model.studies.whatif.workspace import StartingPoint, Workspace
    from model.studies.whatif.worth import KnobWorth

Answer = Json
STARTS = 4
"""Starting points whose figures are kept."""


class ExploreAnswers:
    """ExploreAnswers from the starting points of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.first, self._scales = lru_cache(STARTS)(self._first), lru_cache(STARTS)(_scales)
        self._settled: tuple[object, Allocation] | None = None

    def _first(self, start: StartingPoint) -> Drawn:
        """The figures of a starting point, which the page is delivered with."""
        return drawn(start.session.start, self._scales(start))

    def quick(self, request: Mapping[str, Any]) -> Answer:
        """Plan, headline and the figures that follow a knob while it moves."""
        start, moves, faults = self._read(request)
        if faults:
            return _echo(request) | {"faults": faults}
        shown = [name for name in MOVING if name in request.get("shown", ())]
        return _echo(request) | self._content(start, start.session.quick(moves), shown)

    def settled(self, request: Mapping[str, Any]) -> Answer:
        """All figures of a run of the same moves, with its proof."""
        start, moves, faults = self._read(request)
        if faults:
            return _echo(request) | {"faults": faults}
        result = self._settle(start, moves)
        every = [
            (name, value, start.session.start.figures.get(name))
            for name, value in result.figures.items()
            if is_number(value) and name != "seconds"
        ]
        content = self._content(start, result, FIGURES)
        return _echo(request) | content | {"every": every, "proof": _proof(result)}

    def worths(self, request: Mapping[str, Any]) -> Answer:
        """What the next tonne is worth at every knob that has one; none where others waited."""
        start, moves, faults = self._read(request)
        if faults:
            return _echo(request)
        found = start.worths(moves, self._settle(start, moves))
        if found is None:
            return _echo(request) | {"is_late": True}
        by_key = start.session.by_key
        return _echo(request) | {"worths": {k: worth_told(by_key[k], w) for k, w in found.items()}}

    def moves(self, request: Mapping[str, Any]) -> tuple[StartingPoint, Moves]:
        """The starting point and the moves that a request names.

        Raises
        ------
        BadInput
            A figure is none, or the start is.
        """
        start, moves, faults = self._read(request)
        if faults:
            raise ValueError("; ".join(f"{key}: {fault}" for key, fault in faults.items()))
        return start, moves

    def _read(self, request: Mapping[str, Any]) -> tuple[StartingPoint, Moves, dict[str, str]]:
        start = self.workspace.start(str(request.get("start", "")))
        texts = request.get("texts", {})
        return (start, *start.read(texts if isinstance(texts, dict) else {}))

    def _settle(self, start: StartingPoint, moves: Moves) -> Allocation:
        """The settled result; the last one is kept, as its worths are asked for next."""
        question = (start.run, tuple(moves.items()))
        known = self._settled
        if known is None or known[0] != question:
            known = question, start.session.settled(moves)
            self._settled = known
        return known[1]

    def _content(self, start: StartingPoint, result: Allocation, names: Iterable[str]) -> Answer:
        base = start.session.start
        figures = drawn(result, self._scales(start), names)
        has_plan = result.diagnosis is None and result.status == "optimal"
        return {
            "status": result.status,
            "said": "" if has_plan else _no_plan(result),
            "tiles": headline(result, base) if has_plan else [],
            "figures": lean(figures, self.first(start)),
        }


def _scales(start: StartingPoint) -> Scales:
    return scales_of([start.session.start])


def _echo(request: Mapping[str, Any]) -> Answer:
    """What tells the page which question this answers."""
    return {"serial": request.get("serial")}


def refused(request: Mapping[str, Any], error: Exception) -> Answer:
    """An answer that says why there is none."""
    text = (
        str(error)
        if isinstance(error, BadInput | ValueError)
        else say("no answer: {error}", error=error)
    )
    return _echo(request) | {"error": text}


def headline(result: Allocation, base: Allocation) -> list[list[str]]:
    """The report's tiles with the bare change: against the start, which goes without saying."""
    return [
        [name, text, unit, _bare(change)] for name, text, unit, change in tiles(result, base).tiles
    ]


def _bare(change: str) -> str:
    """The change alone of a tile, without what it is against."""
    against = say("{change} against the base", change="")
    return change.replace(against, "").replace(say("as base"), "")


def _no_plan(result: Allocation) -> str:
    if result.diagnosis is None:
        return say("The solver found no plan.")
    headline = word(result.diagnosis.headline)
    return say("No feasible allocation. {headline}", headline=headline)


def _proof(result: Allocation) -> str:
    if result.diagnosis is not None:
        return say("Proved over every lane on offer: no plan can exist.")
    offered = result.lanes["offered"]
    equal = result.lanes["other_plans_cost_the_same"]
    also = say("; other plans cost the same, this one has least tonne-km") if equal else ""
    text = "Proved optimal over every lane of {count:,} pairs on offer{also}."
    return say(text, count=offered, also=also)


def worth_told(knob: Knob, worth: KnobWorth) -> Json:
    """The worth of the next tonne as the page shows it."""
    if worth.cny_per_t is None:
        text = say("no more is possible")
        return {"text": text, "why": word(worth.reason), "until": None}
    is_demand = knob.row is not None and knob.row[0] == "demand_met"
    words = "next tonne costs {amount} CNY" if is_demand else "next tonne saves {amount} CNY"
    text = say(words, amount=plain(worth.cny_per_t))
    if worth.until is not None:
        text += say(", up to {kt} kt", kt=plain(worth.until, signed=knob.rest == 0))
    return {"text": text, "why": word(worth.reason), "until": worth.until}
