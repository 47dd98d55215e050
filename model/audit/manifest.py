"""The files of a run against the list of them that it was sealed with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from model.audit.disagreement import Disagreement, compare_text
from model.audit.layout import is_folder
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
    everything = {path.relative_to(run).as_posix(): path for path in run.rglob("*")}
    there = {name for name, path in everything.items() if path.is_file()}
    for name in sorted(name for name in everything.keys() - there if not is_folder(name)):
        yield Disagreement(name, "", "no file of a run", "none")
    for name in sorted((there | set(listed)) - {MANIFEST}):
        if name not in listed:
            yield Disagreement(name, "", "no such file", "one")
        elif name not in there:
            yield Disagreement(name, "", "a file", "none")
        else:
            entry, data = listed[name], (run / name).read_bytes()
            said = entry if isinstance(entry, dict) else {}
            found = hashlib.sha256(data).hexdigest()
            yield from compare_text(name, "sha256", str(said.get("sha256")), found)
            yield from compare_text(name, "bytes", str(said.get("bytes")), str(len(data)))
