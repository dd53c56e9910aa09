"""The forecast: what each part must do on invented months, and that an origin knows nothing of what came after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm  # type: ignore[import-untyped]
from toy import TOY

pytest.importorskip("scoringrules")

import run
from experiments.calibration.free_parameters import Space, free_parameters
from experiments.calibration.simulations import Laboratory, Store
from experiments.calibration.targets import KEPT
from experiments.engine.errors import BadRequest
from experiments.engine.progress import Progress
from experiments.forecast import campaign as campaigns
from experiments.forecast import outlooks as looking
from experiments.forecast.campaign import ORIGIN, SERIES, Campaign, Plan, make
from experiments.forecast.evaluation import KNOWN, METHODS_TOLD, REALISED, Evaluation, diebold_mariano, quoted
from experiments.forecast.history import GROUPS, LEVELS, History
from experiments.forecast.knowledge import as_known, known_country, origins
from experiments.forecast.latest import FAN, latest
from experiments.forecast.outlooks import Asked, Outlooks
from experiments.forecast.pool import BELIEF, _Cases, _width, averaged, pinball, pooled
from experiments.forecast.record import add_to_record, read_record, recorded_scores
from experiments.forecast.simple import FADES, LONGEST, METHODS, RIVALS, drift, seasonal_naive
from experiments.forecast.structure import Misses, conditioned, forecast
from model.country.china import CHINA
from model.country.drivers import load_drivers
from model.schedule import month_index, month_label
from model.specification import Specification, use

FIRST = free_parameters()[0]
MONTHS = month_index("2027-12") + 1


def invented(settings: Mapping[str, float], _population: int = 1, _seed: int = 1) -> dict[str, np.ndarray]:
    """Rates that follow the first free parameter and a season; told less, they lie 2 % higher after the origin."""
    month = np.arange(MONTHS)
    share = (settings[FIRST.path] - FIRST.low) / (FIRST.high - FIRST.low)
    rate = (0.04 + 0.02 * share) * (1 + 0.05 * np.sin(month * np.pi / 6))
    if ORIGIN in settings:
        rate = np.where(month > settings[ORIGIN], 1.02 * rate, rate)[: int(settings[ORIGIN]) + 16]
    return dict.fromkeys(KEPT, rate)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    store = Store(tmp_path_factory.mktemp("runs"), "invented")
    return make(Laboratory(invented, store, 1, Progress(None)), Plan(design=60, population=1000, told=2))


@pytest.fixture
def history() -> History:
    """Months as a world with the first parameter at a tenth of its range would have them, groups alike."""
    told = invented({FIRST.path: FIRST.low + 0.1 * (FIRST.high - FIRST.low)})["unemployment_rate"]
    real = History.of(CHINA.published)
    rates = {name: np.where(np.isnan(one), np.nan, 100 * told[: len(one)]) for name, one in real.rates.items()}
    return History(rates, real.origin)


def test_the_campaign_learns_what_worlds_do_and_what_less_knowledge_changes(made: Campaign) -> None:
    space = Space(free_parameters())
    values = space.values({one.path: one.centre for one in space.free})
    told = invented({FIRST.path: FIRST.centre})["unemployment_rate"]
    np.testing.assert_allclose(np.exp(made.paths(space.to_box(values)[None]))[0, 0], 100 * told, rtol=0.01)
    first = month_index(origins()[0])
    for row, surprise in enumerate(made.surprise[:-1]):
        ahead = surprise[:, first + row + 1 : first + row + 1 + LONGEST]
        np.testing.assert_allclose(ahead, np.log(1.02), atol=1e-6)
        assert not surprise[:, : first + row - 2].any(), "the past is known"
    assert not made.stale


def test_a_campaign_is_read_as_it_was_kept(made: Campaign, tmp_path: Path) -> None:
    path = tmp_path / "campaign.npz"
    path.write_bytes(made.content())
    again = campaigns.stored(path)
    assert (again.digest, again.made_from, again.plan) == (made.digest, made.made_from, made.plan)
    with pytest.raises(BadRequest, match="there is no campaign"):
        campaigns.stored(tmp_path / "nowhere.npz")


def test_worlds_move_to_the_months_that_are_known(made: Campaign, history: History) -> None:
    before, after = made.points[:, 0], conditioned(made, history, np.zeros_like(made.surprise[0]))[:, 0]
    truth = Space(free_parameters()).to_box(
        np.array([FIRST.low + 0.1 * (FIRST.high - FIRST.low)] * len(free_parameters()))
    )[0]
    assert abs(after.mean() - truth) < abs(before.mean() - truth) / 2
    assert after.std() < before.std()


def test_what_was_not_known_of_the_past_is_no_jump_ahead(made: Campaign, history: History) -> None:
    """A survey not out yet moves worlds before the origin as after it: what they miss by then makes it good."""
    known, row = history.to(month_index("2025-06")), origins().index("2025-06")
    months = np.arange(made.surprise.shape[2]) - known.origin

    def middle(moved: np.ndarray) -> np.ndarray:
        surprise = np.zeros_like(made.surprise)
        surprise[row] = np.log(1.1) * moved
        said = forecast(replace(made, surprise=surprise), known)
        return np.array([said[group][:6, len(LEVELS) // 2] for group in GROUPS])

    plain = middle(months > LONGEST)
    assert np.abs(middle(months > -24) / plain - 1).max() < 0.04
    assert (middle(months > 0) / plain - 1).min() > 0.06


def test_bands_that_held_too_often_are_narrowed_as_far_as_there_is_evidence() -> None:
    """Bands of half the size that is needed, 4,000 cases: the factor is two; a few say half of it in logarithms."""
    rng, levels = np.random.default_rng(5), LEVELS[4::5]
    said = np.tile(norm.ppf(levels), (4000, len(looking.ALL_METHODS), 1))
    alike = np.full(len(looking.ALL_METHODS), 1 / len(looking.ALL_METHODS))
    then, own = 2 * rng.standard_normal(4000), np.ones(4000, bool)
    # The 80 % quantile of 4,000 cases is known to 1.7 %: six standard errors.
    assert abs(_width(_Cases(said, then, np.ones(4000), own), alike) - 2) < 0.2
    assert abs(_width(_Cases(said, then, np.full(4000, BELIEF / 4000), own), alike) - 2**0.5) < 0.1
    assert _width(_Cases(said, then, np.ones(4000), ~own), alike) == 1


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, kept: Path) -> None:
    """The slow methods stand in for themselves, and what origins say is kept for these tests only."""
    monkeypatch.setitem(METHODS, "sarima", seasonal_naive)  # type: ignore[arg-type]
    monkeypatch.setitem(METHODS, "ets", drift)  # type: ignore[arg-type]
    monkeypatch.setattr(looking, "runs_folder", lambda: kept)


@pytest.mark.usefixtures("quick")
def test_an_origin_knows_nothing_of_what_came_after(made: Campaign, history: History) -> None:
    """Other months after the origin leave every forecast from it as it is, the pooled one and its weights included."""
    month = month_index("2025-06")
    rates = {name: np.where(np.arange(len(one)) > month, 3 * one, one) for name, one in history.rates.items()}
    changed = History(rates, history.origin)
    # Origins on either side of the one that is asked, so that both outlooks hold something from afterwards.
    found = [outlooks_of(one, made, range(month - 8, month + 3)) for one in (history, changed)]
    assert not np.array_equal(found[0].quantiles[month + 2], found[1].quantiles[month + 2])
    for group in ("16_24", "all"):
        np.testing.assert_array_equal(pooled(found[0], group, month), pooled(found[1], group, month))


def outlooks_of(history: History, campaign: Campaign, months: range) -> Outlooks:
    return Outlooks(history, {month: (Asked(history.to(month)).answer(), Asked(history.to(month), campaign).answer())
                              for month in months})  # fmt: skip


def test_misses_are_carried_on_and_fade() -> None:
    misses = Misses(level=0.0, month=0.1, season=0.0, luck=0.0, decay=0.8)
    now, ahead = np.array([24]), np.array([25, 26, 36])
    np.testing.assert_allclose(misses.covariance(ahead, now)[:, 0] / 0.01, [0.8, 0.64, 0.8**12])


# --- the simple methods ---------------------------------------------------------------------------------------------


def test_simple_forecasts_have_closed_forms() -> None:
    past = np.array([9.0, 9.0, *range(12)])
    np.testing.assert_allclose(METHODS["seasonal_naive"](past), np.arange(12))
    np.testing.assert_allclose(METHODS["persistence"](past), np.full(12, 11))
    np.testing.assert_allclose(METHODS["drift"](past), 11 + 2 / 13 * np.arange(1, 13))
    # The last month is 11, its year before 9.
    moved = METHODS["seasonal_moved"](past)
    assert moved is not None
    np.testing.assert_allclose(moved - past[2:], 2 * FADES ** np.arange(1, 13))
    assert METHODS["seasonal_moved"](past[:12]) is None
    assert METHODS["seasonal_naive"](past[:11]) is METHODS["sarima"](past) is METHODS["ets"](past) is None


def test_sarima_continues_a_season_on_a_line() -> None:
    """A fixed season on a straight line: what the model differences away, so that its forecast is exact."""
    series = 5 + 0.01 * np.arange(60) + np.tile(np.sin(np.arange(12)), 5)
    np.testing.assert_allclose(METHODS["sarima"](series[:48]), series[48:], atol=1e-3)


# --- pool and scores ------------------------------------------------------------------------------------------------


def test_quantiles_are_averaged_over_those_that_speak() -> None:
    said = np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0], [np.nan] * 3])
    np.testing.assert_allclose(averaged(said, np.array([0.25, 0.25, 0.5]), 1.0), [2.0, 3.0, 4.0])
    np.testing.assert_allclose(averaged(said, np.array([0.5, 0.0, 0.5]), 0.5), [1.5, 2.0, 2.5])


def test_the_best_simple_method_is_one_that_was_named_before(history: History) -> None:
    """The method devised for the pool is exact here; still others are what the pool is held against."""
    outlooks = Outlooks(history, {})
    said = np.full((1, len(METHODS_TOLD), len(GROUPS), LONGEST, len(LEVELS)), 9.0)
    origin = history.origin - 2
    said[0, METHODS_TOLD.index("seasonal_moved")] = outlooks.truth[origin][..., None]
    rows = quoted(Evaluation(outlooks, (origin,), said))
    assert set(rows["best_simple"]) <= set(RIVALS)
    assert rows[rows["method"] == "seasonal_moved"]["against_best"].max() < 1e-6


def test_the_score_is_that_of_the_library() -> None:
    import scoringrules

    said, truth = np.sort(np.random.default_rng(1).normal(5, 1, (4, len(LEVELS))), axis=1), np.array([4.0, 5, 6, 9])
    np.testing.assert_allclose(pinball(truth, said, LEVELS), scoringrules.crps_quantile(truth, said, LEVELS))


def test_diebold_mariano_knows_better_from_alike() -> None:
    rng = np.random.default_rng(3)
    one, luck = rng.random((60, 1)), rng.normal(0, 0.1, (60, 1))
    assert diebold_mariano(one, one + 0.5 + luck, 1) < 1e-6
    assert diebold_mariano(one, one + luck - luck.mean(), 1) == pytest.approx(1.0)
    # One step ahead it is the t-test of the mean difference, with n - 1 in place of n under the root.
    off = (luck + 0.02)[:, 0]
    from scipy import stats

    assert diebold_mariano(one + luck + 0.02, one, 1) == pytest.approx(stats.ttest_1samp(off, 0).pvalue)
    assert np.isnan(diebold_mariano(one[:3], one[:3] + 1, 2))


# --- the record -----------------------------------------------------------------------------------------------------


def told(origin: str) -> pd.DataFrame:
    numbers = {name: 0.05 + place / 1000 for place, name in enumerate(("mean", "p10", "p25", "p50", "p75", "p90"))}
    return pd.DataFrame([{"origin": origin, "month": month_label(month_index(origin) + 1), "horizon": 1, "group": "all",
                          "method": "pooled", **numbers, "drivers": "known at the origin"}])  # fmt: skip


def test_the_record_grows_and_is_never_rewritten(made: Campaign, history: History, tmp_path: Path) -> None:
    file = tmp_path / "recorded.csv"
    add_to_record(told("2025-10"), made, file)
    first = file.read_text()
    add_to_record(told("2025-11"), made, file)
    assert file.read_text().startswith(first)
    kept = read_record(file)
    assert kept is not None
    assert kept["hash"].nunique() == len(kept) == 2
    with pytest.raises(BadRequest, match="on record"):
        add_to_record(told("2025-11"), made, file)
    scored = recorded_scores(history, file)
    official = history.rates["all"][month_index("2025-11")] / 100
    assert scored["error_pp"].iloc[0] == pytest.approx(100 * (0.053 - official))
    file.write_text(first.replace("0.053", "0.043"))
    with pytest.raises(BadRequest, match="not what was recorded"):
        read_record(file)


# --- what pages and reports show ------------------------------------------------------------------------------------


def test_what_is_shown_is_the_forecast_of_this_campaign_from_the_last_official_month_and_a_year_before() -> None:
    rows, last = latest(), History.of(CHINA.published).label
    assert rows is not None
    assert set(rows["origin"]) == {last, month_label(month_index(last) - 12)}
    assert set(rows["campaign"]) == {campaigns.stored().digest[:16]}, "run python -m views.forecast.docs"
    assert (np.diff(rows[list(FAN)].to_numpy(), axis=1) > 0).all()
    assert set(rows["group"]) == set(GROUPS)
    with use(Specification(country=TOY)):
        assert latest() is None


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--horizon", "13"], "between 1 and 12"),
        (["--from", "2020-01"], "--from belongs to --evaluate"),
        (["--evaluate", "--origin", "2025-01"], "leave --origin out"),
        (["--record", "--realised"], "--record keeps"),
        (["--origin", "2027-03"], "--official FILE.csv adds months"),
        (["--origin", "2018-03"], "between 2018-12 and 2026-02"),
        (["--origin", "2025"], "not a month"),
    ],
)
def test_mistakes_are_told_and_nothing_is_run(words: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["forecast", *words]) == 2
    assert says in capsys.readouterr().err


#: Invented: no month after the last in the data is known to these tests.
ADDED = {"2026-03": (16.0, 7.0, 4.0, 5.3), "2026-04": (15.8, 7.1, 4.1, 5.2)}


@pytest.fixture
def asked(made: Campaign, quick: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """`run.py forecast` from two origins only, told the first invented month, in a tmp_path that it may work in."""
    del quick
    path = tmp_path / "campaign.npz"
    path.write_bytes(made.content())
    monkeypatch.setattr("experiments.forecast.job.stored", lambda: campaigns.stored(path))
    monkeypatch.setattr(looking, "FIRST_ORIGIN", "2026-01")
    monkeypatch.chdir(tmp_path)
    return ["forecast", "--official", official("2026-03"), "--horizon=3", "--workers=1", "--quiet", "--out=out"]


def official(*months: str) -> str:
    """A file of invented months."""
    rows = [f"{month},{series},{rate}" for month in months
            for series, rate in zip(GROUPS.values(), ADDED[month], strict=True)]  # fmt: skip
    Path("more.csv").write_text("\n".join(["date,group,rate_pct", *rows]) + "\n")
    return "more.csv"


def test_a_month_that_is_added_is_known(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Invented months in a file of one's own: the forecast begins after them, and a wrong one is told."""
    assert run.main(asked) == 0
    assert "after 2026-03" in capsys.readouterr().out
    table = pd.read_csv("out/forecast.csv")
    assert set(table["origin"]) == {"2026-03"}
    assert set(table["group"]) == set(GROUPS)
    assert list(table[["horizon", "month"]].drop_duplicates().itertuples(index=False, name=None)) == [
        (1, "2026-04"), (2, "2026-05"), (3, "2026-06")]  # fmt: skip
    assert set(METHODS_TOLD) == set(table["method"])
    levels = table[["p10", "p25", "p50", "p75", "p90"]].to_numpy()
    assert (np.diff(levels, axis=1) >= 0).all()
    assert 0 < levels.min() < levels.max() < 1
    assert Path("out/figures/forecast.png").is_file()
    Path("more.csv").write_text("date,group,rate_pct\n2026-03,total_urbn,5.3\n")
    assert run.main(asked) == 2
    assert "total_urban" in capsys.readouterr().err


