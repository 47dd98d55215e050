"""A result in a few lines, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.market.market import KCNY_PER_MCNY
from model.result.figures import COST_PARTS, FIGURES, SHARE, cost_parts
from reports.language import say, word
from reports.language.numbers import adding_up, is_number, joined, percent, plain
from reports.language.verdict import feasible, labelled
from reports.language.verdict import verdict as verdict_of

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.studies.compare.study import Comparison

NAMED = 5  # regions that a line names before it counts the others


def headline(result: Allocation) -> str:
    """What a planner asks first: cost, tonnes, who is short and who has too much."""
    title = say("{scenario}: {verdict}", scenario=result.scenario.name, verdict=verdict(result))
    if result.is_quick and result.figures["total_cost_mcny"] is not None:
        title += say("; quick: one of the plans of this cost, without marginal values")
    lines = _plan(result) if result.figures["total_cost_mcny"] is not None else _no_plan(result)
    return "\n".join([title, *(labelled(name, text) for name, text in lines)])


def verdict(result: Allocation) -> str:
    """What may be said of the answer: proved, none, or feasible with its gap."""
    figures = result.figures
    if "opened" in figures or result.status != "limit" or figures["total_cost_mcny"] is None:
        is_whole = figures.get("tables_proved", True) or result.status != "optimal"
        tables = "" if is_whole else say("; not all tables are proved")
        return verdict_of(result.status, figures) + tables
    found = result.certificate.get("found", {})
    if found.get("word") == "proved":
        return say(
            "least cost proved; a limit came before plans of equal cost and prices were settled"
        )
    gap = found.get("relative_gap")
    if gap is None:
        return feasible(None)
    return say("feasible, gap {gap:.2g} %; not proved", gap=100 * gap)


def comparison_headline(comparison: Comparison, run: str) -> str:
    """Change of the totals against the first run, one line a run."""
    base, *others = comparison.results
    whole = comparison.easing[comparison.easing["role"] == "all"]
    totals = whole.set_index("run").drop(columns=["region", "role"])
    lines = [
        "  " + say("{run}: {changes}", run=name, changes=_changes(totals.loc[name].to_dict()))
        for name in others
    ]
    title = say("against {run}:", run=base)
    return "\n".join([title, *lines, labelled("page", f"{run}/report.html")])


def _changes(by_figure: Mapping[Any, Any]) -> str:
    """Changes of the whole with their units, in points where they are shares."""
    parts = []
    for name, change in by_figure.items():
        if not is_number(change):
            continue
        about = FIGURES[str(name)]
        factor, unit = (100, "points") if about.unit == SHARE else (1, about.unit)
        parts.append(
            say(
                "{figure} {change} {unit}",
                figure=say(about.title).lower(),
                change=plain(factor * change, signed=True),
                unit=say(unit),
            )
        )
    return joined(parts) or say("no plan to compare")


def _no_plan(result: Allocation) -> list[tuple[str, str]]:
    """Why there is no plan, and what would change that."""
    if result.diagnosis is None:
        return [("plan", say("none was found in time; nothing was written"))]
    repairs = [("repair", word(repair["what"])) for repair in result.diagnosis.repairs]
    return [("cut", word(result.diagnosis.headline)), *repairs, _page(result)]


def _page(result: Allocation) -> tuple[str, str]:
    return "page", f"{result.figures['run']}/report.html"


def _plan(result: Allocation) -> list[tuple[str, str]]:
    figure = result.figures
    lines = [
        ("cost", _cost(figure)),
        ("shipped", _shipped(figure)),
        ("moved", _moved(figure)),
        *_chosen(result),
        ("deficit", _deficit(result)),
        ("surplus", _largest(result, "balance_kt")),
        _page(result),
    ]
    return [(name, text) for name, text in lines if text]


def _deficit(result: Allocation) -> str:
    amount, regions = plain(result.figures["deficit_kt"]), _largest(result, "deficit_kt")
    return say("{amount} kt/yr: {regions}", amount=amount, regions=regions)


def _cost(figure: Mapping[str, Any]) -> str:
    """The total, per tonne where anything is shipped, and its parts, which sum to it."""
    total, shipped = figure["total_cost_mcny"], figure["shipped_kt"]
    each = plain(KCNY_PER_MCNY * total / shipped) if shipped else ""
    each = say(", {amount} CNY/t shipped", amount=each) if shipped else ""
    costs = cost_parts(figure)
    whole, texts = adding_up(total, list(costs.values()))
    parts = [
        say("{part} {amount}", part=say(COST_PARTS[name]), amount=text)
        for name, text in zip(costs, texts, strict=True)
    ]
    made_of = say(" ({parts} MCNY)", parts=joined(parts)) if parts else ""
    return say("{amount} MCNY/yr", amount=whole) + each + made_of


def _shipped(figure: Mapping[str, Any]) -> str:
    names = {"all": "shipped_kt", "home": "domestic_kt", "out": "export_kt", "left": "unshipped_kt"}
    return say(
        "{all} kt/yr: {home} at home, {out} exported; {left} kt unshipped",
        **{name: plain(figure[key]) for name, key in names.items()},
    )


def _moved(figure: Mapping[str, Any]) -> str:
    """Tonnes that cross borders, and what applies of mean haul and self-sufficiency."""
    parts = [say("{amount} kt/yr across regional borders", amount=plain(figure["moved_kt"]))]
    if figure["mean_haul_km"] is not None:
        parts.append(say("mean haul {km} km", km=plain(figure["mean_haul_km"])))
    if figure["self_sufficiency"] is not None:
        share = percent(figure["self_sufficiency"])
        parts.append(say("self-sufficiency {share}", share=share))
    return joined(parts)


def _chosen(result: Allocation) -> list[tuple[str, str]]:
    """What a run that chooses has built and closed."""
    figure = result.figures
    if figure.get("opened") is None:
        return []
    sizes = figure.get("opened_kt") or {}
    built = [
        say("{what} {kt} kt", what=name, kt=plain(sizes.get(name), 0)) for name in figure["opened"]
    ]
    cost = say(" (capital {amount} MCNY)", amount=plain(figure.get("capital_mcny")))
    lines = [("built", (joined(built) or say("nothing")) + cost)]
    return [*lines, ("closed", joined(figure["closed"]))] if figure.get("closed") else lines


def _largest(result: Allocation, column: str) -> str:
    """The regions where a column of the balance is positive, largest first."""
    regions = result.balance[result.balance["role"] == "region"]
    found = regions[regions[column] > 0].sort_values(column, ascending=False, kind="stable")
    named = [
        say("{part} {amount}", part=region, amount=plain(kt, 0))
        for region, kt in zip(found["region"][:NAMED], found[column][:NAMED], strict=True)
    ]
    if len(found) > NAMED:
        named.append(say("{count} more", count=len(found) - NAMED))
    return joined(named) or say("none")
