"""Pages of the site that stand elsewhere in the checkout, and links to them: a hook of mkdocs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
READMES = {
    "tables.md": "data/README.md",
    "prebaked_2024.md": "data/prebaked_2024/README.md",
    "battery_2024.md": "data/battery_2024/README.md",
}
NOTEBOOK = "notebook.ipynb"
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s#]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: Any) -> Files:
    """Add what is no Markdown file of ``docs/``."""
    for name, source in READMES.items():
        files.append(File.generated(config, name, content=_text(ROOT / source)))
    notebook = notebook_as_markdown(ROOT / "docs" / NOTEBOOK)
    files.append(File.generated(config, "notebook.md", content=notebook))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Point links at pages of the site; those to code become plain words."""
    uri = page.file.src_uri
    source = ROOT / READMES.get(uri, f"docs/{uri}")

    def pointed(match: re.Match[str]) -> str:
        words, target, anchor = match[1], match[2], match[3] or ""
        if "://" in target:
            return match[0]
        path = (source.parent / target).resolve().relative_to(ROOT).as_posix()
        named = {there: name for name, there in READMES.items()} | {f"docs/{NOTEBOOK}": NOTEBOOK}
        if path in named:
            return f"[{words}]({named[path]}{anchor})"
        inside = path.removeprefix("docs/")
        is_page = path.startswith("docs/") and path.endswith((".md", ".png", ".svg"))
        return f"[{words}]({inside}{anchor})" if is_page else words

    return _LINK.sub(pointed, markdown)


def notebook_as_markdown(path: Path) -> str:
    """Cells of a notebook as text and blocks of code, with a link to the file."""
    cells = json.loads(_text(path))["cells"]
    parts = [
        text if cell["cell_type"] == "markdown" else f"```python\n{text}\n```"
        for cell in cells
        for text in ["".join(cell["source"])]
    ]
    return "\n\n".join([*parts, f"The file: [{NOTEBOOK}]({NOTEBOOK})."])


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
