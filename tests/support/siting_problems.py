"""Small siting problems, one by hand and random ones, and what solving one gives."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from model.case.case import Case, Settings
from model.case.errors import BadInput
from model.scenarios.apply import LEDGER
from model.scenarios.info import ScenarioInfo
from model.solve.outcome import Outcome, Proved
from model.studies.siting.choice import Choice
from model.studies.siting.problem import SitingProblem, pose
from model.studies.siting.requirements import Requirements
from model.studies.siting.site import SiteOptions, Siting, site


def tried(examples: int) -> settings:
    """So many random cases, however long each takes."""
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )


def answer(case: Case, requirements: Requirements | None = None, **options: object) -> Siting:
    nothing = pd.DataFrame(columns=list(LEDGER))
    return site(case, ScenarioInfo("base"), nothing, requirements, SiteOptions(**options))  # type: ignore[arg-type]


def proved(outcome: Outcome[Choice]) -> Choice:
    """The best answer, which must be proved."""
    assert isinstance(outcome, Proved)
    return outcome.best


def best_of(problem: SitingProblem) -> Choice:
    return proved(problem.choose())


def small(**changes: pd.DataFrame) -> Case:
    """One plant far from two towns that lack 60 and 50, three projects beside them."""
    tables = {
        "origins": pd.DataFrame({"origin": ["far"], "supply_kt": [200.0]}),
        "sinks": pd.DataFrame({"sink": ["east", "west"], "demand_kt": [60.0, 50.0]}),
        "lanes": pd.DataFrame(
            {
                "origin": ["far", "far", "A", "A", "B", "B", "C", "C"],
                "sink": ["east", "west"] * 4,
                "cost_cny_per_t": [100.0, 120.0, 10.0, 60.0, 70.0, 10.0, 40.0, 40.0],
            }
        ),
        "projects": pd.DataFrame(
            {
                "project": ["A", "B", "C"],
                "capacity_kt": [50.0, 50.0, 100.0],
                "capex_cny_per_t": [500.0, 600.0, 450.0],
            }
        ),
    }
    return Case.of(Settings(name="small", discount_rate=0.1), **(tables | changes))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Case, Requirements]:
    """Two origins, three sinks, up to five projects with sizes, groups and needs."""
    count = draw(st.integers(1, 5))
    whole = st.integers(1, 60).map(float)
    names = [f"p{n}" for n in range(count)]
    capacity = [draw(st.integers(10, 60).map(float)) for _ in names]
    sized = [draw(st.booleans()) for _ in names]
    senders, sinks = ["o0", "o1", *names], ["s0", "s1", "s2"]
    lanes = [(o, s, draw(whole)) for o in senders for s in sinks]
    needs = [draw(st.sampled_from(["", *names[:n]])) if n else "" for n in range(count)]
    groups = [draw(st.sampled_from(["", "", "g"])) for _ in names]
    bounds = {"group": ["g"], "min_projects": [draw(st.integers(0, groups.count("g")))]}
    bounds["max_projects"] = [bounds["min_projects"][0] + draw(st.integers(0, 1))]
    case = Case.of(
        Settings(name="random", discount_rate=0.0),
        origins=pd.DataFrame({"origin": ["o0", "o1"], "supply_kt": [60.0, 60.0]}),
        sinks=pd.DataFrame({"sink": sinks, "demand_kt": [draw(st.integers(5, 40)) for _ in sinks]}),
        lanes=pd.DataFrame(lanes, columns=["origin", "sink", "cost_cny_per_t"]),
        projects=pd.DataFrame(
            {
                "project": names,
                "capacity_kt": capacity,
                "min_kt": [5.0 if is_sized else np.nan for is_sized in sized],
                "capex_cny_per_t": [draw(st.integers(0, 600).map(float)) for _ in names],
                "fixed_capex_mcny": [draw(st.sampled_from([0.0, 0.0, 2.0, 9.0])) for _ in names],
                "group": groups,
                "requires": needs,
            }
        ),
        closures=pd.DataFrame({"origin": ["o1"], "saved_mcny_per_year": [draw(whole) / 100]}),
        groups=pd.DataFrame(bounds if "g" in groups and draw(st.booleans()) else {}),
    )
    if len(case.groups):  # with these rules any budget, any number may be too small
        return case, Requirements()
    budget = draw(st.none() | st.integers(30, 90).map(float))
    return case, Requirements(budget_mcny=budget, max_projects=draw(st.none() | st.integers(0, 3)))


def posed(case: Case, requirements: Requirements):  # type: ignore[no-untyped-def]
    """The problem; where the budget pays for nothing, without one."""
    try:
        return pose(case, requirements)
    except BadInput:
        return pose(case, Requirements(max_projects=requirements.max_projects))
