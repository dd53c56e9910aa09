"""What is installed is what is written: packages, version."""

from __future__ import annotations

import configparser
import importlib
from pathlib import Path

import pytest

from experiments.errors import BadRequest, extra_needed

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def setup() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def test_every_package_is_listed(setup: configparser.ConfigParser) -> None:
    listed = set(setup["options"]["packages"].split())
    roots = ("agents", "model", "experiments", "views")
    present = {
        ".".join(file.parent.relative_to(ROOT).parts) for root in roots for file in (ROOT / root).rglob("__init__.py")
    }
    assert listed == present


def test_a_missing_extra_is_named() -> None:
    wanted = r"batch --cluster needs no_such_library.*\.\[cluster\]"
    with pytest.raises(BadRequest, match=wanted), extra_needed("cluster", "batch --cluster"):
        importlib.import_module("no_such_library.part")
    with pytest.raises(ModuleNotFoundError), extra_needed("cluster", "batch --cluster"):
        importlib.import_module("model.no_such_module")


def test_one_version_everywhere(setup: configparser.ConfigParser) -> None:
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {setup['metadata']['version']}\n" in citation
