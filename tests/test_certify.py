"""The exact certificate: hand-solved cases, wrong claims, shortages, elimination."""

from __future__ import annotations

import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.audit.corner import corner_of
from model.audit.marginals import marginal_value_table
from model.certify.basis import Basis
from model.certify.bound import dual_bound
from model.certify.certificate import certify, certify_texts
from model.certify.derive import derive_program
from model.certify.elimination import SingularError, solve_exactly
from tests.support.certified_texts import (
    DANTZIG,
    DANTZIG_BASIS,
    DANTZIG_FLOWS,
    basis_of,
    flows_text,
    outputs,
)
from tests.support.random_texts import Texts

# Hand-solved


def test_dantzig_is_proved_from_its_basis() -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS))
    assert found == {
        "word": "proved",
        "reason": "",
        "plan_from": "basis",
        "duals_from": "basis",
        "objective_kcny": {"exact": "153675", "about": 153675.0},
        "violation_kt": {"exact": "0", "about": 0.0},
        "violated": None,
        "bound_kcny": {"exact": "153675", "about": 153675.0},
        "gap_kcny": {"exact": "0", "about": 0.0},
        "relative_gap": 0.0,
        "pairs_priced": 6,
        "least_reduced_cost_cny_per_t": {"exact": "0", "about": 0.0},
    }


def test_two_by_two_has_the_duals_worked_out_by_hand() -> None:
    # From a (10 kt) to s costs 1, to t 4; from b (10 kt) to s 3, to t 4.5; s and t need 8 each.
    # Cheapest: a to s 8, then a to t 2 and b to t 6: 8 + 8 + 27 = 43. b has kt to spare, so its
    # price is 0, that of t 4.5, a's −0.5, that of s 1.5.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\n",
        "sinks.csv": "sink,demand_kt\ns,8\nt,8\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\na,t,4\nb,s,3\nb,t,4.5\n",
    }
    program = derive_program(texts)
    columns = dict.fromkeys([("a", "s"), ("a", "t"), ("b", "t")], "basic")
    rows = {"supply_limit[a]": "upper", "demand_met[s]": "lower", "demand_met[t]": "upper"}
    basis = Basis(program, basis_of(columns, rows))
    assert basis.duals() == {
        "supply_limit[a]": Fraction(-1, 2),
        "demand_met[s]": Fraction(3, 2),
        "demand_met[t]": Fraction(9, 2),
    }
    assert basis.plan().cost_kcny() == 43
    assert dual_bound(program, basis.duals()).value_kcny == 43
    assert marginal_value_table(program, corner_of(program, basis)) == {
        ("a", "origin"): (Fraction(1, 2), Fraction(1, 2)),
        ("b", "origin"): (0, 0),
        ("s", "sink"): (Fraction(3, 2), Fraction(3, 2)),
        ("t", "sink"): (Fraction(9, 2), Fraction(9, 2)),
    }


def test_marginals_at_a_degenerate_plan_see_lanes_that_carry_nothing() -> None:
    # lanes at 1 and 3, 10 kt each, demand 10: the last kt cost 1, the next 3.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\nb,s,3\n",
    }
    program = derive_program(texts)
    rows = {"supply_limit[a]": "basic", "supply_limit[b]": "basic", "demand_met[s]": "lower"}
    corner = corner_of(program, Basis(program, basis_of({("a", "s"): "basic"}, rows)))
    assert marginal_value_table(program, corner) == {
        ("a", "origin"): (2, 0),
        ("b", "origin"): (0, 0),
        ("s", "sink"): (1, 3),
    }


def test_a_bound_that_cannot_move_has_no_marginal() -> None:
    texts = {
        "origins.csv": "origin,supply_kt\na,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": "origin,sink,cost_cny_per_t\na,s,1\n",
    }
    program = derive_program(texts)
    rows = {"supply_limit[a]": "basic", "demand_met[s]": "lower"}
    corner = corner_of(program, Basis(program, basis_of({("a", "s"): "basic"}, rows)))
    assert marginal_value_table(program, corner) == {
        ("a", "origin"): (None, 0),
        ("s", "sink"): (1, None),
    }


