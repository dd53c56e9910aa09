"""What a verb gives back: tables, figures, words; it knows its files, so that it can be copied, sent and saved."""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from experiments.compare.comparison import Comparison, compare_all
from experiments.compare.job import MainJob, summary_of, with_groups
from experiments.engine.folder_claim import refuse_unusable
from labour_lab.bars import in_notebook
from labour_lab.errors import InputError, LabError, told
from model.monthly_table import MonthlyTable
from model.paths import shown, typed_path
from model.scenario.problems import did_you_mean, quoted
from model.scenario.scenario import Scenario
from model.specification import Specification, in_force, use

if TYPE_CHECKING:
    import xarray
    from matplotlib.figure import Figure

    from labour_lab.desk import Files
    from views.compare.table import PolicyTable
    from views.report.story import Story

Language = Literal["en", "zh"]
MONTHLY, GROUPS = "monthly.parquet", "by_group.parquet"
_DPI, _ROWS = 60, 14


class Result:
    """The answer of a verb. In a notebook it shows itself: the finding, a table, a picture.

    `accidents` are what the command line would have complained of; `interrupted` says that only what was finished by
    then is in it.
    """

    def __init__(self, files: Files, accidents: tuple[str, ...] = (), *, interrupted: bool = False) -> None:
        self.files, self.accidents, self.interrupted = dict(files), accidents, interrupted
        self.specification: Specification = in_force()

    # --- what each verb has of its own ------------------------------------------------------------

    @property
    def table(self) -> pd.DataFrame:
        """The answer as one table, unrounded."""
        raise NotImplementedError

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        raise NotImplementedError

    def __str__(self) -> str:
        raise NotImplementedError

    def _drawings(self, language: Language) -> Mapping[str, Callable[[], Figure]]:
        raise NotImplementedError

    def _present(self, folder: Path, language: Language) -> object:
        """Draw the figures, and write the report where the verb has one, into a folder that has the tables."""
        raise NotImplementedError

    # --- what all share ---------------------------------------------------------------------------

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What it was made from: digests, seeds, versions."""
        found: Mapping[str, Any] = json.loads(self._bytes("manifest.json"))
        return found

    @property
    def official(self) -> pd.DataFrame:
        """The bureau's published months beside it: `month`, and an indicator in each column, as fractions."""
        from views.report.official import published

        with use(self.specification):
            groups = self.specification.country.official.groups
            found = pd.DataFrame({name: pd.Series(published(name), dtype=float) for name in groups})
        return found.sort_index().rename_axis("month").reset_index()

    @property
    def figures(self) -> list[str]:
        """The names that `plot` knows."""
        with use(self.specification):
            return [*self._drawings("en")]

    def plot(self, name: str | None = None, language: Language = "en") -> Figure:
        """One of the figures, the first where none is named."""
        import matplotlib as mpl

        from views.figures import drawn_in, spoken
        from views.words.language import Speech

        with use(self.specification):
            drawings = self._drawings(language)
            name = next(iter(drawings)) if name is None else name
            if name not in drawings:
                raise InputError(f"there is no figure {quoted(name)}{did_you_mean(str(name), dict.fromkeys(drawings))}")
            with mpl.rc_context():
                mpl.rcdefaults()  # whatever the user's own figures look like
                mpl.rcParams.update(drawn_in(spoken(Speech(language))))  # type: ignore[arg-type]
                figure = drawings[name]()
        _let_notebooks_show(figure)
        return figure

    def save(self, folder: str | Path, language: Language = "en") -> Path:
        """Write the folder that the command line would have written: tables, manifest, figures, report."""
        path = typed_path(str(folder))
        with told(path), use(self.specification):
            refuse_unusable(path, "result")
            if path.exists() and any(path.iterdir()):
                raise InputError(f"{shown(path)} is not empty; name a new folder")
            for name in self.files:
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_bytes(self._bytes(name))
            self._present(path, language)
        return path

    def _bytes(self, name: str) -> bytes:
        if name not in self.files:
            raise LabError(f"this result has no {name}")
        held = self.files[name]
        return held if isinstance(held, bytes) else held.read_bytes()

    def _frame(self, name: str) -> pd.DataFrame:
        """A table among the files."""
        content = io.BytesIO(self._bytes(name))
        return pd.read_csv(content) if name.endswith(".csv") else pd.read_parquet(content, engine="pyarrow")

    def __repr__(self) -> str:
        return str(self)

    def _shown_table(self) -> pd.DataFrame:
        """What of the table a notebook shows."""
        return self.table

    def _repr_html_(self) -> str:
        with use(self.specification):
            said = "".join(f"<p>{escape(line)}</p>" for line in [*self.finding, *self.accidents])
            table = self._shown_table().to_html(
                index=False, border=0, max_rows=_ROWS, float_format="{:,.4g}".format, na_rep="", justify="left"
            )
        if not self.figures:
            return f"<div>{said}{table}</div>"
        picture = io.BytesIO()
        self.plot().savefig(picture, format="png", dpi=_DPI)
        image = base64.b64encode(picture.getvalue()).decode("ascii")
        return f'<div>{said}{table}<img alt="{self.figures[0]}" src="data:image/png;base64,{image}"></div>'


