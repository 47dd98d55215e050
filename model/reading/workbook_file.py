"""An .xlsx file taken apart within limits, so that nothing it declares or hides can hurt.

A workbook is a zip archive of XML parts. `unpack` reads the parts that hold cells and no others,
within a stated size, and refuses what is not a plain workbook. What comes out is of known size:
`UnpackedWorkbook.as_plain_zip` hands a reader these parts alone.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from model.case.errors import BadInput, Fault
from model.reading.files import read_bytes

MAX_UNPACKED_BYTES = 512 * 2**20
"""A workbook may hold this much XML: about a million lanes."""

MAX_RATIO = 200
"""Honest workbooks unpack to 5 to 50 times their size, archives made to flood memory to 1000."""

RATIO_CHECKED_ABOVE_BYTES = 10 * 2**20

_ZIP_MAGIC = b"PK\x03\x04"
_OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "save it as .xlsx (File, Save as, Excel workbook)"
_NEEDED_PARTS = (
    "[Content_Types].xml",
    "_rels/",
    "xl/_rels/",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/",
)

Attributes = dict[str, str]


@dataclass(frozen=True)
class UnpackedWorkbook:
    """The XML parts of a workbook, by their path in the archive."""

    file: str
    parts: dict[str, bytes]

    def sheet_parts(self) -> dict[str, bytes]:
        """XML of each sheet, by the sheet's name, in the workbook's order."""
        targets: dict[str, str] = {}
        sheets: list[tuple[str, str]] = []

        def relationship(tag: str, attributes: Attributes) -> None:
            if tag == "Relationship":
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        def sheet(tag: str, attributes: Attributes) -> None:
            if tag == "sheet":
                link = next((v for key, v in attributes.items() if key.endswith(" id")), "")
                sheets.append((attributes.get("name", ""), link))

        self.walk("xl/_rels/workbook.xml.rels", relationship)
        self.walk("xl/workbook.xml", sheet)
        # A target is relative to xl/ unless it starts at the archive's root.
        paths = {
            name: posixpath.normpath(posixpath.join("/xl", targets.get(key, "")))
            for name, key in sheets
        }
        return {
            name: self.parts[path[1:]] for name, path in paths.items() if path[1:] in self.parts
        }

    def walk(self, part: str, on_start: Callable[[str, Attributes], None]) -> None:
        """Call `on_start` for every element of a part, as `walk_xml` does."""
        if part not in self.parts:
            raise BadInput([damaged(self.file, f"no {part} in it")])
        walk_xml(self.parts[part], self.file, on_start)

    def as_plain_zip(self) -> io.BytesIO:
        """Return the parts as an uncompressed archive."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        buffer.seek(0)
        return buffer


def unpack(path: Path) -> UnpackedWorkbook:
    """Read the parts of a workbook that hold its cells.

    Raises
    ------
    BadInput
        When the file is missing, of another format, encrypted, damaged, holds macros, or would
        unpack to more than `MAX_UNPACKED_BYTES` or `MAX_RATIO` times its size.
    """
    packed = read_bytes(path, path.name)
    _refuse_other_formats(path, packed)
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            entries = archive.infolist()
            _refuse_bombs(path.name, entries, len(packed))
            _refuse_odd_archives(path.name, entries)
            # read() stops at the declared size, so a header that lies about it gains nothing.
            parts = {
                entry.filename: archive.read(entry)
                for entry in entries
                if _is_needed(entry.filename)
            }
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise BadInput([damaged(path.name, str(error) or type(error).__name__)]) from None
    return UnpackedWorkbook(path.name, parts)


def walk_xml(
    xml: bytes,
    file: str,
    on_start: Callable[[str, Attributes], None],
    on_end: Callable[[str], None] | None = None,
    on_text: Callable[[str], None] | None = None,
) -> None:
    """Walk through XML: `on_start(tag, attributes)`, `on_end(tag)`, `on_text(text)`.

    Tags come without their namespaces; an attribute that has one comes as `namespace name`.
    """
    local = _LocalNames()

    def refuse_doctype(*_: object) -> None:
        raise BadInput([damaged(file, "a document type declaration")])

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda tag, attributes: on_start(local[tag], attributes)
    # No workbook has a document type; its entities are a way to flood memory.
    parser.StartDoctypeDeclHandler = refuse_doctype
    if on_end is not None:
        parser.EndElementHandler = lambda tag: on_end(local[tag])
    parser.CharacterDataHandler = on_text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # of an unknown encoding
        raise BadInput([damaged(file, f"XML that cannot be read ({error})")]) from None


class _LocalNames(dict[str, str]):
    """Names without their namespaces, each split once."""

    def __missing__(self, name: str) -> str:
        self[name] = name.rpartition(" ")[2]
        return self[name]


def _is_needed(part: str) -> bool:
    return part.startswith(_NEEDED_PARTS) and not part.endswith("/")


def _refuse_other_formats(path: Path, packed: bytes) -> None:
    rule = "a case in a workbook must be an .xlsx file"
    suffix = path.suffix.lower()
    found, remedy = "", _SAVE_AS
    if suffix == ".xlsm":
        found = "a workbook with macros (.xlsm)"
    elif suffix != ".xlsx":
        found = f"a file that ends in {suffix}" if suffix else "a file without an ending"
    elif _ENCRYPTED_STREAM in packed[: 2**20] and packed.startswith(_OLD_OFFICE_MAGIC):
        found, remedy = (
            "an encrypted workbook",
            "take the password off (File, Info, Protect workbook) and save it again",
        )
    elif packed.startswith(_OLD_OFFICE_MAGIC):
        found = "an old .xls workbook named .xlsx"
    elif not packed:
        found = "an empty file"
    elif not packed.startswith(_ZIP_MAGIC):
        found = "something that is not a workbook"
    if found:
        raise BadInput([Fault(path.name, found, rule, remedy)])


def _refuse_bombs(file: str, entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    unpacked_bytes = sum(entry.file_size for entry in entries)
    ratio = unpacked_bytes / packed_bytes
    is_flood = unpacked_bytes > RATIO_CHECKED_ABOVE_BYTES and ratio > MAX_RATIO
    if unpacked_bytes > MAX_UNPACKED_BYTES or is_flood:
        found = f"{unpacked_bytes / 2**20:,.0f} MB when unpacked, {ratio:,.0f} times the file"
        most = f"{MAX_UNPACKED_BYTES // 2**20} MB and {MAX_RATIO} times the file"
        rule = f"a workbook may unpack to {most} at most"
        raise BadInput([Fault(file, found, rule, "give so large a case as a folder of CSV files")])


def _refuse_odd_archives(file: str, entries: list[zipfile.ZipInfo]) -> None:
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise BadInput([damaged(file, "parts that are encrypted")])
    if len(set(names)) < len(names):
        raise BadInput([damaged(file, "two parts of one name")])
    if "xl/vbaProject.bin" in names:
        found = "a workbook with macros"
        raise BadInput([Fault(file, found, "a case in a workbook must be an .xlsx file", _SAVE_AS)])


def damaged(file: str, found: str) -> Fault:
    """Return the fault of a workbook that cannot be taken apart."""
    return Fault(file, found, "a case in a workbook must be an undamaged .xlsx file",
                 "open it in a spreadsheet program and save it again as .xlsx")  # fmt: skip
