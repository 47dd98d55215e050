"""One catalogue of every sentence and label: English is the key, other languages are files.

The files are gettext's, `reports/language/<language>/*.po`; English needs none. The language, and
the names that a case has in it, are set once for a command or a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.case.schema import LANGUAGES
from reports.language.made import translated
from reports.language.own_words import in_own_words, own_word, using

if TYPE_CHECKING:
    from model.case.case import Case

ENGLISH = LANGUAGES[0]
HERE = Path(__file__).parent


@dataclass(frozen=True, eq=False)
class Language:
    """What is spoken: a language, its texts by the English ones, names of places by the case's."""

    code: str = ENGLISH
    texts: dict[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def named(self, value: Any) -> Any:
        """Return a name of the case as the language has it; any other value as it is.

        A name of several words that has no entry of its own is put together from those of its
        parts.
        """
        if not self.names or not isinstance(value, str):
            return value
        return self.names.get(value) or self._from_parts(value) or value

    def _from_parts(self, name: str) -> str:
        words = name.split(" ")
        parts: list[str] = []
        is_place = False
        while words:
            ends = range(len(words), 0, -1)
            end = next((end for end in ends if self._part(words[:end])), 0)
            if not end:
                return ""
            is_place |= " ".join(words[:end]) in self.names
            parts.append(self._part(words[:end]))
            del words[:end]
        return "".join(parts) if is_place else ""

    def _part(self, words: list[str]) -> str:
        text = " ".join(words)
        is_number = text.isdigit() or set(text) <= set("IVX")
        return self.names.get(text) or self.texts.get(text) or (text if is_number else "")


_SPOKEN: ContextVar[Language] = ContextVar("spoken", default=Language())  # noqa: B039  is frozen
_ASKED_FOR: ContextVar[str] = ContextVar("asked_for", default="")


def say(text: str, /, **values: Any) -> str:
    """Return a text in the language that is spoken, with its values in their places.

    Parameters
    ----------
    text : str
        In English, the key of the catalogue; ``{name}`` stands for a value.
    **values
        Names of the case among them appear as the language has them.

    Examples
    --------
    >>> say("{origin} ships {amount} kt", origin="North", amount=5)
    'North ships 5 kt'
    """
    spoken = _SPOKEN.get()
    found = in_own_words(spoken.texts.get(text, text))
    if not values:
        return found
    return found.format(**{name: spoken.named(value) for name, value in values.items()})


def word(text: str) -> str:
    """Return a cell of a table, or a text that the model made, as the language has it."""
    spoken = _SPOKEN.get()
    return own_word(_word(spoken, text) if spoken.texts else text)


@lru_cache(maxsize=100_000)
def _word(spoken: Language, text: str) -> str:
    found: str = spoken.texts.get(text) or spoken.named(text)
    if found != text or " " not in text:
        return found
    return translated(text, spoken.texts, partial(_word, spoken))


def named(text: str) -> str:
    """Return a name of the case as the language has it, and any other text as it is."""
    found: str = _SPOKEN.get().named(text)
    return found


def spoken_language() -> str:
    """Return the code of the language that is spoken."""
    return _SPOKEN.get().code


def ask_for(code: str) -> None:
    """Let a language stand before that of each case, as a command's option does; blank: none."""
    _ASKED_FOR.set(code)
    _SPOKEN.set(_language(code or ENGLISH))


@contextmanager
def speaking(code: str, names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Speak a language meanwhile.

    Parameters
    ----------
    code : of the language
    names : names of a case as the language has them

    Examples
    --------
    >>> with speaking("zh"):
    ...     say("Shipped")
    '发运量'
    """
    earlier = _SPOKEN.set(_language(code, names))
    try:
        yield
    finally:
        _SPOKEN.reset(earlier)


def asked_for() -> str:
    """Return the code of the language that a command asks for; blank where it asks for none."""
    return _ASKED_FOR.get()


@contextmanager
def speaking_of(case: Case, asked: str = "") -> Iterator[None]:
    """Speak the language that was asked for, else the case's own, with the case's names."""
    code = asked or _ASKED_FOR.get() or case.settings.language
    names = None if code == ENGLISH else local_names(case)
    with speaking(code, names), using(case.settings, code):
        yield


def local_names(case: Case) -> dict[str, str]:
    """Return the local name of every name that has one."""
    names = case.names
    return {
        str(name): str(local)
        for name, local in zip(names["name"], names["local_name"], strict=True)
        if local
    }


def _language(code: str, names: Mapping[str, str] | None = None) -> Language:
    return Language() if code == ENGLISH else Language(code, texts_of(code), names or {})


@cache
def texts_of(code: str) -> dict[str, str]:
    """Return the catalogue of a language: its texts by the English ones."""
    import polib  # English does without

    files = sorted((HERE / code).glob("*.po"))
    return {entry.msgid: entry.msgstr for file in files for entry in polib.pofile(str(file))}
