"""`DRAWS.toml`: what it may say, what is refused, and what is drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import kstest, spearmanr, triang

from model.case.case import Case
from model.case.errors import BadInput
from model.reading.read_case import read_case
from model.studies.sweep.distributions import Distribution
from model.studies.sweep.draws import draw
from model.studies.sweep.read_draws import read_draws

GOOD = '[[vary]]\ntarget = "origins.supply_kt"\ndistribution = "uniform"\nlow = 0.9\nhigh = 1.1\n'
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str, csv: str = "") -> Path:
        if csv:
            (tmp_path / "draws.csv").write_text(csv, encoding="utf-8")
        path = tmp_path / "DRAWS.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def case(dantzig: Path) -> Case:
    return read_case(dantzig)


def refused(read: Callable[[], object]) -> list[str]:
    with pytest.raises(BadInput) as caught:
        read()
    return [str(fault) for fault in caught.value.faults]


def test_a_plain_plan(write: Write, case: Case) -> None:
    plan = read_draws(write(GOOD))
    assert (plan.seed, plan.draws, plan.keep) == (1, 1000, ("prices",))
    draws = draw(case, plan, 5)
    assert draws.value.shape == (5, 1)
    supply = draws.column("origins.supply_kt", np.array([600.0, 350.0]))
    assert supply == pytest.approx(draws.value * np.array([[600.0, 350.0]]))


def test_each_row_may_draw_its_own(write: Write, case: Case) -> None:
    draws = draw(case, read_draws(write(GOOD + "each = true\n")), 4)
    names = ["origins.supply_kt San Diego", "origins.supply_kt Seattle"]
    assert [lever.name for lever in draws.levers] == names


def test_absolute_figures_take_the_place_of_the_case(write: Write, case: Case) -> None:
    text = GOOD.replace("0.9", "400").replace("1.1", "500") + 'how = "absolute"\n'
    draws = draw(case, read_draws(write(text)), 50)
    supply = draws.column("origins.supply_kt", np.array([600.0, 350.0]))
    assert supply.min() >= 400 and supply.max() <= 500


def test_figures_of_the_users_own(write: Write, case: Case) -> None:
    text = 'csv = "draws.csv"\n[[vary]]\nname = "West"\ntarget = "origins.supply_kt"\n'
    plan = read_draws(write(text, "West\n1.5\n1.25\n"))
    assert plan.draws == 2
    assert draw(case, plan).value.tolist() == [[1.5], [1.25]]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (
            GOOD.replace("supply_kt", "suply_kt"),
            'DRAWS.toml:vary 1:target: "origins.suply_kt" found; must be a figure that costs depend'
            ' on; did you mean "origins.supply_kt"?',
        ),
        (
            GOOD.replace("low = 0.9\n", ""),
            "DRAWS.toml:vary 1:low: no low found; a uniform distribution must have low, high;"
            " write low = ...",
        ),
        (
            GOOD.replace('distribution = "uniform"\n', ""),
            "DRAWS.toml:vary 1:distribution: no distribution found; must be a distribution;"
            " write one of uniform, triangular, normal",
        ),
        (
            'seed = "1"\n' + GOOD,
            'DRAWS.toml:seed: "1" found; must be a whole number of at least 0, at most'
            " 9223372036854775807; write seed = 1",
        ),
        (
            "seed = true\n" + GOOD,
            "DRAWS.toml:seed: true found; must be a whole number of at least 0, at most"
            " 9223372036854775807; write seed = 1",
        ),
        (
            "draws = 0\n" + GOOD,
            "DRAWS.toml:draws: 0 found; must be a whole number of at least 1, at most 1000000;"
            " write draws = 1",
        ),
        (
            'keep = ["price"]\n' + GOOD,
            'DRAWS.toml:keep: "price" found; there is no such table of a draw; did you mean'
            ' "prices"?',
        ),
        (
            "sed = 1\n" + GOOD,
            'DRAWS.toml:sed: "sed" found; there is no such key; did you mean "seed"?',
        ),
        (
            GOOD.replace("0.9", "1.2"),
            "DRAWS.toml:vary 1: low 1.2 not below high 1.1 found; a uniform distribution must be"
            " possible; mend its figures",
        ),
        (
            GOOD + "sd = 2\n",
            "DRAWS.toml:vary 1:sd: 2 found; a uniform distribution has low, high; drop it",
        ),
        (
            GOOD + 'group = "all"\n',
            'DRAWS.toml:vary 1:group: "all" found; must stand in [correlations]; write'
            " [correlations] all = 0.5",
        ),
        (
            "[correlations]\nall = 2\n" + GOOD,
            "DRAWS.toml:correlations:all: 2 found; must be a number from 0 to 1; write one",
        ),
        (
            GOOD + 'where = { orign = ["Seattle"] }\n',
            'DRAWS.toml:vary 1:where.orign: "orign" found; origins has no such column; did you mean'
            ' "origin"?',
        ),
        (
            "seed = 1\n",
            "DRAWS.toml:vary: nothing that varies found; must have a [[vary]]; add one",
        ),
        (
            GOOD + GOOD,
            'DRAWS.toml:vary: "origins.supply_kt" found; variations must differ in name;'
            " give each a name of its own",
        ),
    ],
)
def test_refused(write: Write, text: str, fault: str) -> None:
    assert refused(lambda: read_draws(write(text))) == [fault]


def test_every_fault_at_once(write: Write) -> None:
    text = 'seed = "x"\ndraws = -1\n' + GOOD.replace("uniform", "unifrom")
    assert len(refused(lambda: read_draws(write(text)))) == 3


def test_a_plan_that_does_not_fit_its_case(write: Write, case: Case) -> None:
    nowhere = read_draws(write(GOOD + 'where = { origin = ["Boston"] }\n'))
    (fault,) = refused(lambda: draw(case, nowhere))
    assert fault.startswith("DRAWS.toml:vary 1:where:") and "must match a row of origins" in fault
    blank = read_draws(write(GOOD.replace("origins.supply_kt", "lanes.max_kt")))
    (fault,) = refused(lambda: draw(case, blank))
    assert fault == (
        "DRAWS.toml:vary 1:target: a blank found; a figure that varies must be given in the case;"
        " write it there"
    )


def test_negative_results_are_refused(write: Write, case: Case) -> None:
    text = GOOD.replace("uniform", "normal").replace("low = 0.9\nhigh = 1.1", "mean = 1\nsd = 1")
    (fault,) = refused(lambda: draw(case, read_draws(write(text))))
    assert "must be at least 0; narrow the distribution, or cut it off with low and high" in fault
    assert " for origins.supply_kt in draw " in fault
    cut = draw(case, read_draws(write(text + "low = 0\nhigh = 3\n")))
    assert cut.value.min() >= 0 and cut.value.max() <= 3


def test_a_demand_above_its_most_is_refused(write: Write, case: Case) -> None:
    limited = case.replace(sinks=case.sinks.assign(max_kt=case.sinks["demand_kt"] * 1.05))
    text = GOOD.replace("origins.supply_kt", "sinks.demand_kt")
    (fault,) = refused(lambda: draw(limited, read_draws(write(text))))
    assert "demand_kt must be at most max_kt" in fault


@pytest.mark.parametrize(
    ("csv", "part"),
    [
        ("East\n1\n", 'must have a column for every variation, so one for "West"'),
        ("West,North\n1,2\n", "every column must be the name of a variation"),
        ("West\n1\nx\n", 'draws.csv:3:West: "x" found; must be a plain decimal number'),
        ('West\n1\n"1",2\n', "2 cells found; must have 1"),
    ],
)
def test_a_csv_that_does_not_fit(write: Write, csv: str, part: str) -> None:
    text = 'csv = "draws.csv"\n[[vary]]\nname = "West"\ntarget = "origins.supply_kt"\n'
    assert any(part in fault for fault in refused(lambda: read_draws(write(text, csv))))


def test_a_csv_and_a_distribution_exclude_each_other(write: Write) -> None:
    faults = refused(lambda: read_draws(write('csv = "draws.csv"\n' + GOOD, "a\n1\n")))
    assert "figures come from the CSV or from a distribution, not from both" in faults[0]


@pytest.mark.parametrize(
    ("distribution", "cdf"),
    [
        (Distribution("uniform", low=2, high=5), lambda x: (x - 2) / 3),
        (Distribution("triangular", low=2, mode=3, high=6), triang(0.25, 2, 4).cdf),
        (Distribution("triangular", low=2, mode=2, high=6), triang(0.0, 2, 4).cdf),
    ],
)
def test_distributions(distribution: Distribution, cdf: Callable[[np.ndarray], np.ndarray]) -> None:
    drawn = distribution.of_normal(np.random.default_rng(0).standard_normal(20_000))
    assert kstest(drawn, cdf).pvalue > 0.01


def test_a_group_is_correlated_as_asked(write: Write, case: Case) -> None:
    text = "[correlations]\nsame = 0.8\n" + GOOD + 'each = true\ngroup = "same"\n'
    value = draw(case, read_draws(write(text)), 5000).value
    assert spearmanr(value).statistic == pytest.approx(0.78, abs=0.03)
