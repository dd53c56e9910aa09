"""Replications on one or several processes, and processes that die."""

from __future__ import annotations

import errno
import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from run_fakes import FakeMarket, FakeScenario

from experiments.engine.ensemble import Replication, replications_of, run_ensemble
from experiments.engine.executors import load_engine, made_here, run_tasks

if TYPE_CHECKING:
    from experiments.engine.executors import Failure

SMALL = FakeScenario()


def run(market: FakeMarket, workers: int, scenario: Any = SMALL) -> tuple[dict[int, Any], list[Failure[Replication]]]:
    records: dict[int, Any] = {}
    failures: list[Failure[Replication]] = []
    tasks = replications_of({scenario.name: scenario})

    def keep(task: Replication, record: Any) -> None:
        records[task.number] = record

    run_ensemble(tasks, workers, keep, failures.append, simulate=market)
    return records, failures


def test_the_seed_depends_on_the_number_alone() -> None:
    tasks = replications_of({"reform": SMALL, "baseline": SMALL})
    assert [(task.name, task.number, task.seed) for task in tasks[:3]] == [
        ("reform", 1, 7),
        ("baseline", 1, 7),
        ("reform", 2, 8),
    ]


def test_one_and_two_workers_give_equal_records() -> None:
    alone, _ = run(FakeMarket(), 1)
    together, _ = run(FakeMarket(), 2)
    assert sorted(alone) == sorted(together) == [1, 2, 3, 4]
    for number, record in alone.items():
        for name, values in record.items():
            np.testing.assert_array_equal(values, together[number][name])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_replication_that_fails_is_listed_and_the_others_go_on(workers: int) -> None:
    records, failures = run(FakeMarket(fails=(8,), breaks=(9,)), workers)
    assert sorted(records) == [1, 4]
    found = {failure.task.number: failure for failure in failures}
    assert found[2].kind == "ValueError"
    assert found[2].message == "no luck"
    assert "Traceback" in found[2].details
    assert found[3].kind == "AccountingError"


def test_a_killed_worker_costs_nothing(tmp_path: Path) -> None:
    records, failures = run(FakeMarket(kills=(8,), marks=tmp_path), 2)
    assert len(list(tmp_path.iterdir())) == 1
    assert sorted(records) == [1, 2, 3, 4]
    assert failures == []


def test_a_run_that_always_kills_its_process_takes_no_other_down(tmp_path: Path) -> None:
    scenario = FakeScenario(replications=6)
    records, failures = run(FakeMarket(kills=(8,), marks=tmp_path, deaths=99), 2, scenario)
    assert sorted(records) == [1, 3, 4, 5, 6]
    assert [failure.task.number for failure in failures] == [2]
    assert failures[0].kind == "WorkerDied"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_keeping_ends_the_work(workers: int) -> None:
    def keep(_task: Replication, _record: Any) -> None:
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        run_ensemble(replications_of({"small": SMALL}), workers, keep, print, simulate=FakeMarket())


def test_months_are_heard_of_where_the_computing_is_done() -> None:
    months: list[int] = []
    run_ensemble(
        replications_of({"small": FakeScenario(replications=1)}),
        8,
        lambda _task, _record: None,
        print,
        months.append,
        FakeMarket(),
    )
    assert months == list(range(24))


def doubled(task: int | Path) -> int:
    """Dies where a file tells it to, in a process other than the one that wrote the file."""
    if isinstance(task, int):
        return 2 * task
    if task.read_text(encoding="utf-8") != str(os.getpid()):
        os._exit(1)
    return -1


def refused(task: int) -> int:
    raise OSError(errno.ENOSPC, "full", f"file {task}")


def test_small_pieces_are_made_in_order_and_those_of_a_dead_process_here(tmp_path: Path) -> None:
    deadly = tmp_path / "process"
    deadly.write_text(str(os.getpid()), encoding="utf-8")
    assert made_here(doubled, [1, 2, 3], 2) == [2, 4, 6]
    assert made_here(doubled, [1, deadly, 3], 2) == [2, -1, 6]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_in_a_small_piece_is_raised_as_it_was(workers: int) -> None:
    with pytest.raises(OSError, match="full") as caught:
        made_here(refused, [1, 2], workers)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, "file 1")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_is_needed_next_is_loaded_while_the_last_are_computed(workers: int) -> None:
    kept: list[int] = []
    sys.modules.pop("mailbox", None)
    run_tasks(doubled, [1, 2, 3], workers, lambda _, twice: kept.append(twice), print, needed_next="mailbox")
    assert sorted(kept) == [2, 4, 6]
    assert "mailbox" in sys.modules
    run_tasks(doubled, [1], workers, lambda _, twice: kept.append(twice), print, needed_next="no_such_module")
    assert kept[3:] == [2]


def frozen(_: int) -> int:
    load_engine()
    return gc.get_freeze_count()


def test_a_worker_spares_the_collector_what_it_has_loaded_and_this_process_does_not() -> None:
    here = gc.get_freeze_count()
    assert frozen(0) == here
    assert min(made_here(frozen, [1, 2], 2)) > here + 50_000
