"""``docs/outputs.md``: files, columns and figures of a run folder, as the tables declare them."""

from __future__ import annotations

from pathlib import Path

from model.result.figures import ALLOCATIONS, FIGURES, KINDS, FigureInfo
from model.result.output_columns import COLUMNS
from model.result.output_files import FILES
from model.result.outputs import ALWAYS, ANSWERED, ASKED, OUTPUTS, PLACED, OutputTable

PAGE = Path(__file__).parents[2] / "docs" / "outputs.md"
WHEN = {
    ALWAYS: "always",
    ANSWERED: "where there is an answer",
    ASKED: "where asked for",
    PLACED: "where nodes have coordinates",
}


def page() -> str:
    """Return the page as Markdown."""
    parts = [_introduction(), _figures(), _files(), *map(_table, OUTPUTS)]
    return "\n\n".join(parts) + "\n"


def write_page() -> Path:
    """Write the page into the checkout and return its path."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    return PAGE


def _introduction() -> str:
    return """# The files of a run

<!-- Made from model/result by `python -m model.result.outputs_page`; edit it there. -->

Every command that solves writes a folder `<scenario>-<UTC time>-<hash8>`; it is whole or absent,
and never changes. Tables are UTF-8 CSV files; numbers are the shortest decimals that read back the
same, missing ones are blank, booleans `true` and `false`. A text that a spreadsheet could take for
a formula has an apostrophe before it. Masses are in kt per year, money in millions of CNY (MCNY)
per year, unit costs in CNY/t; a share is a fraction, 0.83 for 83 %. What is counted stands in
[the mathematics](mathematics.md), the format of `inputs/` in [the data](../data/README.md)."""


def _figures() -> str:
    rows = [
        f"| `{name}` | {figure.title} | {figure.unit} | {figure.definition} | {_absent(figure)} "
        f"| {_kinds(figure.kinds)} |"
        for name, figure in FIGURES.items()
    ]
    head = [
        "## Figures of run.json, and of `--json`",
        "",
        "A figure that does not apply is null; `not_applicable` gives the reason of each. Where no",
        "allocation is feasible, or none was found before the limit, that holds for all figures of",
        "flows. Beside the figures stand `kind`, `scenario`, `status`, `run` (the folder),",
        "`lanes`, `ties` (`resolved`: of plans of equal cost the published one was chosen;",
        "`unresolved`: another may cost the same; null without a plan), `diagnosis` (where there",
        "is no allocation), `solver`, `seconds`, `provenance`. Its `options` are what was asked;",
        "where a time limit came first, also how far the answer came: `programs`, the linear",
        "programs that gave the flows of a run; `answered`, how many parts of a study, rows of",
        "each table of a site, or figures of a plan after its schedule there was time for.",
        "",
        "| figure | title | unit | definition | null where | kinds |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    return "\n".join(head + rows)


def _absent(figure: FigureInfo) -> str:
    return figure.absent or ""


def _files() -> str:
    rows = [
        f"| `{file.name}` | {file.meaning} | {WHEN[file.when]} | {_kinds(file.kinds)} |"
        for file in FILES
    ]
    head = ["## Files", "", "| file | holds | when | kinds |", "| --- | --- | --- | --- |"]
    return "\n".join(head + rows)


def _table(table: OutputTable) -> str:
    rows = [
        f"| `{name}` | {table.says.get(name, COLUMNS[name].meaning)} | {COLUMNS[name].unit} |"
        for name in (*table.columns, *table.names)
    ]
    when = "" if table.when == ALWAYS else f", {WHEN[table.when]}"
    lines = [
        f"## {table.name}.csv ({_kinds(table.kinds)}{when})",
        "",
        " ".join(filter(None, [table.meaning, table.beyond])),
        "",
        "| column | meaning | unit |",
        "| --- | --- | --- |",
    ]
    return "\n".join(lines + rows)


def _kinds(kinds: tuple[str, ...]) -> str:
    """Kinds in words."""
    if set(kinds) == set(KINDS):
        return "all"
    if set(kinds) >= set(ALLOCATIONS):
        others = [kind for kind in kinds if kind not in ALLOCATIONS]
        return ", ".join(["all with one allocation", *others])
    return ", ".join(kinds)


if __name__ == "__main__":
    print(write_page())
