"""The house rules that a machine can check: who may import whom, how long a file may be, no hidden randomness."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
#: Later may import earlier, never the other way round; run.py comes last.
ORDER = ("agents", "model", "experiments", "views", "labour_lab", "run")
#: (package, module) that may be imported against the order, each with its reason.
EXCEPTIONS: dict[tuple[str, str], str] = {}
LONGEST_FILE = 400
#: Files whose results must depend on scenario and seed alone.
REPEATABLE = ("agents", "model")
#: The Mesa face names the type of Mesa's own `random`: ordinary Mesa code may ask for it, the simulation never does.
MESA_FACE = {"agents/agent_set.py": {"random", "random.Random"}, "agents/row_view.py": {"random", "random.Random"}}


def source_files(*packages: str) -> list[Path]:
    files = [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]
    return files + [path for path in [ROOT / "run.py"] if "run" in packages and path.exists()]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a file imports, wherever in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:  # relative: inside the file's own package
                base = ".".join(part for part in (*path.relative_to(ROOT).parts[: -node.level], base) if part)
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def excused(package: str, name: str) -> bool:
    return any(package == where and f"{name}.".startswith(f"{module}.") for where, module in EXCEPTIONS)


def test_nothing_imports_upwards() -> None:
    offences = []
    for path in source_files(*ORDER):
        own = package_of(path)
        for line, name in imported(path):
            top = name.split(".")[0]
            if top in ORDER and ORDER.index(top) > ORDER.index(own) and not excused(own, name):
                offences.append(f"{path.relative_to(ROOT)}:{line} imports {name}")
    assert not offences, "\n".join(offences)


def test_every_exception_is_used() -> None:
    used = {
        (package_of(path), module)
        for path in source_files(*ORDER)
        for _, name in imported(path)
        for where, module in EXCEPTIONS
        if where == package_of(path) and name == module
    }
    assert set(EXCEPTIONS) <= used, f"no longer needed: {set(EXCEPTIONS) - used}"


@pytest.mark.parametrize("path", source_files(*ORDER), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_FILE, f"{lines} lines: split it by what it does"


def forbidden_uses(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Attribute):
            continue
        if node.attr == "random" and isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy"}:
            yield f"{path.name}:{node.lineno} uses numpy.random"
        if node.attr in {"now", "utcnow", "today"}:
            yield f"{path.name}:{node.lineno} asks for the present ({node.attr})"
    allowed = MESA_FACE.get(f"{path.parent.name}/{path.name}", set())
    for line, name in imported(path):
        if name in allowed:
            continue
        if name.split(".")[0] in {"random", "secrets", "time"} or name.startswith("numpy.random"):
            yield f"{path.name}:{line} imports {name}"


def test_results_depend_on_scenario_and_seed_alone() -> None:
    offences = [offence for path in source_files(*REPEATABLE) for offence in forbidden_uses(path)]
    assert not offences, "\n".join(offences)


@pytest.mark.parametrize(
    "offence",
    [
        "import time",
        "from time import perf_counter",
        "import random",
        "from numpy import random",
        "import numpy as np\nnp.random.seed(1)",
        "import datetime as dt\ndt.datetime.now()",
    ],
)
def test_the_check_itself_sees_an_offence(offence: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.py"
    file.write_text(offence, encoding="utf-8")
    assert list(forbidden_uses(file))


# --- what is particular to a country ------------------------------------------------------------------------------

#: What only `model/country/` may spell: the folder of China's tables, its sectors in their roles, its official groups.
CHINAS = ("construction_materials", "platform_logistics", "real_estate_agent", "delivery_rider", "excl_students")
#: Files that are about China's own tables by what they are for, each with its reason.
ABOUT_CHINA = {
    "experiments/calibration/targets.py": "names the official series that China's parameters are fitted to",
    "experiments/forecast/knowledge.py": "takes away what of two of China's tables was not out yet",
    "experiments/validation/ai.py": "tells what was published of young jobs beside the model",
    "experiments/validation/first_half_year.py": "holds China's graduates against what was published of them",
    "views/validation/economy.py": "sets the model beside China's property market",
    "views/figures/job_graph.py": "gives China's sectors their colours; those of others have one",
}


def spelt(path: Path) -> Iterator[str]:
    """What a file spells that is China's: texts that are data, not documentation."""
    told = {id(node.value) for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.BinOp) and isinstance(node.right, ast.Constant) and node.right.value == "data":
            yield f"{path.relative_to(ROOT)}:{node.lineno} spells the folder 'data'"
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            if node.value in CHINAS or node.value.endswith(CHINAS[-1]):
                yield f"{path.relative_to(ROOT)}:{node.lineno} spells {node.value!r}"
            if node.value.startswith("data/") or (
                node.value.endswith(".csv") and (ROOT / "data" / node.value).exists()
            ):
                yield f"{path.relative_to(ROOT)}:{node.lineno} spells {node.value!r}"


def test_only_the_country_spells_what_is_chinas() -> None:
    files = [path for path in source_files(*ORDER)
             if path.parent != ROOT / "model" / "country"]  # fmt: skip
    offences = [told for path in files if path.relative_to(ROOT).as_posix() not in ABOUT_CHINA for told in spelt(path)]
    assert not offences, "\n".join(offences)
    assert all(list(spelt(ROOT / name)) for name in ABOUT_CHINA), "no longer needed"
