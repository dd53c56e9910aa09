"""Short-time work: firms cut hours before they cut people, and the state pays part of the hours not worked.

A firm that would lay people off puts up to `layoffs.short_time_work` of them on short time instead. They stay on the
payroll, so the gap between jobs and target stays too, and with it the layoffs of later months: the scheme buys time.

    python run.py scenarios/tech_layoffs.yaml --with examples/own_mechanism.py --set layoffs.short_time_work=0.5
"""

from dataclasses import dataclass

from model.market import Market
from model.mechanism import Cause, Indicator, Mechanism, Step
from model.parameters import constant, lever

COVER = lever(
    "layoffs.short_time_work", "Short-time work", "share of layoffs", 0.0, (0, 1), label_zh="短时工作",
    meaning="Share of layoffs that firms turn into short time while the state pays for hours not worked.",
    source="lever; 0 unless a scenario sets it",
)  # fmt: skip
TAKE_UP = constant(
    "layoffs.short_time_take_up", "share", 0.33, (0.2, 0.6),
    "Jobs kept per worker on short time.", "recollection of Balleer et al. 2016, Boeri and Bruecker 2011",
)  # fmt: skip


@dataclass
class ShortTime:
    """What the scheme remembers from month to month."""

    workers: float = 0.0  # simulated persons on short time this month


def cut_hours(market: Market) -> None:
    """Turn part of the layoffs that firms have planned into short time."""
    cover, firms = market.lever(COVER), market.firms
    SHORT_TIME_WORK.of(market).workers = float((firms.layoff_rate * cover) @ firms.headcount)
    firms.layoff_rate *= 1 - cover * market.number(TAKE_UP)


SHORT_TIME_WORK: Mechanism[ShortTime] = Mechanism(
    "short_time_work",
    "Short-time work",
    "Firms that would lay people off cut hours instead, and the state pays part of the hours not worked.",
    parameters=(COVER, TAKE_UP),
    memory=lambda _market: ShortTime(),
    steps=(Step("short_time", cut_hours, "Firms turn part of their layoffs into short time.", after="plan"),),
    indicators=(
        Indicator(
            "workers_on_short_time",
            "Workers on short time",
            "短时工作人数",
            "people",
            "count",
            "People whose layoff became short time this month",
            read=lambda market: SHORT_TIME_WORK.of(market).workers * market.people_per_agent,
        ),
    ),
    causes=(Cause("short_time_work", "short-time work", "no short-time work", {"layoffs.short_time_work": 0.0}),),
)
