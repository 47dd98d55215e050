"""What added capacity is worth, tonne by tonne: step curves that fall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reports.figures import style
from reports.figures.style import Picture, Plotly, escape, from_zero
from reports.figures.traces import hover, line
from reports.language import say
from reports.language.numbers import listed, plain

Step = tuple[float, float, float]  # from kt, to kt, value CNY/t
MOST_CURVES = 8


def curves(steps_at: Mapping[str, Sequence[Step]], name: str = "curves") -> Picture | None:
    """Draw the value of one tonne more of capacity against the capacity added, by place.

    Only the places where the first tonne is worth most are drawn.
    """
    ranked = sorted(
        ((place, list(steps)) for place, steps in steps_at.items() if steps),
        key=lambda item: (-item[1][0][2], item[0]),
    )[:MOST_CURVES]
    if not ranked:
        return None
    traces = [_curve(index, place, steps) for index, (place, steps) in enumerate(ranked)]
    first = [
        say("{place} {amount} CNY/t", place=place, amount=plain(steps[0][2]))
        for place, steps in ranked[:3]
    ]
    return Picture(
        name,
        "What added capacity is worth",
        say(
            "Falling step curves. The first tonne is worth most at {places}.", places=listed(first)
        ),
        traces,
        style.lines_layout(
            400,
            from_zero("capacity added (kt)"),
            from_zero("saving by one tonne more (CNY/t)"),
        ),
        "Exact steps: between them the value does not change. It leaves out what building costs.",
    )


def _curve(index: int, place: str, steps: Sequence[Step]) -> Plotly:
    """The steps at a place; a line of its own colour and dash."""
    look = {
        "color": style.SERIES[index % len(style.SERIES)],
        "dash": style.DASHES[index % len(style.DASHES)],
    }
    xs = [round(x, 4) for start, end, _ in steps for x in (start, end)]
    ys = [round(value, 4) for *_, value in steps for _ in (0, 1)]
    template = say("{place}: at %{{x:,.4~r}} kt added, %{{y:,.4~r}} CNY/t", place=escape(place))
    return line(place, xs, ys, look, hovertemplate=hover(template))
