"""The page as it is first delivered: knobs in groups, figures of the start, room for answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.explore.pictures import Drawn
from reports.figures.style import DESIGN_WIDTH_PX
from reports.language import say, word
from reports.language.catalogue import spoken_language
from reports.language.numbers import plain
from reports.page.page import safe_json, script_words
from reports.page.tiles import tiles

if TYPE_CHECKING:
    from model.studies.whatif.knob import Knob
    from model.studies.whatif.workspace import StartingPoint

HERE = Path(__file__).parent
OPEN_GROUPS = 2
"""Groups that are unfolded at first."""


EXPLORE = (
    "No answer: is solve.py still running?",
    "One of the figures cannot be used; what is shown is the answer before it.",
    "The link is copied; it restores all that is moved.",
    "Saving …",
    "Not saved: {error}",
    "Saved as ",
    "; again: ",
)
"""What the page's script says."""


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
        ends = {"low": plain(self.low), "high": plain(self.high)}
        return say("{low} to {high} {unit}", **ends, unit=self.unit)


def groups(knobs: list[Knob]) -> dict[str, list[Slider]]:
    """Sliders by the heading they stand under, in the order of the knobs."""
    found: dict[str, list[Slider]] = {}
    for knob in knobs:
        label, note = word(knob.label), word(knob.note)
        slider = Slider(
            knob.key, label, say(knob.unit), note, knob.low, knob.high, knob.notch, knob.rest
        )
        found.setdefault(word(knob.group), []).append(slider)
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
    data = {
        "start": start.run,
        "figures": first,
        "designWidth": DESIGN_WIDTH_PX,
        "words": script_words(EXPLORE),
    }
    page: str = _template().render(
        say=say,
        lang=spoken_language(),
        title=word(settings.title or settings.name),
        start=start.run,
        scenario=word(base.scenario.title or base.scenario.name),
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
