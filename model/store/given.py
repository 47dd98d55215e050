"""The files that an answer was made from, byte for byte, in one archive: `verify` reads them again.

``given.zip`` of a run folder holds the tables of the case (or its workbook) as they were given, the
scenarios of the case under ``scenarios/``, those named by their path under ``by_path/``, and what a
sweep draws from under ``draws/``; none may bear the name of another, nor of a file of the run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

GIVEN = "given.zip"
DRAWS, DRAWS_TABLE = "draws", "draws/table"


def draw_members(files: Sequence[Path]) -> dict[str, Path]:
    """The files of draws by their names in the archive: what varies, and the table that it names.

    The table stands in a folder of its own, since it may bear any name and lie anywhere.
    """
    return {
        f"{folder}/{file.name}": file
        for folder, file in zip((DRAWS, DRAWS_TABLE), files, strict=False)
    }


def write_given(archive: Path, files: Mapping[str, Path]) -> None:
    """Write the archive of `files`, by their names in it: the same bytes for the same files."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=1) as written:
        for name, path in files.items():
            entry = ZipInfo(name)  # with the first moment that such an archive can bear
            entry.compress_type = ZIP_DEFLATED
            written.writestr(entry, path.read_bytes())
