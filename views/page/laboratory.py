"""Where the page's questions are computed: one past lived once, and a future for every question, piece by piece."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from agents.compiled_cache import is_complete
from agents.places import ROOT
from experiments.compare.groups import GROUPS, counted_since
from experiments.engine.compile_ahead import ANNOUNCED
from experiments.engine.draws import draws_for
from experiments.engine.shared_past import SharedPast
from model.results import SEEDS_OF_A_DRAW, people_per_agent
from model.schedule import month_index
from views.page.presets import presets
from views.page.settings import reform_of
from views.page.stored_baseline import read_stored, write_stored
from views.page.turns import IDLE, Turns
from views.page.waterfall import Worth

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Future

    from experiments.engine.branching import Family, Unfinished
    from experiments.engine.ensemble import Record
    from experiments.engine.shared_past import Count
    from model.scenario.scenario import Scenario

#: The month from which a moved lever holds: the K visa's first.
TODAY = "2025-10"
#: Further back, markets are kept for the presets that begin before today.
EARLIER = ("2020-08", "2024-10")
#: Replications of a first answer, those added at a time while a page is idle, and the most there are.
FIRST, STEP, MOST = 8, 4, 40
#: When so many visitors wait, first answers rest on half the replications, so that everybody has one soon.
CROWD = 2
#: An answer from fewer draws of the parameters would say little of what is not known about them.
FEWEST_DRAWS = 4
#: Simulated persons of the page's runs.
POPULATION = 20_000
#: Scenarios whose replications are kept for whoever asks the same again.
_KEPT = 32
#: What so many worlds say is kept, some megabytes; then it is begun anew.
_MOST_WORTHS = 50_000

Records = dict[int, "Record"]


@dataclass(frozen=True)
class Size:
    """How large the page's runs are."""

    population: int = POPULATION
    replications: int = MOST
    workers: int = 2
    #: Draws of the fitted parameters that replications live at; None: as many as they allow.
    draws: int | None = None

    @property
    def batches(self) -> list[list[int]]:
        """The numbers of the replications, in the order they are added."""
        ends = [min(FIRST, self.replications), *range(FIRST + STEP, self.replications + STEP, STEP)]
        starts = [0, *ends[:-1]]
        return [list(range(start + 1, min(end, self.replications) + 1))
                for start, end in zip(starts, ends, strict=True) if start < self.replications]  # fmt: skip


