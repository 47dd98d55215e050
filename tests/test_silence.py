"""What a compiled library prints never stands on standard output."""

from __future__ import annotations

import subprocess
import sys

PRINTS = """
import ctypes
from model.solve.silence import silent_output

library = ctypes.CDLL(None)
print("before")
with silent_output():
    library.puts(b"a banner")
library.puts(b"a library's own line")
library.fflush(None)
print("after")
"""
MAKES_A_SOLVER = """
from model.solve.solver_trust import require_sound_search, require_version

require_version()
require_sound_search()
print("{}")
"""


def output_of(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout


def test_what_a_library_prints_is_dropped_and_nothing_else() -> None:
    assert sorted(output_of(PRINTS).splitlines()) == ["a library's own line", "after", "before"]


def test_the_solver_prints_nothing() -> None:
    assert output_of(MAKES_A_SOLVER) == "{}\n"
