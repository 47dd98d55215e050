"""Published siting problems as cases a user could write, and small random ones."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from model.case.case import Case, Settings
from model.studies.siting.problem import SitingProblem
from tests.support.published import FOLDER, NOT_NAMED


def instance(name: str) -> Path:
    """A file of published instances; the test skips where there is none."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(NOT_NAMED)
    return path


def warehouse_case(path: Path) -> Case:
    """An OR-Library warehouse problem: every warehouse is a project with lanes of its own.

    A customer's demand counts as kt and its cost per unit as CNY/t, so that the objective is in
    thousands; a fixed cost in MCNY a year is a thousandth of the published one.
    """
    numbers = iter(map(float, path.read_text().split()))
    sites, customers = int(next(numbers)), int(next(numbers))
    capacity, fixed = zip(*((next(numbers), next(numbers)) for _ in range(sites)), strict=True)
    demand, cost = [], []
    for _ in range(customers):
        demand.append(next(numbers))
        cost.append([next(numbers) / demand[-1] for _ in range(sites)])
    names = [f"w{site:02}" for site in range(sites)]
    buyers = [f"c{customer:02}" for customer in range(customers)]
    pairs = list(itertools.product(range(customers), range(sites)))
    return Case.of(
        Settings(name=path.stem),
        sinks=pd.DataFrame({"sink": buyers, "demand_kt": demand}),
        projects=pd.DataFrame(
            {
                "project": names,
                "capacity_kt": capacity,
                "fixed_mcny_per_year": np.array(fixed) / 1000,
            }
        ),
        lanes=pd.DataFrame(
            {
                "origin": [names[site] for _, site in pairs],
                "sink": [buyers[customer] for customer, _ in pairs],
                "cost_cny_per_t": [cost[customer][site] for customer, site in pairs],
            }
        ),
    )


def plants_case(folder: Path) -> Case:
    """Five plants and four warehouses; a thousand units are a kt."""
    plants = pd.read_csv(folder / "gurobi_facility_plants.csv")
    buyers = pd.read_csv(folder / "gurobi_facility_warehouses.csv")
    costs = pd.read_csv(folder / "gurobi_facility_costs.csv")
    return Case.of(
        Settings(name="plants"),
        sinks=pd.DataFrame(
            {"sink": buyers["warehouse"], "demand_kt": buyers["demand_kunits"].astype(float)}
        ),
        projects=pd.DataFrame(
            {
                "project": plants["plant"],
                "capacity_kt": plants["capacity_kunits"].astype(float),
                "fixed_mcny_per_year": plants["fixed_cost"] / 1000,
            }
        ),
        lanes=pd.DataFrame(
            {
                "origin": costs["plant"],
                "sink": costs["warehouse"],
                "cost_cny_per_t": costs["cost_per_kunit"].astype(float),
            }
        ),
    )


def supermarkets_case(folder: Path) -> Case:
    """Two shops and nine sites without capacity: each site could serve both."""
    sites = pd.read_csv(folder / "gurobi_supermarkets_sites.csv")
    shops = pd.read_csv(folder / "gurobi_supermarkets_customers.csv")
    lanes = [
        (site, shop, math.hypot(site_x - shop_x, site_y - shop_y))
        for site, site_x, site_y in zip(sites["site"], sites["x"], sites["y"], strict=True)
        for shop, shop_x, shop_y in zip(shops["customer"], shops["x"], shops["y"], strict=True)
    ]
    return Case.of(
        Settings(name="supermarkets"),
        sinks=pd.DataFrame({"sink": shops["customer"], "demand_kt": 1.0}),
        projects=pd.DataFrame(
            {
                "project": sites["site"],
                "capacity_kt": float(len(shops)),
                "fixed_mcny_per_year": sites["fixed_cost_mGBP"] / 1000,
            }
        ),
        lanes=pd.DataFrame(lanes, columns=["origin", "sink", "cost_cny_per_t"]),
    )


OPENED_AT_WILL = ("Newcastle", "Exeter", "Bristol", "Northampton")
"""Depots of the second problem that may be shut; Birmingham and London stay."""


def distribution_case(folder: Path, problem: int) -> Case:
    """Williams' distribution: factories and depots are nodes, a depot's throughput is a limit.

    In the second problem a depot that may be open or shut is a project that raises its limit from
    nothing; those are the region `Depots`, so that a quota holds for them and not for the larger
    Birmingham. Tonnes count as kt, so that costs are in thousands.
    """
    nodes = pd.read_csv(folder / "williams_nodes.csv")
    used = nodes["used_in"].astype(str).str.contains(str(problem))
    nodes = nodes[used].set_index("node")
    arcs = pd.read_csv(folder / f"williams_distribution{problem}_arcs.csv")
    size = (nodes["capacity_or_demand"] / 1000).astype(float)
    factories, depots, buyers = (
        list(nodes.index[nodes["type"] == kind]) for kind in ("factory", "depot", "customer")
    )
    at_will = [] if problem == 1 else list(OPENED_AT_WILL)
    projects = pd.DataFrame(
        {
            "project": [f"{depot} depot" for depot in at_will],
            "node": at_will,
            "region": "Depots",
            "capacity_kt": [size[depot] for depot in at_will],
            "fixed_mcny_per_year": [nodes["open_cost_problem2"][d] / 1e6 for d in at_will],
            "adds_to_limit": at_will,
        }
    )
    larger = pd.DataFrame(
        {
            "project": ["Birmingham enlarged"],
            "node": ["Birmingham"],
            "region": ["Birmingham"],
            "capacity_kt": [20.0],
            "fixed_mcny_per_year": [0.003],
            "adds_to_limit": ["Birmingham"],
        }
    )
    return Case.of(
        Settings(name=f"distribution{problem}"),
        origins=pd.DataFrame(
            {"origin": factories, "node": factories, "supply_kt": [size[f] for f in factories]}
        ),
        sinks=pd.DataFrame(
            {"sink": buyers, "node": buyers, "demand_kt": [size[b] for b in buyers]}
        ),
        nodes=pd.DataFrame({"node": nodes.index}),
        modes=pd.DataFrame({"mode": ["truck"]}),
        links=pd.DataFrame(
            {
                "from": arcs["from"],
                "to": arcs["to"],
                "mode": "truck",
                "cost_cny_per_t": arcs["unit_cost"],
                "one_way": True,
            }
        ),
        limits=pd.DataFrame(
            {
                "limit": depots,
                "via": depots,
                "max_kt": [0.0 if depot in at_will else size[depot] for depot in depots],
            }
        ),
        projects=projects if problem == 1 else pd.concat([projects, larger]),
    )


def all_sets(problem: SitingProblem) -> list[tuple[float, tuple[bool, ...]]]:
    """Every set that keeps rules and requirements, with its least cost; by full enumeration."""
    formulation = problem.formulation
    found = []
    for answers in itertools.product([False, True], repeat=len(formulation.options)):
        if not keeps_rules(problem, answers):
            continue
        choice = formulation.evaluate(answers, problem.rows)
        if choice is not None:
            found.append((choice.cost_kcny, answers))
    return sorted(found)


def keeps_rules(problem: SitingProblem, answers: tuple[bool, ...]) -> bool:
    """Whether answers keep the rules of the case."""
    return all(
        rule.least <= sum(weight * answers[n] for n, weight in rule.weights.items()) <= rule.most
        for rule in problem.formulation.options.rules
    )
