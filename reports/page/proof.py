"""The sections that answer for a plan: its certificate, how it was computed, why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from model.case.records import Record
from reports.language import say, word
from reports.language.numbers import plain, some
from reports.page import tables_generic
from reports.page.section import Formula, Section, Text, section
from reports.page.table import PageTable

if TYPE_CHECKING:
    from model.result.allocation import Allocation
    from model.solve.diagnosis import Diagnosis

LONG, NAMED = 240, 3
"""Characters from which a sentence is cut short, and the names that it then has."""
MATHEMATICS = """\
min   Σ c·x                         CNY thousand a year, over all lanes
s.t.  Σ x out of an origin ≤ its supply                       supply_limit
      least ≤ Σ x into a sink ≤ most                          demand_met
      least ≤ Σ w·x of a limit ≤ most                         limit_kept
      least ≤ x ≤ most                                        on every lane, kt a year

c = freight along the route + production + duty × value + carbon price × emission, CNY/t"""


def certificate(result: Allocation) -> Section | None:
    """Return what checking the plan exactly has found, or how to check it."""
    found = result.certificate.get("found")
    if not isinstance(found, Mapping):
        return section(
            "certificate",
            "Certificate",
            Text(
                "The plan is checked again, exactly and without the solver, by",
                f"python solve.py verify {_run_name(result)}",
            ),
        )
    rows = [(say(key.replace("_", " ")), _about(value)) for key, value in found.items()]
    return section(
        "certificate",
        "Certificate",
        tables_generic.facts(
            "certificate-facts",
            "What an exact check found",
            rows,
            "Recomputed in rational numbers from the run's own inputs, without the "
            "solver: no flow breaks a row, and no plan can cost less than the bound.",
        ),
        Text("Check it again with", f"python solve.py verify {_run_name(result)}"),
    )


def _about(value: Any) -> Any:
    """Return the readable part of an exact figure."""
    return value.get("about") if isinstance(value, Mapping) else value


def _run_name(result: Allocation) -> str:
    return str(result.figures.get("run") or "RUN").rstrip("/").rpartition("/")[2]


def computed(result: Allocation) -> Section | None:
    """Return the mathematics, and with what and how fast it was solved."""
    lanes, origin = result.lanes, result.provenance
    words = {
        "offered": "lanes on offer",
        "seen": "lanes that the solver saw",
        "used": "lanes that carry anything",
        "rounds": "rounds of pricing",
        "least_reduced_cost": "least reduced cost of a lane left out (CNY/t)",
    }
    rows: list[tuple[str, Any]] = [
        ("status", say(result.status)),
        ("solver", result.figures.get("solver")),
        *((word, lanes.get(key)) for key, word in words.items()),
        ("written", origin.get("created")),
        ("commit", origin.get("git_commit")),
        ("run", result.figures.get("run")),
    ]
    for group in ("timings", "options", "versions"):
        entries = origin.get(group)
        if isinstance(entries, Mapping):
            rows += [
                (say("{group}: {name}", group=say(group), name=say(name.replace("_", " "))), value)
                for name, value in entries.items()
            ]
    return section(
        "computed",
        "How it was computed",
        Text(
            "A linear program; every lane left out of it is priced against its duals, and the "
            "last round in which none would pay proves the plan over all lanes."
        ),
        Formula(MATHEMATICS),
        tables_generic.facts("computed-facts", "This run", rows),
    )


def no_plan_sentences(diagnosis: Diagnosis | None) -> list[str]:
    """Return that there is no plan, why, and the smallest change that would repair it."""
    if diagnosis is None:
        return [say("Not known: a limit came before any plan was found.")]
    short = diagnosis.shortage_kt
    first = say("No: at least {kt} kt a year are missing.", kt=plain(short))
    first = first if short > 0 else say("No.")
    texts = [first, _cut(diagnosis)]
    if diagnosis.repairs:
        least = diagnosis.repairs[0]
        text = "The least change of one kind that would repair it: {change}."
        texts.append(say(text, change=word(least["what"])))
    return texts


def _cut(diagnosis: Diagnosis) -> str:
    """The cut in a sentence; a long one names the first of its places and counts the others."""
    headline = diagnosis.headline.rstrip(".")
    if len(headline) <= LONG or not diagnosis.sinks:
        return word(f"{headline}.")
    beginning, _, rest = headline.partition(": ")
    when = say("{when}: ", when=word(beginning)) if rest and " need" not in beginning else ""
    who = some([row["sink"] for row in diagnosis.sinks], NAMED)
    causes = [
        say("{what} {kt} kt", what=word(row["what"]), kt=plain(row["kt"]))
        for row in diagnosis.causes
    ]
    because = say(", because of {causes}", causes=some(causes, NAMED)) if causes else ""
    return when + say(
        "{who} need {need} kt; at most {most} kt can reach them{because}.",
        who=who,
        need=plain(diagnosis.need_kt),
        most=plain(diagnosis.reach_kt),
        because=because,
    )


def cut_section(diagnosis: Diagnosis | None) -> Section | None:
    """Return the cut that leaves no plan, its causes, what would repair it."""
    if diagnosis is None:
        return None
    lists: Record = {
        "short": ("Who is short", diagnosis.sinks),
        "causes": ("What holds them short", diagnosis.causes),
        "repairs": ("Single changes that would repair it, smallest first", diagnosis.repairs),
        "unreachable": ("Buyers that no route reaches", diagnosis.unreachable),
    }
    return section(
        "cut",
        "Why there is no plan",
        tables_generic.facts(
            "cut",
            "The cut",
            [
                ("needed (kt)", diagnosis.need_kt),
                ("can reach them (kt)", diagnosis.reach_kt),
                ("short (kt)", diagnosis.shortage_kt),
            ],
        ),
        *(_listed(name, title, rows) for name, (title, rows) in lists.items() if rows),
    )


def _listed(name: str, title: str, rows: list[Record]) -> PageTable:
    plain_rows = [
        {
            key: ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
            for key, value in row.items()
            if key not in ("row", "rows")  # labels of the program; `what` says it in words
        }
        for row in rows
    ]
    return tables_generic.generic(name, title, pd.DataFrame(plain_rows))
