"""Files read whole: plain ones alone, within a stated size."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from model.case.errors import BadInput, Fault, is_utf8, quoted
from model.case.schema import MAX_BYTES

_PAIR_OF_BYTES = re.compile(rb"[\x81-\xfe][\xa1-\xfe]")
_HIGH_BYTE_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)


def read_bytes(path: Path, name: str) -> bytes:
    """Return what a plain file holds; messages call it `name`.

    Raises
    ------
    BadInput
        If it cannot be read, is too large, has a name that is not UTF-8, or is a folder, a pipe or
        a device, which are never opened: they might not answer, or never end.
    """
    if not is_utf8(path.name):
        rule, remedy = "the name of a file must be UTF-8", "rename it"
        raise BadInput([Fault(name, quoted(path.name), rule, remedy)])
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            rule, remedy = "it must be a plain file", "put a file there, or take it away"
            raise BadInput([Fault(name, kind_of(path), rule, remedy)])
        if found.st_size > MAX_BYTES:
            rule = f"a file may have at most {MAX_BYTES:,} bytes"
            remedy = "split the case, or aggregate its rows"
            raise BadInput([Fault(name, "a larger file", rule, remedy)])
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "no answer"
        raise BadInput(
            [Fault(name, f"an error ({reason})", "the file must be readable", "look at it")]
        ) from None


def kind_of(path: Path) -> str:
    """What is at a path, in words."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # gone, too long, or NUL in it
        return "nothing"
    return next((text for is_kind, text in _KINDS if is_kind(mode)), "a file")


def read_utf8(path: Path, name: str) -> str:
    """Return a file's text, without a byte-order mark; messages call it `name`.

    Raises
    ------
    BadInput
        As :func:`read_bytes`, and if the file is not UTF-8.
    """
    data = read_bytes(path, name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput([_not_utf8(name, data, error.start)]) from None


def special_files(folder: Path) -> list[Fault]:
    """Return the faults of what is neither a plain file nor a folder in a folder, at any depth."""
    odd = [path for path in sorted(folder.rglob("*")) if not (path.is_file() or path.is_dir())]
    rule, remedy = "a run holds plain files alone", "take it away"
    return [Fault(str(path), "no plain file", rule, remedy) for path in odd]


def is_there(path: Path) -> bool:
    """Whether there is anything at a path, be it a link to nowhere or no file at all."""
    return os.path.lexists(path)


def _not_utf8(file: str, data: bytes, position: int) -> Fault:
    line = data.count(b"\n", 0, position) + 1
    encoding = _likely_encoding(data)
    remedy = f"it looks like {encoding}: save it again as UTF-8"
    return Fault(f"{file}:{line}", f"byte 0x{data[position]:02X}", "files must be UTF-8", remedy)


def _likely_encoding(data: bytes) -> str:
    """Guess what a file is that is not UTF-8: Chinese comes in pairs of high bytes."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    pairs, singles = len(_PAIR_OF_BYTES.findall(data)), len(_HIGH_BYTE_ALONE.findall(data))
    return "GBK" if pairs > singles else "Latin-1"
