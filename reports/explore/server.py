"""Serving the page on the loopback address until Ctrl-C."""

from __future__ import annotations

import gc
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.serving import make_server

from model.case.errors import BadInput, Fault
from reports.explore.app import Save, make_app
from reports.explore.guard import new_token

if TYPE_CHECKING:
    from model.studies.whatif.workspace import Draft, Workspace

LOOPBACK = "127.0.0.1"


def serve(
    workspace: Workspace, save: Save, out: Path, port: int, announce: Callable[[str], None]
) -> None:
    """Serve the page until interrupted; a run that is being saved is finished first.

    Parameters
    ----------
    save : runs and saves a drafted scenario
    port : 0 for any that is free
    announce : gets the page's address, with its token, once it answers

    Raises
    ------
    BadInput
        The port is taken.
    KeyboardInterrupt
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    workspace.start()
    gc.collect()
    gc.freeze()  # what is there by now stays: no collection need look at it while a knob moves
    saving = threading.Lock()

    def save_alone(draft: Draft) -> Path:
        with saving:
            return save(draft)

    with _socket(port) as socket_:
        port = socket_.getsockname()[1]
        token = new_token()
        app = make_app(workspace, save_alone, out, port, token)
        server = make_server(LOOPBACK, port, app.server, threaded=True, fd=socket_.fileno())
        announce(f"http://{LOOPBACK}:{port}/?token={token}")
        server.serve_forever()  # ends, without a word, on Ctrl-C
        with saving:
            raise KeyboardInterrupt


def _socket(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        rule, remedy = "the port must be free", "name another one, or 0 for any that is free"
        raise BadInput([Fault("--port", f"port {port} in use", rule, remedy)]) from error