def test_what_came_stands_beside_what_is_quoted(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Told of growth as it came, worlds lie higher by what the invented campaign says; what is quoted stays."""
    assert run.main(asked) == 0
    plain, quoted = capsys.readouterr().out, pd.read_csv("out/forecast.csv")
    assert run.main([*asked[:-1], "--out=both", "--realised"]) == 0
    shown, both = capsys.readouterr().out, pd.read_csv("both/forecast.csv")
    pd.testing.assert_frame_equal(both[both["drivers"] == KNOWN].reset_index(drop=True), quoted)
    assert plain.rstrip() in shown
    assert "Not to be quoted" in shown.removeprefix(plain.rstrip())
    assert "Not to be quoted" in Path("both/forecast.html").read_text()
    realised = both[both["drivers"] == REALISED].reset_index(drop=True)
    pd.testing.assert_frame_equal(realised[["month", "group", "method"]], quoted[["month", "group", "method"]])
    width = [(one["p90"] - one["p10"])[one["method"] == "model"].mean() for one in (realised, quoted)]
    assert width[0] < width[1], "who knows what came has less to be surprised by"


def test_a_notebook_gets_the_forecast_of_the_command_line(asked: list[str]) -> None:
    import labour_lab as lab

    assert run.main(asked) == 0
    found = lab.forecast(horizon=3, official="more.csv", workers=1, progress=False)
    for name in ("forecast.csv", "forecast_weights.csv"):
        assert found.files[name] == Path("out", name).read_bytes()
    assert found.table.to_csv(index=False, lineterminator="\n").encode() == found.files["forecast.csv"]
    with pytest.raises(lab.LabError, match="recorded=True"):
        _ = found.recorded


def test_forecasts_on_record_are_scored_when_their_months_arrive(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing has come of a forecast of its last month; with the next one, invented, its first month is scored."""
    for name, done in (("add_to_record", add_to_record), ("recorded_scores", recorded_scores)):
        monkeypatch.setattr(f"experiments.forecast.job.{name}", partial(done, file=Path("recorded.csv")))
    assert run.main([*asked, "--record"]) == 0
    said = pd.read_csv("out/forecast.csv")
    judge = ["forecast", "--evaluate", "--recorded", "--official=more.csv", "--from=2026-01", "--workers=1", "--quiet"]
    assert run.main([*judge, "--out=early"]) == 0
    assert "no month of a forecast on record has come yet" in capsys.readouterr().out
    official("2026-03", "2026-04")
    assert run.main([*judge, "--out=late"]) == 0
    assert "band held" in capsys.readouterr().out
    scored = pd.read_csv("late/forecast_recorded.csv")
    assert set(scored["month"]) == {"2026-04"}
    for row in scored.itertuples():
        came = ADDED["2026-04"][list(GROUPS).index(row.group)]
        middle = said[(said["month"] == row.month) & (said["group"] == row.group) & (said["method"] == row.method)]
        assert row.error_pp == pytest.approx(100 * middle["p50"].iloc[0] - came, abs=1e-3)


@pytest.mark.parametrize("origin", ["2019-12", "2020-02", "2022-03"])
def test_nothing_is_known_of_lockdowns_and_surveys_to_come(origin: str) -> None:
    drivers = load_drivers(known_country(origin), 0, 72, known_until=origin)
    hindsight, month = load_drivers(CHINA, 0, 72), month_index(origin)
    np.testing.assert_array_equal(drivers.lockdown[: month + 1], hindsight.lockdown[: month + 1])
    assert not drivers.lockdown[month + 1 :].any()
    assert hindsight.lockdown[month + 1 :].any()
    assert (drivers.churn[: month_index("2021-06")] == 1).all()
    assert as_known(origin).value("macro.outside_figures") == f"known_{origin.replace('-', '_')}"


def test_every_origin_has_its_surprise() -> None:
    assert (origins()[0], origins()[-1], len(SERIES)) == ("2018-12", "2026-12", 5)
    alike = campaigns.same_knowledge()
    assert sorted(one for some in alike.values() for one in some) == origins()
    assert all(first == some[0] and len(some) <= 3 for first, some in alike.items())
