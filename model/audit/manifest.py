"""The files of a run against the list of them that it was sealed with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from model.audit.disagreement import Disagreement, compare_text
from model.certify.reading import CertificateError, read_json

MANIFEST = "manifest.json"


def check_manifest(run: Path) -> Iterator[Disagreement]:
    """Files that `manifest.json` does not list, lists in vain, or lists with another content."""
    try:
        text = (run / MANIFEST).read_text(encoding="utf-8")
        listed = read_json({MANIFEST: text}, MANIFEST).get("files", {})
    except (CertificateError, OSError, UnicodeDecodeError) as error:
        yield Disagreement(MANIFEST, "", "a list of files", str(error))
        return
    there = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    for name in sorted((there | set(listed)) - {MANIFEST}):
        if name not in listed:
            yield Disagreement(name, "", "no such file", "one")
        elif name not in there:
            yield Disagreement(name, "", "a file", "none")
        else:
            entry = listed[name]
            said = entry.get("sha256") if isinstance(entry, dict) else entry
            found = hashlib.sha256((run / name).read_bytes()).hexdigest()
            yield from compare_text(name, "sha256", str(said), found)
