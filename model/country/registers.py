"""Women and men, local and from elsewhere: the shares from which each person's gender and hukou are drawn.

A hukou is the place, and the kind of place, where somebody is registered. Shares come from gender_hukou.csv and
occupation_gender.csv; a country without them has local people and those who come from its villages, half of them women.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numba import njit, uint32
from numpy.typing import NDArray

from agents.columns import FEMALE, Flag, Hukou, PeopleArrays
from model.randomness import FOR_GOOD, Key, Purpose, draw_key, further, uniform

if TYPE_CHECKING:
    from agents.columns import People
    from model.country.country import Country, Row
    from model.country.demand_groups import DemandGroups
    from model.country.tables import Occupations

Floats = NDArray[np.float64]
FILE, OF_OCCUPATIONS = "gender_hukou.csv", "occupation_gender.csv"
#: Months of age at which the second and third band of age begin: 40 and under, 41 to 50, over 50.
_MIDDLE, _OLD = 41 * 12, 51 * 12
_AGES: Final = 3
#: The year whose shares are meant, or the one with a figure that is nearest to it.
_YEAR: Final = 2020
#: Nobody is of elsewhere for certain, whatever shares multiply to.
_MOST: Final = 0.9
_ROUNDS: Final = 50
#: Years of age beyond this are counted as this.
OLDEST: Final = 80
_LOCAL, _URBAN, _RURAL, _FOREIGN = (int(each) for each in Hukou)
_FROM_ABROAD, _TERTIARY = int(Flag.FOREIGN), 2


class Registers(NamedTuple):
    """Shares of gender and hukou among the people of the cities."""

    hukou: Floats  # [age, occupation, 2]: local; local or migrant of another town. The rest comes from a village
    women: Floats  # [hukou, occupation]
    births: Floats  # by years of age: children that a woman has in a year
    one_gender: Floats  # by occupation: adverts that asked for one gender while they might


def registers(country: Country, groups: DemandGroups, table: Occupations) -> Registers:
    """The shares that a country's tables give, for the occupations of a market."""
    count = len(table.ids)
    if not (country.path / FILE).exists():
        half, none = np.full((len(Hukou), count), 0.5), np.zeros(OLDEST + 1)
        return Registers(np.ones((_AGES, count, 2)), half, none, np.ones(count))
    share = _Shares(country.rows(FILE))
    out = share.of_migrants_by_age()
    ages = share.of_all_by_age()
    jobs = np.vstack([groups.base_jobs[:, None] * groups.mix, groups.gig_jobs * groups.gig_mix])
    mass = ages[:, None, None] * jobs / jobs.sum()
    migrants = share("migrant_hukou_share", "urban labour force")
    rural = migrants * share("rural_share_of_migrants", "floating in towns")
    tertiary = np.array([level in {"vocational_college", "bachelor", "master"} for level in table.education])
    college = share("migrant_education_share", "out: college and above")
    sectors = [country.sector_ids[row] for row in np.append(groups.sector, groups.sector[groups.platforms])]
    band = np.arange(len(ages))[:, None, None]
    found = _fitted(
        rural * mass,
        rural,
        ([np.broadcast_to(band == row, mass.shape) for row in range(len(ages))], list(out)),
        _classes(sectors, share.of_migrants_by_sector(country), mass),
        ([np.broadcast_to(tertiary, mass.shape), np.broadcast_to(~tertiary, mass.shape)], [college, 1 - college]),
    )
    people = mass.sum(axis=1)
    from_village = np.where(people > 0, found.sum(axis=1) / np.where(people > 0, people, 1.0), rural)
    from_town = np.broadcast_to((migrants - rural) * (out / ages)[:, None], people.shape)
    total = from_village + from_town
    scale = np.minimum(1.0, _MOST / total)
    hukou = np.stack([1 - total * scale, 1 - from_village * scale], axis=2)
    women = _women(country, share, table, people, from_village * scale)
    boards = [f"{board}, any gender" for board in ("Zhaopin ads", "low-skill job board")]
    adverts = np.where(tertiary, *(share("adverts_gender_limit", board) for board in boards))
    return Registers(hukou, women, share.of_births(), adverts)