@dataclass
class Laboratory:
    """The baseline, its kept past, and the turns in which futures are lived.

    Nothing is computed before `open`; what is known earlier comes from the disk.
    """

    scenario: Scenario
    size: Size = field(default_factory=Size)
    today: str = TODAY
    log: Callable[[str], object] = lambda _: None
    #: Whether the presets' first answers are computed before anybody asks.
    presets_ahead: bool = True

    def __post_init__(self) -> None:
        """Read the stored baseline, where there is one."""
        size = self.size
        self.baseline_scenario = replace(self.scenario, population=size.population, replications=size.replications)
        self.people_per_agent = people_per_agent(self.size.population, self.baseline_scenario)
        self.draws = draws_for(self.baseline_scenario, size.replications, size.draws)
        self.turns = Turns()
        self.ready: list[int] = []
        self.failed: BaseException | None = None
        #: Set when the server ends: streams stop, so that nobody is cut off.
        self.closing = False
        self._stored: Records = read_stored(self.baseline_scenario, len(self.draws))
        self.baseline: Records = dict(self._stored)
        #: The baseline's counts by group, by replication: lived once more when somebody asks who gains.
        self.baseline_groups: Records = {}
        #: What the worlds of waterfalls say, by digest and replication.
        self.worths: dict[tuple[str, int], Worth] = {}
        self._kept: OrderedDict[str, Records] = OrderedDict()
        self._lock = threading.Lock()
        self._past: SharedPast | None = None

    # --- opening -------------------------------------------------------------------------------------------------

    def open(self) -> Future[None]:
        """Begin to live the past, then more of it while nobody asks anything; done when questions can be answered."""
        first, *others = self.size.batches
        opened = self.turns.ask(partial(self._live_first, first), 0)
        self._note_failure(opened)
        idle = [partial(self._live_more, piece) for batch in others for piece in self._short(batch)] + [self._store]
        if self.presets_ahead:
            changed = [preset for preset in presets().values() if preset.settings]
            reforms = [reform_of(self.baseline_scenario, each.settings, self.today, each.title) for each in changed]
            idle += [partial(self._live_preset, reform, piece) for reform in reforms for piece in self._short(first)]
        for work in idle:
            self._note_failure(self.turns.ask(work, IDLE))
        return opened

    def close(self) -> None:
        """End the processes, whatever they are doing, and the turns."""
        self.closing = True
        self.turns.stop()
        if self._past is not None:
            self._past.close(at_once=True)
        self.turns.wait()

    def _note_failure(self, work: Future[Any]) -> None:
        def note(done: Future[Any]) -> None:
            if not done.cancelled() and done.exception() is not None:
                self.failed = self.failed or done.exception()

        work.add_done_callback(note)

    def _live_first(self, seeds: Sequence[int]) -> None:
        self._compile()
        parts = [month for month in (*EARLIER, self.today) if month <= self.scenario.end]
        lived = self.draws.from_seed(int(self.scenario.seed))
        self._past = SharedPast(self.baseline_scenario, parts, self._seeds(seeds), self.size.workers, lived)
        self._live_baseline(seeds)

    def _compile(self) -> None:
        """Have the kernels compiled, once for a version of the program, by a process that leaves this one free."""
        if is_complete():
            return
        self.log(f"{ANNOUNCED}; the page is there meanwhile")
        words = [sys.executable, "-m", "experiments.engine.compile_ahead"]
        # The folder it works in is the program's, and its modules are looked for there whatever the user has set.
        own = os.environ | {"PYTHONSAFEPATH": ""}
        subprocess.run(words, cwd=ROOT, env=own, check=True, stderr=subprocess.DEVNULL)  # noqa: S603 - our own module

    def _live_more(self, numbers: Sequence[int]) -> None:
        if self._past is not None:
            self._past.more(self._seeds(numbers))
            self._live_baseline(numbers)

    def _live_baseline(self, numbers: Sequence[int]) -> None:
        """The baseline's replications that are not stored."""
        missing = [number for number in numbers if number not in self.baseline]
        if missing and self._past is not None:
            self.baseline |= self._lived(self._past, None, missing, None)
        self.ready += numbers

    def _live_preset(self, reform: Scenario, numbers: Sequence[int]) -> None:
        """A part of a preset's first answer, before anybody asks."""
        records = self.records_of(reform)
        if self._past is not None and not set(numbers) <= records.keys():
            records |= self._lived(self._past, reform, numbers, self._count)

    def _store(self) -> None:
        if self.baseline.keys() != self._stored.keys():
            write_stored(self.baseline_scenario, self.baseline, len(self.draws))

    def _seeds(self, numbers: Sequence[int]) -> list[int]:
        """The seeds of replications, counted from 1."""
        return [int(self.scenario.seed) + number - 1 for number in numbers]

    # --- questions -----------------------------------------------------------------------------------------------

    def batches(self) -> list[list[int]]:
        """The replications of an answer as they are added; among many visitors the first answer rests on fewer."""
        first, *others = self.size.batches
        if self.turns.waiting < CROWD:
            return [first, *others]
        half = len(first) // 2
        return [part for part in (first[:half], first[half:], *others) if part]

    def pieces(self, reform: Scenario, numbers: Sequence[int]) -> list[list[int]]:
        """Replications in pieces that are short enough for others to be answered in between."""
        reaches_back = self._past is not None and self._past.parting(reform) is None
        return self._short(numbers) if reaches_back else [list(numbers)]

    def _short(self, numbers: Sequence[int]) -> list[list[int]]:
        """One replication a process: what lives its past too takes long."""
        return [list(numbers[start : start + self.size.workers])
                for start in range(0, len(numbers), self.size.workers)]  # fmt: skip

    def live(self, reform: Scenario, numbers: Sequence[int], turn: int) -> Future[Records]:
        """Some replications of a reform; `turn` says how many pieces this question has had already.

        A first answer is not kept waiting for counts by group, which cost a quarter of it, unless its past is long.
        """

        def work() -> Records:
            if self._past is None:
                raise RuntimeError("the past has not been lived")
            at_once = turn == 0 and self._past.parting(reform) is not None
            return self._lived(self._past, reform, numbers, None if at_once else self._count)

        return self.turns.ask(work, turn)

    def _lived(self, past: SharedPast, reform: Scenario | None, numbers: Sequence[int], count: Count | None) -> Records:
        """Replications by number, of the baseline where there is no reform."""
        found = past.futures(reform, self._seeds(numbers), whole=True, count=count)
        return dict(zip(numbers, found, strict=True))

    @property
    def _count(self) -> Count:
        """Whom the page counts by group: everybody, from today on."""
        return partial(counted_since, month_index(self.today))

    def count(self, reform: Scenario, numbers: Sequence[int]) -> Future[None]:
        """Count people by group in some replications of the baseline and of a reform, where that has not been done."""

        def work() -> None:
            for scenario, records in ((None, self.baseline_groups), (reform, self.records_of(reform))):
                missing = [number for number in numbers if GROUPS not in records.get(number, ())]
                if missing and self._past is not None:
                    records.update(self._lived(self._past, scenario, missing, self._count))

        return self.turns.ask(work, 0)

    def live_families(self, kin: Sequence[Family], turn: int) -> Future[list[list[Record | Unfinished]]]:
        """Replications of worlds with a past of their own."""

        def work() -> list[list[Record | Unfinished]]:
            if self._past is None:
                raise RuntimeError("the past has not been lived")
            return self._past.other_pasts(kin)

        return self.turns.ask(work, turn)

    def keep_worths(self, found: dict[tuple[str, int], Worth]) -> None:
        """Keep what worlds say, for the next waterfall that has some of them in common."""
        if len(self.worths) > _MOST_WORTHS:
            self.worths.clear()
        self.worths.update(found)

    def draws_of(self, pairs: Collection[int]) -> int:
        """At how many draws of the parameters some pairs of replications lived; 0 where too few to tell anything."""
        lived = min(len(self.draws), -(-max(pairs, default=0) // SEEDS_OF_A_DRAW))
        return lived if lived >= FEWEST_DRAWS else 0

    def records_of(self, reform: Scenario) -> Records:
        """What is already known of a reform; the same object for everybody who asks the same."""
        key = reform.digest
        with self._lock:
            found = self._kept.setdefault(key, {})
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found
