"""A result in a few lines, as a terminal shows it."""

from __future__ import annotations

from model.result import Result
from reports.numbers import percent, plain

NAMED = 5  # regions that a line names before it counts the others


def headline(result: Result) -> str:
    """What a planner asks first: cost, tonnes, who is short and who has too much."""
    title = f"{result.scenario.name}: {_STATUS[result.status]}"
    if result.diagnosis is not None:
        return f"{title}\n  {result.diagnosis.headline}"
    return "\n".join([title, *(f"  {name:<9}{text}" for name, text in _lines(result))])


_STATUS = {
    "optimal": "proved optimal",
    "infeasible": "no feasible allocation",
    "limit": "not proved, a limit came first",
}


def _lines(result: Result) -> list[tuple[str, str]]:
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
        ("deficit", f"{plain(figure['deficit_kt'])} kt/yr: {_largest(result, 'deficit_kt')}"),
        ("surplus", _largest(result, "balance_kt")),
        ("page", f"{figure['run']}/report.html"),
    ]


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
