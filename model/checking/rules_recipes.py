"""Rules for recipes and for what each place sends and receives."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from model.case.errors import quoted
from model.case.names import did_you_mean
from model.checking.check import Finding, Frames, Rule, distinct


def own_commodity(frames: Frames) -> str:
    """The case's own commodity; blank where the settings could not be read."""
    names = frames["case"]["commodity"].tolist()
    return names[0] if names else ""


def commodities_of(frames: Frames, table: str) -> pd.Series:
    """Commodity of every row of origins, sinks or projects; a blank is the case's own."""
    column = frames[table]["commodity"]
    return column.where(column != "", own_commodity(frames))


def sent_by(frames: Frames) -> dict[str, str]:
    """What each origin and project sends; of a project without a word, what its origin does."""
    names, sent = frames["origins"]["origin"], commodities_of(frames, "origins")
    origins = dict(zip(names, sent, strict=True))
    projects = frames["projects"]
    rows = zip(projects["project"], projects["origin"], projects["commodity"], strict=True)
    return origins | {
        name: own or origins.get(host, own_commodity(frames)) for name, host, own in rows
    }


def _takes(frames: Frames) -> dict[str, dict[str, int]]:
    """What each origin and project takes: rows of recipes by input; of a depot its own alone."""
    recipes, sent = frames["recipes"], sent_by(frames)
    takes: dict[str, dict[str, int]] = {name: {} for name in sent}
    depots = set(recipes["origin"][recipes["output"] == recipes["input"]])
    rows = list(enumerate(recipes[["output", "input", "origin"]].itertuples(index=False)))
    for row, (output, taken, origin) in sorted(rows, key=lambda item: item[1].origin != ""):
        for name in [origin] if origin else sent:
            if sent.get(name) == output and (origin or name not in depots):
                takes[name][taken] = row
    return takes


def _depots(frames: Frames) -> Iterator[Finding]:
    """Yield recipes whose output is their input, without an origin or with a loss."""
    recipes = frames["recipes"]
    for row in (recipes["output"] == recipes["input"]).to_numpy().nonzero()[0].tolist():
        if not recipes["origin"].iloc[row]:
            rule = "a recipe whose input is its output must name the depot that hands it on"
            yield Finding("recipes", row, "input", rule, "fill origin, or name another input")
        elif recipes["t_per_t"].iloc[row] != 1:
            rule = "a depot hands on what it takes, tonne for tonne"
            yield Finding("recipes", row, "t_per_t", rule, "write 1")


def _outputs_of_others(frames: Frames) -> Iterator[Finding]:
    """Yield recipes of an output that nobody sends, or that the named origin does not send."""
    recipes, sent = frames["recipes"], sent_by(frames)
    for row, (output, origin) in enumerate(zip(recipes["output"], recipes["origin"], strict=True)):
        if origin and sent.get(origin, output) != output:
            rule = f"must be what {origin} sends, which is {quoted(sent[origin])}"
            yield Finding("recipes", row, "output", rule, f"write {sent[origin]}, or mend {origin}")
        elif output not in sent.values():
            rule = "must be a commodity that an origin or a project sends"
            remedy = did_you_mean(output, sent.values(), "give an origin this commodity")
            yield Finding("recipes", row, "output", rule, remedy)


def _inputs_without_source(frames: Frames) -> Iterator[Finding]:
    recipes, sent = frames["recipes"], set(sent_by(frames).values())
    for row, taken in enumerate(recipes["input"]):
        if taken and taken not in sent:
            rule = "must be a commodity that an origin sends"
            remedy = did_you_mean(taken, sent, "add an origin with this commodity, its source")
            yield Finding("recipes", row, "input", rule, remedy)


def _circles(frames: Frames) -> Iterator[Finding]:
    """Yield one recipe of commodities that are made of one another."""
    recipes = frames["recipes"]
    made_of: dict[str, set[str]] = {}
    for output, taken in zip(recipes["output"], recipes["input"], strict=True):
        if output != taken:
            made_of.setdefault(output, set()).add(taken)
    for row, (output, taken) in enumerate(zip(recipes["output"], recipes["input"], strict=True)):
        if output != taken and output in _ingredients(taken, made_of):
            rule = f"may not be made of itself, as {output} is: {taken} takes {output} too"
            yield Finding("recipes", row, "input", rule, "break the circle of recipes")
            return


