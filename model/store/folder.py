"""A run folder on disk is whole or absent.

A folder is written under a temporary name next to its place, its manifest last, everything is
flushed to the disk, and one rename makes it appear. Whatever happens before that rename leaves
nothing but a hidden folder, which the next run sweeps up once it is a day old; earlier runs are
never touched.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import re
import shutil
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from model.case.errors import BadInput, Fault, is_utf8, quoted
from model.reading.files import kind_of

MANIFEST = "manifest.json"
NEEDED_BYTES = 32 * 2**20  # several times what a run with its page and workbook takes
STALE_SECONDS = 24 * 3600
_PARTIAL = ".partial"
_LONGEST_SLUG_BYTES = 120


@dataclass(frozen=True)
class RunFolder:
    """A folder being written.

    Attributes
    ----------
    path : Path
        Where the finished folder will stand.
    partial : Path
        Where its files are written until then.
    """

    path: Path
    partial: Path

    def write(self, name: str, content: str | bytes) -> None:
        """Write one file; text as UTF-8 with the line ends it has."""
        data = content.encode() if isinstance(content, str) else content
        (self.partial / name).write_bytes(data)

    def inside(self, name: str) -> RunFolder:
        """A folder of this one, made where absent."""
        (self.partial / name).mkdir(parents=True, exist_ok=True)
        return RunFolder(self.path / name, self.partial / name)


@contextlib.contextmanager
def new_folder(out: Path, label: str, identity: str, created: datetime) -> Iterator[RunFolder]:
    """Write a run folder: ``<label>-<UTC time>-<hash8>`` appears in `out` when the block ends well.

    Parameters
    ----------
    out : Path
        The folder of run folders; made where absent.
    label : str
        Scenario or study; characters that no file name should hold become ``-``.
    identity : str
        What tells this run from others: the hash in the name is made from it.
    created : datetime
        Time zone aware.

    Raises
    ------
    OSError
        As the system reports it. Nothing is left behind then, nor after any other exception.
    """
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    folder = _reserve(out, label, identity, created)
    try:
        yield folder
        seal(folder.partial)
        folder.partial.rename(folder.path)
        _flush(out)
    except BaseException:
        shutil.rmtree(folder.partial, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):  # another run stands there by now
                out.rmdir()
        raise


def check_writable(out: Path, needed_bytes: int = NEEDED_BYTES) -> None:
    """Say before the work begins that a run cannot be saved in `out`, which is not made yet.

    Raises
    ------
    BadInput
        `out` is a symbolic link out of its folder, cannot be written, has too little room, or a
        name that is not UTF-8.
    """
    if not is_utf8(str(out)):
        rule = "the path of a run stands in its files and must be UTF-8"
        raise _unwritable(out, quoted(str(out)), rule, "give another folder to --out")
    if out.is_symlink() and not out.resolve().is_relative_to(out.parent.resolve()):
        raise _unwritable(
            out,
            f"a symbolic link to {out.resolve()}",
            "runs are not written through a link that leaves its folder",
            "give the folder itself to --out",
        )
    if out.exists() and not out.is_dir():
        rule = "the folder of runs must be a folder"
        raise _unwritable(out, kind_of(out), rule, "give another folder to --out")
    there = next(folder for folder in (out, *out.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"\0" * 4096)
            probe.flush()
        free_bytes = shutil.disk_usage(there).free
    except OSError as error:
        raise _unwritable(
            out,
            error.strerror or str(error),
            "the folder of runs must be writable",
            "give another folder to --out",
        ) from error
    if free_bytes < needed_bytes:
        raise _unwritable(
            out,
            f"{free_bytes / 2**20:.1f} MB free",
            f"a run needs {needed_bytes / 2**20:.0f} MB",
            "make room, or give another folder to --out",
        )


def slug(label: str) -> str:
    """`label` as a part of a file name: letters, digits, ``.``, ``_`` and ``-``, not too long."""
    kept = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", label)).strip(".-")
    return kept.encode()[:_LONGEST_SLUG_BYTES].decode(errors="ignore") or "run"


def _reserve(out: Path, label: str, identity: str, created: datetime) -> RunFolder:
    """Take a name that nobody has, by making the temporary folder that belongs to it alone."""
    for attempt in itertools.count():
        path = out / folder_name(label, identity, created, attempt)
        partial = out / f".{path.name}{_PARTIAL}"
        try:
            partial.mkdir()
        except FileExistsError:
            continue
        if not os.path.lexists(path):
            return RunFolder(path, partial)
        partial.rmdir()
    raise AssertionError  # counting has no end


def folder_name(label: str, identity: str, created: datetime, attempt: int = 0) -> str:
    """``<label>-<UTC time>-<hash8>``: the hash is that of what tells a run from others."""
    stamp = created.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    digest = hashlib.sha256(f"{identity}#{attempt}".encode()).hexdigest()[:8]
    return f"{slug(label)}-{stamp}-{digest}"


def deleted_name(name: str) -> str:
    """What a run is called while it is deleted: what is left of it, is swept away in time."""
    return f".{name}.deleted{_PARTIAL}"


def seal(folder: Path) -> None:
    """Write the manifest of a folder and flush every file and folder."""
    paths = folder.rglob("*")
    files = sorted(path for path in paths if path.is_file() and path.name != MANIFEST)
    listing = {path.relative_to(folder).as_posix(): _fingerprint(path) for path in files}
    text = json.dumps({"files": listing}, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    for path in [*files, folder / MANIFEST, *_subfolders(folder), folder]:
        _flush(path)


def _fingerprint(path: Path) -> dict[str, str | int]:
    data = path.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _subfolders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_dir())


def _flush(path: Path) -> None:
    """Ask the system to put a file, or a folder's list of names, on the disk."""
    if path.is_dir() and os.name != "posix":
        return  # only POSIX opens folders
    descriptor = os.open(path, os.O_RDONLY if os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(out: Path) -> None:
    """Remove what runs that were killed left behind; no live run takes a day to write."""
    for partial in out.glob(f".*{_PARTIAL}"):
        with contextlib.suppress(OSError):
            if time.time() - partial.lstat().st_mtime > STALE_SECONDS and not partial.is_symlink():
                shutil.rmtree(partial)


def _unwritable(out: Path, found: str, rule: str, remedy: str) -> BadInput:
    return BadInput([Fault(where=str(out), found=found, rule=rule, remedy=remedy)])