def _let_notebooks_show(figure: Figure) -> None:
    """Have a notebook show figures as pictures, as it does by itself only where pyplot was imported."""
    if not in_notebook():
        return
    pictures = sys.modules["IPython"].get_ipython().display_formatter.formatters["image/png"]
    if pictures.for_type(type(figure)) is None:
        pictures.for_type(type(figure), _as_png)


def _as_png(figure: Figure) -> bytes:
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=100)
    return stream.getvalue()


class _Replicated(Result):
    """Scenarios, alone or beside a baseline, each with its replications."""

    def __init__(
        self, job: MainJob, files: Files, accidents: tuple[str, ...] = (), *, interrupted: bool = False
    ) -> None:
        super().__init__(files, accidents, interrupted=interrupted)
        self._job, self.scenarios = job, job.named

    @property
    def scenario(self) -> Scenario:
        """What was asked, complete."""
        return next(iter(self.scenarios.values()))

    @property
    def monthly(self) -> pd.DataFrame:
        """Every month of every replication: `scenario`, `replication`, `seed`, `month`, and the indicators."""
        return self._frame(MONTHLY)

    @property
    def by_group(self) -> pd.DataFrame:
        """Every month of every replication, by age, education, gender, hukou, sector, occupation and kind."""
        if GROUPS not in self.files:
            raise LabError("this run says nothing of groups: there is no by_group.parquet among its files")
        return self._frame(GROUPS)

    def to_xarray(self) -> xarray.Dataset:
        """The indicators over replications and months, and over scenarios where there are several."""
        from experiments.engine.errors import extra_needed

        with told(Path()), extra_needed("notebook", "to_xarray"):
            import xarray  # noqa: F401
        keys = ["scenario", "replication", "month"] if len(self.scenarios) > 1 else ["replication", "month"]
        table = self.monthly.drop(columns="seed" if len(keys) > 2 else ["seed", "scenario"])
        found: xarray.Dataset = table.set_index(keys).to_xarray()
        attributes = {"scenario": self.scenario.name, "digest": self.scenario.digest}
        return found.assign_attrs(attributes)

    @cached_property
    def _runs(self) -> dict[str, tuple[str, MonthlyTable, pd.DataFrame]]:
        """Each scenario that has finished replications: its name, months and yearly means."""
        tables = {name: MonthlyTable([self.files[MONTHLY]], name) for name in self.scenarios}
        with use(self.specification):
            return {name: (name, table, summary_of(table, self.scenarios[name]))
                    for name, table in tables.items() if len(table)}  # fmt: skip

    @cached_property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Each scenario less the baseline, replication by replication."""
        *names, last = self.scenarios
        if self._job.against is None or last not in self._runs:
            return ()
        reforms = [self._runs[name] for name in names if name in self._runs]
        compared = compare_all(reforms, self._runs[last], len(self._job.spread))
        return with_groups(compared, self.files[GROUPS], self._job) if GROUPS in self.files else compared

    def __getstate__(self) -> dict[str, Any]:
        return {name: held for name, held in vars(self).items() if name not in {"_runs", "comparisons"}}


class Run(_Replicated):
    """A scenario's replications; with `against`, less those of another scenario with the same luck."""

    @property
    def summary(self) -> pd.DataFrame:
        """The mean of each indicator and year over replications, with its 95 % interval."""
        return self._runs[next(iter(self.scenarios))][2]

    @property
    def table(self) -> pd.DataFrame:
        """The yearly means."""
        return self.summary

    @property
    def comparison(self) -> Comparison | None:
        """The scenario less the one it was run against."""
        return self.comparisons[0] if self.comparisons else None

    def _story(self, language: Language = "en") -> Story:
        from views.report.readings import Readings
        from views.report.story import Story
        from views.words.language import Speech

        _, table, summary = self._runs[next(iter(self.scenarios))]
        told = Readings(table), summary, self.scenario, self.manifest, self.comparison
        return Story(*told, say=Speech(language))

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.words.wording import headline

        with use(self.specification):
            return headline(self._story())

    def _shown_table(self) -> pd.DataFrame:
        from views.terminal.tables import ROWS

        last = self.summary["year"].max()
        shown = self.summary[(self.summary["year"] == last) & self.summary["indicator"].isin(dict(ROWS))]
        picked: pd.DataFrame = shown[["indicator", "year", "mean", "low", "high"]]
        return picked

    def __str__(self) -> str:
        from views.terminal.tables import render_comparison, render_summary

        with use(self.specification):
            if self.comparison is not None:
                return render_comparison(self.comparison, 100, colour=False)
            return render_summary(self.summary, self.scenario, 100, colour=False)

    def _drawings(self, language: Language) -> Mapping[str, Callable[[], Figure]]:
        from functools import partial

        from views.figures import drawings
        from views.figures.canvas import WIDE

        story = self._story(language)
        return {each.name: partial(each.draw, story, WIDE) for each in drawings(story)}

    def _present(self, folder: Path, language: Language) -> None:
        from views.report.presentation import present

        _, table, summary = self._runs[next(iter(self.scenarios))]
        present(folder, table, summary, self.scenario, self.manifest, self.comparison, language)


