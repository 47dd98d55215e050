"""Why one origin supplies a sink and not another: one paragraph that can be read out."""

from __future__ import annotations

from model.case.records import Record
from reports.language import say
from reports.language.numbers import adding_up, plain

SMALL = 1e-6


def instead_question(first: Record, other: Record) -> str:
    """Return the question as it was asked."""
    return say(
        "Why does {origin} supply {sink} rather than {other}?",
        origin=first["origin"],
        sink=first["sink"],
        other=other["origin"],
    )


def instead_sentences(first: Record, other: Record) -> list[str]:
    """Return who supplies the sink, what a tonne costs from both, and what the swap costs."""
    if first["ship_kt"] <= SMALL:
        return [_supplies(first, other), _if_not(first)]
    texts = [_supplies(first, other), *_costs(first, other), _moves(other)]
    return [text for text in texts if text]


def _supplies(first: Record, other: Record) -> str:
    """Who sends how much in the plan."""
    names = {"origin": first["origin"], "sink": first["sink"], "other": other["origin"]}
    amounts = {"kt": plain(first["ship_kt"]), "other_kt": plain(other["ship_kt"])}
    text = "{origin} supplies {sink} with {kt} kt a year, and {other} sends nothing there."
    if first["ship_kt"] > SMALL and other["ship_kt"] > SMALL:
        text = "Both do: {origin} supplies {sink} with {kt} kt a year, {other} with {other_kt} kt."
    elif other["ship_kt"] > SMALL:
        text = "It does not: {other} supplies {sink} with {other_kt} kt a year, {origin} nothing."
    elif first["ship_kt"] <= SMALL:
        text = "It does not: neither {origin} nor {other} supplies {sink}."
    return say(text, **names, **amounts)


def _if_not(first: Record) -> str:
    """What a tonne of an origin that does not supply the sink would cost."""
    dearer = first["dearer_cny_per_t"]
    if dearer is None:
        return say("Because of this: {obstacle}.", obstacle=first["obstacle"] or "")
    if dearer <= SMALL:
        return say("A tonne from {origin} would cost the same in all.", origin=first["origin"])
    text = "A tonne from {origin} would cost {amount} CNY more in all."
    return say(text, origin=first["origin"], amount=plain(dearer))


def _costs(first: Record, other: Record) -> list[str]:
    """What a tonne costs from either, and what else is between them and the cost in all."""
    dearer = other["dearer_cny_per_t"]
    if not other["lane"]:
        text = "No lane joins {other} and {sink}."
        return [say(text, other=other["origin"], sink=first["sink"])]
    if dearer is None:
        text = "From {other} {obstacle}."
        return [say(text, other=other["origin"], obstacle=other["obstacle"] or "")]
    here, there = first["lane"]["cost_cny_per_t"], other["lane"]["cost_cny_per_t"]
    rest = dearer - (there - here)
    total, (far, near, left) = adding_up(dearer, [there, -here, rest])
    names = {"origin": first["origin"], "other": other["origin"]}
    texts = [
        say(
            "A tonne costs {near} CNY from {origin} and {far} CNY from {other}.",
            near=near.lstrip("−-"),
            far=far,
            **names,
        )
    ]
    if abs(rest) > SMALL:
        text = "What tonnes of {other}, and room on their way, are worth elsewhere adds {amount}."
        if rest < 0:
            text = (
                "Tonnes of {origin}, and room on their way, are worth {amount} more elsewhere than "
                "those of {other}, which is taken off."
            )
        texts.append(say(text, amount=left.lstrip("−-"), **names))
    if dearer <= SMALL:
        return [*texts, say("In all it is a tie: the one costs as much as the other.")]
    text = "So a tonne from {other} would cost {total} CNY more in all."
    return [*texts, say(text, total=total, **names)]


def _moves(other: Record) -> str:
    """Which flows would change."""
    moves = str(other["displaces"]).replace("; ", ", ").replace(" -", " −")
    return say("One tonne from there changes other flows: {moves}.", moves=moves) if moves else ""
