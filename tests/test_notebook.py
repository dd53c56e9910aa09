"""labour_lab in a real Jupyter kernel: results show themselves, a bar moves, an interrupt keeps what is finished."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ipykernel", reason="no Jupyter kernel is installed")

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300  # s, on a busy machine
SMALL = "population=1000, replications=1, end='2018-03', workers=1"
Told = list[tuple[str, Mapping[str, Any]]]


class Kernel:
    """A notebook without its page: cells are run, and what they tell is kept."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager, self._client = manager, client

    def run(self, code: str, stop_when: Callable[[], bool] = lambda: False) -> Told:
        """What a cell tells until it is done; the kernel is interrupted, as by its button, once it is time."""
        import queue

        cell = self._client.execute(code)
        told: Told = []
        end, stopped = time.monotonic() + PATIENCE, False
        while time.monotonic() < end:
            if not stopped and stop_when():
                self._manager.interrupt_kernel()
                stopped = True
            try:
                message = self._client.get_iopub_msg(timeout=0.05)
            except queue.Empty:
                continue
            if message["parent_header"].get("msg_id") == cell:
                told.append((message["msg_type"], message["content"]))
                if message["content"].get("execution_state") == "idle":
                    return told
        pytest.fail(f"the cell was not done after {PATIENCE} s: {told[-1:]}")


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kernel]:
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("notebook")))
    try:
        started = Kernel(manager, client)
        started.run(f"import sys; sys.path.insert(0, {str(ROOT)!r}); import labour_lab as lab")
        yield started
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def shown(told: Told, kind: str) -> list[Mapping[str, Any]]:
    """What of a kind a cell told."""
    return [content for one, content in told if one == kind]


def test_a_result_shows_itself_and_its_bar(kernel: Kernel) -> None:
    told = kernel.run(f"lab.run('baseline', {SMALL})")
    assert shown(told, "error") == []
    (result,) = shown(told, "execute_result")
    assert "<table" in result["data"]["text/html"]
    (bar,) = shown(told, "display_data")
    assert "1 replications" in bar["data"]["text/plain"]
    moved = [content["data"]["state"].get("value") for content in shown(told, "comm_msg")]
    assert 1.0 in moved or "application/vnd.jupyter.widget-view+json" not in bar["data"]


def test_an_interrupted_batch_keeps_what_is_finished_and_goes_on(kernel: Kernel, tmp_path: Path) -> None:
    runs = tmp_path / "out" / "runs"
    quotas = list(range(0, 24_000, 1_000))
    call = f"lab.batch('baseline', grid={{'visa.annual_quota': {quotas}}}, {SMALL}, out={str(runs.parent)!r})"

    def finished() -> dict[str, int]:
        return {file.name: file.stat().st_mtime_ns for file in runs.glob("*.parquet")}

    told = kernel.run(f"try:\n    {call}\nexcept KeyboardInterrupt as stop:\n    print(type(stop).__name__, stop)",
                      lambda: len(finished()) >= 2)  # fmt: skip
    before = finished()
    assert 2 <= len(before) < len(quotas)
    assert shown(told, "error") == []
    said = "".join(content["text"] for content in shown(told, "stream") if content["name"] == "stdout")
    assert said.startswith(f"Interrupted interrupted: {len(before)} of {len(quotas)} runs are finished")
    assert "call with out=" in said

    told = kernel.run(f"found = {call}; len(found.monthly)")
    assert shown(told, "error") == []
    assert shown(told, "execute_result")[0]["data"]["text/plain"] == str(3 * len(quotas))
    after = finished()
    assert len(after) == len(quotas)
    assert {name: after[name] for name in before} == before  # nothing was lived twice
