"""What is installed is what is written, and runs away from its checkout."""

from __future__ import annotations

import configparser
import importlib
import importlib.metadata
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from experiments.engine.errors import BadRequest, extra_needed

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout to build from, without what is made in it."""
    folder = tmp_path_factory.mktemp("build") / "source"
    made = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "runs", "site")
    return Path(shutil.copytree(ROOT, folder, ignore=made))


@pytest.fixture(scope="module")
def installed(source: Path) -> Path:
    """The site packages of a copy that was built and installed as `pip install .` does, with no network."""
    site = source.parent / "site"
    words = ["pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", site, source]
    subprocess.run([sys.executable, "-m", *words], check=True, env=os.environ | {"PIP_USER": "0"})
    return site


def away(installed: Path, folder: Path, *words: str | Path) -> str:
    """What a Python that finds the installed copy first prints, started in a folder of the user's."""
    surroundings = os.environ | {
        "PYTHONPATH": str(installed), "HOME": str(folder / "home"), "PYTHONWARNINGS": "ignore",
        # A few months of a thousand people are done sooner than the kernels are compiled.
        "NUMBA_DISABLE_JIT": "1",
    }  # fmt: skip
    for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        surroundings.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-P", *words], cwd=folder, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def files_of(folder: Path) -> set[str]:
    """Every file below a folder, but for compiled modules."""
    there = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix() for path in there}


def test_every_package_is_listed(setup: configparser.ConfigParser) -> None:
    listed = set(setup["options"]["packages"].split())
    roots = ("agents", "model", "experiments", "views", "labour_lab")
    present = {
        ".".join(file.parent.relative_to(ROOT).parts) for root in roots for file in (ROOT / root).rglob("__init__.py")
    }
    assert listed == present | {"data", "scenarios", "scenarios.experiments"}


def test_an_installed_copy_has_every_file_of_the_checkout(installed: Path, source: Path) -> None:
    for package in ("agents", "model", "experiments", "views", "labour_lab", "data", "scenarios"):
        assert files_of(installed / package) == files_of(source / package)
    assert (installed / "run.py").is_file()


def test_an_installed_copy_runs_in_a_folder_of_the_users(installed: Path, tmp_path: Path) -> None:
    before = files_of(installed)
    (tmp_path / "mine.yaml").write_text("population: 1000\nend: 2018-01\nreplications: 1\n", encoding="utf-8")
    printed = away(installed, tmp_path, "-m", "run", "mine.yaml", "--workers", "1", "--quiet")
    assert printed.startswith("mine")
    (folder,) = (tmp_path / "runs").iterdir()
    assert {"monthly.parquet", "report.html", "manifest.json"} <= files_of(folder)
    assert str(installed) not in (folder / "manifest.json").read_text(encoding="utf-8")
    assert files_of(installed) == before, "something was written among the installed files"


def test_an_installed_copy_is_imported_with_its_data(installed: Path, tmp_path: Path) -> None:
    code = """
import agents.places, experiments.engine.manifest, model
scenario = agents.places.ROOT / "scenarios" / "no_k_visa.yaml"
market = model.LabourMarket(model.load_scenario(scenario, {"population": 1000}), rng=1)
market.step()
print(agents.places.ROOT, experiments.engine.manifest.project_version(), len(market.job_graph))
"""
    version = importlib.metadata.version("china-labour-lab")
    assert away(installed, tmp_path, "-c", code).split() == [str(installed), version, "60"]


def test_an_installed_command_is_the_command_line(installed: Path, tmp_path: Path) -> None:
    scenario = installed / "scenarios" / "baseline.yaml"
    printed = away(installed, tmp_path, installed / "bin" / "china-labour-lab", "check", scenario)
    assert printed.startswith("baseline: good")


def test_a_source_distribution_is_a_whole_checkout(source: Path) -> None:
    """It can be built from, tested, and run with make, as the checkout can."""
    code = "import sys, setuptools.build_meta as backend; backend.build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, source.parent], cwd=source, check=True, capture_output=True)
    (archive,) = source.parent.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    made = ("build/", "china_labour_lab.egg-info/")
    assert {name for name in files_of(source) if not name.startswith(made)} <= held


def test_a_missing_extra_is_named() -> None:
    wanted = r"--cluster needs no_such_library.*\.\[cluster\]"
    with pytest.raises(BadRequest, match=wanted), extra_needed("cluster", "--cluster"):
        importlib.import_module("no_such_library.part")
    with pytest.raises(ModuleNotFoundError), extra_needed("cluster", "--cluster"):
        importlib.import_module("model.no_such_module")


def test_one_version_everywhere(setup: configparser.ConfigParser) -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {setup['metadata']['version']}\n" in citation
