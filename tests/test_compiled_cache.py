"""The folder of compiled kernels: its name holds all that machine code depends on; one process fills it ahead."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import numba
import pytest
from run_fakes import ROOT, FakeMarket, FakeScenario

from agents import compiled_cache
from experiments.compare.job import MainJob, run_main_job
from experiments.engine import compile_ahead, ensemble
from experiments.engine.progress import Progress
from model import market

CPU = "model name\t: A\nflags\t\t: avx {}\ncpu MHz\t\t: {}\n\nmodel name\t: B\n"


def name(**environment: str) -> str:
    return compiled_cache._digest(compiled_cache._circumstances(environment))


@pytest.mark.parametrize(
    "setting", ["DISABLE_JIT", "BOUNDSCHECK", "OPT", "CPU_NAME", "CPU_FEATURES", "LOOP_VECTORIZE", "SOMETHING_NEW"]
)
def test_a_setting_of_the_compiler_has_a_folder_of_its_own(setting: str) -> None:
    assert len({name(), name(**{f"NUMBA_{setting}": "0"}), name(**{f"NUMBA_{setting}": "1"})}) == 3


@pytest.mark.parametrize("setting", ["CACHE_DIR", "NUM_THREADS", "THREADING_LAYER"])
def test_where_and_on_how_many_threads_does_not_matter(setting: str) -> None:
    """Workers get another number of threads and must find the same kernels."""
    assert name(**{f"NUMBA_{setting}": "1"}) == name()


def test_other_compilers_processors_and_sources_have_folders_of_their_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [name()]
    for part, other in (("_version", lambda _: "0.1"), ("_processor", lambda: "another")):
        with monkeypatch.context() as patch:
            patch.setattr(compiled_cache, part, other)
            names.append(name())
    with monkeypatch.context() as patch:
        patch.chdir(tmp_path)
        Path(".numba_config.yaml").write_text("boundscheck: 1")
        names.append(name())
    with monkeypatch.context() as patch:
        patch.setattr(compiled_cache, "ROOT", tmp_path)
        (tmp_path / "model" / "phases").mkdir(parents=True)
        names.append(name())
        (tmp_path / "model" / "phases" / "search.py").write_text("RATE = 1")
        names.append(name())
    assert len(set(names)) == len(names) == 6


def test_a_processor_is_known_by_its_kind_and_not_by_its_clock() -> None:
    one, later, other = (
        list(compiled_cache._kind(iter(CPU.format(*parts).splitlines(keepends=True))))
        for parts in (("avx2", "2600.1"), ("avx2", "3100.7"), ("avx512f", "2600.1"))
    )
    assert one == later != other
    assert len(one) == 2


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty place for kernels; this process keeps its own afterwards."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", numba.config.CACHE_DIR)
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_a_second_call_and_a_worker_find_the_same_folder(elsewhere: Path) -> None:
    folder = compiled_cache.use_cache_of_this_source()
    assert folder.parent == elsewhere
    assert os.environ["NUMBA_CACHE_DIR"] == numba.config.CACHE_DIR == str(folder)
    assert compiled_cache.use_cache_of_this_source() == folder
    os.environ["NUMBA_BOUNDSCHECK"] = "1"
    try:
        assert compiled_cache.use_cache_of_this_source().parent == elsewhere
        assert compiled_cache.use_cache_of_this_source() != folder
    finally:
        del os.environ["NUMBA_BOUNDSCHECK"]


def test_the_latest_states_are_kept(elsewhere: Path) -> None:
    for number in range(10):
        (elsewhere / f"kernels-{number}").mkdir()
        os.utime(elsewhere / f"kernels-{number}", (number, number))
    current = compiled_cache.use_cache_of_this_source()
    kept = {folder.name for folder in elsewhere.iterdir()}
    assert len(kept) == compiled_cache._KEPT
    assert {current.name, "kernels-9"} <= kept


def test_kernels_are_compiled_once_and_it_is_said(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived, said = [], []
    monkeypatch.setattr(market, "simulate", lambda scenario, seed, **_: lived.append((scenario.population, seed)))
    for _ in range(2):
        compile_ahead.compile_ahead(said.append)
    assert len(lived) == 1
    assert [line.split(",")[0] for line in said] == ["compiling kernels", "kernels compiled in 1 s"]
    assert compiled_cache.is_complete()
    assert "complete" in [path.name for path in elsewhere.glob("*/*")]


def test_an_interrupted_compilation_is_not_complete(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_scenario: object, seed: int, **_: object) -> None:
        raise KeyboardInterrupt(seed)

    monkeypatch.setattr(market, "simulate", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compile_ahead.compile_ahead()
    assert elsewhere.exists()
    assert not compiled_cache.is_complete()


def test_without_a_compiler_nothing_is_compiled(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setattr(market, "simulate", None)
    compile_ahead.compile_ahead()
    assert elsewhere.exists()


def test_kernels_are_compiled_before_workers_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    told, scenario = StringIO(), FakeScenario()
    monkeypatch.setattr(ensemble, "compile_ahead", lambda say: say("compiling"))
    monkeypatch.setattr(ensemble, "run_tasks", lambda *_, **__: told.write("working\n"))
    for number, market_asked in enumerate((None, FakeMarket())):
        job = MainJob(scenario, workers=2, out=tmp_path / str(number))  # type: ignore[arg-type]
        run_main_job(job, Progress(told), market_asked)  # type: ignore[arg-type]
    assert told.getvalue().splitlines()[1:3] == ["compiling", "working"]
    assert told.getvalue().count("compiling") == 1


#: What was compiled ahead is all that any shipped scenario, and the threads of a large run, ask for.
EVERY_RUN = """
import importlib, pkgutil, sys
from pathlib import Path
import agents, model
from experiments.engine import compile_ahead
from model.market import simulate
from model.scenario.scenario import load_scenario
from numba.core.dispatcher import Dispatcher

