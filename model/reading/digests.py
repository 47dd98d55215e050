"""What tells one content of a file from another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path


def digests(files: Mapping[str, Path]) -> dict[str, str]:
    """SHA-256 of every file, under the names given; a file that has gone has none."""
    return {
        name: hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""
        for name, file in files.items()
    }
