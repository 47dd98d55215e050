"""A run folder is whole or absent, whatever happens while it is written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from model.case.errors import BadInput
from model.store.folder import MANIFEST, STALE_SECONDS, RunFolder, check_writable, new_folder, slug

CREATED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ROOT = Path(__file__).parents[1]

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from model.store.folder import new_folder
print("ready", flush=True)
while True:
    with new_folder(Path(sys.argv[1]), "base", "x", datetime.now(UTC)) as folder:
        (folder.partial / "inputs").mkdir()
        for number in range(20):
            folder.write(f"inputs/{number}.csv", "a,b\\n" * 1000)
"""


def write_one(out: Path, label: str = "base", text: str = "a\n") -> Path:
    with new_folder(out, label, "identity", CREATED) as folder:
        folder.write("flows.csv", text)
    return folder.path


def assert_whole(folder: Path) -> None:
    listed = json.loads((folder / MANIFEST).read_text())["files"]
    present = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }
    assert present == set(listed)
    for name, entry in listed.items():
        data = (folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def test_a_finished_folder_has_its_name_files_and_manifest(tmp_path: Path) -> None:
    path = write_one(tmp_path / "new" / "runs")
    assert path.parent == tmp_path / "new" / "runs"
    assert path.name.startswith("base-20260102T030405Z-")
    assert len(path.name.rsplit("-", 1)[1]) == 8
    assert_whole(path)
    assert list(path.parent.iterdir()) == [path]


def test_nothing_shows_until_the_folder_is_finished(tmp_path: Path) -> None:
    with new_folder(tmp_path, "base", "identity", CREATED) as folder:
        folder.write("flows.csv", "a\n")
        assert not folder.path.exists()
        assert [path.name[0] for path in tmp_path.iterdir()] == ["."]
    assert folder.path.exists()


@pytest.mark.parametrize("failure", [ValueError("a fault"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing_behind(tmp_path: Path, failure: BaseException) -> None:
    earlier = write_one(tmp_path)
    before = (earlier / MANIFEST).read_bytes()
    with (
        pytest.raises(type(failure)),
        new_folder(tmp_path, "base", "identity", CREATED) as folder,
    ):
        folder.write("flows.csv", "half")
        raise failure
    assert list(tmp_path.iterdir()) == [earlier]
    assert (earlier / MANIFEST).read_bytes() == before


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("model.store.folder.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_one(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_two_runs_in_the_same_second_get_two_folders(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda number: write_one(tmp_path, text=f"{number}\n"), range(24)))
    assert len(set(paths)) == 24
    assert {path.name.rsplit("-", 1)[0] for path in paths} == {"base-20260102T030405Z"}
    for number, path in enumerate(paths):
        assert (path / "flows.csv").read_text() == f"{number}\n"
        assert_whole(path)


def test_a_name_that_a_link_holds_is_not_followed(tmp_path: Path) -> None:
    taken = write_one(tmp_path / "probe").name
    outside = tmp_path / "outside"
    outside.mkdir()
    out = tmp_path / "runs"
    out.mkdir()
    (out / taken).symlink_to(outside)
    (out / f".{taken}.partial").symlink_to(outside)
    path = write_one(out)
    assert path.name != taken
    assert list(outside.iterdir()) == []


def test_what_a_killed_run_left_goes_after_a_day(tmp_path: Path) -> None:
    old, young = tmp_path / ".base-1.partial", tmp_path / ".base-2.partial"
    for folder in (old, young):
        folder.mkdir()
        (folder / "flows.csv").write_text("half")
    yesterday = time.time() - STALE_SECONDS - 60
    os.utime(old, (yesterday, yesterday))
    finished = write_one(tmp_path)
    assert sorted(tmp_path.iterdir()) == [young, finished]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("base", "base"),
        ("../../etc/passwd", "etc-passwd"),
        ("/absolute", "absolute"),
        ("nul\0and\nlines", "nul-and-lines"),
        ("..", "run"),
        ("", "run"),
        ("山东", "山东"),
        ("a" * 300, "a" * 120),
        ("山" * 300, "山" * 40),
    ],
)
def test_labels_become_harmless_names(tmp_path: Path, label: str, expected: str) -> None:
    assert slug(label) == expected
    assert write_one(tmp_path, label).parent == tmp_path


def test_a_read_only_folder_is_said_before_solving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("model.store.folder.tempfile.TemporaryFile", refuse)
    with pytest.raises(BadInput) as caught:
        check_writable(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: Read-only file system found; the folder of runs must be writable; "
        "give another folder to --out\n1 fault; nothing was written"
    )


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(BadInput, match="a file found; the folder of runs must be a folder"):
        check_writable(tmp_path / "runs")


def test_too_little_room_is_said_before_solving(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"MB free found; a run needs 1099511627776 MB; make room"):
        check_writable(tmp_path, needed_bytes=2**60)


def test_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "here"
    outside.mkdir()
    inside.mkdir()
    (inside / "runs").symlink_to(outside)
    with pytest.raises(BadInput) as caught:
        check_writable(inside / "runs")
    assert str(caught.value) == (
        f"{inside / 'runs'}: a symbolic link to {outside} found; runs are not written through "
        "a link that leaves its folder; give the folder itself to --out\n"
        "1 fault; nothing was written"
    )


def test_a_link_within_its_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "runs").symlink_to(tmp_path / "real")
    check_writable(tmp_path / "runs")


def kill_at_random_moments(out: Path, kills: int) -> None:
    moments = random.Random(7)
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(out)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(moments.uniform(0, 0.1))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    finished = [path for path in out.iterdir() if not path.name.startswith(".")]
    for path in finished:
        assert_whole(path)
        assert len(list((path / "inputs").iterdir())) == 20


@pytest.mark.system
def test_kill_9_leaves_whole_folders_or_none(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, kills=10)


@pytest.mark.slow
def test_kill_9_a_hundred_times(tmp_path: Path) -> None:
    kill_at_random_moments(tmp_path, kills=100)


def test_a_run_folder_says_where_it_will_stand(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "a", tmp_path)
    folder.write("bytes.bin", b"\x00\r\n")
    assert (tmp_path / "bytes.bin").read_bytes() == b"\x00\r\n"
