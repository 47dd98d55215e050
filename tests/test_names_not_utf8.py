"""Names of files and folders that are not UTF-8 are named, never a crash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from model.case.errors import printable
from tests.conftest import Ended
from tests.support.small_case import write_file, write_small_case

Command = Callable[..., Ended]


def test_names_that_are_not_utf8_are_named_and_others_are_checked(
    tmp_path: Path, command: Command
) -> None:
    folder = write_small_case(tmp_path / "case")
    (folder / "scenarios").mkdir()
    for name in (b"scenarios/b\xe4d.toml", b"n\xfcmbers.csv"):
        try:
            (folder / os.fsdecode(name)).write_bytes(b'title = "x"\n')
        except OSError:
            pytest.skip("this file system takes UTF-8 names alone")
    write_file(folder / "scenarios/typing.toml", 'titel = "x"\n')
    write_file(folder / "scenarios/fine.toml", 'title = "fine"\n')
    ended = command("check", "--case", folder)
    assert ended.code == 2
    assert ended.said.splitlines() == [
        'scenario: "b\\udce4d" found; a name must be UTF-8; use letters, digits, spaces and '
        ". _ - +, beginning with a letter or digit",
        'scenarios/typing.toml:titel: "titel" found; there is no such key; did you mean "title"?',
        "2 faults; nothing was written",
    ]
    (folder / "scenarios/typing.toml").unlink()
    for name in ("fine", ""):
        assert command("run", name, "--case", folder, "--out", tmp_path / "runs").code == 0


BAD_NAME = os.fsdecode(b"b\xe4d")


def with_bad_name(path: Path, content: str | bytes) -> Path:
    """A file whose name is not UTF-8; where the file system refuses, the test skips."""
    try:
        return write_file(path, content)
    except OSError:
        pytest.skip("this file system takes UTF-8 names alone")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sweep", f"{BAD_NAME}.toml"],
         f'{BAD_NAME}.toml: "b\\udce4d.toml" found; the name of a file must be UTF-8; rename it'),
        (["run", f"{BAD_NAME}.toml"],
         'scenario: "b\\udce4d" found; a name must be UTF-8; use letters, digits, spaces and '
         ". _ - +, beginning with a letter or digit"),
        (["run", "--case", f"{BAD_NAME}.xlsx"],
         f'{BAD_NAME}.xlsx: "b\\udce4d.xlsx" found; the name of a file must be UTF-8; rename it'),
        (["run", "--out", BAD_NAME],
         f'{BAD_NAME}: "b\\udce4d" found; the path of a run stands in its files and must be UTF-8; '
         "give another folder to --out"),
        (["why", BAD_NAME, "East"], '"b\\udce4d" found; '),
        (["curve", "--at", BAD_NAME], '"b\\udce4d" found; '),
        (["site", "--include", BAD_NAME], '"b\\udce4d" found; '),
        (["plan", "--exclude", BAD_NAME], '"b\\udce4d" found; '),
        (["verify", BAD_NAME], 'b\\udce4d: no finished run found; '),
        (["explore", BAD_NAME], 'b\\udce4d: no finished run found; '),
    ],
)  # fmt: skip
def test_a_name_on_the_command_line_that_is_not_utf8_is_refused(
    command: Command, tmp_path: Path, arguments: list[str], said: str
) -> None:
    case = write_small_case(tmp_path / "case")
    with_bad_name(tmp_path / f"{BAD_NAME}.toml", 'title = "x"\n')
    with_bad_name(tmp_path / f"{BAD_NAME}.xlsx", b"")
    options = ["--case", case] if arguments[0] != "verify" and "--case" not in arguments else []
    ended = command(*arguments, *options)
    assert ended.code == 2
    assert printable(said) in ended.said
    assert not list(tmp_path.glob("runs/*")) and not list(tmp_path.glob(f"{BAD_NAME}/*"))


def test_a_case_in_a_folder_whose_name_is_not_utf8_is_solved(
    command: Command, tmp_path: Path
) -> None:
    with_bad_name(tmp_path / BAD_NAME / "case.toml", 'name = "x"\n')
    case = write_small_case(tmp_path / BAD_NAME)
    for verb in ("check", "run", "plan"):
        assert command(verb, "--case", case, *(["--out", "runs"] * (verb != "check"))).code == 0
