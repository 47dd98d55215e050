"""What knobs have in common: one step, one cell that is set, names with their local form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.case.case import Case
from model.studies.whatif.knob import Effect, Knob, notch_of

MOST = 100_000.0
"""No figure that can be moved comes near it."""


def setting(
    key: str,
    group: str,
    label: str,
    unit: str,
    target: str,
    where: dict[str, Any],
    now: float,
    high: float,
    *,
    most: float,
    least: float = 0.0,
    effect: Effect = Effect.PRICE,
    row: tuple[str, str] | None = None,
) -> Knob:
    """A knob that sets one cell of the case; it rests at what stands there."""
    return Knob(
        key,
        group,
        label,
        unit,
        rest=now,
        low=0.0,
        high=high,
        notch=notch_of(high),
        least=least,
        most=most,
        note=f"now {now:,.10g}",
        effect=effect,
        steps=lambda value: [step("set", target, where, value)],
        row=row,
    )


def step(action: str, target: str, where: dict[str, Any], value: float | str) -> dict[str, Any]:
    """A step as a scenario file has it."""
    return {action: target, **({"where": where} if where else {}), "value": value}


def local_namer(case: Case) -> Callable[[str], str]:
    """Names with their local form beside them."""
    local = dict(zip(case.names["name"], case.names["local_name"], strict=True))

    def named(name: str) -> str:
        return f"{name} {local[name]}" if local.get(name) else name

    return named
