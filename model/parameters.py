"""What a parameter is: the one declaration that validation, sliders, sweeps and documents all read.

A lever is what a scenario varies, a constant what holds for all months; each is declared by its mechanism
(`model.mechanisms`), and `model.specification` puts them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Number = int | float
#: A constant, or dated values `{"2018-01": 0, "2025-10": 20000}`: each holds until the next date.
Value = bool | Number | str | Mapping[str, Number]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of the model, declared once.

    `path` is where a scenario file sets it (`visa.annual_quota`). A path that ends in `.SECTOR`
    stands for one entry per sector id of the country and for `all`; a sector's own entry
    wins over `all`. `low` and `high` are inclusive bounds in `unit`. `source` names a paper, a data row, or
    starts with "assumption". `uncertain` marks what a sensitivity analysis varies. A parameter
    that is not `dated` takes a constant only. `choices`, when given, lists the words it may be. A value acts
    up to `lead` months before its date. Outside `known` the model has been held against nothing: whoever sets such a
    value is told.
    """

    path: str
    label: str
    unit: str
    default: Value
    low: float
    high: float
    meaning: str
    source: str
    label_zh: str = ""
    dated: bool = True
    uncertain: bool = False
    choices: tuple[str, ...] = ()
    lead: int = 0
    known: tuple[float, float] | None = None

    @property
    def names_file(self) -> bool:
        """Whether the value is the path of a file; an empty text is the file that is shipped."""
        return self.unit == "file"

    @property
    def per_sector(self) -> bool:
        """Whether the path stands for one value per sector."""
        return self.path.endswith(".SECTOR")

    def concrete_paths(self, sectors: tuple[str, ...]) -> tuple[str, ...]:
        """The paths a scenario can set: one, or `all` and one per sector."""
        if not self.per_sector:
            return (self.path,)
        stem = self.path.removesuffix("SECTOR")
        return tuple(stem + sector for sector in ("all", *sectors))

    @property
    def switch(self) -> bool:
        """Whether the parameter is true or false."""
        return isinstance(self.default, bool)

    @property
    def whole(self) -> bool:
        """Whether it counts things, so that only whole numbers make sense."""
        return not self.dated and not self.switch and isinstance(self.default, int)

    @property
    def takes_dates(self) -> bool:
        """Whether dated values may stand for the constant: numbers only, so a switch is never half on."""
        return self.dated and not self.switch and not self.choices and not self.names_file


def lever(
    path: str,
    label: str,
    unit: str,
    default: Value,
    bounds: tuple[float, float],
    source: str,
    *,
    meaning: str = "",
    label_zh: str = "",
    uncertain: bool = False,
    lead: int = 0,
    known: tuple[float, float] | None = None,
) -> Parameter:
    """What a scenario varies: a number that may change on dates, within `bounds` (inclusive, in `unit`).

    A value acts up to `lead` months before its date: the class that graduates then is at school already.
    """
    return Parameter(
        path,
        label,
        unit,
        default,
        *bounds,
        meaning or label,
        source,
        label_zh,
        uncertain=uncertain,
        lead=lead,
        known=known,
    )


def constant(
    path: str,
    unit: str,
    default: Value,
    bounds: tuple[float, float],
    meaning: str,
    source: str,
    *,
    label: str = "",
    label_zh: str = "",
    uncertain: bool = True,
    known: tuple[float, float] | None = None,
) -> Parameter:
    """A number that holds for all months; where no label is given its name is one."""
    label = label or path.rpartition(".")[2].replace("_", " ").capitalize()
    return Parameter(
        path, label, unit, default, *bounds, meaning, source, label_zh, dated=False, uncertain=uncertain, known=known
    )


#: What a run costs and which luck it has; these stand at the top of a scenario file.
SETTINGS: tuple[Parameter, ...] = (
    Parameter(
        "population",
        "Simulated persons",
        "people",
        200_000,
        1_000,
        20_000_000,
        "Number of simulated persons aged 16 and over, in or out of the labour force.",
        "assumption: the resolution of the simulation, not a fact",
        "模拟人数",
        dated=False,
    ),
    Parameter(
        "replications",
        "Replications",
        "runs",
        20,
        1,
        10_000,
        "How many equally likely histories are simulated; the intervals come from their spread.",
        "assumption: enough for the intervals of the main figures",
        "重复次数",
        dated=False,
    ),
    Parameter(
        "seed",
        "Seed",
        "number",
        1,
        0,
        2**62,
        "Which luck the first replication has; the others count on from it.",
        "free choice",
        "随机种子",
        dated=False,
    ),
)
DEFAULT_START, DEFAULT_END = "2018-01", "2027-12"
