"""Siting on a network whose links are built: flows on arcs where routes are too many to list."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from model import read_case, site, verify
from model.case.case import Case, Settings
from model.studies.siting import flow_columns
from tests.support.recipe_cases import recipe_case
from tests.support.siting_answers import disagreements
from tests.support.siting_oracle import Asked
from tests.support.siting_varied import varied_question

FOUND = Path(__file__).parent / "data" / "found"


def test_links_that_projects_raise_are_chosen_among_all_ways(tmp_path: Path) -> None:
    """Of 56 links between 8 nodes, one straight to the sink for 3 MCNY a year and 8 CNY/t."""
    result = site(read_case(FOUND / "links-raised-by-projects-K8"), top=1)
    assert result.figures["opened"] == ["p n0-n7"]
    assert result.figures["total_cost_mcny"] == pytest.approx(3.08)
    assert result.status == "optimal"
    assert verify(result.save(tmp_path)).agrees


@pytest.mark.parametrize("count", [12, pytest.param(1500, marks=pytest.mark.slow)])
def test_flows_on_arcs_choose_what_full_enumeration_does(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_columns, "ROUTES_PER_ARC", 0)
    for seed in range(count):
        question = varied_question(seed)
        if question is not None:
            assert list(disagreements(*question)) == [], seed
        case = recipe_case(seed)
        if case is not None and len(case.projects):
            assert list(disagreements(case, Asked(), case)) == [], seed


def network_design(seed: int, nodes: int, links: int) -> Case:
    """Sources, sinks, and links of which each costs a sum a year before anything goes over it."""
    rng = np.random.default_rng(seed)
    names = [f"n{number}" for number in range(nodes)]
    pairs = [(a, b) for a in names for b in names if a != b]
    chosen = [pairs[at] for at in rng.permutation(len(pairs))[:links]]
    table = pd.DataFrame(chosen, columns=["from", "to"])
    cost, limit = rng.integers(1, 20, links), [f"{a} to {b}" for a, b in chosen]
    projects = {
        "project": [f"build {name}" for name in limit],
        "capacity_kt": rng.integers(5, 15, links).astype(float),
        "fixed_mcny_per_year": rng.integers(1, 10, links) / 10,
        "adds_to_limit": limit,
    }
    via = [f"{a}>{b}" for a, b in chosen]
    return Case.of(
        Settings("design"),
        nodes=pd.DataFrame({"node": names}),
        links=table.assign(mode="m", km=1.0, cost_cny_per_t=cost.astype(float), one_way=True),
        modes=pd.DataFrame({"mode": ["m"], "cny_per_t_km": [1.0]}),
        limits=pd.DataFrame({"limit": limit, "max": 0.0, "via": via}),
        projects=pd.DataFrame(projects),
        origins=pd.DataFrame({"origin": ["o0", "o1"], "node": names[:2], "supply_kt": 12.0}),
        sinks=pd.DataFrame({"sink": ["s0", "s1", "s2"], "node": names[-3:], "demand_kt": 6.0}),
    )


def least_by_arcs(case: Case) -> float | None:
    """The plain program on arcs, by scipy's own search: MCNY a year."""
    nodes, links, projects = (case.table(name) for name in ("nodes", "links", "projects"))
    count, at = len(links), {name: n for n, name in enumerate(nodes["node"])}
    fixed = dict(zip(projects["adds_to_limit"], projects["fixed_mcny_per_year"], strict=True))
    size = dict(zip(projects["adds_to_limit"], projects["capacity_kt"], strict=True))
    limit = [f"{a} to {b}" for a, b in zip(links["from"], links["to"], strict=True)]
    starts = [at[node] for node in case.origins["node"]]
    balance = np.zeros((len(nodes), 2 * count + len(starts)))
    for number, (a, b) in enumerate(zip(links["from"], links["to"], strict=True)):
        balance[at[a], number], balance[at[b], number] = -1.0, 1.0
    for number, start in enumerate(starts):
        balance[start, 2 * count + number] = 1.0
    need = np.zeros(len(nodes))
    for node, kt in zip(case.sinks["node"], case.sinks["demand_kt"], strict=True):
        need[at[node]] += kt
    opens = np.hstack([np.eye(count), -np.diag([size[name] for name in limit])])
    opens = np.hstack([opens, np.zeros((count, len(starts)))])
    cost = np.r_[links["cost_cny_per_t"] / 1000, [fixed[name] for name in limit], 0.0 * need[:2]]
    whole = np.r_[np.zeros(count), np.ones(count), np.zeros(len(starts))]
    most = np.r_[np.full(count, np.inf), np.ones(count), case.origins["supply_kt"]]
    found = milp(
        cost,
        integrality=whole,
        bounds=(np.zeros(len(cost)), most),
        constraints=[
            LinearConstraint(balance, need, need),
            LinearConstraint(opens, -np.inf, np.zeros(count)),
        ],
    )
    return float(found.fun) if found.status == 0 else None


@pytest.mark.parametrize("seed", range(4))
def test_networks_are_designed_at_the_cost_of_the_plain_program_on_arcs(seed: int) -> None:
    case = network_design(seed, nodes=9, links=36)
    expected, result = least_by_arcs(case), site(case, top=1)
    if expected is None:
        assert result.status == "infeasible"
    else:
        assert result.figures["total_cost_mcny"] == pytest.approx(expected, abs=1e-7)
