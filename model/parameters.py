"""What a parameter is: the one declaration that validation, sliders, sweeps and documents all read.

Levers (what a scenario varies) are declared in `model.levers`, structural numbers of the mechanisms in
`model.structure` and `model.property_structure`; all are tuples of `Parameter`, united in `model.declarations`.
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
    stands for one entry per sector id of data/sectors.csv and for `all`; a sector's own entry
    wins over `all`. `low` and `high` are inclusive bounds in `unit`. `source` names a paper, a data row, or
    starts with "assumption". `uncertain` marks what a sensitivity analysis varies. A parameter
    that is not `dated` takes a constant only. `choices`, when given, lists the words it may be.
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

    @property
    def names_file(self) -> bool:
        """Whether the value is the path of a file; an empty text is the file that is shipped."""
        return self.unit == "file"

    @property
    def per_sector(self) -> bool:
        """Whether the path stands for one value per sector."""
        return self.path.endswith(".SECTOR")

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
