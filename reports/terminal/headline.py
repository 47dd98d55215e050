"""A result in a few lines, as a terminal shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.numbers import percent, plain

if TYPE_CHECKING:
    from model.result.result import Result
    from model.studies.compare.compare import Comparison

NAMED = 5  # regions that a line names before it counts the others


def headline(result: Result) -> str:
    """What a planner asks first: cost, tonnes, who is short and who has too much."""
    title = f"{result.scenario.name}: {verdict(result)}"
    lines = _plan(result) if result.figures["total_cost_mcny"] is not None else _no_plan(result)
    return "\n".join([title, *(f"  {name:<9}{text}" for name, text in lines)])


def verdict(result: Result) -> str:
    """What may be said of the answer: proved, none, or feasible with its gap."""
    if result.status != "limit" or result.figures["total_cost_mcny"] is None:
        return _STATUS[result.status]
    gap = result.certificate.get("found", {}).get("relative_gap")
    return f"feasible, {'gap unknown' if gap is None else f'gap {100 * gap:.2g} %'}; not proved"


def comparison_headline(comparison: Comparison, run: str) -> str:
    """Change of the totals against the first run, one line a run."""
    base, *others = comparison.results
    totals = comparison.easing[comparison.easing["role"] == "all"].set_index("run")
    changes = [
        f"  {name}: "
        + ", ".join(
            f"{what} {plain(totals.loc[name, column], signed=True)} {unit}".rstrip()
            for column, what, unit in _EASING
        )
        for name in others
    ]
    return "\n".join([f"against {base}:", *changes, f"  {'page':<9}{run}/report.html"])


_EASING = (
    ("deficit_kt", "deficit", "kt"),
    ("moved_kt", "moved", "kt"),
    ("bn_t_km", "haul", "bn t-km"),
    ("transport_cost_mcny", "transport", "MCNY"),
    ("self_sufficiency", "self-sufficiency", ""),
)

_STATUS = {
    "optimal": "proved optimal",
    "infeasible": "no feasible allocation",
    "limit": "not proved, a limit came first",
}


def _no_plan(result: Result) -> list[tuple[str, str]]:
    """Why there is no plan, and what would change that."""
    if result.diagnosis is None:
        return [("plan", "none was found in time; nothing was written")]
    repairs = [("repair", repair["what"]) for repair in result.diagnosis.repairs]
    return [("cut", result.diagnosis.headline), *repairs, _page(result)]


def _page(result: Result) -> tuple[str, str]:
    return "page", f"{result.figures['run']}/report.html"


def _plan(result: Result) -> list[tuple[str, str]]:
    figure = result.figures
    per_tonne = _ratio(1000 * _number(figure["total_cost_mcny"]), _number(figure["shipped_kt"]))
    return [
        (
            "cost",
            f"{plain(figure['total_cost_mcny'])} MCNY/yr, {plain(per_tonne)} CNY/t shipped"
            f" (land {plain(figure['land_cost_mcny'])}, sea {plain(figure['sea_cost_mcny'])} MCNY)",
        ),
        (
            "shipped",
            f"{plain(figure['shipped_kt'])} kt/yr: {plain(figure['domestic_kt'])} at home,"
            f" {plain(figure['export_kt'])} exported; {plain(figure['unshipped_kt'])} kt unshipped",
        ),
        (
            "moved",
            f"{plain(figure['moved_kt'])} kt/yr across provincial borders,"
            f" mean haul {plain(figure['mean_haul_km'])} km,"
            f" self-sufficiency {percent(figure['self_sufficiency'])}",
        ),
        *_chosen(result),
        ("deficit", f"{plain(figure['deficit_kt'])} kt/yr: {_largest(result, 'deficit_kt')}"),
        ("surplus", _largest(result, "balance_kt")),
        _page(result),
    ]


def _chosen(result: Result) -> list[tuple[str, str]]:
    """What a run that chooses has built and closed."""
    figure = result.figures
    if figure.get("opened") is None:
        return []
    sizes = figure.get("opened_kt") or {}
    built = [f"{name} {plain(sizes.get(name), 0)} kt" for name in figure["opened"]]
    closed = [f"closing {name}" for name in figure.get("closed") or ()]
    cost = f" (capital {plain(figure.get('capital_mcny'))} MCNY)"
    return [("built", (", ".join([*built, *closed]) or "nothing") + cost)]


def _largest(result: Result, column: str) -> str:
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


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
