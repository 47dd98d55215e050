"""How run folders are forged, and every hash of theirs made again."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from model.store.folder import folder_name, seal
from model.store.store import identity_of

Forge = Callable[[Path], None]
"""Spoils a run folder in one way."""


def seal_again(run: Path) -> None:
    """Make every hash of a folder again, as a forger would: of its files, and of its name."""
    path = run / "run.json"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text.startswith("{"):
        content = json.loads(text)
        said = PurePosixPath(str(content["run"])).name
        label, stamp, _ = said.rsplit("-", 2)
        created = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        name = folder_name(label, identity_of(content), created)
        path.write_text(text.replace(said, name), encoding="utf-8")
    seal(run)


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    return header, rows


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    path.write_text(text.getvalue(), encoding="utf-8")


def cells(file: str, column: str, change: Callable[[str], str], row: int | None = None) -> Forge:
    """Change one column, in one row or in all."""

    def forge(run: Path) -> None:
        header, rows = table(run / file)
        assert rows, file
        for number, cells in enumerate(rows):
            if row is None or number == row % len(rows):
                cells[header.index(column)] = change(cells[header.index(column)])
        write(run / file, header, rows)

    return forge


def times(factor: float) -> Callable[[str], str]:
    return lambda cell: repr(float(cell) * factor) if cell else "1"


def emptied(*files: str) -> Forge:
    """Leave nothing but the headers."""

    def forge(run: Path) -> None:
        for file in files:
            write(run / file, table(run / file)[0], [])

    return forge


def without_last_row(file: str) -> Forge:
    def forge(run: Path) -> None:
        header, rows = table(run / file)
        write(run / file, header, rows[:-1])

    return forge


def rows_swapped(file: str) -> Forge:
    def forge(run: Path) -> None:
        header, rows = table(run / file)
        write(run / file, header, [rows[1], rows[0], *rows[2:]])

    return forge


def row_twice(file: str) -> Forge:
    def forge(run: Path) -> None:
        header, rows = table(run / file)
        write(run / file, header, [*rows, rows[-1]])

    return forge


def column_more(file: str) -> Forge:
    def forge(run: Path) -> None:
        header, rows = table(run / file)
        write(run / file, [*header, "margin"], [[*row, "1"] for row in rows])

    return forge


def site_rows(name: str, change: Callable[[list[Any]], list[Any]]) -> Forge:
    """Change the rows of a site's table, in its CSV file and in ``studies.json`` alike."""

    def forge(run: Path) -> None:
        value("studies.json", f"site_{name}", to=change)(run)
        header, rows = table(run / f"{name}.csv")
        write(run / f"{name}.csv", header, change(rows))

    return forge


def removed(file: str) -> Forge:
    return lambda run: (run / file).unlink()


def added(file: str, text: str) -> Forge:
    def forge(run: Path) -> None:
        (run / file).write_text(text, encoding="utf-8")

    return forge


def in_folder(file: str, text: str) -> Forge:
    """Put a file into a folder that may not be there."""

    def forge(run: Path) -> None:
        (run / file).parent.mkdir(exist_ok=True)
        (run / file).write_text(text, encoding="utf-8")

    return forge


def value(file: str, *path: Any, to: Any) -> Forge:
    """Set a value of a JSON file; a function makes it of the one that is there."""

    def forge(run: Path) -> None:
        content = json.loads((run / file).read_text(encoding="utf-8"))
        place = content
        for key in path[:-1]:
            place = place[key]
        new = to(place[path[-1]]) if callable(to) else to
        assert path[-1] not in place or new != place[path[-1]], path
        place[path[-1]] = new
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        (run / file).write_text(text, encoding="utf-8")

    return forge


def key_removed(file: str, *path: Any) -> Forge:
    def forge(run: Path) -> None:
        content = json.loads((run / file).read_text(encoding="utf-8"))
        place = content
        for key in path[:-1]:
            place = place[key]
        del place[path[-1]]
        (run / file).write_text(json.dumps(content, indent=2), encoding="utf-8")

    return forge


def key_twice(file: str, key: str, first: str) -> Forge:
    """Give a key twice, an innocent value last."""

    def forge(run: Path) -> None:
        text = (run / file).read_text(encoding="utf-8")
        (run / file).write_text(text.replace("{", f'{{"{key}": {first},', 1), encoding="utf-8")

    return forge


def text(file: str, old: str, new: str) -> Forge:
    def forge(run: Path) -> None:
        content = (run / file).read_text(encoding="utf-8")
        assert old in content, (file, old)
        (run / file).write_text(content.replace(old, new), encoding="utf-8")

    return forge


def archived(name: str, old: str, new: str) -> Forge:
    """Change, or add, a file among those given."""

    def forge(run: Path) -> None:
        path = run / "given.zip"
        with zipfile.ZipFile(path) as archive:
            files = {member: archive.read(member) for member in archive.namelist()}
        before = files.get(name, b"").decode()
        assert old in before
        files[name] = (before.replace(old, new) if old else new).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for member, data in files.items():
                archive.writestr(member, data)

    return forge


def both(*forgeries: Forge) -> Forge:
    def forge(run: Path) -> None:
        for each in forgeries:
            each(run)

    return forge


def moved_tonnes(run: Path) -> None:
    """Ship what one lane carries on another, so that every sum stays."""
    header, rows = table(run / "flows.csv")
    at = header.index("ship_kt")
    part = min(float(row[at]) for row in rows[:2]) / 2
    rows[0][at], rows[1][at] = (repr(float(rows[n][at]) + s * part) for n, s in ((0, 1), (1, -1)))
    write(run / "flows.csv", header, rows)


def beneath(forge: Forge) -> Forge:
    """Forge the first run of a comparison, and make its manifest again."""

    def change(run: Path) -> None:
        first = json.loads((run / "run.json").read_text(encoding="utf-8"))["runs"][0]
        other = run.parent / Path(first).name
        forge(other)
        seal_again(other)

    return change