def signatures():
    modules = [importlib.import_module(module.name) for package in (agents, model)
               for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")]
    return {(kernel.__module__, kernel.__name__, str(types)) for module in modules for kernel in vars(module).values()
            if isinstance(kernel, Dispatcher) for types in kernel.signatures}

compile_ahead.is_complete = lambda: False
compile_ahead.mark_complete = lambda: None
compile_ahead.compile_ahead()
before = signatures()
assert len(before) > 20, before
for path in sorted(Path("scenarios").glob("*.yaml")):
    simulate(load_scenario(path, {"population": 1500}), 1, by_group=True)
simulate(load_scenario("scenarios/k_visa_open.yaml", {"population": 260_000, "end": "2018-01"}), 1, threads=2)
sys.exit(", ".join(map(str, signatures() - before)) or 0)
"""


def test_all_that_a_run_needs_is_compiled_ahead() -> None:
    """The tiny market of one month meets every kernel, and every kind of argument, of a whole run."""
    answer = subprocess.run(
        [sys.executable, "-c", EVERY_RUN], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert answer.returncode == 0, answer.stderr


def test_a_cold_cache_is_filled_by_the_separate_step(tmp_path: Path) -> None:
    """The kernels of this source are laid out for it, so that the test need not wait for the compiler."""
    compile_ahead.compile_ahead()
    warm = compiled_cache.use_cache_of_this_source()
    cold = tmp_path / warm.name
    shutil.copytree(warm, cold, ignore=shutil.ignore_patterns("complete"))
    command = [sys.executable, "-m", "experiments.engine.compile_ahead"]
    environment = os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    said = []
    for _ in range(2):
        answer = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        said.append(answer.stderr)
        assert (cold / "complete").exists()
    assert said[0].startswith("compiling kernels, once for this version of the program")
    assert said[1] == ""
    assert [path.name for path in tmp_path.iterdir()] == [warm.name]
