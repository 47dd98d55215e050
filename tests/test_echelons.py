"""Plants, depots and customers: a published problem, and stock that depots hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from model import allocate, plan, read_case, site, verify
from tests.support.small_case import write_file

DISTRIBUTION = Path(__file__).parent / "data" / "published" / "two-echelon-distribution"
"""Two factories, six depots, six customers; tonnes of the book stand as kt, pounds as CNY."""


def test_a_published_problem_of_two_echelons_costs_what_the_book_says(tmp_path: Path) -> None:
    """H. P. Williams, Model Building in Mathematical Programming (2013), examples 19 and 20.

    With the four depots that stand 198,500 pounds; at best 174,000: Newcastle is closed,
    Northampton built and Birmingham enlarged, so that no more than four depots stand.
    """
    case = read_case(DISTRIBUTION)
    today = allocate(case)
    assert today.figures["total_cost_mcny"] * 1e6 == pytest.approx(198_500)
    chosen = site(case)
    assert chosen.figures["total_cost_mcny"] * 1e6 == pytest.approx(174_000)
    assert chosen.figures["opened"] == ["Birmingham enlarged", "Northampton"]
    assert chosen.figures["closed"] == ["Newcastle"]
    assert chosen.figures["shipped_kt"] == today.figures["shipped_kt"] == 215
    assert chosen.figures["claimed_bound_mcny"] * 1e6 == pytest.approx(174_000)
    assert verify(chosen.save(tmp_path)).agrees


def test_a_depot_holds_stock_of_what_it_hands_on(tmp_path: Path) -> None:
    """Half a year in which the mill makes little for a yard by the town, and one in which it can.

    By hand: of the 20 kt that the town needs in the second half, the link carries 12 in that half;
    the other 8 are brought in the first, handled then, and held at the yard, as the mill could send
    no more of them later. The town's 4 kt of the first half pass through.
    """
    tables = {
        "origins": "origin,supply_kt,cost_cny_per_t\nMill,100,10\nYard,60,2\n",
        "recipes": "output,input,t_per_t,origin\nproduct,product,1,Yard\n",
        "sinks": "sink,demand_kt\nTown,8\n",
        "lanes": "origin,sink,cost_cny_per_t,km,max_kt\nMill,Yard,20,100,24\nYard,Town,5,10,\n",
        "periods": "period,length_years,holding_cny_per_t,max_stock_kt\n"
        "first,1/2,3,50\nsecond,1/2,0,0\n",
        "paths": "target,where,period,value\nsinks.demand_kt,,second,40\n",
    }
    folder = tmp_path / "case"
    write_file(folder / "case.toml", 'name = "yard"\nyear = 2025\ndiscount_rate = 0\n')
    for name, text in tables.items():
        write_file(folder / f"{name}.csv", text)
    answer = plan(read_case(folder))
    assert answer.figures["total_cost_mcny"] * 1e3 == pytest.approx(24 * (10 + 20 + 2 + 5) + 8 * 3)
    assert answer.stocks[["origin", "stock_kt"]].to_numpy().tolist() == [["Yard", 8.0]]
    years = answer.years.set_index("year")
    assert years["made_kt"].tolist() == [24, 24] and years["stock_kt"].tolist() == [8, 0]
    assert years["shipped_kt"].tolist() == [8, 40]
    assert years["bn_t_km"].tolist() == pytest.approx([8 * 110 / 1e6, 40 * 110 / 1e6])
    assert years["production_cost_mcny"].tolist() == pytest.approx([24 * 12 / 1e3] * 2)
    saved = answer.save(tmp_path / "runs")
    assert verify(saved).agrees
    flows = (saved / "flows.csv").read_text(encoding="utf-8")
    assert "Yard,Town,,,16," in flows  # of the 40 kt a year, those that were held
    forged = flows.replace("Yard,Town,,,16,", "Yard,Town,,,17,")
    (saved / "flows.csv").write_text(forged, encoding="utf-8")
    assert not verify(saved).agrees
