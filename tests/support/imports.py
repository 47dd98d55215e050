"""What imports what, read from the source files: for the layers and the picture of them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


def module_of(path: Path) -> str:
    """Dotted name of a source file; that of its package for an `__init__.py`."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {
    module_of(path): path
    for package in ("model", "reports")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not {"runs", "assets"} & set(path.parts)
} | {"solve": ROOT / "solve.py"}
"""Every module of the program with its file."""


def within(module: str, package: str) -> bool:
    """Whether a module is a package or stands in it."""
    return module == package or module.startswith(f"{package}.")


def imports_of(path: Path, *, at_run_time_only: bool = False) -> Iterator[str]:
    """Dotted names that a file imports; `from a import b` gives `a` and `a.b`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set(_typing_only(tree)) if at_run_time_only else set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            assert node.module is not None
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _typing_only(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for child in node.body:
                yield from ast.walk(child)


@cache
def modules_imported(module: str) -> frozenset[str]:
    """Modules of ours that a module names, those imported for types or late included.

    A package counts only where nothing of it is named more closely: `from model.case import
    names` is an import of `model.case.names`.
    """
    named = set(imports_of(FILES[module])) & set(FILES) - {module}
    return frozenset(name for name in named if not any(within(n, name) for n in named - {name}))


def circles() -> list[set[str]]:
    """Sets of modules that import each other in a loop (strongly connected components)."""
    reached: dict[str, set[str]] = {}
    for module in FILES:
        found, waiting = set(), [module]
        while waiting:
            for name in modules_imported(waiting.pop()):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        reached[module] = found
    loops = {
        frozenset(other for other in reached[module] if module in reached[other])
        for module in FILES
        if module in reached[module]
    }
    return [set(loop) for loop in loops]


def arrows(rooms: tuple[str, ...]) -> set[tuple[str, str]]:
    """Pairs of rooms of which the first imports the second; a module is in its closest room."""
    room = {module: room_of(module, rooms) for module in FILES}
    return {
        (room[module], room[name])
        for module in FILES
        for name in modules_imported(module)
        if room[module] != room[name]
    }


def room_of(module: str, rooms: tuple[str, ...]) -> str:
    """The room that a module stands in: the longest of their names that it lies within."""
    return max((room for room in rooms if within(module, room)), key=len)


def without_detours(pairs: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that no path of other arrows replaces (transitive reduction)."""
    import networkx

    return set(networkx.transitive_reduction(networkx.DiGraph(sorted(pairs))).edges)
