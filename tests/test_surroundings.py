"""Where a program runs must not show: its environment, its streams, its machine."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from run_fakes import ROOT

from experiments.engine.cores import available_cores
from experiments.engine.errors import BadRequest
from views.figures import chinese_font

WORDS = [str(ROOT / "scenarios" / "baseline.yaml"), "--population", "1000", "--replications", "2", "--workers", "2"]
WORDS += ["--end", "2018-03", "--quiet"]
RUN = [sys.executable, str(ROOT / "run.py"), *WORDS]
#: The same, but for its figures, which take most of the time.
UNDRAWN = (
    "import sys, views.report.presentation as shown; shown.draw_all = lambda *_: []; import run; sys.exit(run.main())"
)
QUICK_RUN = [sys.executable, "-c", UNDRAWN, *WORDS]

#: What a run of a command gives.
Finished = subprocess.CompletedProcess[str]
MAY_MOUNT = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("unshare") is not None


def run(out: Path, environment: dict[str, str] | None = None, cwd: Path | None = None) -> Finished:
    """A tiny run."""
    surroundings = {**os.environ, **(environment or {})}
    return subprocess.run(
        [*RUN, "--out", str(out)], env=surroundings, cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("usual") / "out"
    finished = run(out)
    assert (finished.returncode, finished.stderr) == (0, "")
    return out


@pytest.mark.slow
def test_a_matplotlibrc_of_the_users_does_not_show(usual: Path, tmp_path: Path) -> None:
    """Not LaTeX that is not there, not another size, not a backend that does not exist."""
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nfigure.autolayout: True\nsavefig.bbox: tight\n")
    environment = {"MATPLOTLIBRC": str(tmp_path / "matplotlibrc"), "MPLBACKEND": "no_such_backend"}
    finished = run(tmp_path / "out", environment, cwd=tmp_path)
    assert (finished.returncode, finished.stderr) == (0, "")
    for figure in sorted((usual / "figures").iterdir()):
        assert (tmp_path / "out" / "figures" / figure.name).read_bytes() == figure.read_bytes(), figure.name


@pytest.mark.slow
@pytest.mark.parametrize("words", ["2>&-", ">&-", "<&-", "2>&- >&- <&-"])
def test_closed_streams_are_nothing(words: str, usual: Path, tmp_path: Path) -> None:
    command = f"exec {shlex.join([*QUICK_RUN, '--out', str(tmp_path / 'out')])} {words}"
    finished = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S602
    assert finished.returncode == 0, finished.stderr
    assert (tmp_path / "out" / "monthly.parquet").read_bytes() == (usual / "monthly.parquet").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not MAY_MOUNT, reason="needs root, to mount")
def test_without_shared_memory_one_worker_goes_on(usual: Path, tmp_path: Path) -> None:
    command = shlex.join([*QUICK_RUN[:-1], "--out", str(tmp_path / "out")])
    alone = f"umount -l /dev/shm; mount -t tmpfs -o ro none /dev/shm && {command}"
    finished = subprocess.run(
        ["unshare", "-m", "bash", "-c", alone], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if "ermission denied" in finished.stderr or "not permitted" in finished.stderr:
        pytest.skip("namespaces may not be made here")
    assert finished.returncode == 0, finished.stderr
    assert "going on with one worker" in finished.stderr
    assert (tmp_path / "out" / "monthly.parquet").read_bytes() == (usual / "monthly.parquet").read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(chinese_font() is None, reason="no font with Chinese characters is installed")
def test_a_chinese_name_is_drawn_without_a_word_on_stderr(tmp_path: Path) -> None:
    finished = subprocess.run(
        [*RUN, "--set", "layoffs.protection=0.3", "--against", str(_named(tmp_path)), "--out", str(tmp_path / "out")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (finished.returncode, finished.stderr) == (0, "")


def _named(folder: Path) -> Path:
    file = folder / "zh.yaml"
    file.write_text(f"extends: {ROOT / 'scenarios' / 'baseline.yaml'}\nname: 关闭K签证\n", encoding="utf-8")
    return file


def test_cores_follow_the_limits_of_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOKY_MAX_CPU_COUNT", "SLURM_CPUS_PER_TASK"):
        with monkeypatch.context() as limited:
            limited.setenv(name, "1")
            assert available_cores() == 1
            limited.setenv(name, "many")
            with pytest.raises(BadRequest, match=f"{name}=many, which is no number of cores"):
                available_cores()
