"""A stored run folder against what its own inputs give: in rationals, and by asking again."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from model.audit.comparison import runs_of
from model.audit.disagreement import Disagreement, show
from model.audit.layout import NOT_COVERED, RUN_JSON_NOT_COVERED
from model.audit.layout import PAGES as PAGE_FILES
from model.audit.verify import MALFORMED
from model.audit.verify import verify as audit
from model.case.errors import BadInput, OutOfTime, SolverFailed
from model.case.records import Json
from model.certify.reading import CertificateError, strict_json
from model.result.allocation import PROGRAMS, QUICK
from model.result.answer import ANSWERED
from model.result.figures import COMPARISON, FUTURES, KINDS, SITE
from model.scenarios.scenario import BY_PATH
from model.store.folder import folder_name
from model.store.provenance import PAGES
from model.store.store import identity_of
from model.verification.again import (
    answer_again,
    plan_cut_short,
    save_again,
    site_cut_short,
)
from model.verification.comparison import compare_again
from model.verification.cut_short import (
    compare_but_plan,
    has_other_plan,
    is_cut_short,
)
from model.verification.folders import compare_folders
from model.verification.futures import together_again
from model.verification.given import question_of, unpack

NOT_SEARCHED_AGAIN = (
    "sets.csv, regret.csv, given.csv, best sets by future: a limit came before they were proved"
)
MOST_ATTEMPTS = 100
"""Folders of one name made in one second, of which all but the first have another hash."""


PROVENANCE = frozenset({"options", "timings", "created", "inputs", "versions", "git_commit", PAGES})
NUMBER, NAMES, NONE = (int, float), (list,), type(None)
REQUIRED: Mapping[str, tuple[type, ...]] = {
    "budget_mcny": (*NUMBER, NONE),
    "max_projects": (int, NONE),
    "quotas": (dict,),
    "include": NAMES,
    "exclude": NAMES,
}
ANY_OPTIONS: Mapping[str, tuple[type, ...]] = {
    "time_limit_s": (*NUMBER, NONE),
    PROGRAMS: (int,),
    ANSWERED: (int, dict),
}
OPTIONS: Mapping[str, Mapping[str, tuple[type, ...]]] = {
    "run": {"full": (bool,), QUICK: (bool,)},
    "site": {
        **REQUIRED,
        "top": (int,),
        "full": (bool,),
        "against": NAMES,
        "along": (str,),
        QUICK: (bool,),
    },
    "plan": {**REQUIRED, "starts": (dict,)},
    FUTURES: {
        **REQUIRED,
        "scenarios": NAMES,
        "together": (str,),
        "weights": (str, NONE),
        "top": (int,),
        "sets": NAMES,
        "full": (bool,),
        QUICK: (bool,),
    },
    "curve": {
        "of": (str,),
        "at": NAMES,
        "from": (*NUMBER, NONE),
        "up_to": NUMBER,
        "cost": (*NUMBER, NONE),
    },
    "ranges": {"within": (str,)},
    "why": {"origin": (str,), "sink": (str,), "kt": NUMBER, "rather_than": (str,)},
    "sweep": {"file": (str,), "draws": (int, NONE)},
}
"""What each kind of question may be asked with, besides what any may, and the types of it."""
OF_TABLES = frozenset({"top", "full", "against", "along"})
"""Options of a choice that say what its tables hold: they act on nothing in a quick one."""


@dataclass(frozen=True)
class Verification:
    """What checking a run folder has found.

    Attributes
    ----------
    disagreements : every figure, row and file that is not what the inputs give
    not_covered : files, or parts of them, that say nothing that could be derived again
    """

    disagreements: tuple[Disagreement, ...]
    not_covered: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether everything is what the inputs give."""
        return not self.disagreements


def verify(run: Path | str) -> Verification:
    """Check everything in a run folder again: every CSV, every JSON figure, every file.

    What a certificate can tell is derived in rationals from the texts of the folder; everything
    else by asking the question again, of the files that it was asked of.

    Parameters
    ----------
    run : str or Path
        A finished run folder, wherever it was copied or moved to; the runs of a comparison are
        where it says, or next to it.

    Returns
    -------
    Verification
        `agrees`, `disagreements` (file, figure, what it says, what the inputs give), and
        `not_covered`, the files that say nothing that could be derived again.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from model import allocate, read_case, verify
    >>> result = allocate(read_case("data/prebaked_2024"))
    >>> with TemporaryDirectory() as out:
    ...     verify(result.save(out)).agrees
    True
    """
    run = Path(run)
    found = dict.fromkeys([*audit(run), *_derived(run)])
    shown = [name for name in NOT_COVERED if (run / name).exists()]
    absent = [f"{name}: not there" for name in PAGE_FILES if name not in shown]
    late = [NOT_SEARCHED_AGAIN] if _is_late_run(run) else []
    return Verification(tuple(found), (*shown, *absent, *late, RUN_JSON_NOT_COVERED.text))


def _is_late(content: Json) -> bool:
    """Whether a limit ended the search for one set for several futures before proof."""
    return content.get("kind") == FUTURES and content.get("status") == "limit"


