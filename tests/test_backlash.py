"""Anger at the visa: none before it opens, and gone some years after it closes."""

from __future__ import annotations

import numpy as np
from engine_cases import run, scenario, window


def test_anger_fades_after_the_visa_closes() -> None:
    """With the visa open in 2019 alone, backlash is nothing before, something then, and falls every month from 2021."""
    quota = {"visa.annual_quota": {"2018-01": 0, "2019-01": 500_000, "2020-01": 0}}
    table = run(scenario(2000, "2023-12", quota), 1)
    backlash = table["backlash"]
    assert window(table, "backlash", "2018-01", "2018-12") == 0
    assert backlash[23] > 0.05
    # Attention falls by a tenth a month and anger follows: within three years nothing is left to speak of.
    assert (np.diff(backlash[36:]) < 0).all()
    assert backlash[-1] < backlash[23] / 10
