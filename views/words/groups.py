"""Groups of people in words, and who of them gains or loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from model.specification import in_force
from views.words.language import phrase

if TYPE_CHECKING:
    import pandas as pd

    from views.words.language import Speech

#: The groups that tables and figures name, by dimension and id.
GROUPS: Final = {
    ("age", "16_24"): phrase("aged 16 to 24"),
    ("age", "25_29"): phrase("aged 25 to 29"),
    ("age", "30_34"): phrase("aged 30 to 34"),
    ("age", "35_44"): phrase("aged 35 to 44"),
    ("age", "45_59"): phrase("aged 45 to 59"),
    ("age", "60_on"): phrase("aged 60 and over"),
    ("education", "none"): phrase("below secondary school"),
    ("education", "secondary"): phrase("secondary school"),
    ("education", "vocational_college"): phrase("vocational college"),
    ("education", "bachelor"): phrase("bachelor's degree"),
    ("education", "master"): phrase("master's degree"),
    ("gender", "male"): phrase("men"),
    ("gender", "female"): phrase("women"),
    ("hukou", "local"): phrase("local hukou"),
    ("hukou", "migrant_urban"): phrase("hukou of another town"),
    ("hukou", "migrant_rural"): phrase("hukou of a village"),
}
#: What decides who gains: the share of a group that is in work. Pay is told beside it.
MEASURE: Final = "employment_rate"
#: An indicator that is told in the same unit.
RATE: Final = "unemployment_rate"


def of_year(groups: pd.DataFrame, year: int, measure: str = MEASURE) -> pd.DataFrame:
    """The named groups' differences in a year, those who gain most first."""
    rows = groups[(groups["year"] == year) & (groups["measure"] == measure) & groups["difference"].notna()]
    named = [key in GROUPS for key in zip(rows["dimension"], rows["group"], strict=True)]
    return rows[named].sort_values("difference", ascending=False, kind="stable")


def group_name(row: pd.Series, say: Speech) -> str:
    """A group in words."""
    return say(GROUPS[row["dimension"], row["group"]])


def by_occupation(groups: pd.DataFrame) -> pd.DataFrame:
    """Unemployment of occupations in the years in which any differs, where it rises most in the last one first."""
    rows = groups[(groups["dimension"] == "occupation") & (groups["measure"] == RATE) & groups["difference"].notna()]
    rows = rows[rows.groupby("year")["difference"].transform(lambda values: (values != 0).any())]
    last = rows[rows["year"] == rows["year"].max()].set_index("group")["difference"]
    order = rows["group"].map(last).rename("last")
    return rows.join(order).sort_values(["last", "group", "year"], ascending=[False, True, True]).drop(columns="last")


def occupation_title(name: str, say: Speech) -> str:
    """An occupation in words."""
    table = in_force().country.occupations
    return (table.titles_zh if say.language == "zh" else table.titles)[table.ids.index(name)]
