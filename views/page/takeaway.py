"""What a visitor carries away: the scenario, the months of every replication, figures and the report."""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.compare.comparison import compare
from experiments.compare.job import summary_of
from experiments.engine.manifest import describe_run
from experiments.engine.options import BASELINE
from model.results import replication_table, write_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from model.scenario.scenario import Scenario
    from views.page.laboratory import Records
    from views.report.story import Story
    from views.words.language import Language

#: The figure that is drawn where none is named.
FIGURE = "difference"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A question with its replications, to be sent to the process that draws."""

    reform: Scenario
    baseline: Scenario
    reform_records: Records
    baseline_records: Records
    command: tuple[str, ...]
    language: Language
    #: At how many draws of the parameters the replications lived.
    draws: int = 0

    @classmethod
    def of(
        cls,
        reform: Scenario,
        baseline: Scenario,
        records: tuple[Records, Records],
        command: tuple[str, ...],
        language: Language,
        draws: int = 0,
    ) -> Parcel:
        """The pairs of replications that both sides have; the reform's first."""
        pairs = sorted(records[0].keys() & records[1].keys())
        own, other = ({number: side[number] for number in pairs} for side in records)
        count = len(pairs)
        return cls(
            replace(reform, replications=count), replace(baseline, replications=count), own, other, command, language,
            draws,
        )  # fmt: skip

    @property
    def alone(self) -> bool:
        """Whether nothing is changed, so that there is one side only."""
        return not self.reform.changes_from(self.baseline)

    def rows(self) -> pa.Table:
        """Every month of every replication, the reform's first."""
        import pyarrow as pa

        sides = [(self.reform, self.reform_records), (self.baseline, self.baseline_records)]
        return pa.concat_tables(_rows(*side) for side in sides[: 1 if self.alone else 2])

    def csv(self) -> bytes:
        """The rows as text, unrounded."""
        from pyarrow import csv

        written = io.BytesIO()
        csv.write_csv(self.rows(), written)
        return written.getvalue()

    def parquet(self) -> bytes:
        """The rows as the command line writes them."""
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "monthly.parquet"
            write_table(file, [self.rows()])
            return file.read_bytes()

    def story(self) -> Story:
        """The pair as reports and figures read it."""
        from views.report.readings import Readings
        from views.report.story import Story
        from views.words.language import Speech

        own, summary = self._side(self.reform, self.reform_records)
        comparison = None
        if not self.alone:
            other = self._side(self.baseline, self.baseline_records)
            comparison = compare((self.reform.name, own, summary), (self.baseline.name, *other), draws=self.draws)
        named = {side.name: side for side in (self.reform, self.baseline)}
        manifest = describe_run(named, [BASELINE], self.command) | {"status": "finished"}
        changes = self.reform.changes_from(self.baseline)
        speech = Speech(self.language)
        return Story(Readings(own), summary, self.reform, manifest, comparison, changes, self.baseline.name, speech)

    @staticmethod
    def _side(scenario: Scenario, records: Records) -> tuple[pd.DataFrame, pd.DataFrame]:
        table: Any = _rows(scenario, records).to_pandas(use_threads=False)
        return table, summary_of(table, scenario)


def _rows(scenario: Scenario, records: Records) -> pa.Table:
    import pyarrow as pa

    return pa.concat_tables(
        replication_table(scenario.name, number, scenario.seed + number - 1, record)
        for number, record in sorted(records.items())
    )


class NoFigure(Exception):  # noqa: N818 - the visitor's mistake
    """There is no figure of that name."""


def figure(parcel: Parcel, form: str, name: str = FIGURE) -> bytes:
    """One figure as PNG or SVG; raises NoFigure when there is none of that name."""
    import matplotlib as mpl

    from views.figures import drawings, drawn_in, save, spoken

    story = parcel.story()
    story = replace(story, say=spoken(story.say))
    drawn = {drawing.name: drawing for drawing in drawings(story)}
    chosen = drawn.get("unemployment_by_age" if name == FIGURE and FIGURE not in drawn else name)
    if chosen is None:
        raise NoFigure
    with tempfile.TemporaryDirectory() as folder, mpl.rc_context(drawn_in(story.say)):  # type: ignore[arg-type]
        save(chosen.name, partial(chosen.draw, story), Path(folder))
        return (Path(folder) / f"{chosen.name}.{form}").read_bytes()


def report(parcel: Parcel) -> bytes:
    """The report, one self-contained file."""
    from views.figures import draw_all
    from views.report.page import write_report

    story = parcel.story()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        write_report(story, draw_all(story, place / "figures"), place, parcel.reform.to_yaml())
        return (place / "report.html").read_bytes()
