"""Whatever arrives in a file, it is read or refused in one way; nothing else ever comes out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from model.case import same_case
from model.errors import BadInput
from model.read import read_case
from model.scenario import apply, load_scenario
from model.write import write_case
from tests.small_case import FILES, write_file, write_small_case

STEMS = [Path(file).stem for file in FILES]
SCRAPS = st.sampled_from(
    [
        "", ",", "\n", '"', "|", "-1", "1e999", "nan", "NaN", "true", "TRUE", "\0", "\ufeff",
        "\u200b", "9" * 400, "0x10", "１", "North mill", "north mill", "Port", "Port>Farport", "[",
        "]", "{", "=", "'''", "\\u0000", "2024-01-01", "12:00", "1_000", ".5", "+1", "=1+1", ";",
        "\r", "\t", "\x85",
    ]
)  # fmt: skip
SCENARIO = (
    'title = "t"\nwhy = "w"\n\n'
    '[[step]]\nset = "origins.supply_kt"\nwhere = { origin = "Old mill" }\nvalue = 20\n\n'
    '[[step]]\nappend = "sinks"\nrow = { sink = "X", demand_kt = 3, node = "Port" }\n'
    '\n[[step]]\nscale = "lanes.cost_cny_per_t"\nvalue = 1.1\n\n[[step]]\ndrop = "closures"\n'
)
WORDS = st.sampled_from(
    [
        "origins.supply_kt", "case.year", "case.name", "links.one_way", "duties.from_date",
        "sinks.kind", "limits.via", '"', "true", "1e16", "-1", "2024-01-01", "[1]", '["A", "B|C"]',
        '""', "{ }", "drop", "add", "append", "extends", "lanes", "nan", "[[1]]", "{ sink = [] }",
        "100000000000000000000",
    ]
)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, text: str, scraps: st.SearchStrategy[str]) -> str:
    """A text with a few pieces of it replaced."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 20)))
        text = text[:start] + draw(scraps | st.text(max_size=5)) + text[end:]
    return text


@st.composite
def broken_files(draw: st.DrawFn) -> tuple[str, bytes]:
    stem = draw(st.sampled_from(STEMS))
    file = next(file for file in FILES if Path(file).stem == stem)
    text = draw(edited(FILES[file], SCRAPS)).encode("utf-8", "surrogatepass")
    return stem, draw(st.just(text) | st.binary(max_size=60))


def read_or_refused(folder: Path, scenario: str = "") -> None:
    """Read (and apply); what is accepted must survive being written and read."""
    try:
        case, _ = apply(read_case(folder), load_scenario(folder, scenario))
    except BadInput as error:
        assert error.faults
        assert all(str(fault).isprintable() for fault in error.faults)
        return
    write_case(case, folder / "again")
    assert same_case(case, read_case(folder / "again"))


@given(broken_files())
@settings(max_examples=60, deadline=None)
@example(("case", b'name = "x"\nyear = ' + b"9" * 5000))
@example(("case", b'name = "x"\ndiscount_rate = 0x' + b"f" * 5000))
@example(("case", b"name = " + b"[" * 5000))
@example(("case", b'"a\\nb" = 1\nname = "x"\n'))
@example(("names", b"name,local_name,\x1b[31m\na,b,c\n"))
@example(("names", b'name,local_name\n"' + b"a" * 200_000 + b'",b\n'))
def test_any_file_of_a_case_is_read_or_refused(broken: tuple[str, bytes]) -> None:
    stem, content = broken
    with tempfile.TemporaryDirectory() as folder:
        read_or_refused(write_small_case(Path(folder), **{stem: content}))


@given(edited(SCENARIO, SCRAPS | WORDS))
@settings(max_examples=60, deadline=None)
@example('[[step]]\nset = "case.name"\nvalue = ""\n')
@example('[[step]]\nset = "origins.origin"\nvalue = "same"\n')
@example('[[step]]\ndrop = "origins"\n')
@example('[[step]]\nscale = "origins.supply_kt"\nvalue = 1e14\n')
def test_any_scenario_is_applied_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = write_small_case(Path(temporary))
        scenario = folder / "scenarios" / "trial.toml"
        write_file(scenario, text.encode("utf-8", "surrogatepass"))
        read_or_refused(folder, "trial")
