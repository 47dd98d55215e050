"""Local names beside English ones, as far as a case gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from model.case.case import Case


def local_names(case: Case) -> dict[str, str]:
    """Return the local name of every name that has one."""
    names = case.names
    return {
        str(name): str(local)
        for name, local in zip(names["name"], names["local_name"], strict=True)
        if local
    }
