"""What somebody writes with labour_lab and has checked by `mypy --strict`: `make lint` does, nothing runs it.

A call that mypy would let pass though it is wrong makes an `ignore` unused, which is a mistake too.
"""

from collections.abc import Mapping
from typing import assert_type

import matplotlib.figure
import pandas as pd

import labour_lab as lab


def study(quotas: list[float]) -> Mapping[float, float]:
    """Every verb once, each with what it returns."""
    run = lab.run("baseline", population=20_000, replications=8, progress=False)
    assert_type(run, lab.Run)
    assert_type(run.monthly, pd.DataFrame)
    assert_type(run.plot("unemployment_by_age"), matplotlib.figure.Figure)
    scenario = lab.scenario("baseline", {"visa.annual_quota": {"2025-10": 500_000}})
    assert_type(lab.compare([scenario], against="baseline", draws=10), lab.Compared)
    assert_type(lab.explain(scenario).shares, pd.DataFrame)
    assert_type(lab.forecast(horizon=6).table, pd.DataFrame)
    found = lab.batch(scenario, grid={"visa.annual_quota": quotas}, out="runs/quotas")
    assert_type(found, lab.Batch)
    try:
        lab.run("baseline", replications="eight")  # type: ignore[arg-type]
        lab.run("baseline", poplation=20_000)  # type: ignore[call-arg]
    except lab.InputError as error:
        assert_type(str(error), str)
    rates = found.monthly.groupby("visa.annual_quota")["unemployment_rate_16_24"].mean()
    return dict(zip(quotas, rates, strict=True))
