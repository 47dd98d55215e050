"""Plans that the certificate claims with a gap, where it would prove them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import model.store.certified


def claim_with_gap(monkeypatch: pytest.MonkeyPatch, relative_gap: float) -> None:
    """Let the certificate of every plan only claim it."""
    examine = model.store.certified.examine
    claim = {"word": "claimed", "reason": "a gap", "relative_gap": relative_gap}

    def claimed(*texts: Any) -> Any:
        proof = examine(*texts)
        return replace(proof, found=proof.found | claim)

    monkeypatch.setattr("model.store.certified.examine", claimed)
