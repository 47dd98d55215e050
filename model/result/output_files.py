"""The files of a run folder that are no tables: which kind of answer holds which."""

from __future__ import annotations

from dataclasses import dataclass

from model.result.figures import ALLOCATIONS, COMPARISON, FUTURES, PLAN, RUN, SITE
from model.result.outputs import ALWAYS, ANSWERED, ASKED, PLACED


@dataclass(frozen=True)
class OutputFile:
    """A file or folder of a run folder that is no table.

    Attributes
    ----------
    name : a folder's ends in ``/``
    meaning : what it holds
    kinds : of answers that hold it
    when : `ALWAYS`, `ANSWERED` or `ASKED`
    """

    name: str
    meaning: str
    kinds: tuple[str, ...] = (*ALLOCATIONS, PLAN, FUTURES, COMPARISON)
    when: str = ALWAYS


FILES = (
    OutputFile("run.json", "Status, figures, versions, options, times, hashes of the inputs."),
    OutputFile("manifest.json", "SHA-256 and size of every other file."),
    OutputFile(
        "certificate.json", "The basis and duals from which `verify` starts, and what was proved.",
        (*ALLOCATIONS, PLAN, FUTURES),
    ),
    OutputFile("flows.geojson", "A line for each row of flows.csv along its route, WGS 84, with"
               " the row's columns.", (*ALLOCATIONS, PLAN), PLACED),
    OutputFile("datapackage.json", "Every CSV file's columns with type, unit and meaning, for"
               " programs that read Frictionless data packages."),
    OutputFile("studies.json", "Answers of studies, as tables and texts.",
               (*ALLOCATIONS, PLAN), when=ASKED),
    OutputFile("inputs/", "The case as it was asked, distances filled in, with the scenarios that"
               " its assumptions name; running it gives the same answer.", (*ALLOCATIONS, PLAN)),
    OutputFile("built/", "The case with the choice built, which was solved.", (SITE,)),
    OutputFile("futures/", "The run of the set in each future, a folder each: inputs, what was"
               " built, flows, balance, prices, certificate.", (FUTURES,), ANSWERED),
    OutputFile("given.zip", "The files of the case, its scenarios and draws, byte for byte as they"
               " were given.", (*ALLOCATIONS, PLAN, FUTURES)),
    OutputFile("*.toml", "The scenario, where the what-if page saved the run.", (RUN,), ASKED),
    OutputFile("report.html", "The page; it works offline. Every command writes it; from Python,"
               " where pages are asked for.", when=ASKED),
    OutputFile("report.xlsx", "The same tables, formatted; with the page.", when=ASKED),
    OutputFile("pictures/", "Every picture as PNG and SVG, where `--png` asked for them.",
               ALLOCATIONS, when=ASKED),
)  # fmt: skip