class _Shares:
    """Shares of gender_hukou.csv as fractions, by metric and group."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self.rows = rows

    def __call__(self, metric: str, group: str) -> float:
        found = [row for row in self.rows if row["metric"] == metric and row["group"] == group]
        nearest = min(found, key=lambda row: (abs(int(row["year"]) - _YEAR), row["year"]))
        return float(nearest["value"]) / 100

    def of_migrants_by_age(self) -> Floats:
        """Of migrants outside their township: 40 and under, 41 to 50, over 50."""
        young, old = (self("migrant_age_share", f"out: {band}") for band in ("40 and under", "over 50"))
        return np.array([young, 1 - young - old, old])

    def of_all_by_age(self) -> Floats:
        """Of everybody who works in the cities."""
        bands = ("40 and under", "41-50", "over 50")
        return np.array([self("urban_employment_age_share", band) for band in bands])

    def of_births(self) -> Floats:
        """Children that a woman has in a year, by her years of age."""
        births = np.zeros(OLDEST + 1)
        for row in self.rows:
            if row["metric"] == "births":
                first, last = map(int, row["group"].split("-"))
                births[first : last + 1] = float(row["value"]) / 1000
        return births

    def of_migrants_by_sector(self, country: Country) -> dict[str, float]:
        """Of rural migrants, by sector as far as sectors are told apart."""
        found: dict[str, float] = {}
        for group, sector in country.migrant_sectors.items():
            found[sector] = found.get(sector, 0.0) + self("migrant_sector_share", group)
        return found


def _classes(sectors: list[str], known: dict[str, float], mass: Floats) -> tuple[list[NDArray[np.bool_]], list[float]]:
    """The cells of each sector whose share is known, and those of all others together, with their shares."""
    names = np.array(sectors)
    cells = [np.broadcast_to((names == name)[None, :, None], mass.shape) for name in known]
    others = np.broadcast_to(~np.isin(names, list(known))[None, :, None], mass.shape)
    return [*cells, others], [*known.values(), 1 - sum(known.values())]


def _fitted(start: Floats, total: float, *margins: tuple[list[NDArray[np.bool_]], list[float]]) -> Floats:
    """A table scaled until the shares of all margins hold (iterative proportional fitting)."""
    found = start.copy()
    for _ in range(_ROUNDS):
        for cells, shares in margins:
            for chosen, part in zip(cells, shares, strict=True):
                held = found[chosen].sum()
                found[chosen] *= total * part / held if held > 0 else 1.0
    return found


def _women(country: Country, share: _Shares, table: Occupations, people: Floats, from_village: Floats) -> Floats:
    """Share of women by hukou and occupation: the odds of each occupation, moved until the whole has its share.

    Of all people in the cities about half are women, of those at work fewer: women retire earlier and care at home.
    Among migrants from villages their share is as much lower as it is among those at work.
    """
    known = {row["occupation_id"]: float(row["women_pct"]) / 100 for row in country.rows(OF_OCCUPATIONS)}
    usual = share("female_share_population", "town and country, all ages")
    at_work = share("female_share_employment", "secondary and tertiary, both")
    odds = np.array([known.get(name, at_work) for name in table.ids])
    odds /= 1 - odds
    of_migrants = usual * share("migrant_female_share", "all") / at_work
    rural = (people * from_village).sum(axis=0)
    rest = people.sum(axis=0) - rural
    of_others = (usual * people.sum() - of_migrants * rural.sum()) / rest.sum()
    women = np.empty((len(Hukou), len(odds)))
    women[:] = _with_mean(odds, rest, of_others)
    women[_RURAL] = _with_mean(odds, rural, of_migrants)
    return women


def _with_mean(odds: Floats, weight: Floats, mean: float) -> Floats:
    """Shares whose odds are those given times one factor, so that their weighted mean is `mean`."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        share: Floats = odds * np.exp(middle) / (1 + odds * np.exp(middle))
        low, high = (low, middle) if weight @ share > mean * weight.sum() else (middle, high)
    return share


def register(people: People, rows: NDArray[np.int64], month: int, shares: Registers, seed: int) -> None:
    """Draw gender and hukou of new people."""
    draw_registers(people.arrays(), rows, month, draw_key(seed, Purpose.REGISTERS, FOR_GOOD), shares, 0.0)


@njit(cache=True, nogil=True)
def draw_registers(
    p: PeopleArrays, rows: NDArray[np.int64], month: int, key: Key, shares: Registers, from_villages: float
) -> None:
    """The kernel of `register`; at least so many come from villages."""
    for i in rows:
        identity = uint32(p.identity[i])
        luck, gender = uniform(key, identity), uniform(further(key, 1), identity)
        abroad = (p.flags[i] & _FROM_ABROAD) != 0
        p.civil[i] = drawn(luck, gender, month - p.birth[i], p.occupation[i], abroad, shares, from_villages)


@njit(cache=True)
def drawn(
    luck: float, gender: float, age: int, occupation: int, abroad: bool, shares: Registers, from_villages: float
) -> int:
    """Gender and hukou, packed, of somebody of an age in months with an occupation; two numbers in (0, 1) decide."""
    share = shares.hukou[int(age >= _MIDDLE) + int(age >= _OLD), occupation]
    hukou = _LOCAL
    if abroad:
        hukou = _FOREIGN
    elif luck >= min(share[1], 1 - from_villages):
        hukou = _RURAL
    elif luck >= share[0]:
        hukou = _URBAN
    return hukou | (FEMALE if gender < shares.women[hukou, occupation] else 0)
