"""What thousands of answers come to: quantiles, what drives the cost, how often lanes are used."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.arrays import Floats, Integers
from model.market.market import Market
from model.result.outputs import DRAWN
from model.studies.sweep.answers import Answers, Carried
from model.studies.sweep.draws import Draws
from model.studies.sweep.regions import Regions

QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


def pair_flows(market: Market, carried: Carried) -> Carried:
    """What every pair carries in every draw, its lanes and routes together."""
    sinks, pairs = len(market.sinks), len(market.origins) * len(market.sinks)
    key = carried.draw * pairs + carried.origin * sinks + carried.sink
    keys, place = np.unique(key, return_inverse=True)
    kt = np.bincount(place, carried.kt, minlength=len(keys)).astype(np.float64)
    return Carried(keys // pairs, keys % pairs // sinks, keys % sinks, kt)


def draw_table(draws: Draws, answers: Answers) -> pd.DataFrame:
    """A row for every draw: its status, figures, shortage, and the figures that were drawn."""
    drawn = pd.DataFrame(
        {lever.name: draws.value[:, number] for number, lever in enumerate(draws.levers)}
    )
    table = pd.DataFrame(answers.figure, columns=list(DRAWN))
    table.insert(0, "draw", np.arange(1, len(answers) + 1))
    table.insert(1, "status", [str(status) for status in answers.outcomes.status])
    table["short_kt"] = answers.outcomes.short_kt
    return pd.concat([table, drawn.add_prefix("drawn ")], axis=1)


def price_table(market: Market, answers: Answers) -> pd.DataFrame:
    """A row for every draw: what a tonne costs at every sink, and one of each origin is worth."""
    origin, sink, _ = market.split(answers.outcomes.row_dual.T)
    columns: dict[str, Floats | Integers] = {"draw": np.arange(1, len(answers) + 1)}
    for sink_name, dual in zip(market.sinks, sink, strict=True):
        columns[f"sink {sink_name} cny_per_t"] = dual
    for number, (origin_name, dual) in enumerate(zip(market.origins, origin, strict=True)):
        if number in market.short:
            continue
        columns[f"origin {origin_name} cny_per_t"] = 0.0 - dual
    return pd.DataFrame(columns)


def flow_table(market: Market, flows: Carried) -> pd.DataFrame:
    """A row for every pair that carries something in a draw."""
    return pd.DataFrame(
        {
            "draw": flows.draw + 1,
            "origin": np.array(market.origins, dtype=object)[flows.origin],
            "sink": np.array(market.sinks, dtype=object)[flows.sink],
            "ship_kt": flows.kt,
        }
    )


def quantile_table(market: Market, answers: Answers) -> pd.DataFrame:
    """Mean and quantiles of every figure, and of every sink's price, over draws with a plan."""
    has_plan = answers.outcomes.has_plan
    first = len(market.origins)
    names = [*DRAWN, *(f"price at {sink} (CNY/t)" for sink in market.sinks)]
    prices = answers.outcomes.row_dual[:, first : first + len(market.sinks)]
    values = np.column_stack([answers.figure, prices])[has_plan]
    table = pd.DataFrame({"figure": names})
    if not len(values):
        return table
    table["mean"] = values.mean(axis=0)
    table["sd"] = values.std(axis=0)
    for share, row in zip(QUANTILES, np.quantile(values, QUANTILES, axis=0), strict=True):
        table[f"p{share * 100:g}"] = row
    return _rounded(table)


def driver_table(draws: Draws, answers: Answers) -> pd.DataFrame:
    """What drives the total cost, the strongest first.

    Ranked by the standardised coefficient of a linear regression of cost on everything that
    varies: by how many of its standard deviations the cost moves when the figure moves by one
    of its own. With it Spearman's rank correlation, which sees one figure at a time, and
    the mean cost over the tenth of draws where the figure is lowest and highest.
    """
    has_plan = np.flatnonzero(answers.outcomes.has_plan)
    cost = answers.figure[has_plan, DRAWN.index("total_cost_mcny")]
    value = draws.value[has_plan]
    names = [lever.name for lever in draws.levers]
    if len(has_plan) < 2:
        return pd.DataFrame({"figure": names})
    centred, spread = value - value.mean(axis=0), value.std(axis=0)
    scaled = centred / np.where(spread > 0, spread, 1.0)
    outcome = (cost - cost.mean()) / (cost.std() or 1.0)
    coefficient, *_ = np.linalg.lstsq(scaled.T @ scaled, scaled.T @ outcome, rcond=None)
    unexplained = float(((outcome - scaled @ coefficient) ** 2).sum())
    explained = 1.0 - unexplained / (float((outcome**2).sum()) or 1.0)
    tenth = max(1, len(cost) // 10)
    order = np.argsort(value, axis=0, kind="stable")
    table = pd.DataFrame(
        {
            "figure": names,
            "regression": coefficient,
            "rank_correlation": [_spearman(column, cost) for column in value.T],
            "cost_when_lowest_mcny": cost[order[:tenth]].mean(axis=0),
            "cost_when_highest_mcny": cost[order[-tenth:]].mean(axis=0),
            "explained_share": explained,
        }
    )
    strength = table["regression"].abs()
    table = table.iloc[np.lexsort((table["figure"], -strength.round(9)))]
    return _rounded(table.reset_index(drop=True))


def lane_table(market: Market, answers: Answers, flows: Carried) -> pd.DataFrame:
    """How often every pair is used, and how much it carries when it is."""
    plans = int((answers.outcomes.has_plan).sum())
    pair, kt = flows.origin * len(market.sinks) + flows.sink, flows.kt
    keys, place = np.unique(pair, return_inverse=True)
    used = np.bincount(place, minlength=len(keys))
    total = np.bincount(place, kt, minlength=len(keys))
    low, high = np.full(len(keys), np.inf), np.zeros(len(keys))
    np.minimum.at(low, place, kt)
    np.maximum.at(high, place, kt)
    table = pd.DataFrame(
        {
            "origin": np.array(market.origins, dtype=object)[keys // len(market.sinks)],
            "sink": np.array(market.sinks, dtype=object)[keys % len(market.sinks)],
            "used_share": used / max(plans, 1),
            "mean_kt": total / max(plans, 1),
            "mean_when_used_kt": total / np.maximum(used, 1),
            "least_when_used_kt": low,
            "most_kt": high,
        }
    )
    table = table.sort_values(["used_share", "mean_kt"], ascending=False, kind="stable")
    return _rounded(table.reset_index(drop=True))


def region_table(
    market: Market, regions: Regions, answers: Answers, flows: Carried
) -> pd.DataFrame:
    """How often every region ships to others and receives from others, and how much on average."""
    plans = max(int((answers.outcomes.has_plan).sum()), 1)
    start, end = regions.origin_region[flows.origin], regions.sink_region[flows.sink]
    crosses, size = start != end, len(regions.names)
    table = pd.DataFrame({"region": regions.names})
    for name, place in (("ships", start), ("receives", end)):
        happens = np.zeros((len(answers), size), dtype=bool)
        happens[flows.draw[crosses], place[crosses]] = True
        moved = np.bincount(place[crosses], flows.kt[crosses], minlength=size)
        table[f"{name}_share"] = happens.sum(axis=0) / plans
        table[f"{name}_mean_kt"] = moved / plans
    return _rounded(table)


def _spearman(one: Floats, other: Floats) -> float:
    """Rank correlation, equal values sharing their mean rank."""
    first, second = (pd.Series(values).rank().to_numpy(dtype=float) for values in (one, other))
    if min(first.std(), second.std()) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.round(9)
