"""What knobs have in common: one step, one cell that is set, names with their local form."""

from __future__ import annotations

from collections.abc import Callable

from model.case.case import Case
from model.case.records import Json
from model.studies.whatif.knob import Effect, Knob, Steps, notch_of

MOST = 100_000.0
"""No figure that can be moved comes near it."""


def setting(
    key: str,
    group: str,
    label: str,
    unit: str,
    target: str,
    where: Json,
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


def addition(
    key: str,
    group: str,
    label: str,
    now: float,
    high: float,
    *,
    note: str,
    row: tuple[str, str],
    steps: Callable[[float], Steps],
) -> Knob:
    """A knob that adds tonnes to a figure of the case, or takes them away; it rests at none."""
    notch = notch_of(high)
    return Knob(
        key,
        group,
        label,
        "kt",
        rest=0.0,
        low=-(min(now, high) // notch) * notch,
        high=high,
        notch=notch,
        least=-now,
        most=MOST,
        note=f"{note} {now:,.10g} kt",
        effect=Effect.BOUND,
        steps=steps,
        row=row,
    )


def factor(
    key: str,
    group: str,
    label: str,
    *,
    reach: float,
    notch: float,
    most: float,
    note: str,
    effect: Effect,
    steps: Callable[[float], Steps],
) -> Knob:
    """A knob that multiplies figures of the case; its slider reaches as far down as up."""
    return Knob(
        key,
        group,
        label,
        "times",
        rest=1.0,
        low=1.0 - reach,
        high=1.0 + reach,
        notch=notch,
        least=0.0,
        most=most,
        note=note,
        effect=effect,
        steps=steps,
    )


def step(action: str, target: str, where: Json, value: float | str) -> Json:
    """A step as a scenario file has it."""
    return {action: target, **({"where": where} if where else {}), "value": value}


def local_namer(case: Case) -> Callable[[str], str]:
    """Names with their local form beside them."""
    local = dict(zip(case.names["name"], case.names["local_name"], strict=True))

    def named(name: str) -> str:
        return f"{name} {local[name]}" if local.get(name) else name

    return named
