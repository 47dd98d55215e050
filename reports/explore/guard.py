"""Who may ask: this page, opened on this machine, and nobody else.

The server listens on the loopback address alone. A page of another site could still send
requests there, or point a name of its own at the address, so that every request has to name
this server as its host, and none may come from elsewhere. Another user of this machine reaches the
address too: every request has to bring the token of the address that `explore` prints, or the
cookie that a first request with it was given.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 1_000_000
"""A request is a few kilobytes."""


def refusal(headers: Mapping[str, str], port: int) -> str | None:
    """Why a request is refused; None where it is not.

    Parameters
    ----------
    headers : of the request, by their usual names
    port : on which the server listens
    """
    addresses = [f"{host}:{port}" for host in HOSTS]
    host = headers.get("Host", "").lower()
    if host not in addresses:
        return f"this page is at http://{addresses[0]}/ and answers to no other name"
    origin = headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host}":
        return "requests from other sites are refused"
    if headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return "requests from other sites are refused; write the address into the address line"
    return None


def new_token() -> str:
    """Return a token that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(32)


def cookie_name(port: int) -> str:
    """Return the name of the cookie that holds the token: cookies know no ports."""
    return f"explore-{port}"


def is_token(given: str | None, token: str) -> bool:
    """Whether a token is the right one, in a time that does not tell how much of it is right."""
    return hmac.compare_digest((given or "").encode(), token.encode())


def page_headers(script_hashes: list[str]) -> dict[str, str]:
    """Headers that keep a page to this server: the browser loads and sends nothing elsewhere."""
    scripts = " ".join(["'self'", *script_hashes])
    policy = {
        "default-src": "'none'",
        "script-src": scripts,
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{key} {value}" for key, value in policy.items()),
        **COMMON_HEADERS,
    }


COMMON_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
