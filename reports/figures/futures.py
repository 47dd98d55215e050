"""The picture of one set for several futures: what each of the best sets regrets in each."""

from __future__ import annotations

import pandas as pd

from reports.figures import style
from reports.figures.style import Picture, escape
from reports.figures.traces import hover
from reports.language import say
from reports.language.numbers import plain

MOST_SETS = 3
COLORS = (style.BLUE, style.ORANGE, style.GREY)


def _most(worst: pd.Series) -> str:
    """Where the chosen set regrets most, if it regrets anything."""
    if worst["regret_mcny"] <= 0:
        return say("The chosen set is the best one in every future.")
    text = "The chosen set regrets most under {future}: {amount} MCNY a year."
    return say(text, future=worst["scenario"], amount=plain(worst["regret_mcny"]))


def regrets(table: pd.DataFrame, sets: pd.DataFrame) -> Picture | None:
    """Return bars of regret by future, of the chosen set and those that come next."""
    ranks = sets["rank"].head(MOST_SETS).tolist()
    if table.empty:
        return None
    chosen = table[table["rank"] == 1]
    worst = chosen.sort_values("regret_mcny", kind="stable").iloc[-1]
    return Picture(
        "futures-regret",
        "Regret by future",
        say("Bars of yearly cost above each future's own best set. {most}", most=_most(worst)),
        [
            {
                "type": "bar", "orientation": "h",
                "name": say("chosen set") if rank == 1 else say("set {rank}", rank=rank),
                "y": [escape(str(name)) for name in table.loc[table["rank"] == rank, "scenario"]],
                "x": [float(kt) for kt in table.loc[table["rank"] == rank, "regret_mcny"]],
                "marker": {"color": color},
                "hovertemplate": hover("%{y}: %{x:,.4~r} MCNY a year"),
            }
            for rank, color in zip(ranks, COLORS, strict=False)
        ],
        style.bars_layout(
            len(ranks) * len(chosen), "MCNY a year above the best set there", barmode="group",
            showlegend=len(ranks) > 1,
        ),
        "Regret is the yearly cost of a set in a future, capital included, less that of the "
        "future's own best set. Sets are numbered as in the table of the best sets.",
    )  # fmt: skip
