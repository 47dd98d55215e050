"""The page of what-if, as served: who may ask, what is answered, saved and refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from model.scenarios.prepare import prepare
from model.studies.whatif.knob import read_moves
from model.studies.whatif.workspace import Workspace
from reports.commands.explore import save_draft
from reports.explore.answers import ExploreAnswers
from reports.explore.app import make_app
from reports.explore.guard import cookie_name, is_token, new_token, refusal
from tests.conftest import Ended
from tests.support.cases import TWELVE_REGIONS
from tests.support.explored import HOST, PORT, TOKEN, requested, start_of

Command = Callable[..., Ended]


# The server


def test_who_may_ask() -> None:
    own = f"http://127.0.0.1:{PORT}"
    allowed: list[dict[str, str]] = [
        HOST,
        {"Host": f"LOCALHOST:{PORT}"},
        HOST | {"Origin": own, "Sec-Fetch-Site": "same-origin"},
        HOST | {"Sec-Fetch-Site": "none"},
    ]
    refused: list[dict[str, str]] = [
        {},
        {"Host": "127.0.0.1"},
        {"Host": f"example.org:{PORT}"},
        {"Host": f"127.0.0.1:{PORT + 1}"},
        {"Host": f"127.0.0.1.example.org:{PORT}"},
        HOST | {"Origin": "http://example.org"},
        HOST | {"Origin": "null"},
        HOST | {"Origin": f"http://localhost:{PORT}"},
        HOST | {"Sec-Fetch-Site": "cross-site"},
        HOST | {"Sec-Fetch-Site": "same-site"},
    ]
    assert [refusal(headers, PORT) for headers in allowed] == [None] * len(allowed)
    assert all(refusal(headers, PORT) for headers in refused)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Any:
    out = tmp_path_factory.mktemp("runs")
    server = make_app(Workspace(TWELVE_REGIONS, out), no_save, out, PORT, TOKEN).server
    client = server.test_client()
    assert client.get(f"/?token={TOKEN}", headers=HOST).status_code == 200  # and so its cookie
    return client


def no_save(draft: Any) -> Path:
    raise OSError("the disk is full")


def answer_to(client: Any, channel: str, **question: Any) -> dict[str, Any]:
    reply = client.post(
        "/_dash-update-component", json=requested(channel, **question), headers=HOST
    )
    assert reply.status_code == 200, reply.data
    answer = reply.json["response"][f"got-{channel}"]["data"]
    assert isinstance(answer, dict)
    return answer


def test_the_page_keeps_to_this_server(client: Any) -> None:
    reply = client.get("/", headers=HOST)
    page = reply.text
    assert reply.status_code == 200
    assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Frame-Options"] == "DENY"
    links = {part.split('"')[0] for part in page.replace('href="', 'src="').split('src="')[1:]}
    assert {link for link in links if not link.startswith(("/", "data:", "#"))} == set()
    assert page.count('class="knob"') == len(start_of(TWELVE_REGIONS).session.knobs)


@pytest.mark.parametrize("path", ["/", "/_dash-layout", "/plotly.min.js", "/assets/explore.js"])
def test_other_hosts_and_sites_are_refused_everywhere(client: Any, path: str) -> None:
    assert client.get(path, headers={"Host": "example.org"}).status_code == 403
    assert client.get(path, headers=HOST | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post(path, headers=HOST | {"Origin": "http://example.org"}).status_code == 403


def test_nobody_is_answered_without_the_token(client: Any) -> None:
    stranger = client.application.test_client()
    question = requested("saved", texts={}, title="x")
    wrong = [None, "", "x", TOKEN[:-1], TOKEN + "x", new_token(), "ключ"]
    for token in wrong:
        stranger.set_cookie(cookie_name(PORT), token or "", domain="127.0.0.1")
        query = {} if token is None else {"token": token}
        for path in ("/", "/_dash-layout", "/plotly.min.js", "/assets/explore.js", "/none"):
            reply = stranger.get(path, headers=HOST, query_string=query)
            assert (reply.status_code, reply.headers.get("Set-Cookie")) == (403, None)
            assert reply.text == "open the whole address that explore printed, with its token\n"
        path = "/_dash-update-component"
        assert (
            stranger.post(path, json=question, headers=HOST, query_string=query).status_code == 403
        )


def test_the_token_of_the_address_is_kept_in_a_cookie_for_this_page_alone(client: Any) -> None:
    visitor = client.application.test_client()
    reply = visitor.get("/", headers=HOST, query_string={"token": TOKEN})
    cookie = reply.headers["Set-Cookie"]
    assert cookie == f"{cookie_name(PORT)}={TOKEN}; HttpOnly; Path=/; SameSite=Strict"
    assert visitor.get("/_dash-layout", headers=HOST).status_code == 200
    assert answer_to(visitor, "quick")["status"] == "optimal"
    assert is_token(TOKEN, TOKEN) and len(TOKEN) >= 32 and new_token() != TOKEN


def test_what_is_no_run_is_not_served(client: Any) -> None:
    for path in ("/report/none", "/report/..", "/?start=../data", "/?start=%2Fetc"):
        assert client.get(path, headers=HOST).status_code == 404


def test_a_huge_request_is_refused(client: Any) -> None:
    reply = client.post("/_dash-update-component", data=b"0" * 2_000_000, headers=HOST)
    assert reply.status_code >= 400


def test_answers_of_the_server(client: Any) -> None:
    texts = {"supply:Yunnan": "400"}
    quick = answer_to(client, "quick", texts=texts, shown=["region-map", "nonsense"])
    assert quick["status"] == "optimal" and list(quick["figures"]) == ["region-map"]
    settled = answer_to(client, "settled", texts=texts)
    assert settled["tiles"] == quick["tiles"] and "Proved optimal" in settled["proof"]
    worths = answer_to(client, "worths", texts=texts)["worths"]
    assert worths["supply:Yunnan"]["text"].startswith("next tonne saves")
    faulty = answer_to(client, "quick", texts={"supply:Yunnan": "many"})
    assert faulty == {"serial": 1, "faults": {"supply:Yunnan": faulty["faults"]["supply:Yunnan"]}}
    assert (
        "no feasible" in answer_to(client, "quick", texts={"demand:Gansu": "9e4"})["said"].lower()
    )
    assert "disk is full" in answer_to(client, "saved", texts=texts, title="x")["error"]
    assert "must be" in answer_to(client, "saved", texts={"carbon": "-1"}, title="x")["error"]
    for nonsense in ([], "x", {"supply:Yunnan": []}, {"supply:Yunnan": {"a": 1}}):
        assert set(answer_to(client, "quick", texts=nonsense)) >= {"serial"}


# The command


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[ExploreAnswers, Path]]:
    monkeypatch.chdir(tmp_path)
    out = Path("runs")
    workspace = Workspace(TWELVE_REGIONS, out)
    start = workspace.start()
    moves, _ = read_moves(start.session.knobs, {"supply:Yunnan": "400", "via:Qingdao": "10"})
    yield (
        ExploreAnswers(workspace),
        save_draft(workspace.draft(start, "Yunnan +400 云南", moves), out),
    )


def test_a_saved_run_is_what_run_makes_of_its_scenario(
    saved: tuple[ExploreAnswers, Path], command: Command
) -> None:
    answers, folder = saved
    (file,) = folder.glob("*.toml")
    assert file.name == "Yunnan-400-云南.toml"
    again = command("run", file, "--case", TWELVE_REGIONS, "--out", "again", "--json").json
    kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for name in kept:
        if name not in {"run", "seconds", "provenance"}:
            assert again[name] == kept[name], name
    for name in ("flows.csv", "balance.csv", "prices.csv", "changes.csv", "observed.csv"):
        assert (Path(again["run"]) / name).read_bytes() == (folder / name).read_bytes()
    assert command("verify", folder.name, "--out", "runs").code == 0
    shown = answers.settled(
        {"serial": 1, "texts": {"supply:Yunnan": 400, "via:Qingdao": 10}}
    )["every"]  # fmt: skip
    assert {name: value for name, value, _ in shown} == {name: kept[name] for name, _, _ in shown}


def test_a_run_is_a_starting_point(saved: tuple[ExploreAnswers, Path]) -> None:
    answers, folder = saved
    assert list(answers.workspace.runs()) == [folder.name]
    start = answers.workspace.start(folder.name)
    kept = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert start.session.start.figures["total_cost_mcny"] == kept["total_cost_mcny"]
    draft = answers.workspace.draft(start, "", {"supply:Yunnan": -400.0})
    assert draft.name == "What-if" and draft.case_path == folder / "inputs"


def test_a_default_scenario_is_kept(tmp_path: Path) -> None:
    """What is saved extends the scenario that was in force."""
    case = tmp_path / "case"
    (case / "scenarios").mkdir(parents=True)
    (case / "case.toml").write_text('name = "c"\ndefault_scenario = "more"\n')
    (case / "origins.csv").write_text("origin,supply_kt\nA,10\n")
    (case / "sinks.csv").write_text("sink,demand_kt\nB,5\n")
    (case / "lanes.csv").write_text("origin,sink,cost_cny_per_t\nA,B,7\n")
    step = '[[step]]\nset = "sinks.demand_kt"\nvalue = 6\nwhy = "more"\n'
    (case / "scenarios" / "more.toml").write_text(f'title = "More"\nwhy = "more"\n{step}')
    workspace = Workspace(case, tmp_path / "runs")
    start = workspace.start()
    assert start.session.start.figures["shipped_kt"] == 6
    draft = workspace.draft(start, "t", {"demand:B": 1.0})
    file = tmp_path / "t.toml"
    file.write_text(draft.text)
    (prepared,) = prepare(case, [str(file)])
    assert prepared.case.sinks["demand_kt"].tolist() == [7.0]


def test_without_dash_the_command_says_what_to_install(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ended = command("explore")
    assert ended.code == 2 and "pip install '.[explore]'" in " ".join(ended.err.split())


def test_a_taken_port_is_named(command: Command) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = command("explore", "--port", str(taken.getsockname()[1]))
    assert ended.code == 2 and "must be free" in ended.err


def test_an_unknown_run_is_named(command: Command) -> None:
    ended = command("explore", "nowhere")
    assert ended.code == 2 and "no finished run" in ended.err
