"""The questions visitors asked, each under an id that nobody can guess; the oldest are forgotten."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from model.scenario.scenario import Scenario
    from views.page.settings import Settings
    from views.words.language import Language

#: Questions that are remembered; their replications are kept, and bounded, by the laboratory.
MOST_RUNS = 200


@dataclass(frozen=True, slots=True)
class Run:
    """One question: a reform of the baseline, what it is called, and the language of its answer."""

    id: str
    kind: Literal["what-if", "why"]
    scenario: Scenario
    settings: Settings
    preset: str | None
    title: str
    language: Language
    #: Intervals leave out what is not known of the parameters.
    luck_alone: bool = False


class Shelf:
    """So many questions, the latest asked or looked at last."""

    def __init__(self, most: int = MOST_RUNS) -> None:
        self._runs: OrderedDict[str, Run] = OrderedDict()
        self._lock = threading.Lock()
        self._most = most

    def __len__(self) -> int:
        return len(self._runs)

    def add(
        self,
        kind: Literal["what-if", "why"],
        scenario: Scenario,
        settings: Settings,
        preset: str | None,
        title: str,
        language: Language,
        luck_alone: bool = False,
    ) -> Run:
        """Remember a question; the one that nobody has looked at for longest makes room."""
        run = Run(secrets.token_urlsafe(12), kind, scenario, settings, preset, title, language, luck_alone)
        with self._lock:
            self._runs[run.id] = run
            while len(self._runs) > self._most:
                self._runs.popitem(last=False)
        return run

    def get(self, name: str) -> Run | None:
        """The question of an id, if it is still remembered."""
        with self._lock:
            if name in self._runs:
                self._runs.move_to_end(name)
            return self._runs.get(name)
