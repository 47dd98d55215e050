"""The Dash application: one page, and a channel for each kind of answer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flask
from dash import ClientsideFunction, Dash, Input, Output, dcc, html

from model.case.errors import BadInput
from model.case.records import Json
from reports.explore.answers import Answer, ExploreAnswers, refused
from reports.explore.guard import (
    COMMON_HEADERS,
    MOST_BYTES,
    cookie_name,
    is_token,
    page_headers,
    refusal,
)
from reports.explore.page import HERE, render
from reports.language.catalogue import asked_for, speaking_of
from reports.page.page import packed_plotly

if TYPE_CHECKING:
    from model.studies.whatif.workspace import Draft, Workspace

Save = Callable[["Draft"], Path]
"""Runs and saves a drafted scenario; returns the folder of the run."""
CHANNELS = ("quick", "settled", "worths", "saved")


def make_app(workspace: Workspace, save: Save, out: Path, port: int, token: str) -> Any:
    """Return the application; its `server` is a WSGI application that answers on `port` alone.

    It answers those who bring the token: as `?token=` of the first address, then as a cookie.

    The state is the browser's: every request names its start and all its moves, and the
    server keeps nothing of one that could matter to another.
    """
    answers, asked = ExploreAnswers(workspace), asked_for()
    app: Any = Dash(
        __name__,
        assets_folder=str(HERE / "assets"),
        title="What if",
        update_title="",
        include_pages_meta=False,
    )
    # A question and its answer stand in two stores; the page's own script draws the answer.
    app.layout = html.Div(
        [dcc.Store(id=f"{end}-{name}") for name in CHANNELS for end in ("ask", "got", "done")],
        id="channels",
        hidden=True,
    )
    answer_by: dict[str, Callable[[Json], Answer]] = {
        "quick": answers.quick,
        "settled": answers.settled,
        "worths": answers.worths,
        "saved": _saver(answers, save),
    }
    for name, answer in answer_by.items():
        app.callback(
            Output(f"got-{name}", "data"), Input(f"ask-{name}", "data"), prevent_initial_call=True
        )(_spoken(_safely(answer), asked, workspace))
        app.clientside_callback(
            ClientsideFunction("explore", name),
            Output(f"done-{name}", "data"),
            Input(f"got-{name}", "data"),
            prevent_initial_call=True,
        )

    def index(**parts: str) -> str:
        start = workspace.start(flask.request.args.get("start", ""))
        with speaking_of(start.session.start.case, asked):
            return render(start, answers.first(start), workspace.runs(), parts)

    app.interpolate_index = index
    _add_routes(app, workspace, out)
    _add_guard(app, port, token)
    return app


def _spoken(
    answer: Callable[[Json], Answer], asked: str, workspace: Workspace
) -> Callable[[Json], Answer]:
    """The answer in the language that was asked for, else the case's: each has its own thread."""

    def spoken(request: Json) -> Answer:
        with speaking_of(workspace.start("").session.start.case, asked):
            return answer(request)

    return spoken


def _safely(answer: Callable[[Json], Answer]) -> Callable[[Json], Answer]:
    """The answer, or the word that there is none: the page must never wait for nothing."""

    def safe(request: Json) -> Answer:
        try:
            return answer(request)
        except Exception as error:  # noqa: BLE001  whatever it is, the page tells it
            return refused(request, error)

    return safe


def _saver(answers: ExploreAnswers, save: Save) -> Callable[[Json], Answer]:
    def saved(request: Json) -> Answer:
        start, moves = answers.moves(request)
        draft = answers.workspace.draft(start, str(request.get("title", "")), moves)
        folder = save(draft)
        return {"serial": request.get("serial"), "run": folder.name, "path": folder.as_posix(),
                "scenario": f"{draft.name}.toml", "case": draft.case_path.as_posix()}  # fmt: skip

    return saved


def _add_routes(app: Any, workspace: Workspace, out: Path) -> None:
    def plotly() -> flask.Response:
        headers = {"Cache-Control": "max-age=86400", "Content-Encoding": "gzip"}
        return flask.Response(packed_plotly(), mimetype="text/javascript", headers=headers)

    def report(run: str) -> flask.Response:
        if run not in workspace.runs():
            return flask.Response("there is no such run\n", status=404, mimetype="text/plain")
        return flask.send_from_directory((out / run).resolve(), "report.html")

    app.server.add_url_rule("/plotly.min.js", view_func=plotly)
    app.server.add_url_rule("/report/<run>", view_func=report)


def _add_guard(app: Any, port: int, token: str) -> None:
    server = app.server
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    headers = page_headers(list(app.csp_hashes()))

    def refuse() -> flask.Response | None:
        why = refusal(dict(flask.request.headers), port)
        given = (flask.request.args.get("token"), flask.request.cookies.get(cookie_name(port)))
        if why is None and not any(is_token(one, token) for one in given):
            why = "open the whole address that explore printed, with its token"
        if why is None:
            return None
        return flask.Response(f"{why}\n", status=HTTPStatus.FORBIDDEN, mimetype="text/plain")

    def protect(response: flask.Response) -> flask.Response:
        is_report = flask.request.path.startswith("/report/")  # it brings its own, stricter policy
        response.headers.update(COMMON_HEADERS if is_report else headers)
        if response.status_code != HTTPStatus.FORBIDDEN and "token" in flask.request.args:
            name = cookie_name(port)
            response.set_cookie(name, token, httponly=True, samesite="Strict")
        return response

    def explain(error: BadInput) -> flask.Response:
        return flask.Response(f"{error}\n", status=404, mimetype="text/plain")

    server.before_request(refuse)
    server.after_request(protect)
    server.register_error_handler(BadInput, explain)
