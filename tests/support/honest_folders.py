"""Honest run folders of every kind, made by the command line when they are first needed."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import solve
from model.solve import deadline
from tests.support.small_case import FILES, write_scenario, write_small_case

WEST = """
title = "More in the West"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["West"] }
value = 110
why = "a new smelter"
[[step]]
scale = "modes.cny_per_t_km"
where = { mode = ["rail"] }
value = 1.1
why = "a dearer railway"
"""
STARVED = """
title = "Too much"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["East"] }
value = 900
why = "a test"
"""
DRAWS = """
seed = 7
draws = 12
[[vary]]
name = "demand"
target = "sinks.demand_kt"
how = "factor"
distribution = "uniform"
low = 0.9
high = 1.1
"""
NO_CHOICE = """
title = "More than all can make"
[[step]]
set = "sinks.demand_kt"
where = { sink = ["East"] }
value = 900
why = "a test"
"""
SCENARIOS = {"west": WEST, "starved": STARVED, "no_choice": NO_CHOICE}
COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "west"),
    "base": ("run",),
    "starved": ("run", "starved"),
    "full": ("run", "--full"),
    "site": ("site", "--top", "3", "--against", "west"),
    "plan": ("plan",),
    "curve": ("curve", "--at", "South", "--up-to", "120"),
    "ranges": ("ranges",),
    "why": ("why", "South mill", "West"),
    "sweep": ("sweep", "draws.toml"),
    "quick": ("run", "west", "--quick"),
    "limited": ("run", "west", "--time-limit", "999"),
    "demand": ("curve", "--of", "demand", "--at", "West", "--up-to", "120"),
    "site_full": ("site", "west", "--top", "2", "--full", "--budget", "300"),
    "site_quick": ("site", "--quick"),
    "no_site": ("site", "no_choice"),
    "plan_limited": ("plan", "west", "--budget", "400", "--time-limit", "999"),
    "no_plan": ("plan", "no_choice"),
}
WITH_INPUTS: dict[str, tuple[str, ...]] = {
    "inputs_run": ("run",),
    "inputs_site": ("site", "--top", "2"),
    "inputs_plan": ("plan",),
}
CUT_SHORT: dict[str, tuple[tuple[str, ...], str, float]] = {
    "site_cut": (COMMANDS["site"], "budget", 0.36),
    "full_cut": (COMMANDS["full"], "", 0.3),
    "ranges_cut": (COMMANDS["ranges"], "", 0.5),
    "sweep_cut": (COMMANDS["sweep"], "", 2.6),
    "plan_cut": (COMMANDS["plan"], "", 1.44),
}
"""Commands that a limit cuts short, the table of which something is to be answered, and how long
they take, in seconds, between two looks at the clock, when no limit comes into them yet."""
COMPARISON = "comparison"
NAMES = (*COMMANDS, *WITH_INPUTS, *CUT_SHORT, COMPARISON)
LIMIT_S = 100.0


def write_case_with_inputs(folder: Path) -> Path:
    """The small case; its product takes an input, and a depot can hand some on."""
    more = {"source,grade\n": "source,grade,commodity\n", "reported\n": "reported,\n"}
    origins = FILES["origins.csv"].replace("assumed\n", "assumed,\n")
    for old, new in more.items():
        origins = origins.replace(old, new)
    origins += "Cokery,900,North,Northtown,,50,survey,assumed,coke\n"
    origins += "Yard,80,South,Southtown,,5,survey,assumed,\n"
    case = write_small_case(folder, origins=origins, periods="year\n2024\n2025\n")
    (case / "recipes.csv").write_text(
        "output,input,t_per_t,origin\nproduct,coke,0.5,\nproduct,product,1,Yard\n"
        "product,coke,0.001,Yard\n",
        encoding="utf-8",
    )
    return case


class Clock:
    """Stands in for the clock of deadlines: some time passes between any two looks at it."""

    def __init__(self, step_s: float) -> None:
        self.now_s, self.step_s = 0.0, step_s

    def monotonic(self) -> float:
        self.now_s += self.step_s
        return self.now_s


@dataclass
class Honest:
    """Honest folders, by what they are called here; none that fails its own verification.

    Attributes
    ----------
    base : the folder in which all is made
    folders : those that were needed so far
    """

    base: Path
    folders: dict[str, Path] = field(default_factory=dict)

    def folder(self, name: str) -> Path:
        """Where a folder is, made if need be."""
        if name not in self.folders:
            self.folders[name] = self._made(name)
        return self.folders[name]

    def copy(self, name: str, target: Path) -> Path:
        """A copy that may be spoilt; the runs of a comparison stand beside it."""
        if name == COMPARISON:
            for other in ("base", "run"):
                shutil.copytree(self.folder(other), target / self.folder(other).name)
        folder = self.folder(name)
        return Path(shutil.copytree(folder, target / folder.name))

    def _made(self, name: str) -> Path:
        case = "inputs_case" if name in WITH_INPUTS else "case"
        if name == COMPARISON:
            return self._answer(
                name, "compare", *(str(self.folder(each)) for each in ("base", "run"))
            )
        if name in CUT_SHORT:
            return self._cut_short(name, case)
        command = (COMMANDS | WITH_INPUTS)[name]
        return self._answer(name, *command, "--case", case)

    def _cut_short(self, name: str, case: str) -> Path:
        """The answer of a slower and slower program, until the limit comes into it."""
        command, table, step_s = CUT_SHORT[name]
        question = *command, "--case", case, "--time-limit", str(LIMIT_S)
        for attempt in range(50):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(deadline, "time", Clock(step_s * 1.02**attempt))
                folder = self._answer(f"{name}_{attempt}", *question)
            if is_cut_within(folder, table):
                return folder
        raise AssertionError(f"no limit comes into {name}")

    def _answer(self, name: str, *arguments: str) -> Path:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.base)
            patch.setattr(sys, "argv", ["solve.py", *arguments, "--out", f"out/{name}"])
            assert solve.main() in (0, 3, 4)
        (folder,) = (self.base / "out" / name).iterdir()
        return folder


def is_cut_within(folder: Path, table: str) -> bool:
    """Whether a limit came into an answer; of a table, after some of its rows."""
    answered = content_of(folder)["provenance"]["options"].get("answered")
    return answered is not None and (not table or answered[table] > 0)


def content_of(folder: Path) -> Any:
    """What ``run.json`` says."""
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def honest_folders(base: Path) -> Honest:
    """Cases and scenarios in a folder; run folders are made when they are needed."""
    case = write_small_case(base / "case")
    for name, text in SCENARIOS.items():
        write_scenario(case, name, text)
    write_case_with_inputs(base / "inputs_case")
    (base / "draws.toml").write_text(DRAWS, encoding="utf-8")
    return Honest(base)
