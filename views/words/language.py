"""What is said to people, in English and in Chinese: English is what the code says, a gettext catalogue has the rest.

`locale/zh/LC_MESSAGES/lab.po` holds the Chinese; `make words` (`catalogue`) brings it up to date and compiles it.
Labels that a mechanism declares have their Chinese beside them, and so have occupations and sectors in data/.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

Language = Literal["en", "zh"]
DOMAIN = "lab"
LOCALE = Path(__file__).resolve().parent / "locale"


class Labelled(Protocol):
    """What declares its label in both languages: an indicator, a parameter."""

    @property
    def label(self) -> str:
        """In English."""

    @property
    def label_zh(self) -> str:
        """In Chinese; empty where it has none."""


def phrase(text: str) -> str:
    """Marks a text for the catalogue that is said somewhere else; changes nothing."""
    return text


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.NullTranslations() if language == "en" else gettext.translation(DOMAIN, LOCALE, [language])


@dataclass(frozen=True, slots=True)
class Speech:
    """Says a phrase in the language chosen; one that the catalogue lacks stays English."""

    language: Language = "en"

    def __call__(self, phrase: str, **values: object) -> str:
        """The phrase in this language, its `{fields}` filled in."""
        chosen = _catalogue(self.language).gettext(phrase) if phrase else ""
        return chosen.format(**values) if values else chosen

    def several(self, one: str, many: str, n: int, **values: object) -> str:
        """The one phrase or the other, as `n` asks for; it is `{n}` in both."""
        return _catalogue(self.language).ngettext(one, many, n).format(**{"n": n, **values})

    def label(self, declared: Labelled) -> str:
        """What something declared is called."""
        return (self.language == "zh" and declared.label_zh) or declared.label

    def listed(self, parts: Iterable[str]) -> str:
        """Several things one after another."""
        return ("、" if self.language == "zh" else ", ").join(parts)

    def joined(self, sentences: Iterable[str]) -> str:
        """Several sentences one after another."""
        return ("" if self.language == "zh" else " ").join(sentences)

    @property
    def months(self) -> tuple[str, ...]:
        """Short names of the twelve months."""
        if self.language == "zh":
            return tuple(f"{month}月" for month in range(1, 13))
        return ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


ENGLISH = Speech()