def _is_late_run(run: Path) -> bool:
    try:
        return _is_late(_run_json(run))
    except MALFORMED:
        return False


def _derived(run: Path) -> Iterator[Disagreement]:
    """What the files say against those of the same question asked again."""
    try:
        content = _run_json(run)
    except MALFORMED as error:
        yield Disagreement("run.json", "", "what a run says of itself", str(error))
        return
    kind = content.get("kind")
    if kind not in KINDS:
        yield Disagreement("run.json", "kind", show(kind), f"one of {', '.join(KINDS)}")
        return
    yield from _name(content)
    yield from _pages(run, content)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            if kind == COMPARISON:
                for folder in runs_of(run, content):
                    yield from _of_another(folder)
                yield from compare_again(run, content, Path(scratch))
            else:
                yield from _asked_again(run, content, Path(scratch))
        except (BadInput, SolverFailed, OutOfTime, *MALFORMED) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            yield Disagreement(run.name, "", "the answer to a question", reason)


def _pages(run: Path, content: Json) -> Iterator[Disagreement]:
    """Page and workbook that are missing, or surplus where none were asked for."""
    provenance = content.get("provenance")
    stated = (provenance if isinstance(provenance, dict) else content).get(PAGES)
    if stated not in (None, False):
        yield Disagreement("run.json", PAGES, show(stated), "false, or no such key")
    wanted = stated is not False
    for name in PAGE_FILES:
        there = (run / name).is_file()
        if there != wanted:
            yield Disagreement(name, "", *(("a file", "none") if there else ("no file", "one")))


def _asked_again(run: Path, content: Json, scratch: Path) -> Iterator[Disagreement]:
    provenance = content["provenance"]
    given, out = scratch / "given", scratch / "out"
    given.mkdir()
    yield from _unknown("provenance", provenance, PROVENANCE)
    yield from _options(content["kind"], provenance["options"])
    yield from unpack(run, provenance["inputs"], given)
    if content["kind"] == FUTURES and _is_late(content):
        return
    if content["kind"] == FUTURES:
        yield from compare_folders(run, save_again(together_again(given, content), provenance, out))
        return
    question = question_of(given, content["scenario"]["name"], provenance["options"])
    if content["total_cost_mcny"] is None and content["status"] == "limit":
        yield Disagreement("run.json", "total_cost_mcny", "blank", "a plan, else no folder is made")
        return
    if is_cut_short(content):
        again = site_cut_short if content["kind"] == SITE else plan_cut_short
        derived = save_again(again(question, content, run), provenance, out)
    else:
        derived = answer_again(content["kind"], question, provenance, out)
    draft = f"{question.scenario.name}.toml"
    if (run / draft).is_file() and (given / BY_PATH / draft).is_file():
        shutil.copy(given / BY_PATH / draft, derived)  # the what-if page leaves its scenario there
    if has_other_plan(run, derived, content):
        yield from compare_but_plan(run, derived, content)
    else:
        yield from compare_folders(run, derived)


def _options(kind: str, said: Json) -> Iterator[Disagreement]:
    """Options that no question of a kind has, or of another type."""
    known = {**OPTIONS[kind], **ANY_OPTIONS}
    yield from _unknown("provenance.options", said, frozenset(known))
    for key in said.keys() & known:
        if type(said[key]) not in known[key]:
            named = " or ".join(each.__name__ for each in known[key])
            yield Disagreement("run.json", f"provenance.options.{key}", show(said[key]), named)
    if kind == SITE and said.get(QUICK):
        for key in OF_TABLES & said.keys():
            if said[key]:
                place = f"provenance.options.{key}"
                yield Disagreement("run.json", place, show(said[key]), "nothing, of a quick choice")


def _unknown(place: str, said: Json, known: frozenset[str]) -> Iterator[Disagreement]:
    """Keys that no answer of its kind has: they would act on nothing."""
    for key in said.keys() - known:
        yield Disagreement("run.json", f"{place}.{key}", "a key", "none")


def _of_another(run: Path) -> Iterator[Disagreement]:
    """What a run that another folder is made of says wrongly."""
    for entry in verify(run).disagreements:
        yield replace(entry, file=f"{run.name}/{entry.file}")


def _name(content: Json) -> Iterator[Disagreement]:
    """The name under which the folder was made, whose hash is that of what ``run.json`` says."""
    said = PurePosixPath(str(content.get("run"))).name
    label, stamp, digest = [*said.rsplit("-", 2), "", ""][:3]
    identity = identity_of(content)
    try:
        created = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        yield Disagreement("run.json", "run", show(said), "a name with the time and a hash")
        return
    names = [folder_name(label, identity, created, attempt) for attempt in range(MOST_ATTEMPTS)]
    if said not in names:
        found = f"{names[0].rsplit('-', 1)[1]}, the hash of what else it says"
        yield Disagreement("run.json", "run", digest, found)


def _run_json(run: Path) -> Json:
    """``run.json`` in the types that the model takes; first of all that it can be read strictly.

    Raises
    ------
    CertificateError
        It is no JSON object, or gives a key twice.
    """
    try:
        text = (run / "run.json").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CertificateError(str(error)) from error
    strict_json("run.json", text)
    content: Json = json.loads(text)
    return content
