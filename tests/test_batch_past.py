"""Points that part late share their past, and no number changes by it."""

from __future__ import annotations

import numpy as np
import pytest
from toy import toy_scenario

from experiments.batch import work as batch_work
from experiments.batch.designs import full_grid, listed
from experiments.batch.work import Lived, Run, Work
from experiments.engine.manifest import code_version
from model.schedule import month_index


def test_points_part_in_the_first_month_that_any_of_them_names() -> None:
    assert full_grid({"a": [1, 2]}, since="2026-01").parts == "2026-01"
    assert full_grid({"a": [1, 2]}).parts is None
    assert listed([{}, {"a": {"2026-03": 1}}, {"b": {"2025-11": 1, "2026-12": 2}}]).parts == "2025-11"
    assert listed([{"b": 1}, {"a": {"2026-03": 1}}]).parts is None


@pytest.mark.parametrize("path", ["layoffs.protection", "parameters.growth_elasticity"])
def test_a_shared_past_changes_no_number(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value of a lever that changes late goes on from the past that is kept; one that holds for ever cannot."""
    scenario = toy_scenario(population=2000, end="2018-09")
    monkeypatch.setattr(batch_work, "_PAST", {})
    dated = path.startswith("layoffs")
    parts = month_index("2018-06")
    for seed in (1, 2):
        for point, value in enumerate((0.5, 0.9), start=1):
            run = Run(point, seed, seed, {path: {"2018-06": value} if dated else value / 2})
            apart, together = (
                Work(scenario, scenario.digest, code_version(), parts=first)(run) for first in (0, parts)
            )
            assert isinstance(apart, Lived)
            assert isinstance(together, Lived)
            for name, values in apart.record.items():
                np.testing.assert_array_equal(values, together.record[name], err_msg=name)
        assert [key[2] for key in batch_work._PAST] == ([seed] if dated else [])