def test_lane_bounds_count_in_the_bound() -> None:
    # a to s is forced to 2 kt at 9, b to s stops at 5 kt at 1, c gives the rest at 4.
    texts = {
        "origins.csv": "origin,supply_kt\na,10\nb,10\nc,10\n",
        "sinks.csv": "sink,demand_kt\ns,10\n",
        "lanes.csv": ("origin,sink,cost_cny_per_t,min_kt,max_kt\na,s,9,2,\nb,s,1,,5\nc,s,4,,\n"),
    }
    basis = basis_of(
        {("b", "s"): "upper", ("c", "s"): "basic"},
        {"demand_met[s]": "lower"},
    )
    flows = {("a", "s"): 2, ("b", "s"): 5, ("c", "s"): 3}
    found = certify_texts(texts, outputs(flows, basis=basis))
    assert (found["word"], found["objective_kcny"]["exact"]) == ("proved", "35")
    assert found["gap_kcny"]["exact"] == "0"


# Claims that are not proved


def test_a_dearer_plan_is_claimed_with_its_gap() -> None:
    dearer = {("San Diego", "Chicago"): 300, ("San Diego", "Topeka"): 275}
    dearer |= {("Seattle", "New York"): 325}
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(dearer, duals=duals))
    assert (found["word"], found["gap_kcny"]["exact"]) == ("claimed", "2700")
    assert found["reason"] == "a gap of 0.017266187050359712 remains"


def test_a_plan_that_breaks_a_bound_is_not_proved() -> None:
    broken = DANTZIG_FLOWS | {("Seattle", "New York"): 51}
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(broken, duals=duals))
    assert (found["word"], found["violated"]) == ("claimed", "supply_limit[Seattle]")
    assert found["reason"] == "supply_limit[Seattle] is broken by 1.0"


@pytest.mark.parametrize(
    "certificate", [{}, {"basis": {"columns": [], "rows": []}}, {"duals": {"no_such_row[x]": 5.0}}]
)
def test_a_plan_can_prove_itself_by_the_prices_of_its_lanes(certificate: dict[str, object]) -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, **certificate))
    assert (found["word"], found["duals_from"]) == ("proved", "plan, near those claimed")


def test_noise_in_published_figures_is_sharpened_away() -> None:
    noisy = {key: kt + 3e-8 for key, kt in DANTZIG_FLOWS.items()}
    duals = {"demand_met[Chicago]": 153.00000000001, "demand_met[New York]": 224.99999999998}
    duals |= {"demand_met[Topeka]": 126.00000000003, "supply_limit[Seattle]": -1e-11}
    found = certify_texts(DANTZIG, outputs(noisy, duals=duals))
    assert (found["word"], found["plan_from"]) == ("proved", "flows, sharpened")
    assert found["gap_kcny"]["exact"] == "0"


def test_a_singular_basis_falls_back_to_the_published_figures() -> None:
    columns = dict.fromkeys([("San Diego", "Chicago"), ("San Diego", "Chicago", "")], "basic")
    basis = basis_of(columns, {"demand_met[Topeka]": "lower"})
    duals = {"demand_met[Chicago]": 153, "demand_met[New York]": 225, "demand_met[Topeka]": 126}
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=basis, duals=duals))
    assert (found["word"], found["plan_from"]) == ("proved", "flows, sharpened")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"flows.csv": flows_text({("Seattle", "Paris"): 1})}, "Seattle to Paris: no such origin"),
        ({"certificate.json": "{"}, "certificate.json: Expecting property name"),
        ({"certificate.json": '{"duals": NaN}'}, "certificate.json: NaN is not a number"),
        ({"flows.csv": "origin,sink,ship_kt\nSeattle,Chicago\n"}, "flows.csv: row 2 has 2 cells"),
        ({"flows.csv": flows_text({("Seattle", "Chicago"): "1,0"})}, "flows.csv: row 2 has 6"),
        ({"flows.csv": flows_text({("Seattle", "Chicago"): "inf"})}, "'inf' is not a decimal"),
    ],
)
def test_what_cannot_be_read_is_claimed_only(change: Texts, reason: str) -> None:
    found = certify_texts(DANTZIG, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS) | change)
    assert found["word"] == "claimed"
    assert found["reason"].startswith(reason)


