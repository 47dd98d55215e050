"""A scenario that the assumptions of a case name, from the text that the case holds of it."""

from __future__ import annotations

from model.case.case import Case
from model.case.errors import BadInput, Fault, quoted
from model.case.names import did_you_mean
from model.case.scenario_texts import scenario_file
from model.reading.read_toml import parse_toml
from model.scenarios.scenario import Scenario, in_a_circle, scenario_of


def alternative(case: Case, name: str, extending: tuple[str, ...] = ()) -> Scenario:
    """Return a scenario of the case with everything that it extends.

    Parameters
    ----------
    extending : scenarios that extend it

    Raises
    ------
    BadInput
        There is none of that name, or it cannot be understood.
    """
    place = scenario_file(name)
    if name in extending:
        raise in_a_circle(place, [*extending[extending.index(name) :], name])
    if name not in case.scenarios:
        remedy = did_you_mean(name, case.scenarios, f"write {place}")
        where = f"{scenario_file(extending[-1])}:extends" if extending else "scenario"
        raise BadInput([Fault(where, quoted(name), "must be a scenario of the case", remedy)])

    def base(extended: str) -> Scenario:
        return alternative(case, extended, (*extending, name))

    return scenario_of(parse_toml(case.scenarios[name], place), place, name, base)
