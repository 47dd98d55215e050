"""A result in a few lines, as a terminal shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from model.market.market import KCNY_PER_MCNY
from model.result.figures import COST_PARTS, FIGURES, SHARE, cost_parts
from reports.language.numbers import adding_up, is_number, percent, plain
from reports.language.verdict import verdict as verdict_of

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.studies.compare.study import Comparison

NAMED = 5  # regions that a line names before it counts the others


def headline(result: Allocation) -> str:
    """What a planner asks first: cost, tonnes, who is short and who has too much."""
    title = f"{result.scenario.name}: {verdict(result)}"
    if result.is_quick and result.figures["total_cost_mcny"] is not None:
        title += "; quick: one of the plans of this cost, without marginal values"
    lines = _plan(result) if result.figures["total_cost_mcny"] is not None else _no_plan(result)
    return "\n".join([title, *(f"  {name:<9}{text}" for name, text in lines)])


def verdict(result: Allocation) -> str:
    """What may be said of the answer: proved, none, or feasible with its gap."""
    figures = result.figures
    if "opened" in figures or result.status != "limit" or figures["total_cost_mcny"] is None:
        tables = "" if figures.get("tables_proved", True) else "; not all tables are proved"
        return verdict_of(result.status, figures) + (tables if result.status == "optimal" else "")
    found = result.certificate.get("found", {})
    if found.get("word") == "proved":
        return "least cost proved; a limit came before plans of equal cost and prices were settled"
    gap = found.get("relative_gap")
    return f"feasible, {'gap unknown' if gap is None else f'gap {100 * gap:.2g} %'}; not proved"


def comparison_headline(comparison: Comparison, run: str) -> str:
    """Change of the totals against the first run, one line a run."""
    base, *others = comparison.results
    whole = comparison.easing[comparison.easing["role"] == "all"]
    totals = whole.set_index("run").drop(columns=["region", "role"])
    lines = [f"  {name}: {_changes(totals.loc[name].to_dict())}" for name in others]
    return "\n".join([f"against {base}:", *lines, f"  {'page':<9}{run}/report.html"])


def _changes(by_figure: Mapping[Any, Any]) -> str:
    """Changes of the whole with their units, in points where they are shares."""
    parts = []
    for name, change in by_figure.items():
        if not is_number(change):
            continue
        about = FIGURES[str(name)]
        factor, unit = (100, "points") if about.unit == SHARE else (1, about.unit)
        parts.append(f"{about.title.lower()} {plain(factor * change, signed=True)} {unit}")
    return ", ".join(parts) or "no plan to compare"


def _no_plan(result: Allocation) -> list[tuple[str, str]]:
    """Why there is no plan, and what would change that."""
    if result.diagnosis is None:
        return [("plan", "none was found in time; nothing was written")]
    repairs = [("repair", repair["what"]) for repair in result.diagnosis.repairs]
    return [("cut", result.diagnosis.headline), *repairs, _page(result)]


def _page(result: Allocation) -> tuple[str, str]:
    return "page", f"{result.figures['run']}/report.html"


def _plan(result: Allocation) -> list[tuple[str, str]]:
    figure = result.figures
    lines = [
        ("cost", _cost(figure)),
        ("shipped", _shipped(figure)),
        ("moved", _moved(figure)),
        *_chosen(result),
        ("deficit", f"{plain(figure['deficit_kt'])} kt/yr: {_largest(result, 'deficit_kt')}"),
        ("surplus", _largest(result, "balance_kt")),
        _page(result),
    ]
    return [(name, text) for name, text in lines if text]


def _cost(figure: Mapping[str, Any]) -> str:
    """The total, per tonne where anything is shipped, and its parts, which sum to it."""
    total, shipped = figure["total_cost_mcny"], figure["shipped_kt"]
    each = f", {plain(KCNY_PER_MCNY * total / shipped)} CNY/t shipped" if shipped else ""
    costs = cost_parts(figure)
    whole, texts = adding_up(total, list(costs.values()))
    parts = [f"{COST_PARTS[name]} {text}" for name, text in zip(costs, texts, strict=True)]
    made_of = f" ({', '.join(parts)} MCNY)" if parts else ""
    return f"{whole} MCNY/yr{each}{made_of}"


def _shipped(figure: Mapping[str, Any]) -> str:
    return (
        f"{plain(figure['shipped_kt'])} kt/yr: {plain(figure['domestic_kt'])} at home,"
        f" {plain(figure['export_kt'])} exported; {plain(figure['unshipped_kt'])} kt unshipped"
    )


def _moved(figure: Mapping[str, Any]) -> str:
    """Tonnes that cross borders, and what applies of mean haul and self-sufficiency."""
    parts = [f"{plain(figure['moved_kt'])} kt/yr across regional borders"]
    if figure["mean_haul_km"] is not None:
        parts.append(f"mean haul {plain(figure['mean_haul_km'])} km")
    if figure["self_sufficiency"] is not None:
        parts.append(f"self-sufficiency {percent(figure['self_sufficiency'])}")
    return ", ".join(parts)


def _chosen(result: Allocation) -> list[tuple[str, str]]:
    """What a run that chooses has built and closed."""
    figure = result.figures
    if figure.get("opened") is None:
        return []
    sizes = figure.get("opened_kt") or {}
    built = [f"{name} {plain(sizes.get(name), 0)} kt" for name in figure["opened"]]
    cost = f" (capital {plain(figure.get('capital_mcny'))} MCNY)"
    lines = [("built", (", ".join(built) or "nothing") + cost)]
    return [*lines, ("closed", ", ".join(figure["closed"]))] if figure.get("closed") else lines


def _largest(result: Allocation, column: str) -> str:
    """The regions where a column of the balance is positive, largest first."""
    regions = result.balance[result.balance["role"] == "region"]
    found = regions[regions[column] > 0].sort_values(column, ascending=False, kind="stable")
    named = [
        f"{region} {plain(kt, 0)}"
        for region, kt in zip(found["region"][:NAMED], found[column][:NAMED], strict=True)
    ]
    if len(found) > NAMED:
        named.append(f"{len(found) - NAMED} more")
    return ", ".join(named) or "none"
