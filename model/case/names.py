"""Names: which look alike, which is nearest, and which are safe as the name of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher

from model.case.errors import Fault, is_utf8, quoted

_MOST_COMPARED = 20_000
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_FILE_NAME = re.compile(r"[\w][\w.+\- ]*")
_LONGEST_FILE_NAME = 100


def folded(name: str) -> str:
    r"""Return what is left of a name without case, spaces, invisible signs and Unicode form.

    Examples
    --------
    >>> folded("Inner\u00a0Mongolia") == folded("inner mongolia")
    True
    """
    if name.isascii():
        return "".join(name.split()).lower()
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(c for c in plain if not (c.isspace() or unicodedata.category(c) == "Cf"))
    return unicodedata.normalize("NFKC", seen)


def nearest(name: str, known: Collection[str], least: float = 0.6) -> str:
    """Return the known name most like `name`, ``""`` where none is like it.

    A name that differs only by case, spaces or Unicode form comes first; ties go to the first in
    code-point order.
    """
    wanted = folded(name)
    candidates: Iterable[str] = sorted(known)
    if len(known) > _MOST_COMPARED:
        candidates = [c for c in candidates if abs(len(c) - len(name)) <= 2][:_MOST_COMPARED]
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    best, best_ratio = "", least
    for candidate in candidates:
        matcher.set_seq1(folded(candidate))
        if matcher.real_quick_ratio() <= best_ratio or matcher.quick_ratio() <= best_ratio:
            continue
        ratio = matcher.ratio()
        if ratio > best_ratio:
            best, best_ratio = candidate, ratio
    return best


def did_you_mean(name: str, known: Collection[str], otherwise: str) -> str:
    """Return a remedy: the nearest known name, or `otherwise`."""
    near = nearest(name, known)
    return f"did you mean {quoted(near)}?" if near else otherwise


def file_name_fault(name: str, where: str) -> Fault | None:
    """Return what is wrong with the name of a scenario or a run, which names files too.

    Parameters
    ----------
    name : str
        As the user gave it.
    where : str
        Where it was given.
    """
    rule = _broken_file_name_rule(name)
    if rule is None:
        return None
    remedy = "use letters, digits, spaces and . _ - +, beginning with a letter or digit"
    return Fault(where, quoted(name) if name else "a blank name", rule, remedy)


def _broken_file_name_rule(name: str) -> str | None:
    if len(name) > _LONGEST_FILE_NAME:
        return f"a name may have at most {_LONGEST_FILE_NAME} characters"
    if not is_utf8(name):
        return "a name must be UTF-8"
    if _RESERVED.fullmatch(name):
        return "the name is reserved by some systems"
    if not _FILE_NAME.fullmatch(name) or name.endswith((".", " ")):
        return "a name must be a plain file name, not a path"
    return None


def load_limit(project: str) -> str:
    """What the limit is called that states the least load of a project that is built."""
    return f"least load of {project}"
