"""The table of groups: every dimension adds up to the whole, exactly, and counting changes nothing."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from engine_cases import BUSY, scenario
from toy import toy_scenario

from agents.columns import FEMALE, Education, Flag, Hukou, Status
from agents.decisions import current_wage
from agents.people import PERSON_CLASSES, person_classes
from agents.person_class import CLASS_NAMES
from experiments.compare.groups import counted_since, yearly_frame
from experiments.compare.job import MainJob, run_main_job
from experiments.engine.ensemble import replications_of
from experiments.engine.progress import Progress
from experiments.engine.run_folder import RunFolder
from model.group_table import COLUMNS, group_table
from model.market import BY_GROUP, Market, simulate
from model.mechanisms.survey.by_group import AGES, MEASURES, dimensions
from model.specification import use
from views.compare.table import policy_table
from views.figures import occupations, who_gains
from views.figures.canvas import WIDE
from views.report.readings import Readings
from views.report.story import Story
from views.terminal.tables import render_comparison
from views.words.groups import by_occupation

DIMENSIONS = ("age", "education", "gender", "hukou", "sector", "occupation", "kind")
RNG = np.random.default_rng(14)


def surprise(number: int) -> dict[str, object]:
    """Some levers at random: whatever a scenario does, groups add up."""
    return {
        "visa.annual_quota": float(RNG.choice([0, 1_000_000])),
        "layoffs.extra_rate.all": float(RNG.uniform(0, 0.05)),
        "hiring.openings_scale.all": float(RNG.uniform(0.5, 1.5)),
        "parameters.gig_going": float(RNG.uniform(0, 0.3)),
        "parameters.searching_students": float(RNG.uniform(0, 0.05)),
        "start": f"2018-0{number + 2}",
    }


@pytest.mark.parametrize("number", range(3))
def test_groups_of_every_dimension_add_up_to_the_whole(number: int) -> None:
    """Stocks and events alike, to the person, in every month that is recorded."""
    world = toy_scenario(population=4000, end="2019-03", **surprise(number))
    found, plain = simulate(world, number, by_group=True), simulate(world, number)
    assert all(found[name].tobytes() == plain[name].tobytes() for name in plain), "looking changed the run"
    table = group_table("toy", 1, number, found, world).to_pandas()
    assert [*table.columns] == ["scenario", "replication", "seed", "month", "dimension", "group", *COLUMNS, "flagged"]
    whole = table.groupby(["dimension", "month"], sort=False)[[*COLUMNS]].sum()
    assert set(table.dimension) == set(DIMENSIONS)
    everybody = found["labour_force"] + found["inactive"]
    for dimension in DIMENSIONS:
        sums = whole.loc[dimension]
        if dimension != "sector":
            assert sums["people"].to_numpy() == pytest.approx(everybody)
            assert sums["labour_force"].to_numpy() == pytest.approx(found["labour_force"])
        else:
            assert sums["people"].to_numpy() == pytest.approx(found["employed"])
        assert sums["hires"].to_numpy() == pytest.approx(found["hires"])
        assert sums["layoffs"].to_numpy() == pytest.approx(found["layoffs"])
        assert sums["separations"].to_numpy() == pytest.approx(found["layoffs"] + found["quits"])
    young = table[table.group == "16_24"].unemployment_rate
    assert young.to_numpy() == pytest.approx(found["unemployment_rate_16_24"])
    hukou = table[table.dimension == "hukou"].set_index("group").loc["local", "unemployment_rate"]
    assert hukou.to_numpy() == pytest.approx(found["unemployment_rate_local_hukou"])
    assert table[table.dimension == "sector"].unemployment_rate.isna().all()


def test_groups_are_those_whom_a_plain_look_finds() -> None:
    """Each group's people, jobs and median pay against the columns, one person after the other."""
    market = Market(scenario(6000, "2019-08", BUSY, start="2019-08"), 5, by_group=True)
    market.advance()
    people, month = market.people, market.month
    rows = np.flatnonzero(people.status[: people.count] != Status.GONE)
    civil, age = people.civil[rows], (month - people.birth[rows]) / 12
    employed = people.status[rows] == Status.EMPLOYED
    sector = np.where(employed, market.firms.sector[people.employer[rows]], -1)
    codes = {
        "age": np.searchsorted(list(AGES.values()), age, side="right") - 1,
        "education": people.education[rows],
        "gender": civil // FEMALE,
        "hukou": civil % FEMALE,
        "sector": sector,
        "occupation": people.occupation[rows],
        "kind": person_classes(market, rows),
    }
    assert codes["education"].max() < len(Education)
    assert codes["hukou"].max() == Hukou.FOREIGN
    wage = np.array([
        current_wage(people.pay[row], (month - people.birth[row]) // 12, market.wage_level) for row in rows
    ])  # fmt: skip
    counted = market.table()[BY_GROUP][-1]
    place = 0
    for dimension, groups in dimensions(market.sector_ids, market.occupation_ids).items():
        for code in range(len(groups)):
            here = codes[dimension] == code
            told = dict(zip(MEASURES, counted[place], strict=True))
            assert told["people"] == here.sum()
            assert told["employed"] == (here & employed).sum()
            assert told["gig"] == (here & employed & ((people.flags[rows] & Flag.GIG) > 0)).sum()
            if (here & employed).sum() > 30:
                # A bin is 4.4 % wide, and within it the median is interpolated.
                assert told["median"] == pytest.approx(float(np.median(wage[here & employed])), rel=0.03)
            place += 1
    assert tuple(each.__name__ for each in PERSON_CLASSES) == CLASS_NAMES == groups


def test_the_run_folder_holds_the_groups_whoever_computed_them(tmp_path: Path) -> None:
    """The same bytes from one worker, from two, and from a run that went on after its first replication."""
    world = toy_scenario(population=1000, replications=2, end="2018-03")
    for workers in (1, 2):
        job = MainJob(world, workers=workers, out=tmp_path / str(workers))
        assert run_main_job(job, Progress(io.StringIO(), quiet=True)).finished == 2
    folder = RunFolder(tmp_path / "again", [world.name])
    with folder.claim({}, {}):
        for replication in replications_of({world.name: world}):
            folder.parts.mkdir(exist_ok=True)
            folder.keep(replication, simulate(world, replication.seed, by_group=True))
            folder.assemble()
    for file in ("by_group.parquet", "monthly.parquet"):
        first, *others = ((tmp_path / name / file).read_bytes() for name in ("1", "2", "again"))
        assert all(other == first for other in others), file
    table = pd.read_parquet(tmp_path / "1" / "by_group.parquet")
    assert table.groupby(["replication", "month"]).ngroups == 6
    assert table.flagged.dtype == bool
    assert table.flagged.any()


def test_counting_may_begin_in_a_market_under_way() -> None:
    """A fork of a past that nobody counted tells of its own months what a whole life tells of them."""
    base = toy_scenario(population=1500, end="2019-03")
    reform = base.with_values({"layoffs.extra_rate.all": {"2018-10": 0.05}})
    past = Market(base, 3)
    past.live(8)
    fork = past.fork(reform)
    fork.count_by_group()
    fork.live(fork.last_month)
    found, whole = (counted_since(9, table, reform) for table in (fork.table(), simulate(reform, 3, by_group=True)))
    assert all(np.array_equal(found[name], whole[name], equal_nan=True) for name in whole)
    frame = yearly_frame({7: found}, [7], reform, 2018)
    assert frame.index.tolist() == [(7, 2018), (7, 2019)]
    at_work = frame.filter(like="people|sector|").sum(axis=1)
    assert at_work[7, 2018] == pytest.approx(found["employed"][9:12].mean())


def test_who_gains_is_paired_by_group_and_told(tmp_path: Path) -> None:
    """Layoffs in every sector take work from all groups of the table, in the run folder and in a Comparison's words."""
    base, reform = (toy_scenario(population=1500, replications=3, end="2018-12", **{"layoffs.extra_rate.all": rate})
                    for rate in (0.0, 0.03))  # fmt: skip
    outcome = run_main_job(MainJob(reform, base, 1, tmp_path / "out"), Progress(io.StringIO(), quiet=True))
    comparison = outcome.comparison
    assert comparison is not None
    assert comparison.groups is not None
    table = pd.read_csv(tmp_path / "out" / "comparison_groups.csv")
    chosen = table[(table.measure == "employment_rate") & (table.year == 2018)].set_index(["dimension", "group"])
    women = chosen.loc[("gender", "female")]
    # By hand: each replication's mean of the year, reform less baseline.
    rows = pd.read_parquet(tmp_path / "out" / "by_group.parquet")
    mine = rows[(rows.group == "female") & rows.month.str.startswith("2018")]
    means = mine.groupby(["scenario", "replication"]).employment_rate.mean()
    gaps = (means[comparison.reform] - means[comparison.baseline]).to_numpy()
    half = 4.302652729911275 * gaps.std(ddof=1) / np.sqrt(3)  # Student's t with two degrees of freedom
    assert women[["difference", "low", "high"]].tolist() == pytest.approx(
        [gaps.mean(), gaps.mean() - half, gaps.mean() + half]
    )
    assert women.difference < 0
    assert women.high < 0
    assert table[table.group == "KVisaHolder"].flagged.all()
    assert not table[(table.group == "female") & (table.measure == "people")].flagged.any()
    told = render_comparison(comparison, 100, colour=False)
    assert "who gains, who loses in 2018" in told
    assert told.partition("who gains")[2].count(" (-") == 4
    panel = policy_table([comparison], year=2018).panels[-1]
    assert {line.label for line in panel.lines} >= {"women", "men", "local hukou", "aged 16 to 24"}
    assert outcome.table is not None
    assert outcome.summary is not None
    story = Story(Readings(outcome.table), outcome.summary, reform, comparison=comparison)
    figure = who_gains.draw(story, WIDE)
    assert len(figure.axes[0].patches) == len(panel.lines)
    with use(reform.specification):
        figure = occupations.draw(story, WIDE)
    shown = by_occupation(comparison.groups)
    assert sum(len(axes.get_yticks()) for axes in figure.axes) == shown.group.nunique() > 5
    sure = int(((shown.low > 0) | (shown.high < 0)).sum())
    assert sum(len(axes.texts) for axes in figure.axes) == sure > 0
    assert shown.difference.iloc[0] == shown.difference.max()