class Compared(_Replicated):
    """Any number of scenarios less one baseline."""

    def __init__(
        self, job: MainJob, files: Files, accidents: tuple[str, ...] = (), *,
        indicators: tuple[str, ...] = (), year: int | None = None, interrupted: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(job, files, accidents, interrupted=interrupted)
        self.indicators, self.year = indicators, year

    @property
    def policy_table(self) -> PolicyTable:
        """The table that a policy paper prints: indicators down, scenarios across."""
        from views.compare.table import policy_table

        with use(self.specification):
            return policy_table(self.comparisons, self.indicators, self.year)

    @property
    def table(self) -> pd.DataFrame:
        """What each scenario changes: in a year, year by year, and at the peak, as policy_table.csv has it."""
        return self.policy_table.rows

    @property
    def years(self) -> pd.DataFrame:
        """The difference of every indicator and year with its 95 % interval."""
        return pd.concat([each.years.assign(scenario=each.reform) for each in self.comparisons], ignore_index=True)

    @property
    def latex(self) -> str:
        """The policy table for a paper."""
        from views.compare.formats import as_latex
        from views.compare.page import caption

        table = self.policy_table
        return as_latex(table, caption(table))

    @property
    def finding(self) -> list[str]:
        """The answer in sentences."""
        from views.compare.page import sentences
        from views.figures.comparison import Subject

        with use(self.specification):
            return sentences(Subject.of(self.comparisons, self.policy_table.year, self.indicators))

    def _shown_table(self) -> pd.DataFrame:
        rows = self.table
        first = rows[rows["panel"] == rows["panel"].iloc[0]]
        picked: pd.DataFrame = first[
            ["scenario", "indicator", "baseline", "difference", "low", "high", "chance_sign_right"]
        ]
        return picked

    def __str__(self) -> str:
        from views.compare.formats import as_text

        with use(self.specification):
            return as_text(self.policy_table, 100, colour=False)

    def _drawings(self, language: Language) -> Mapping[str, Callable[[], Figure]]:
        from functools import partial

        from views.figures import spoken
        from views.figures.canvas import WIDE
        from views.figures.comparison import Subject, draw_by_month, draw_effects
        from views.words.language import Speech

        subject = Subject.of(self.comparisons, self.policy_table.year, self.indicators)
        say = spoken(Speech(language))
        drawings = {"effects_by_scenario": draw_effects, "difference_by_month": draw_by_month}
        return {name: partial(draw, subject, say, WIDE) for name, draw in drawings.items()}

    def _present(self, folder: Path, language: Language) -> None:
        from views.compare.page import present_comparisons

        told = self.comparisons, self.policy_table, self.scenarios, self.manifest, self.indicators
        present_comparisons(folder, *told, language)
