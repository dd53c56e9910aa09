"""The answers of verbs that run many variations: batch, explain, sensitivity, search, forecast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from experiments.batch.folder import TABLE
from labour_lab.errors import LabError
from labour_lab.results import Language, Result
from model.specification import use

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.batch.summary import Summary
    from experiments.explain.job import Attribution
    from experiments.forecast.history import History
    from experiments.forecast.job import ForecastOutcome
    from experiments.search.results import SearchResults
    from experiments.sensitivity.job import SensitivityOutcome
    from labour_lab.desk import Files

_WIDTH = 100


class Batch(Result):
    """Every point of a design, each with its replications."""

    def __init__(self, summary: Summary, files: Files, accidents: tuple[str, ...] = ()) -> None:
        super().__init__(files, accidents)
        self._summary = summary

    @property
    def table(self) -> pd.DataFrame:
        """Each point with its outcomes: the mean of the last twelve months and its 95 % interval."""
        return self._summary.table

    @property
    def effects(self) -> pd.DataFrame:
        """What each path changes from its lowest to its highest value, paired."""
        return self._summary.effects

    @property
    def monthly(self) -> pd.DataFrame:
        """Every month of every run, the design's columns first."""
        return self._frame(TABLE)

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        return [f"{self._summary.name}: {len(self._summary.design):,} points; mean of the last twelve months"]

    def __str__(self) -> str:
        from views.batch.answer import render_batch

        with use(self.specification):
            return render_batch(self._summary, _WIDTH)

    def _shown_table(self) -> pd.DataFrame:
        return self.table.drop(columns=["simulated_persons", "flagged", "population_needed"])

    def _drawings(self, _language: Language) -> Mapping[str, Callable[[], Figure]]:
        from views.batch.figures import drawings

        def draw(one: Callable[[Summary, pd.DataFrame], Figure]) -> Figure:
            months = self.monthly[["point", "replication", "month", *self._summary.outcomes]]
            return one(self._summary, months)

        return {each.name: partial(draw, each.draw) for each in drawings(self._summary)}

    def _present(self, folder: Path, _language: Language) -> object:
        from views.batch.answer import draw_batch

        return draw_batch(self._summary, folder)


class Explanation(Result):
    """How much of youth unemployment each cause brings."""

    def __init__(self, attribution: Attribution, files: Files, accidents: tuple[str, ...] = (), *,
                 interrupted: bool = False) -> None:  # fmt: skip
        super().__init__(files, accidents, interrupted=interrupted)
        self._attribution = attribution

    @property
    def shares(self) -> pd.DataFrame:
        """One row per cause and the total: `cause`, `effect_pp`, `low_pp`, `high_pp`, in percentage points."""
        return self._attribution.table

    @property
    def table(self) -> pd.DataFrame:
        """The shares."""
        return self.shares

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.explain.answer import sentences, subject

        with use(self.specification):
            return [subject(self._attribution), *sentences(self._attribution)]

    def __str__(self) -> str:
        from views.explain.answer import render

        with use(self.specification):
            return render(self._attribution)

    def _drawings(self, _language: Language) -> Mapping[str, Callable[[], Figure]]:
        from views.explain.answer import subject
        from views.explain.figure import draw

        return {"attribution": lambda: draw(self._attribution, subject(self._attribution))}

    def _present(self, folder: Path, _language: Language) -> object:
        from views.explain.answer import draw_attribution

        return draw_attribution(self._attribution, folder)


class Sensitivity(Result):
    """Which uncertain parameters matter, or under which assumptions an effect is large."""

    def __init__(self, outcome: SensitivityOutcome, files: Files, accidents: tuple[str, ...] = ()) -> None:
        super().__init__(files, accidents)
        self._outcome = replace(outcome, folder=Path("result"), stages={})

    @property
    def screening(self) -> pd.DataFrame:
        """What each parameter does, one at a time (Morris)."""
        return self._asked_for("screening", self._outcome.screening)

    @property
    def indices(self) -> pd.DataFrame:
        """Shares of the outcome's variance (Sobol), first order and total."""
        return self._asked_for("indices", self._outcome.indices)

    @property
    def boxes(self) -> pd.DataFrame:
        """The assumptions under which the effect is large (PRIM), where `discover` asked for them."""
        return self._frame("boxes.csv")

    @property
    def table(self) -> pd.DataFrame:
        """The indices, else the screening, else the boxes."""
        found = self._outcome.indices if self._outcome.indices is not None else self._outcome.screening
        return self.boxes if found is None else found

    def _asked_for(self, name: str, found: pd.DataFrame | None) -> pd.DataFrame:
        if found is None:
            raise LabError(f"there are no {name}: they were not asked for, or nothing moves the outcome")
        return found

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.sensitivity.answer import discovery_words, subject

        question, found = self._outcome.question, self._outcome.discovery
        with use(self.specification):
            if found is not None:
                return discovery_words(question, found)
            return [subject(question, outcome) for outcome in question.outcomes]

    def __str__(self) -> str:
        from views.sensitivity.answer import render

        with use(self.specification):
            return render(self._outcome).rpartition("\nfolder")[0].rstrip()

    def _drawings(self, _language: Language) -> Mapping[str, Callable[[], Figure]]:
        from views.sensitivity.answer import drawings

        return drawings(self._outcome)

    def _present(self, folder: Path, _language: Language) -> object:
        from views.sensitivity.answer import draw_sensitivity

        return draw_sensitivity(replace(self._outcome, folder=folder))


