"""Knobs that move prices: freight rates, duties, charges, carbon."""

from __future__ import annotations

from collections.abc import Iterator

from model.case.case import Case
from model.market.selection import records
from model.result.definitions import EXPORT
from model.studies.whatif.knob import Effect, Knob, Steps, notch_of, rounded_up
from model.studies.whatif.setting import MOST, factor, local_namer, setting, step


def freight(case: Case) -> Iterator[Knob]:
    """The tariff of each mode of the network, per kilometre and for loading."""
    used = set(case.links["mode"])
    for mode in records(case.modes):
        name = mode["mode"]
        if name not in used:
            continue
        for column, what, unit in (
            ("cny_per_t_km", "per km", "CNY/t-km"),
            ("fixed_cny_per_t", "loading", "CNY/t"),
        ):
            yield setting(
                f"{column}:{name}",
                "Freight rates",
                f"{name.replace('_', ' ')}, {what}",
                unit,
                f"modes.{column}",
                {"mode": [name]},
                mode[column],
                rounded_up(2 * mode[column]),
                most=MOST,
            )


def lane_prices(case: Case) -> Iterator[Knob]:
    """Door-to-door prices of `lanes.csv`: a factor for each mode."""
    for mode in sorted(set(case.lanes["mode"])):

        def steps(value: float, mode: str = mode) -> Steps:
            return [step("scale", "lanes.cost_cny_per_t", {"mode": [mode]}, value)]

        yield factor(
            f"lanes:{mode}",
            "Freight rates",
            f"lanes by {mode.replace('_', ' ')}" if mode else "lanes",
            reach=1.0,
            notch=0.01,
            most=100.0,
            note=f"{int((case.lanes['mode'] == mode).sum())} lanes",
            effect=Effect.PRICE,
            steps=steps,
        )


def duty_rates(case: Case) -> Iterator[Knob]:
    """Rates of the duties of the case; moving one that is not yet in force puts it in force."""
    last_day = f"{case.settings.year}-12-31" if case.settings.year else ""
    for name in sorted(set(case.duties["duty"])):
        rows = case.duties[case.duties["duty"] == name]
        if rows["rate"].nunique() > 1:
            continue
        rate = float(rows["rate"].iloc[0])
        later = max(day for day in rows["from_date"]) if last_day else ""
        in_force = later <= last_day

        def steps(value: float, name: str = name, in_force: bool = in_force) -> Steps:
            where = {"duty": [name]}
            begins = [] if in_force else [step("set", "duties.from_date", where, "")]
            return [step("set", "duties.rate", where, value), *begins]

        high = rounded_up(2 * rate)
        yield Knob(
            f"duty:{name}",
            "Duties and charges",
            name,
            "of the value",
            rest=rate if in_force else 0.0,
            low=0.0,
            high=high,
            notch=notch_of(high),
            least=0.0,
            most=1000.0,
            note=f"rate {rate:,.10g}" + ("" if in_force else f", from {later}: not in force"),
            effect=Effect.PRICE,
            steps=steps,
        )


def charges(case: Case) -> Iterator[Knob]:
    """A charge on every tonne that enters a market."""
    names = local_namer(case)
    taken = set(case.duties["duty"])
    for market in case.sinks["sink"][case.sinks["kind"] == EXPORT]:
        title = f"Charge in {market}"
        if title in taken:
            title += " (moved)"

        def steps(value: float, market: str = market, title: str = title) -> Steps:
            row = {"duty": title, "rate": 1, "value_cny_per_t": value, "sink": [market]}
            return [{"append": "duties", "row": row}]

        yield Knob(
            f"charge:{market}",
            "Duties and charges",
            f"charge in {names(market)}",
            "CNY/t",
            rest=0.0,
            low=0.0,
            high=2000.0,
            notch=10.0,
            least=0.0,
            most=MOST,
            note="none",
            effect=Effect.PRICE,
            steps=steps,
        )


def carbon(case: Case) -> Knob:
    """The carbon price."""
    return setting(
        "carbon",
        "Carbon",
        "Carbon price",
        "CNY/t CO2e",
        "case.carbon_price_cny_per_t",
        {},
        case.settings.carbon_price_cny_per_t,
        max(1000.0, rounded_up(2 * case.settings.carbon_price_cny_per_t)),
        most=MOST,
    )
