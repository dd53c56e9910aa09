"""The words of the live market, and names and numbers as it tells them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from model.schedule import FIRST_YEAR
from model.specification import in_force
from views.words import numbers
from views.words.language import Speech, phrase
from views.words.scenario_titles import scenario_title

EDUCATION = (
    phrase("no secondary school"),
    phrase("secondary school"),
    phrase("vocational college"),
    phrase("bachelor's degree"),
    phrase("master's degree"),
)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveSpeech(Speech):
    """Says months and names in the language chosen too."""

    def month(self, index: int) -> str:
        """A month in words: July 2026."""
        year, place = FIRST_YEAR + index // 12, index % 12
        return f"{year}年{place + 1}月" if self.language == "zh" else f"{_MONTHS[place]} {year}"

    def short_month(self, index: int) -> str:
        """A month in few letters: Jul 2026."""
        return f"{self.months[index % 12]} {FIRST_YEAR + index // 12}" if self.language == "en" else self.month(index)

    def scenario(self, name: str) -> str:
        """Title of a shipped scenario."""
        return scenario_title(name, self)

    @property
    def occupations(self) -> int:
        """How many occupations have a title."""
        return len(in_force().country.occupations.ids)

    def occupation(self, code: int) -> str:
        """Title of an occupation."""
        table = in_force().country.occupations
        return (table.titles_zh if self.language == "zh" else table.titles)[code]

    def sector(self, code: int) -> str:
        """Title of a sector."""
        table = in_force().country.sectors
        return (table.titles_zh if self.language == "zh" else table.titles)[code]

    def span(self, months: int) -> str:
        """A number of months: 1 month, 12 months."""
        return self.several("{n} month", "{n} months", months)

    def people(self, real: float) -> str:
        """A number of people: 1.2 million, 123万."""
        return numbers.count(real, self)


def percent(value: float, places: int = 1) -> str:
    """A share in percent, or a dash."""
    return f"{100 * value:.{places}f} %" if math.isfinite(value) else "–"
