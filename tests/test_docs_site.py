"""The documentation as a site, and its notebook."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", folder]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return folder


def test_every_public_name_is_explained_with_its_parameters(site: Path) -> None:
    import model

    page = (site / "python.html").read_text(encoding="utf-8")
    for name in set(model.__all__) - {"__version__"}:
        assert re.search(rf'id="model\.[\w.]*\b{name}"', page), name
    assert "budget_mcny" in page


def test_the_site_asks_nobody_else_for_anything(site: Path) -> None:
    for page in site.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe)[^>]+src="(?:https?:)?//', text), page.name
        assert not re.findall(r'<link[^>]+rel="stylesheet"[^>]+href="(?:https?:)?//', text)


def test_every_table_and_output_has_its_place(site: Path) -> None:
    from model.case.schema import TABLES

    tables = (site / "tables.html").read_text(encoding="utf-8")
    assert all(f'id="{name}csv"' in tables for name in TABLES)
    assert "total_cost_mcny" in (site / "outputs.html").read_text(encoding="utf-8")


def test_the_notebook_runs_from_beginning_to_end(tmp_path: Path) -> None:
    notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
    client.execute(cwd=str(ROOT))
    shown = [json.dumps(cell["outputs"]) for cell in notebook.cells if cell.cell_type == "code"]
    assert "Result: run base, optimal" in shown[0]
    assert all(len(text) > len("[]") for text in shown)


def test_every_pinned_package_has_its_licence() -> None:
    page = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| (\S+) \| (.+) \|$", page, re.MULTILINE)[2:])
    assert list(told) == re.findall(r"^(\S+)==", pins, re.MULTILINE)
    assert not [name for name, licence in told.items() if "not installed" in licence]
