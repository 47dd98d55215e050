"""The layers hold: data flows one way, and each outside library has its one room."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from functools import cache

import pytest

from tests.support.imports import (
    FILES,
    ROOT,
    circles,
    imports_of,
    module_of,
    modules_imported,
    room_of,
    within,
)

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OURS = {"model", "reports", "solve", "benchmarks", "tests"}
IMPORT_NAMES = {"python-calamine": "python_calamine", "dask": "dask"}


def named(module: str) -> set[str]:
    return set(imports_of(FILES[module]))


def libraries_of(module: str) -> set[str]:
    return {name.split(".")[0] for name in named(module)}


@cache
def reachable(module: str) -> frozenset[str]:
    """Modules of ours that importing `module` may bring in, lazily imported ones included."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found.add(current)
        named = set(imports_of(FILES[current], at_run_time_only=True)) & set(FILES)
        parents = {name.rsplit(".", 1)[0] for name in named if "." in name} & set(FILES)
        waiting.extend(named | parents)
    return frozenset(found)


def test_nothing_imports_the_command_line() -> None:
    assert [
        module
        for module in FILES
        if any(name == "solve" or within(name, "reports.commands") for name in named(module))
        and module != "solve"
        and not within(module, "reports.commands")
    ] == []


def test_the_model_knows_no_report() -> None:
    assert [
        module
        for module in FILES
        if within(module, "model") and libraries_of(module) & {"reports", "plotly", "jinja2"}
    ] == []


def test_only_one_file_imports_the_solver() -> None:
    assert [module for module in FILES if "highspy" in libraries_of(module)] == [
        "model.solve.highs"
    ]


def test_only_the_pages_of_the_programs_and_their_reader_import_pyomo() -> None:
    users = {module for module in FILES if "pyomo" in libraries_of(module)}
    assert users <= {
        "model.solve.lp",
        "model.solve.program",
        "model.studies.siting.page",
        "model.studies.futures.page",
        "model.studies.plan.page",
    }


def test_the_certificate_shares_no_code_with_what_it_checks() -> None:
    for module in FILES:
        if within(module, "model.certify"):
            helpers = {"numpy", "scipy"} if module == "model.certify.compiled_paths" else set()
            assert libraries_of(module) <= {"model", *sys.stdlib_module_names, *helpers}, module
            ours = {name for name in imports_of(FILES[module]) if within(name, "model")}
            assert {name for name in ours if not within(name, "model.certify")} == set(), module


def test_reports_need_no_solver() -> None:
    for module in FILES:
        if within(module, "reports") and not within(module, "reports.commands"):
            solvers = reachable(module) & {
                "model.solve.highs",
                "model.solve.session",
                "model.solve.lp",
                "model.solve.program",
            }
            assert not solvers, f"{module} brings in {sorted(solvers)}"


ORDER = (
    "model.arrays",
    "model.case",
    "model.checking",
    "model.reading",
    "model.scenarios",
    "model.market",
    "model.solve",
    "model.result",
    "model.certify",
    "model.audit",
    "model.store",
    "model.run",
    "model.studies",
    "model.verification",
    "model.interface",
    "model",
    "reports.language",
    "reports.frames",
    "reports.figures",
    "reports.maps",
    "reports.page",
    "reports.workbook",
    "reports.explore",
    "reports.pages",
    "reports",
    "reports.commands",
    "solve",
)
"""The rooms from the ground up; each may import what stands before it, for types too."""


def test_no_room_imports_what_stands_above_it() -> None:
    upward = {
        f"{module} imports {name}"
        for module in FILES
        for name in modules_imported(module)
        if ORDER.index(room_of(module, ORDER)) < ORDER.index(room_of(name, ORDER))
    }
    assert upward == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circles() == []


def test_few_files_lie_loose_in_the_model() -> None:
    assert len([path for path in FILES.values() if path.parent == ROOT / "model"]) <= 5


def test_every_package_says_what_it_is_for_and_what_it_may_import() -> None:
    silent = {
        module
        for module, path in FILES.items()
        if path.name == "__init__.py"
        and not re.search(r"\b(May import|imports no)", path.read_text(encoding="utf-8"))
    }
    assert silent == set()


def test_every_package_is_listed() -> None:
    packages = {module_of(path) for path in FILES.values() if path.name == "__init__.py"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages | {"bundled_cases"}


def declared(extras: bool) -> set[str]:
    lists = [PROJECT["project"]["dependencies"]]
    if extras:
        lists += PROJECT["project"]["optional-dependencies"].values()
    names = {re.split(r"[\[<>=]", line)[0].strip() for entries in lists for line in entries}
    return {IMPORT_NAMES.get(name, name.replace("-", "_")) for name in names} | {"distributed"}


def test_every_library_is_declared() -> None:
    for module, path in FILES.items():
        outside = libraries_of(module) - OURS - set(sys.stdlib_module_names)
        assert outside <= declared(extras=True), f"{path}: {outside - declared(extras=True)}"


def test_every_declared_library_is_used() -> None:
    used = set().union(*(libraries_of(module) for module in FILES))
    sources = "".join(path.read_text(encoding="utf-8") for path in FILES.values())
    unused = {name for name in declared(extras=False) - {"distributed"} if name not in used}
    assert {name for name in unused if name not in sources} == set()


def test_every_version_is_pinned_and_no_address_is() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", line) for line in pins)
    pinned = {line.split("==")[0].replace("-", "_") for line in pins}
    wanted = {name.lower() for name in declared(extras=True)}
    assert {name for name in wanted if name not in pinned} == set()


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], {"pandas", "numpy", "pyomo", "highspy"}),
        (["run", "--help"], {"pandas", "numpy", "pyomo", "highspy"}),
        (["list"], {"pyomo", "highspy", "networkx", "plotly", "jinja2"}),
    ],
)
def test_help_and_list_load_no_heavy_library(arguments: list[str], unneeded: set[str]) -> None:
    code = (
        "import sys, solve\n"
        f"sys.argv = ['solve.py', *{arguments!r}]\n"
        "code = solve.main()\n"
        f"loaded = {unneeded!r} & set(sys.modules)\n"
        "assert code == 0 and not loaded, (code, loaded)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_no_test_imports_another() -> None:
    """What several tests share stands in `tests/support`, or in `conftest.py`."""
    shared = "tests.conftest", "tests.support"
    for file in sorted((ROOT / "tests").glob("test_*.py")):
        ours = {name for name in imports_of(file) if name.split(".")[0] == "tests"}
        loose = {name for name in imports_of(file) if (ROOT / "tests" / f"{name}.py").is_file()}
        strange = {name for name in ours if not any(within(name, room) for room in shared)} | loose
        assert not strange, f"{file.name} imports {sorted(strange)}: move what it needs to support"