def _ingredients(commodity: str, made_of: dict[str, set[str]]) -> set[str]:
    """All that a commodity is made of, directly or not, and itself."""
    found, waiting = {commodity}, [commodity]
    while waiting:
        more = made_of.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found


def _one_place_for_two(frames: Frames) -> Iterator[Finding]:
    """Yield sinks of a commodity that an origin of the same name takes as an input."""
    takes = _takes(frames)
    sinks = zip(frames["sinks"]["sink"], commodities_of(frames, "sinks"), strict=True)
    for row, (sink, commodity) in enumerate(sinks):
        if commodity in takes.get(sink, {}):
            rule = f"may not be the name of an origin that takes {quoted(commodity)} as an input"
            yield Finding("sinks", row, "sink", rule, "name the sink or the origin apart")


def _lane_ends(frames: Frames) -> Iterator[Finding]:
    """Yield lanes that end at a place which does not receive what their origin sends."""
    lanes, sinks = frames["lanes"], frames["sinks"]
    if not len(frames["recipes"]) and not (sinks["commodity"] != "").any():
        origins = frames["origins"]
        if not (origins["commodity"] != "").any() and set(lanes["sink"]) <= set(sinks["sink"]):
            return
    sent, takes = sent_by(frames), _takes(frames)
    receives = {name: set(inputs) for name, inputs in takes.items()}
    for sink, commodity in zip(sinks["sink"], commodities_of(frames, "sinks"), strict=True):
        receives.setdefault(sink, set()).add(commodity)
    for row, (origin, sink) in enumerate(zip(lanes["origin"], lanes["sink"], strict=True)):
        carried = sent.get(origin)
        if origin == sink and carried in takes.get(origin, {}):
            rule = "a lane may not end where it starts"
            yield Finding("lanes", row, "sink", rule, "name the place at the other end")
        elif carried is not None and sink in receives and carried not in receives[sink]:
            rule = f"must receive what {origin} sends, which is {quoted(carried)}"
            remedy = "name a sink of that commodity, or an origin that takes it by recipes.csv"
            yield Finding("lanes", row, "sink", rule, remedy)


def _sinks_without_source(frames: Frames) -> Iterator[Finding]:
    """Yield sinks that must receive what nobody sends."""
    sinks, sent = frames["sinks"], set(sent_by(frames).values())
    must_be_met = (sinks["demand_kt"] > 0) & sinks["shortage_cny_per_t"].isna()
    for row in must_be_met.to_numpy().nonzero()[0].tolist():
        commodity = sinks["commodity"].iloc[row]
        if commodity and commodity not in sent:
            rule = "must be a commodity that an origin or a project sends"
            remedy = did_you_mean(commodity, sent, "add an origin with this commodity")
            yield Finding("sinks", row, "commodity", rule, remedy)


def _tariffs(frames: Frames) -> Iterator[Finding]:
    """Yield modes with a tariff for a commodity that nobody sends, or for some alone."""
    modes, links = frames["modes"], frames["links"]
    sent, general = set(sent_by(frames).values()), distinct(modes["mode"][modes["commodity"] == ""])
    for row, (mode, commodity) in enumerate(zip(modes["mode"], modes["commodity"], strict=True)):
        if commodity and commodity not in sent:
            rule = "must be a commodity that an origin or a project sends"
            yield Finding(
                "modes", row, "commodity", rule, did_you_mean(commodity, sent, "leave it blank")
            )
        elif mode and mode not in general and mode in distinct(links["mode"]):
            rule = f"{mode} must have a row for all other commodities too"
            yield Finding("modes", row, "commodity", rule, "add a row with a blank commodity")


RECIPE_RULES: tuple[Rule, ...] = (
    _depots,
    _outputs_of_others,
    _inputs_without_source,
    _circles,
    _sinks_without_source,
    _one_place_for_two,
    _lane_ends,
    _tariffs,
)
