"""Names hold any sign and may be words of the program: no command takes one for anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from model.case.case import Case
from model.case.errors import BadInput
from model.case.schema import MAX_NAME_LENGTH
from model.case.write import write_case
from model.reading.read_case import read_case
from model.studies.whatif.scenario_file import toml
from model.studies.whatif.workspace import Workspace
from reports.explore.answers import ExploreAnswers
from tests.conftest import Ended
from tests.support.cases import same_case
from tests.support.renamed_case import renamed
from tests.support.small_case import write_scenario, write_small_case
from tests.support.where_text import where_text

Command = Callable[..., Ended]
NameOf = Callable[[str, str], str]

SIGNS = "#:,\"'()[]{}=&\\/%$;~`!?*^<.é京🙂\u200d@+-_ ×"
FIRST = {
    "origin": "South mill", "sink": "East", "region": "South", "node": "Port", "mode": "rail",
    "limit": "port", "group": "west", "duty": "tariff", "assumption": "rail tariff",
}  # fmt: skip
"""One name of each vocabulary: those that the commands below are asked about."""
WORDS = [
    "unmet", "stock", "lane 0", "R (new)", "new", "made", "total", "base", "supply_limit",
    "demand_met", "limit_kept", "nan", "None", "null", "true", "1", "1e5", "2024", "Others", "all",
    "carbon", "sea", "run", "origin", "sink", "South@0", "P@2024", "__proto__", "constructor",
    "domestic", "ship_kt", "index", "name", "level_0", "T", "lane", "other", "km", "South mill II",
    "inputs", "Name", "size_kt", "yes", "Port>Farport", "cost",
]  # fmt: skip
"""Words that stand for something within the program, in its files, or in the libraries."""


def inner_words(shift: int) -> NameOf:
    """One name of each vocabulary is a word of the program; the vocabularies differ in theirs."""
    allowed = [word for word in WORDS if ">" not in word]
    words = cycle(allowed[shift % len(allowed) :] + allowed[: shift % len(allowed)])
    chosen = {kind: next(words) for kind in FIRST}
    return lambda kind, name: chosen[kind] if name == FIRST[kind] else name


SCHEMES: dict[str, NameOf] = {
    "every sign": lambda _, name: f"{name}{SIGNS}x",
    "formulas": lambda kind, name: "=+-@="[len(kind) % 4] + name,
    "as long as may be": lambda _, name: name.ljust(MAX_NAME_LENGTH, "N"),
    "one word for everything": lambda kind, name: "stock" if name == FIRST[kind] else name,
} | {f"inner words {n}": inner_words(n * len(FIRST)) for n in range(5)}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return read_case(write_small_case(tmp_path_factory.mktemp("small") / "case"))


def draws(name_of: NameOf) -> str:
    targets = {
        "sinks.demand_kt": {"sink": [name_of("sink", "East")]},
        "modes.cny_per_t_km": {"mode": [name_of("mode", "rail")]},
    }
    rows = [
        {"name": f"{target} {where}", "target": target, "where": where}
        | {"distribution": "uniform", "low": 0.9, "high": 1.1}
        for target, where in targets.items()
    ]
    vary = ("[[vary]]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in row.items()) for row in rows)
    return "draws = 4\n" + "\n".join(vary)


def questions(name_of: NameOf) -> dict[str, list[str]]:
    """Every command that asks about something by name; `ranges` and `plan` show all names."""
    costly = where_text({"origin": [name_of("origin", "South mill")]})
    port, rail = name_of("limit", "port"), name_of("mode", "rail")
    in_west, quay = f"{name_of('region', 'West')}=2", name_of("origin", "Quay")
    told = {
        "run": "run",
        "full": "run more --full",
        "capacity": "curve --up-to 50 --at",
        "limit": "curve --of limit --from 50 --up-to 120 --at",
        "rate": "curve --of rate --from 0.1 --up-to 0.2 --at",
        "cost": "curve --of origins.cost_cny_per_t --from 100 --up-to 300 --at",
        "ranges": "ranges",
        "why": "why --",
        "site": "site --full --top 3 --against more",
        "plan": "plan --exclude",
        "sweep": "sweep draws.toml",
    }
    names = {
        "capacity": [name_of("region", "South")],
        "limit": [port],
        "rate": [rail],
        "cost": [costly],
        "why": [name_of("origin", "South mill"), name_of("sink", "East")],
        "site": ["--quota", in_west, "--include", quay],
        "plan": [name_of("origin", "West mill II")],
    }
    return {
        question: [*words.split(), *names.get(question, [])] for question, words in told.items()
    }


def answers(case: Case, name_of: NameOf, command: Command) -> Iterator[tuple[str, Any]]:
    """What each command finds, without the names."""
    folder = Path("case")
    write_case(renamed(case, name_of), folder)
    step = {"scale": "sinks.demand_kt", "where": {"sink": [name_of("sink", "East")]}, "value": 1.01}
    steps = "".join(f"{key} = {toml(value)}\n" for key, value in step.items())
    write_scenario(folder, "more", f'title = "More"\n[[step]]\n{steps}why = "a test"\n')
    Path("draws.toml").write_text(draws(name_of), encoding="utf-8")
    assert command("check", "--case", folder).code == 0
    runs = {}
    for question, (verb, *words) in questions(name_of).items():
        ended = command(verb, "--case", folder, "--out", "runs", "--json", *words)
        assert ended.code == 0, f"{question}: {ended.err}"
        runs[question] = ended.json["run"]
        found = {key: ended.json.get(key) for key in ("total_cost_mcny", "capital_mcny")}
        yield question, found | {"opened": len(ended.json.get("opened") or [])}
    compared = command("compare", runs["run"], runs["full"], "--out", "runs", "--json")
    assert compared.code == 0, compared.err
    for question in ("capacity", "why", "sweep", "plan", "site"):
        assert command("verify", runs[question], "--out", "runs").code == 0, question
    folder_of = Path(runs["run"])
    assert same_case(read_case(folder_of / "report.xlsx"), read_case(folder_of / "inputs"))
    yield "explore", explored(folder, name_of)


def explored(folder: Path, name_of: NameOf) -> Any:
    """What the what-if page answers when the demand of a sink is moved, and its saved scenario."""
    workspace = Workspace(folder, Path("runs"))
    start = workspace.start()
    key = f"demand:{name_of('sink', 'East')}"
    assert key in start.session.by_key
    moves, faults = start.read({key: "5"})
    assert not faults
    assert "error" not in ExploreAnswers(workspace).settled({"texts": {key: "5"}})
    draft = workspace.draft(start, "Moved", moves)
    write_scenario(folder, "moved", draft.text)
    return start.session.settled(moves).figures["total_cost_mcny"]


EXPECTED: dict[str, Any] = {}


@pytest.mark.system
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_command_answers_the_same_whatever_the_names_are(
    scheme: str, plain: Case, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not EXPECTED:
        (tmp_path / "plain").mkdir()
        monkeypatch.chdir(tmp_path / "plain")
        EXPECTED.update(answers(plain, lambda _, name: name, command))
        monkeypatch.chdir(tmp_path)
    found = dict(answers(plain, SCHEMES[scheme], command))
    assert found == {
        question: pytest.approx(expected) if question == "explore" else expected
        for question, expected in EXPECTED.items()
    }


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("a|b", 'must not hold "|", which joins several names'),
        ("a\nb", "must hold no control or invisible character (character 2 is U+000A)"),
        ("a\tb", "must hold no control or invisible character (character 2 is U+0009)"),
        ("a\u202eb", "must hold no control or invisible character (character 2 is U+202E)"),
        (" a", "must not begin or end with a space"),
        ("a\u3000", "must not begin or end with a space"),
        ("N" * (MAX_NAME_LENGTH + 1), f"a name may have at most {MAX_NAME_LENGTH} characters"),
    ],
)
def test_a_name_that_cannot_work_is_refused_by_its_sign(
    plain: Case, tmp_path: Path, name: str, rule: str
) -> None:
    for kind, first in FIRST.items():
        if kind == "assumption":
            continue
        write_case(renamed(plain, lambda k, n: name if n == FIRST[k] else n), tmp_path / kind)
        with pytest.raises(BadInput) as refused:
            read_case(tmp_path / kind)
        assert rule in {fault.rule for fault in refused.value.faults}, first


@pytest.mark.parametrize("kind", ["node", "mode"])
def test_a_name_that_would_part_a_route_is_refused(plain: Case, tmp_path: Path, kind: str) -> None:
    write_case(renamed(plain, lambda k, n: "a>b" if (k, n) == (kind, FIRST[kind]) else n), tmp_path)
    with pytest.raises(BadInput) as refused:
        read_case(tmp_path)
    assert 'must not hold ">", which parts a route' in str(refused.value)
