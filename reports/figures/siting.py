"""Pictures of a choice: cost against budget, and what each option saves."""

from __future__ import annotations

import pandas as pd

from reports.figures import style
from reports.figures.style import Axis, Picture, Plotly, escape, from_zero
from reports.figures.traces import hover, line, points
from reports.language import say
from reports.language.numbers import plain

MOST_BARS = 40
HOVER = "%{x:,.4~r} MCNY of capital: %{y:,.5~r} MCNY a year<br>%{text}"


def frontier(steps: pd.DataFrame, capital_mcny: float | None, cost_mcny: float) -> Picture | None:
    """Return cost against budget, a stretch for each best set; the chosen one as a point."""
    if len(steps) < 2:
        return None
    traces = [_best_sets(steps)]
    if capital_mcny is not None:
        diamond = {"color": style.ORANGE, "size": 11, "symbol": "diamond"}
        template = "chosen: %{y:,.5~r} MCNY a year"
        traces.append(points("chosen", [capital_mcny], [cost_mcny], diamond, template))
    first, best = steps["cost_from_mcny"].iloc[0], steps["cost_to_mcny"].iloc[-1]
    return Picture(
        "siting-frontier",
        "Cost against budget",
        say(
            "Falling line of the least yearly cost against upfront capital: {first} MCNY a year "
            "with the least that allows a plan, {best} with all that pays, in {count} best sets.",
            first=plain(first),
            best=plain(best),
            count=len(steps),
        ),
        traces,
        style.lines_layout(
            420,
            from_zero("upfront capital, MCNY"),
            Axis("total cost, MCNY a year"),
        ),
        "Every break is a change of the best set; a sloping stretch is a set whose projects grow "
        "with the budget. The vertical axis does not start at zero.",
    )


def _best_alone(top: pd.Series) -> str:
    """What the option that is best alone saves, or costs."""
    saves = float(top["saves_alone_mcny"])
    if saves <= 0:
        text = "Alone none saves; {option} costs least, {amount} MCNY a year."
        return say(text, option=top["option"], amount=plain(-saves))
    text = "Alone, {option} saves most: {amount} MCNY a year."
    return say(text, option=top["option"], amount=plain(saves))


def _best_sets(steps: pd.DataFrame) -> Plotly:
    """A stretch of line for each best set, from its least budget to its largest."""
    columns = ["from_mcny", "to_mcny", "cost_from_mcny", "cost_to_mcny", "set"]
    beyond = 1.08 * float(steps["from_mcny"].max()) + 1
    xs: list[float | None] = []
    ys: list[float | None] = []
    texts: list[str] = []
    for start, end, cost_at_start, cost_at_end, names in steps[columns].itertuples(
        index=False, name=None
    ):
        xs += [start, beyond if pd.isna(end) else end, None]
        ys += [cost_at_start, cost_at_end, None]
        texts += [escape(str(names)).replace("; ", "<br>")] * 2 + [""]
    return line("best set", xs, ys, {"color": style.BLUE}, text=texts, hovertemplate=hover(HOVER))


def worth(options: pd.DataFrame) -> Picture | None:
    """Return bars of what each option saves a year, alone and at the margin of the chosen set."""
    known = options[options["saves_alone_mcny"].notna()]
    if known.empty:
        return None
    shown = known.sort_values(["saves_alone_mcny", "option"], ascending=[False, True])
    shown = shown.head(MOST_BARS)
    pairs = zip(shown["option"], shown["chosen"], strict=True)
    names = [f"{escape(str(name))} ✓" if chosen else escape(str(name)) for name, chosen in pairs]
    return Picture(
        "siting-worth",
        "What each option saves, after its own cost",
        say(
            "Bars of yearly savings by option, alone and at the margin. {best} {chosen} of the "
            "{count} shown are in the best set.",
            best=_best_alone(shown.iloc[0]), chosen=int(shown["chosen"].sum()), count=len(shown),
        ),
        [
            {
                "type": "bar", "orientation": "h", "name": say(words), "y": names,
                "x": [None if pd.isna(value) else float(value) for value in shown[column]],
                "marker": {"color": color},
                "hovertemplate": hover("%{y}: %{x:,.4~r} MCNY a year"),
            }
            for column, words, color in (
                ("saves_alone_mcny", "alone", style.BLUE),
                ("saves_at_margin_mcny", "at the margin of the chosen set", style.ORANGE),
            )
        ],
        style.bars_layout(len(shown), "MCNY a year", barmode="group", showlegend=True),
        "✓ marks what is chosen. At the margin: what the set loses without it, or gains with it.",
    )  # fmt: skip
