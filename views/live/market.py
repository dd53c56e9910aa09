"""The market that one visitor watches: opened once for all, lived on by each alone."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from agents.places import ROOT
from model.labour_market import LabourMarket
from model.scenario.scenario import load_scenario
from model.schedule import month_index
from views.live.record import Before, Record

SCENARIOS = ROOT / "scenarios"
#: Opened markets kept for the next visitor; each is a few megabytes.
MARKETS_KEPT = 4
#: Seconds that a month waits for the screen to show the one before, so that a slow or hidden one is not swamped.
LONGEST_WAIT = 1.0
#: Months from which play may begin; the years before are lived through at once.
OPENINGS = ("2018-01", "2020-01", "2023-01", "2025-01", "2025-10")
#: What the page opens with: the year whose graduates meet the K visa.
FIRST_SCENARIO, FIRST_OPENING, FIRST_POPULATION = "baseline", "2025-01", 50_000
LEAST_POPULATION, MOST_POPULATION, POPULATION_STEP = 10_000, 200_000, 10_000


@dataclass(frozen=True, slots=True)
class Choice:
    """Which market is watched: a shipped scenario, its simulated persons, and the month from which play goes on."""

    scenario: str = FIRST_SCENARIO
    population: int = FIRST_POPULATION
    opens: str = FIRST_OPENING

    def __post_init__(self) -> None:
        if self.scenario not in shipped():
            raise ValueError(f"{self.scenario!r} is no shipped scenario: {', '.join(shipped())}")
        if self.opens not in OPENINGS:
            raise ValueError(f"play can begin in {', '.join(OPENINGS)}; not in {self.opens!r}")
        if not LEAST_POPULATION <= self.population <= MOST_POPULATION:
            raise ValueError(f"population is {LEAST_POPULATION} to {MOST_POPULATION}, not {self.population}")

    @property
    def parameters(self) -> dict[str, Any]:
        """What Mesa passes to `LiveMarket` on reset."""
        return {"scenario": self.scenario, "population": self.population, "opens": self.opens}


def shipped() -> tuple[str, ...]:
    """The scenarios that come with the model, the baseline first."""
    others = sorted(file.stem for file in SCENARIOS.glob("*.yaml") if file.stem != FIRST_SCENARIO)
    return (FIRST_SCENARIO, *others)


class LiveMarket:
    """A market and what its visitor has seen of it; Mesa's controls step it and make it anew on reset.

    It opens in the month before `opens`, with the months since 2018 on record.
    """

    def __init__(self, scenario: str, population: int, opens: str) -> None:
        """Take a market of one's own from that month on."""
        self.choice = Choice(scenario, population, opens)
        past, record = opened(self.choice)
        self.market: LabourMarket = past.fork()
        self.record: Record = record.copy()
        #: What colours are measured by; it stays, so that a colour means the same in every month.
        self.usual_tightness = usual_tightness(record)
        #: Held while a month is lived: whoever looks holds it too, and never sees half a month.
        self.whole_months = threading.RLock()
        self.steps = 0
        self.running = True
        self._closed = False
        self._drawn: threading.Event | None = None  # set while the screen shows the latest month

    def step(self) -> None:
        """Live through one month; nothing when the visitor has gone or the scenario is over."""
        if self._closed or self.market.month >= self.market.last_month:
            self.running = False
            return
        if self._drawn is not None:
            self._drawn.wait(LONGEST_WAIT)
            self._drawn.clear()
        with self.whole_months:
            before = Before.of(self.market)
            self.market.step()
            self.record.add(self.market, before)
        self.steps += 1
        self.running = bool(self.market.running) and not self._closed

    def drawn(self) -> None:
        """The screen shows the latest month: the next may come. A screen that has said so once is waited for."""
        if self._drawn is None:
            self._drawn = threading.Event()
        self._drawn.set()

    def close(self) -> None:
        """The visitor has gone: whatever still plays this market stops at the next month."""
        self._closed, self.running = True, False

    @property
    def month(self) -> int:
        """Index of the month last lived through."""
        return int(self.market.month)

    @property
    def time(self) -> int:
        """Months played, as Mesa 3.5 asks."""
        return self.steps


def usual_tightness(record: Record) -> float:
    """Posts per job seeker in the whole market over the months on record, to one figure; 0.2 where there are none."""
    months = [month.rates["tightness"] for month in record.months]
    return float(f"{sum(months) / len(months):.1g}") if months else 0.2


_opened: OrderedDict[Choice, tuple[LabourMarket, Record]] = OrderedDict()
_opening: dict[Choice, threading.Lock] = {}
_lock = threading.Lock()


def opened(choice: Choice) -> tuple[LabourMarket, Record]:
    """The market of a choice at the end of its past, and the record of it: lived once, then kept. Never step it."""
    with _lock:
        turn = _opening.setdefault(choice, threading.Lock())
    with turn:  # whoever asks for the same market waits for the first to finish it
        found = _opened.get(choice)
        if found is None:
            found = _live_the_past(choice)
            with _lock:
                _opened[choice] = found
                while len(_opened) > MARKETS_KEPT:
                    gone, _ = _opened.popitem(last=False)
                    _opening.pop(gone, None)
        return found


def is_open(choice: Choice) -> bool:
    """Whether a market can be had at once."""
    return choice in _opened


def _live_the_past(choice: Choice) -> tuple[LabourMarket, Record]:
    scenario = load_scenario(SCENARIOS / f"{choice.scenario}.yaml", overrides={"population": choice.population})
    market = LabourMarket(scenario)
    record = Record.of(market)
    while market.month < month_index(choice.opens) - 1:
        before = Before.of(market)
        market.step()
        record.add(market, before)
    return market, record
