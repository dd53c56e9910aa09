"""What every test shares: caches inside the checkout, no screen, and the same random examples each time."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

# Before anything imports numba or matplotlib.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))
os.environ.setdefault("MPLCONFIGDIR", str(ROOT / ".cache" / "matplotlib"))
os.environ["MPLBACKEND"] = "Agg"
# Before anything imports numpy: threads over small matrices only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A shell that starts the suite in the background lets it ignore Ctrl-C, and so would every program that a test starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Compiling a kernel takes longer than any deadline; the same examples each time keep the suite repeatable.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("repeatable")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden numbers anew (make golden)")
    parser.addoption("--published", type=Path, metavar="DIR", help="files of the published model to reproduce")


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    """Whether golden numbers are to be written rather than compared."""
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def published(request: pytest.FixtureRequest) -> Path:
    """The folder with the files of the published model, which this project does not ship."""
    folder: Path | None = request.config.getoption("--published")
    if folder is None:
        pytest.skip("needs the published model's files: --published DIR (docs/published_model.md)")
    return folder.resolve()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """A main job in this process leaves its figures out: seconds each time, and other tests look at them."""
    monkeypatch.setattr("views.report.presentation.draw_all", lambda *_: [])


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where a Chromium is; without one the test is skipped, or fails where REQUIRE_BROWSER is set (.ci/run)."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no Chromium on this machine, and REQUIRE_BROWSER is set")
    pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")


@pytest.fixture(scope="session")
def nginx() -> str:
    """Where an nginx is; without one the test is skipped, or fails where REQUIRE_BROWSER is set (.ci/run)."""
    if found := shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"):
        return found
    if os.environ.get("REQUIRE_BROWSER"):
        pytest.fail("no nginx on this machine, and REQUIRE_BROWSER is set")
    pytest.skip("no nginx on this machine (Debian: apt-get install nginx-light)")
