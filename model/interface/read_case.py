"""Reading a case, and what each case in use was read from."""

from __future__ import annotations

from pathlib import Path
from weakref import WeakKeyDictionary

import pandas as pd

from model.case.case import Case
from model.scenarios.info import ScenarioInfo
from model.scenarios.prepare import PreparedCase, prepare
from model.scenarios.scenario import BASE, load_scenario

_read: WeakKeyDictionary[Case, PreparedCase] = WeakKeyDictionary()
"""What each case was read from, as long as it is in use; a changed case is a case of its own."""


def read_case(path: str | Path, scenario: str | Path = "") -> Case:
    """Read a case, and apply a scenario to it.

    Parameters
    ----------
    path : str or Path
        A folder with ``case.toml`` and tables, or a workbook.
    scenario : str or Path, optional
        A name in the case's ``scenarios`` folder, or the path of a TOML file; ``base`` is the case
        as it stands. By default the one that the case names, or else the case as it stands.

    Returns
    -------
    Case
        Its tables are frames: ``case.origins``, ``case.sinks``, ``case.links`` and so on; masses
        in kt per year, unit costs in CNY/t. ``case.replace(sinks=...)`` gives another.

    Raises
    ------
    BadInput
        With every fault, as file, row and column, what was found, the rule and the remedy.

    Examples
    --------
    >>> from model import read_case
    >>> case = read_case("data/prebaked_2024", scenario="suez_open")
    >>> len(case.origins), round(float(case.sinks["demand_kt"].sum()), 1)
    (59, 21733.7)
    """
    (prepared,) = prepare(Path(path), [str(scenario)] if scenario else [])
    return as_read(prepared)


def as_read(prepared: PreparedCase) -> Case:
    """The case that was prepared; what it was read from is known as long as it is in use."""
    _read[prepared.case] = prepared
    return prepared.case


def prepared_of(case: Case) -> PreparedCase:
    """What a case was read from; of one that was made in Python, the case alone."""
    known = _read.get(case)
    if known is not None:
        return known
    from model.checking.case_faults import path_faults
    from model.scenarios.apply import LEDGER

    ledger = pd.DataFrame(columns=pd.Index(LEDGER))
    info = ScenarioInfo(BASE, load_scenario(Path(), BASE).title)
    return PreparedCase(case, info, ledger, (), {}, {}, path_faults=tuple(path_faults(case)))
