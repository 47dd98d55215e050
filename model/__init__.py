"""The allocation model: a case in, a proved least-cost allocation out.

Data flows one way: tables → Case → (scenario) Case → lanes → program → Result → files. The names
below are the public interface; they are loaded on first use, so that importing a room of the model
brings in nothing else. May import every room of the model.

>>> from model import allocate, read_case
>>> case = read_case("data/prebaked_2024", scenario="suez_open")
>>> result = allocate(case)
>>> result.status, round(result.figures["total_cost_mcny"], 1)
('optimal', 2110.9)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from model.case.case import Case
    from model.interface.allocate import allocate, sweep
    from model.interface.choose import plan, site, site_together
    from model.interface.from_elsewhere import network_from_gmns, table_from
    from model.interface.read_case import read_case
    from model.interface.result import Result
    from model.interface.runs import compare, load_run
    from model.verification.verify import verify

__all__ = [
    "Case",
    "Result",
    "__version__",
    "allocate",
    "compare",
    "load_run",
    "network_from_gmns",
    "plan",
    "read_case",
    "site",
    "site_together",
    "sweep",
    "table_from",
    "verify",
]
__version__ = "0.1.0"

_PLACES = {
    "Case": "model.case.case",
    "Result": "model.interface.result",
    "allocate": "model.interface.allocate",
    "compare": "model.interface.runs",
    "load_run": "model.interface.runs",
    "network_from_gmns": "model.interface.from_elsewhere",
    "plan": "model.interface.choose",
    "read_case": "model.interface.read_case",
    "site": "model.interface.choose",
    "site_together": "model.interface.choose",
    "sweep": "model.interface.allocate",
    "table_from": "model.interface.from_elsewhere",
    "verify": "model.verification.verify",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(_PLACES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Names of the public interface."""
    return sorted(__all__)
