"""The files that an answer was made from, byte for byte, in one archive: `verify` reads them again.

``given.zip`` of a run folder holds the tables of the case (or its workbook) as they were given, the
scenarios of the case under ``scenarios/``, those named by their path under ``by_path/``, and what a
sweep draws from under ``draws/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

GIVEN = "given.zip"
SCENARIOS, BY_PATH, DRAWS = "scenarios", "by_path", "draws"


def member_name(name: str) -> str:
    """Where a file of a prepared case stands in the archive, by its name in ``run.json``.

    >>> member_name("origins.csv"), member_name("scenarios/west.toml"), member_name("../x.toml")
    ('origins.csv', 'scenarios/west.toml', 'by_path/x.toml')
    """
    folder = PurePosixPath(name).parent.name
    if "/" not in name:
        return name
    return f"{folder if folder in (SCENARIOS, DRAWS) else BY_PATH}/{PurePosixPath(name).name}"


def members(files: Mapping[str, Path], draws: Iterable[Path] = ()) -> dict[str, Path]:
    """The files of a prepared case, and those of draws, by their names in the archive."""
    named = {member_name(name): path for name, path in files.items()}
    return named | {f"{DRAWS}/{path.name}": path for path in draws}


def write_given(archive: Path, files: Mapping[str, Path]) -> None:
    """Write the archive of `files`, by their names in it: the same bytes for the same files."""
    with ZipFile(archive, "w", ZIP_DEFLATED, compresslevel=1) as written:
        for name, path in files.items():
            entry = ZipInfo(name)  # with the first moment that such an archive can bear
            entry.compress_type = ZIP_DEFLATED
            written.writestr(entry, path.read_bytes())
