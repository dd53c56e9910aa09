"""What the engine's tests share: small markets, remembered runs, and a kernel held against its slow loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import import_module
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from model.market import Market, simulate
from model.scenario.scenario import Scenario, load_scenario
from model.schedule import month_index

ROOT = Path(__file__).resolve().parent.parent
Overrides = Mapping[str, object]
Table = dict[str, NDArray[Any]]


def scenario(population: int, end: str, overrides: Overrides | None = None, start: str = "2018-01") -> Scenario:
    """The baseline, small and short, with some values replaced."""
    values = {"population": population, "start": start, "end": end, **(overrides or {})}
    return load_scenario(ROOT / "scenarios" / "baseline.yaml", overrides=values)


@cache
def run(asked: Scenario, seed: int) -> Table:
    """A run, remembered: several tests look at the same one."""
    return simulate(asked, seed)


@lru_cache(maxsize=48)
def _past(trunk: Scenario, seed: int, parted: str) -> Market:
    market = Market(trunk, seed)
    market.live(month_index(parted) - 1)
    return market


@cache
def branch(asked: Scenario, seed: int, trunk: Scenario, parted: str) -> Table:
    """A run, remembered, that goes on from what `trunk` lived before the month `parted`, where their pasts are one.

    It equals a whole life (test_engine_fork), and opening and burn-in are most of a short one.
    """
    if asked.first_difference(trunk) < month_index(parted):
        return run(asked, seed)
    market = _past(trunk, seed, parted).fork(asked)
    market.live(market.last_month)
    return market.table()


def same(left: Table, right: Table) -> bool:
    """Whether two tables are equal bit by bit, missing values included."""
    return left.keys() == right.keys() and all(left[name].tobytes() == right[name].tobytes() for name in left)


def window(table: Table, name: str, first: str, last: str) -> float:
    """Mean of an indicator from one month to another, both included."""
    months = (table["month"] >= month_index(first)) & (table["month"] <= month_index(last))
    return float(np.mean(table[name][months]))


# --- a kernel and its slow loop -------------------------------------------------------------------------------------


def copied(value: Any) -> Any:
    """A copy that shares no array with the original; named tuples of arrays keep their type."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple):
        parts = [copied(part) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
    return value


def compare(what: str, fast: Any, slow: Any) -> None:
    """Fail when two values differ: whole numbers at all, others by more than rounding."""
    if isinstance(fast, tuple):
        names = getattr(fast, "_fields", range(len(fast)))
        for name, left, right in zip(names, fast, slow, strict=True):
            compare(f"{what}.{name}", left, right)
    elif isinstance(fast, np.ndarray):
        exact = fast.dtype.kind in "iub"
        tolerance = 0.0 if exact else (1e-6 if fast.dtype == np.float32 else 1e-9)
        np.testing.assert_allclose(fast, slow, rtol=tolerance, atol=1e-300, err_msg=what)
    else:
        assert fast == slow, what


#: Arguments that hold nothing of meaning beyond a count that the kernel returns or keeps.
Cut = Callable[[Any, tuple[Any, ...]], tuple[Any, ...]]


def agree(kernel: Any, slow: Any, args: tuple[Any, ...], cut: Cut | None = None) -> Any:
    """Run a kernel on `args` and its slow loop on a copy; fail where results or arguments differ afterwards.

    `cut(result, arguments)` gives what is worth comparing, by default all arguments.
    """
    twin = copied(args)
    result, expected = kernel(*args), slow(*twin)
    name = slow.__name__
    compare(f"{name} result", result, np.array(expected) if isinstance(result, np.ndarray) else expected)
    cut = cut or (lambda _, arguments: arguments)
    compare(name, cut(result, args), cut(result, twin))
    return result


@contextmanager
def held_against(
    module: str, kernel: str, slow: Any, cut: Cut | None = None, every: int = 1
) -> Iterator[list[tuple[Any, ...]]]:
    """Within the block every `every`-th call of a mechanism's kernel from 2018-01 on is held against its slow loop.

    The list that it gives holds what the compared calls were given and left behind.
    """
    phase = import_module(f"model.mechanisms.{module}")
    original, calls = getattr(phase, kernel), [0]
    seen: list[tuple[Any, ...]] = []

    given_as = signature(getattr(original, "py_func", original))

    def checked(*given: Any, **named: Any) -> Any:
        args = given_as.bind(*given, **named).args
        calls[0] += 1
        if calls[0] % every:
            return original(*args)
        before = copied(args)
        result = agree(original, slow, args, cut)
        seen.append((before, copied(args), result))
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phase, kernel, checked)
        yield seen


#: Levers that make every branch of every phase happen within two years of a small market.
BUSY: dict[str, object] = {
    "visa.annual_quota": 3_000_000,
    "visa.h1b_diversion": 1.0,
    "parameters.visa_applicants": 1_000_000,
    "parameters.visa_search_months": 3,
    "parameters.visa_job_months": 12,
    "hiring.over_35_cap_share": 0.5,
    "hiring.one_gender_share": 0.5,
    "parameters.goes_home": 0.4,
    "parameters.mothers_leave": 0.5,
    "hiring.graduate_subsidy": {"2018-01": 0, "2018-06": 0.5},
    "hiring.youth_subsidy": {"2018-01": 0, "2018-05": 50_000},
    "hiring.public_posts": {"2018-01": 0, "2018-11": 500_000},
    "graduates.postgraduate_share": {"2018-01": 0.096, "2019-01": 0.3},
    "layoffs.extra_rate.all": {"2018-01": 0, "2018-04": 0.01},
    "layoffs.over_35_odds": 3,
    "layoffs.protection": {"2018-01": 0, "2018-09": 0.3},
    "graduates.cohort_scale": {"2018-01": 1, "2018-07": 0.8, "2019-01": 1.3},
    "parameters.discouragement_rate": 0.1,
    "parameters.searching_students": 0.02,
}


def busy_market(population: int = 2000, seed: int = 3, end: str = "2019-09") -> Market:
    """A market in which much happens, before its first recorded month."""
    return Market(scenario(population, end, BUSY), seed)