def test_a_lane_that_stands_twice_is_refused() -> None:
    repeated = DANTZIG | {"lanes.csv": DANTZIG["lanes.csv"] + "Seattle,Chicago,0.1\n"}
    found = certify_texts(repeated, outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS))
    assert found["reason"] == "lanes.csv: Seattle to Chicago stands twice"


def test_lanes_of_several_modes_join_a_pair_once() -> None:
    header, *rows = DANTZIG["lanes.csv"].splitlines()
    lanes = [f"{row},,0,1.5" for row in rows] + [
        "Seattle,Topeka,0.1,rail,100,",
        "San Diego,Topeka,0.2,sea,,",
    ]
    several = DANTZIG | {"lanes.csv": "\n".join([f"{header},mode,km,max_kt", *lanes]) + "\n"}
    explicit = derive_program(several).explicit
    assert (len(explicit), explicit.count_pairs()) == (8, 6)
    assert explicit["Seattle", "Topeka", "rail"].km == 100
    assert explicit["San Diego", "Topeka", "sea"].km == 0
    assert explicit["San Diego", "Chicago", ""].max_kt == Fraction(3, 2)
    assert ("Seattle", "Topeka", "sea") not in explicit
    assert explicit.joins("Seattle", "Topeka") and not explicit.joins("Topeka", "Seattle")


# Infeasible


def test_a_shortage_is_proved_with_its_least_tonnes() -> None:
    short = DANTZIG | {"sinks.csv": "sink,demand_kt\nChicago,360\nNew York,390\nTopeka,330\n"}
    weights = dict.fromkeys(("supply_limit[San Diego]", "supply_limit[Seattle]"), -1.0)
    weights |= {f"demand_met[{sink}]": 1.0 for sink in ("Chicago", "New York", "Topeka")}
    found = certify_texts(short, outputs({}, farkas=weights))
    assert found == {
        "word": "proved",
        "reason": "no plan can exist",
        "excess": {"exact": "130", "about": 130.0},
        "shortage_kt_at_least": {"exact": "130", "about": 130.0},
        "violation_at_least": {"exact": "130", "about": 130.0},
        "rows": sorted(weights),
    }


def test_a_false_cut_is_not_believed() -> None:
    weights = {"demand_met[Chicago]": 1.0, "supply_limit[Seattle]": -1.0}
    assert certify_texts(DANTZIG, outputs({}, farkas=weights))["word"] == "claimed"


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 8), st.randoms(use_true_random=False))
def test_elimination_solves_what_it_should(size: int, chance: random.Random) -> None:
    truth = {
        column: Fraction(chance.randint(-9, 9), chance.randint(1, 5)) for column in range(size)
    }
    equations = {
        row: {
            column: Fraction(value)
            for column in range(size)
            if (value := chance.choice([0, 0, 1, -1, 2]))
        }
        for row in range(size)
    }
    right = {
        row: sum((truth[c] * w for c, w in terms.items()), Fraction(0))
        for row, terms in equations.items()
    }
    dense = np.array([[float(equations[r].get(c, 0)) for c in range(size)] for r in range(size)])
    if np.linalg.matrix_rank(dense) == size:
        assert solve_exactly(equations, right) == truth
    else:
        with pytest.raises(SingularError):
            solve_exactly(equations, right)
        solved = solve_exactly(equations, right, guess=truth)
        for row, terms in equations.items():
            assert sum((solved[c] * w for c, w in terms.items()), Fraction(0)) == right[row]


# The package itself


def test_it_needs_nothing_but_the_standard_library() -> None:
    code = (
        "import sys; import model.certify\n"
        "ours = {m for m in sys.modules if m.startswith('model')}\n"
        "assert all(m == 'model' or m.startswith('model.certify') for m in ours), ours\n"
        "outside = {m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names)\n"
        "assert outside <= {'model', '__main__'}, outside\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_folder_is_certified_as_its_texts_are(tmp_path: Path) -> None:
    texts = outputs(DANTZIG_FLOWS, basis=DANTZIG_BASIS)
    (tmp_path / "inputs").mkdir()
    for name, text in DANTZIG.items():
        (tmp_path / "inputs" / name).write_text(text, encoding="utf-8")
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert certify(tmp_path) == certify_texts(DANTZIG, texts)
