"""The page as it is first delivered: knobs in groups, figures of the start, room for answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.explore.pictures import Drawn
from reports.figures.style import DESIGN_WIDTH_PX
from reports.language.numbers import plain
from reports.page.page import safe_json
from reports.page.tiles import tiles

if TYPE_CHECKING:
    from model.studies.whatif.knob import Knob
    from model.studies.whatif.workspace import StartingPoint

HERE = Path(__file__).parent
OPEN_GROUPS = 2
"""Groups that are unfolded at first."""


@dataclass(frozen=True)
class Slider:
    """A knob as the page draws it."""

    key: str
    label: str
    unit: str
    note: str
    low: float
    high: float
    notch: float
    rest: float | None

    @property
    def at_rest(self) -> float:
        """Where the slider stands when nothing is moved: open is its far end."""
        return self.high if self.rest is None else self.rest

    @property
    def rest_text(self) -> str:
        """What the box shows then."""
        return "" if self.rest is None else f"{self.rest:.10g}"

    @property
    def range_text(self) -> str:
        """The range of the slider, for those who do not see it."""
        return f"{plain(self.low)} to {plain(self.high)} {self.unit}"


def groups(knobs: list[Knob]) -> dict[str, list[Slider]]:
    """Sliders by the heading they stand under, in the order of the knobs."""
    found: dict[str, list[Slider]] = {}
    for knob in knobs:
        slider = Slider(
            knob.key, knob.label, knob.unit, knob.note, knob.low, knob.high, knob.notch, knob.rest
        )
        found.setdefault(knob.group, []).append(slider)
    return found


def render(
    start: StartingPoint, first: Drawn, runs: dict[str, str], dash_parts: dict[str, str]
) -> str:
    """Return the page of a starting point.

    Parameters
    ----------
    first : its figures
    runs : others to start from, with their status
    dash_parts : what Dash puts into a page, by name
    """
    base = start.session.start
    settings = base.case.settings
    data = {"start": start.run, "figures": first, "designWidth": DESIGN_WIDTH_PX}
    page: str = _template().render(
        title=settings.title or settings.name,
        start=start.run,
        scenario=base.scenario.title or base.scenario.name,
        runs=runs,
        groups=groups(start.session.knobs),
        open_groups=OPEN_GROUPS,
        figures=first,
        tiles=tiles(base).tiles,
        data=safe_json(data),
        dash=dash_parts,
        style=_report_style(),
    )
    return page


@cache
def _report_style() -> str:
    return (HERE.parent / "assets" / "page.css").read_text(encoding="utf-8")


@cache
def _template() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("explore.html")
