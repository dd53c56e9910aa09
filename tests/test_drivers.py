"""The outside world by month, against sums that can be done by hand."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from model.country.china import CHINA
from model.country.drivers import Drivers, festival_exposure, growth_gap, load_drivers
from model.schedule import month_index

FIRST = month_index("2014-01")


@pytest.fixture(scope="module")
def drivers() -> Drivers:
    return load_drivers(CHINA, FIRST, 48 + 132)


def gap(drivers: Drivers, label: str) -> float:
    return float(drivers.growth_gap[drivers.row(month_index(label))])


def test_every_array_covers_every_month(drivers: Drivers) -> None:
    arrays = (drivers.growth_gap, drivers.lockdown, drivers.festival, drivers.churn, drivers.wage)
    assert {array.shape for array in arrays} == {(drivers.months,)}
    assert drivers.sector_trend.shape == (11, drivers.months)
    assert all(np.isfinite(array).all() for array in (*arrays, drivers.sector_trend))
    with pytest.raises(ValueError, match="read-only"):
        drivers.wage[0] = 2


def test_a_month_does_not_depend_on_what_is_asked(drivers: Drivers) -> None:
    for first, months in ((0, 1), (0, 84), (-12, 30), (25, 2), (99, 7)):
        part = load_drivers(CHINA, first, months)
        here = slice(drivers.row(first), drivers.row(first) + months)
        np.testing.assert_array_equal(part.growth_gap, drivers.growth_gap[here])
        np.testing.assert_array_equal(part.wage, drivers.wage[here])
        np.testing.assert_array_equal(part.festival, drivers.festival[here])
        np.testing.assert_array_equal(part.sector_trend, drivers.sector_trend[:, here])


def test_months_outside_raise(drivers: Drivers) -> None:
    with pytest.raises(IndexError, match="outside"):
        drivers.row(FIRST - 1)
    with pytest.raises(ValueError, match="2014-01"):
        load_drivers(CHINA, FIRST - 1, 12)


def test_the_pandemic_falls_on_the_months_that_were_shut(drivers: Drivers) -> None:
    assert abs(gap(drivers, "2020-01")) < 0.01
    assert gap(drivers, "2020-02") < -0.20
    assert gap(drivers, "2020-02") < gap(drivers, "2020-03") < gap(drivers, "2020-04") < gap(drivers, "2020-06")
    assert gap(drivers, "2022-04") < -0.05 < gap(drivers, "2022-03")
    assert gap(drivers, "2022-11") < gap(drivers, "2022-09")


def test_the_quarter_keeps_its_shortfall(drivers: Drivers) -> None:
    """2020Q1: output 6.8 % down on the year, where about 5.8 % up would have been ordinary."""
    months = [gap(drivers, label) for label in ("2020-01", "2020-02", "2020-03")]
    assert np.mean(months) - gap(drivers, "2019-12") == pytest.approx(math.log(0.932 / 1.058), abs=0.012)


def test_no_false_spike_a_year_after_a_shock(drivers: Drivers) -> None:
    """Growth of 18.7 % in 2021Q1 and 6.3 % in 2023Q2 only undoes the year before."""
    for quarter, before, after in (("2021-02", "2020-11", "2021-05"), ("2023-05", "2023-02", "2023-08")):
        expected = (gap(drivers, before) + gap(drivers, after)) / 2
        assert gap(drivers, quarter) == pytest.approx(expected, abs=0.004)


def test_ordinary_years_have_no_season(drivers: Drivers) -> None:
    for first in ("2018-01", "2024-01", "2026-01"):
        row = drivers.row(month_index(first))
        assert np.abs(np.diff(drivers.growth_gap[row : row + 12])).max() < 0.002


def test_steady_growth_at_potential_closes_the_gap() -> None:
    asked = np.arange(0, 300)
    assert abs(growth_gap(CHINA, asked, 24.0, 0.048)[-1]) < 1e-3
    faster = growth_gap(CHINA, asked, 24.0, 0.058)[-1]
    assert faster == pytest.approx(math.log(1.058 / 1.048) * 2, rel=0.05), "one point more, absorbed over two years"


def test_a_longer_memory_keeps_a_loss_longer() -> None:
    late = month_index("2024-06")
    short, long = (load_drivers(CHINA, late, 1, trend_memory=memory).growth_gap[0] for memory in (12.0, 60.0))
    assert long < short < 0


@pytest.mark.parametrize(("label", "expected"), [("2024-02", 1.0), ("2024-07", 0.0), ("2018-02", 1.0)])
def test_festival_months(label: str, expected: float) -> None:
    assert festival_exposure(CHINA, month_index(label)) == expected


def test_festival_days_by_hand() -> None:
    """2025: festival on 29 January, so the window runs from 15 December to 18 February."""
    start = dt.date(2025, 1, 29) - dt.timedelta(days=45)
    assert start == dt.date(2024, 12, 15)
    assert festival_exposure(CHINA, month_index("2025-01")) == pytest.approx(
        27 / 31
    )  # 15 Dec..10 Jan of 11 Dec..10 Jan
    assert festival_exposure(CHINA, month_index("2025-03")) == pytest.approx(8 / 28)  # 11..18 Feb of 11 Feb..10 Mar
    assert festival_exposure(CHINA, month_index("2024-12")) == 0


def test_lockdown_is_read_and_zero_elsewhere(drivers: Drivers) -> None:
    assert drivers.lockdown[drivers.row(month_index("2020-02"))] == 0.25
    assert drivers.lockdown[drivers.row(month_index("2020-01"))] == 0
    assert np.all((drivers.lockdown >= 0) & (drivers.lockdown <= 1))


def test_churn_follows_the_employers_survey(drivers: Drivers) -> None:
    churn = drivers.churn
    assert churn[drivers.row(month_index("2018-01"))] == 1
    middle = churn[drivers.row(month_index("2022-06"))] * churn[drivers.row(month_index("2022-07"))]
    assert math.sqrt(middle) == pytest.approx(17.9 / 18.8, rel=1e-3)
    assert churn[-1] == pytest.approx(14.8 / 18.8)


def test_wages_start_at_one_and_go_on(drivers: Drivers) -> None:
    wage = drivers.wage
    assert wage[drivers.row(0)] == 1
    last_growth = math.sqrt(129441 * 71590 / (124110 * 69476))
    last = wage[drivers.row(month_index("2027-06"))] / wage[drivers.row(month_index("2026-06"))]
    assert last == pytest.approx(last_growth, rel=1e-3)
    chosen = load_drivers(CHINA, 0, 120, wage_growth_after_data=0.1).wage
    assert chosen[113] / chosen[101] == pytest.approx(1.1)
    np.testing.assert_array_equal(chosen[:78], wage[drivers.row(0) : drivers.row(0) + 78])


def test_sectors_follow_their_jobs_of_2019_and_2023(drivers: Drivers) -> None:
    trend = drivers.sector_trend
    tech = CHINA.sectors.index("tech")
    row = drivers.row(month_index("2019-06"))
    over_four_years = trend[tech, row + 48] / trend[tech, row]
    assert over_four_years == pytest.approx(14.4 / 10.5)
    assert np.all(trend[:, : drivers.row(0) + 1] == 1)
    assert np.all(trend[:, drivers.row(71) :] == trend[:, [drivers.row(71)]])


def test_graduates_are_read_and_extended() -> None:
    known = load_drivers(CHINA, 0, 120)
    assert known.graduates(2024) == 11.79
    assert known.graduates(2026) == 12.7
    assert known.graduates(2027) == pytest.approx(12.7 * 12.7 / 12.22)
    assert known.graduates(2014) == 7.49
    assert load_drivers(CHINA, 0, 120, graduates_growth_after_data=0.0).graduates(2028) == 12.7


def test_what_came_out_later_is_not_known() -> None:
    """What was out by 2024-11 is what everybody knows; the rest goes on with the last known year's growth."""
    now, then = load_drivers(CHINA, 0, 96), load_drivers(CHINA, 0, 96, known_until="2024-11")
    # The yearly average of growth looks half a year ahead, so the last two quarters before the cut move a little.
    early = slice(0, month_index("2024-01"))
    np.testing.assert_array_equal(now.growth_gap[early], then.growth_gap[early])
    np.testing.assert_array_equal(now.lockdown, then.lockdown)
    assert abs(now.growth_gap - then.growth_gap).max() < 0.01
    assert then.graduates(2025) == now.graduates(2025), "a class is announced in the autumn before"
    assert then.graduates(2026) / then.graduates(2025) == pytest.approx(now.graduates(2025) / now.graduates(2024))
    assert load_drivers(CHINA, 0, 96, known_until="2024-06").graduates(2025) != now.graduates(2025)
    # The survey of 2024 came out in 2025; what is known then is 2022's, and it stays.
    last = month_index("2022-07")
    assert set(then.churn[last:]) == {then.churn[last]}
    assert then.churn[-1] > now.churn[-1]


def test_figures_known_by_a_late_month_are_all(drivers: Drivers) -> None:
    late = load_drivers(CHINA, FIRST, drivers.months, known_until="2060-12")
    np.testing.assert_array_equal(late.growth_gap, drivers.growth_gap)
    np.testing.assert_array_equal(late.wage, drivers.wage)
    np.testing.assert_array_equal(late.churn, drivers.churn)
    assert late.classes == drivers.classes
