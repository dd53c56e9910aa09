"""The answer to a question: series with bands, cards, sentences and tables, from paired replications."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.compare.comparison import luck_alone, paired
from experiments.search.measures import COST
from model.results import ENOUGH_PERSONS, mean_intervals
from model.schedule import month_label
from model.specification import in_force
from views.report.readings import Band, band_phrase
from views.terminal.tables import SHARED
from views.words import numbers
from views.words.caveats import round_up
from views.words.difference_wording import TOO_CLOSE, YOUTH, certainty, difference_sentence, what_intervals_hold
from views.words.language import Speech
from views.words.visa_wording import blame_sentence

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from views.page.laboratory import Records

#: How pay, work and consumption are shared; women's unemployment stands among the groups.
WHO_FARES_HOW = tuple(name for name, _ in SHARED if not name.startswith("unemployment"))
#: What is drawn, the first one largest.
CHARTS = (
    YOUTH,
    "unemployment_rate",
    "unemployment_rate_25_29",
    "unemployment_rate_30_59",
    "unemployment_rate_graduates",
    "unemployment_rate_over_35",
    "employment_tech",
    "employment_construction",
    "house_price_index",
    "k_visa_stock",
    "backlash",
    "perceived_visa_share",
    *WHO_FARES_HOW,
)
#: What the cards show.
CARDS = (
    YOUTH,
    "unemployment_rate_graduates",
    "unemployment_rate_over_35",
    "k_visa_stock",
    "employment_tech",
    "employment_construction",
    "house_price_index",
    *WHO_FARES_HOW,
)
#: What the table shows beside the cards.
TABLE = (
    *CARDS[:3],
    "unemployment_rate",
    "unemployment_rate_25_29",
    "unemployment_rate_30_59",
    "long_term_unemployment_share",
    *CARDS[3:],
    "employed",
    "vacancies",
    "median_wage",
    "median_starting_wage_graduates",
    "consumption_index",
    "home_starts_index",
    "developer_defaults",
)
#: Where more is better (+1) or worse (-1); nothing is said of the rest.
GOOD = {name: -1 for name in TABLE if name.startswith("unemployment") or name == "long_term_unemployment_share"} | {
    "employment_tech": 1,
    "employment_construction": 1,
    "employed": 1,
    "underemployment_share": -1,
    "low_pay_share": -1,
}
#: What all policies together cost a year, and how many of the young are unemployed.
BUDGET, JOBLESS, AGE = "budget", "jobless", "16_24"


@dataclass(frozen=True)
class Answer:
    """Paired replications of a reform and the baseline, read in a language.

    `named` is what sentences call the reform. Where the pairs lived at `draws` of the fitted parameters, intervals hold
    what is not known of those, unless `luck_alone` leaves it out.
    """

    baseline: Records
    reform: Records
    persons_each: float
    population: int
    named: str
    say: Speech
    draws: int = 0
    luck_alone: bool = False

    @cached_property
    def pairs(self) -> list[int]:
        """The replications that both sides have."""
        return sorted(self.baseline.keys() & self.reform.keys())

    @cached_property
    def months(self) -> list[str]:
        """Every month, as text."""
        return [month_label(int(month)) for month in self.baseline[self.pairs[0]]["month"]]

    @cached_property
    def year(self) -> int:
        """The last full year, which cards and sentences speak of."""
        last = self.months[-1]
        return int(last[:4]) if last.endswith("-12") else int(last[:4]) - 1

    def paths(self, side: Records, name: str) -> NDArray[np.float64]:
        """Every path of an indicator, [replication, month]."""
        return np.array([side[number][name] for number in self.pairs], np.float64)

    # --- what the page draws -------------------------------------------------------------------------------------

    def series(self) -> dict[str, Any]:
        """Baseline and reform with their bands, and the paired difference with its interval, by month."""
        index = pd.MultiIndex.from_product([self.pairs, range(len(self.months))], names=["replication", "place"])
        sides = {}
        gaps = {}
        for name in CHARTS:
            own, other = self.paths(self.reform, name), self.paths(self.baseline, name)
            sides[name] = {"baseline": _band(other), "reform": _band(own)}
            gaps[name] = (own - other).ravel()
        found = self._held(mean_intervals(pd.DataFrame(gaps, index=index), "place", self.draws), "mean")
        ends = {end: found[end].to_numpy().reshape(len(CHARTS), -1) for end in ("mean", "low", "high")}
        for place, name in enumerate(CHARTS):
            sides[name]["difference"] = {end: numbered(values[place]) for end, values in ends.items()}
        return sides

    @cached_property
    def rows(self) -> dict[str, pd.Series]:
        """The paired comparison of the year, by indicator."""
        found = paired(self._yearly(self.reform), self._yearly(self.baseline), "year", self.draws)
        found = self._held(found, "difference")
        return {str(row["indicator"]): row for _, row in found.iterrows()}

    def _held(self, found: pd.DataFrame, centre: str) -> pd.DataFrame:
        """Differences whose intervals hold what was asked for."""
        return luck_alone(found, self.draws, centre) if self.luck_alone else found

    @cached_property
    def costs(self) -> tuple[str, ...]:
        """The indicators that tell what a policy costs the budget a year."""
        return tuple(name for name in in_force().indicator if name.startswith(COST))

    def _yearly(self, side: Records) -> pd.DataFrame:
        chosen = [place for place, month in enumerate(self.months) if int(month[:4]) == self.year]
        with warnings.catch_warnings():  # what does not exist in the whole year is missing
            warnings.simplefilter("ignore", RuntimeWarning)
            means = {name: np.nanmean(self.paths(side, name)[:, chosen], axis=1) for name in (*TABLE, *self.costs)}
        young = self.paths(side, f"labour_force_{AGE}") * self.paths(side, YOUTH)
        means[BUDGET], means[JOBLESS] = sum(means[name] for name in self.costs), young[:, chosen].mean(axis=1)
        index = pd.MultiIndex.from_product([self.pairs, [self.year]], names=["replication", "year"])
        return pd.DataFrame(means, index=index)

    def cards(self) -> list[dict[str, Any]]:
        """The headline numbers, each with its change and how sure it is."""
        return [self._shown[name] for name in CARDS]

    def table(self) -> list[dict[str, Any]]:
        """Every compared indicator."""
        return [self._shown[name] for name in TABLE]

    @cached_property
    def _shown(self) -> dict[str, dict[str, Any]]:
        return {name: self._row(name) for name in TABLE}

    def _row(self, name: str) -> dict[str, Any]:
        row, say = self.rows[name], self.say
        baseline, reform, difference, low, high = (
            float(row[column]) for column in ("baseline", "reform", "difference", "low", "high")
        )
        places = numbers.decimals(name, difference, low, high)
        words = certainty(name, difference, low, high, float(row["chance_sign_right"]))
        unclear = words == TOO_CLOSE or not math.isfinite(low)
        sign = "none" if not math.isfinite(difference) or difference == 0 else "up" if difference > 0 else "down"
        better = 0 if unclear or sign == "none" else GOOD.get(name, 0) * (1 if difference > 0 else -1)
        return {
            "id": name,
            "label": say.label(in_force().indicator[name]),
            "unit": say(in_force().indicator[name].unit),
            "kind": in_force().indicator[name].kind,
            "year": self.year,
            "baseline": plain(baseline),
            "reform": plain(reform),
            "change": plain(difference),
            "low": plain(low),
            "high": plain(high),
            "sign": "unclear" if unclear and sign != "none" else sign,
            "good": {1: "up", -1: "down"}.get(GOOD.get(name, 0), "none"),
            "better": {1: "better", -1: "worse"}.get(better, "neither"),
            "certainty": say(words) if math.isfinite(difference) else "",
            "texts": {
                "baseline": numbers.amount(name, baseline, say),
                "reform": numbers.amount(name, reform, say),
                "change": numbers.change(name, difference, places, say),
                "interval": numbers.interval(name, low, high, places, say),
            },
            "flag": self._flag(name),
        }

    def _flag(self, name: str) -> str | None:
        """What to know when fewer than 100 simulated persons carry a reading; nothing when enough do."""
        chosen = np.array([int(month[:4]) == self.year for month in self.months])
        base = in_force().indicator[name].base
        persons = min(
            float(np.nanmean(np.nan_to_num(self.paths(side, base)[:, chosen]))) / self.persons_each
            for side in (self.baseline, self.reform)
        )
        if persons >= ENOUGH_PERSONS:
            return None
        count = f"{persons:.0f}" if persons >= 1 else "0" if persons == 0 else "<1"
        needed = f"{round_up(math.ceil(self.population * ENOUGH_PERSONS / persons)):,}" if persons > 0 else ""
        told: dict[str, object] = {"count": count, "enough": ENOUGH_PERSONS, "needed": needed}
        if not needed:
            return self.say("Rests on {count} simulated persons, fewer than the {enough} asked for.", **told)
        return self.say(
            "Rests on {count} simulated persons, fewer than the {enough} asked for; a population of {needed} would "
            "settle it.",
            **told,
        )

    # --- what the page says --------------------------------------------------------------------------------------

    def sentences(self) -> list[str]:
        """Two sentences: the young, and what else the reform moves most surely."""
        return [self._sentence(YOUTH), self._sentence(self._surest())]

    def _sentence(self, name: str) -> str:
        return difference_sentence(name, self.rows[name], self.named, self.say("the baseline"), self.say)

    def _surest(self) -> str:
        """The indicator of another card whose change is surest, and large enough to show."""
        surest, most = "unemployment_rate_over_35", 1.0
        for name in CARDS[1:]:
            row = self.rows[name]
            difference, low, high = (float(row[column]) for column in ("difference", "low", "high"))
            half = (high - low) / 2
            if half > 0 and abs(difference) / half > most and not numbers.negligible(name, difference, low, high):
                surest, most = name, abs(difference) / half
        return surest

    def prices(self, paths: Collection[str]) -> list[str]:
        """What the policies on some paths cost the budget a year, and what a young person less without work costs."""
        asked = [one for one in in_force().mechanisms if any(own.path in paths for own in one.parameters)]
        theirs = [each.name for one in asked for each in one.indicators if each.name in self.costs]
        moved = [name for name in theirs if self.rows[name]["difference"] != 0]
        told = [self._price(name) for name in moved]
        spent, fewer = self.rows[BUDGET], -self.rows[JOBLESS][["difference", "low", "high"]]
        if moved and spent["low"] > 0 and fewer["high"] > 0:
            low, high = spent["low"] / fewer["low"], spent["high"] / fewer["high"]
            told.append(self.say("That is {low} to {high} yuan a year for each young person less without work.",
                                 low=_round(low), high=_round(high)))  # fmt: skip
        elif moved and spent["low"] > 0:
            told.append(self.say("Whether fewer of the young are without work for it cannot be told."))
        return told

    def _price(self, name: str) -> str:
        difference, low, high = (float(self.rows[name][end]) for end in ("difference", "low", "high"))
        return self.say(
            "{label}: {change} a year in {year} (95 % interval {interval}).",
            label=self.say.label(in_force().indicator[name]), year=self.year,
            change=numbers.change(name, difference, say=self.say),
            interval=numbers.interval(name, low, high, say=self.say),
        )  # fmt: skip

    def blame(self) -> dict[str, Any]:
        """What the public blames on the visa, and the most that can be true, in the year under the reform."""
        chosen = np.array([int(month[:4]) == self.year for month in self.months])

        def mean(name: str) -> float:
            held = self.paths(self.reform, name)[:, chosen]
            return float(np.nanmean(held)) if np.isfinite(held).any() else math.nan

        rate = np.nan_to_num(self.paths(self.reform, "unemployment_rate_k_visa")[:, chosen])
        held = np.nan_to_num(self.paths(self.reform, "k_visa_stock")[:, chosen]) * (1 - rate)
        unemployed = self.paths(self.reform, "unemployed")[:, chosen]
        perceived, ceiling = mean("perceived_visa_share"), float(np.mean(held / unemployed))
        sentence = blame_sentence(self.year, perceived, ceiling, self.say)
        return {"year": self.year, "perceived": plain(perceived), "ceiling": plain(ceiling), "sentence": sentence}

    def interval_words(self) -> str:
        """What intervals of differences hold, and how much of that more runs would take away."""
        if not self.draws or self.luck_alone:
            return self.say("Intervals of differences hold the luck of the runs alone.")
        share = round(100 * float(self.rows[YOUTH].fillna(0.0)["luck_share"]))
        luck = self.say("Luck is {share} % of the variance for the young: more runs would take that away, and no more.",
                        share=share)  # fmt: skip
        alone = self.say("For the young no more than luck is found in them.")
        return " ".join([*what_intervals_hold(self.draws, self.say), alone if share == 100 else luck])

    def band_words(self) -> str:
        """What the bands around baseline and reform show."""
        return self.say(band_phrase(len(self.pairs)), n=len(self.pairs))


def _round(value: float) -> str:
    """Two figures: what a ratio of two estimates is good for."""
    return f"{float(f'{value:.2g}'):,.0f}"


def _band(paths: NDArray[np.float64]) -> dict[str, list[float | None]]:
    band = Band.of(paths)
    return {"mean": numbered(band.mean), "low": numbered(band.low), "high": numbered(band.high)}


def numbered(values: NDArray[np.float64]) -> list[float | None]:
    """Numbers as JSON holds them: six digits, missing ones as null."""
    return [plain(value) for value in values.tolist()]


def plain(value: float) -> float | None:
    """A number of six digits, or nothing."""
    return float(f"{value:.6g}") if math.isfinite(value) else None