class Search(Result):
    """The policies that no other beats."""

    def __init__(self, results: SearchResults, files: Files, accidents: tuple[str, ...] = ()) -> None:
        super().__init__(files, accidents)
        self._results = results

    @property
    def frontier(self) -> pd.DataFrame:
        """The policies that nothing beat, each run again with fresh luck."""
        return self._results.frontier

    @property
    def candidates(self) -> pd.DataFrame:
        """Every policy that was tried."""
        return self._results.table

    @property
    def table(self) -> pd.DataFrame:
        """The frontier."""
        return self.frontier

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.search.answer import sentences

        with use(self.specification):
            return sentences(self._results)

    def __str__(self) -> str:
        from views.search.answer import render_search

        with use(self.specification):
            return render_search(self._results, _WIDTH)

    def _drawings(self, _language: Language) -> Mapping[str, Callable[[], Figure]]:
        from views.figures.canvas import WIDE
        from views.search.figure import draw_frontier, draw_levers

        drawings = {"frontier": draw_frontier, "levers": draw_levers}
        return {name: partial(draw, self._results, WIDE) for name, draw in drawings.items()}

    def _present(self, folder: Path, _language: Language) -> None:
        from views.search.answer import draw_search

        draw_search(self._results, folder)


class Forecast(Result):
    """What the official rates will be, or how such forecasts have fared."""

    def __init__(self, outcome: ForecastOutcome, files: Files, accidents: tuple[str, ...] = ()) -> None:
        super().__init__(files, accidents)
        self._outcome = replace(outcome, folder=Path("result"), failures=())

    @property
    def table(self) -> pd.DataFrame:
        """Each method, group and month ahead: the mean and the band, as fractions."""
        table, _ = self._known()
        return table

    @property
    def scores(self) -> pd.DataFrame:
        """How each method has fared, by group and horizon, where `evaluate` asked for it."""
        if self._outcome.scores is None:
            raise LabError("there are no scores: evaluate=True asks for them")
        return self._outcome.scores

    @property
    def recorded(self) -> pd.DataFrame:
        """Every forecast on record whose month has come, where `recorded` asked for it; none before one has."""
        if self._outcome.recorded is None:
            raise LabError("the record was not scored: evaluate=True, recorded=True asks for it")
        return self._outcome.recorded

    def _known(self) -> tuple[pd.DataFrame, History]:
        table, history = self._outcome.table, self._outcome.history
        assert table is not None  # noqa: S101 - judged before
        assert history is not None  # noqa: S101
        return table, history

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.forecast.answer import WORDS, quoted_rows, sentence

        if self._outcome.quoted is not None:
            first, last = self._outcome.manifest["origins"]
            return [
                f"Forecasts from every origin from {first} to {last}, each knowing the months up to its origin only."
            ]
        table, history = self._known()
        rows = quoted_rows(table)
        return [sentence(rows, history, group) for group in WORDS if (rows["group"] == group).any()]

    def _shown_table(self) -> pd.DataFrame:
        from views.forecast.answer import quoted_rows

        if self._outcome.quoted is not None:
            return self._outcome.quoted
        return quoted_rows(self.table)[["group", "month", "mean", "p10", "p90"]]

    def __str__(self) -> str:
        from views.forecast.answer import render_evaluation, render_forecast, render_recorded

        if self._outcome.quoted is not None:
            manifest, recorded = self._outcome.manifest, self._outcome.recorded
            told = render_evaluation(self._outcome.quoted, manifest["origins"], manifest["drivers"])
            return told if recorded is None else f"{told}\n{render_recorded(recorded)}"
        return render_forecast(*self._known())

    def _drawings(self, _language: Language) -> Mapping[str, Callable[[], Figure]]:
        from views.figures.canvas import WIDE
        from views.forecast.figure import NAME, fan

        return {} if self._outcome.quoted is not None else {NAME: lambda: fan(*self._known(), WIDE)}

    def _present(self, folder: Path, _language: Language) -> None:
        from views.forecast.figure import draw_forecast

        if self._outcome.quoted is None:
            draw_forecast(*self._known(), folder)
