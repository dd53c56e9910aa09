"""What compiled kernels may be: cached, serial, and reading nothing that could change behind the cache's back.

Numba's cache ignores the `parallel` flag and freezes module globals into the machine code, so a kernel that used either
would go on with old code and say nothing.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import BuiltinFunctionType, ModuleType
from typing import Any

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher
from numba.core.types import Type

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("agents", "model")
#: Options of a kernel that change nothing with the machine, the number of threads or the order of a sum.
ALLOWED = {"cache", "nogil", "inline", "error_model"}
#: Numba's other ways to compile, and its parallel loop.
OTHERS = {"jit", "vectorize", "guvectorize", "stencil", "cfunc", "jitclass", "generated_jit", "prange"}
#: What is the same for as long as the source is: the cache may freeze it.
FROZEN = (bool, int, float, complex, str, np.generic, Enum, Type, type, Dispatcher, BuiltinFunctionType, np.ufunc)


def files() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name_of(node: ast.expr) -> str:
    """The last name of `njit`, `nb.njit` or `numba.njit(...)`."""
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def kernels(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef, ast.expr]]:
    """Every compiled function with its decorator, wherever it is defined."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from ((node, decorator) for decorator in node.decorator_list if name_of(decorator) == "njit")


def option_offences(path: Path) -> Iterator[str]:
    """Kernels without `cache=True`, with options the cache does not know, or compiled in another way."""
    tree = parsed(path)
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute) and name_of(node) in OTHERS:
            yield f"{path.name}:{node.lineno} uses {name_of(node)}"
    decorators = set()
    for kernel, decorator in kernels(tree):
        decorators.add(decorator.func if isinstance(decorator, ast.Call) else decorator)
        where = f"{path.name}:{kernel.lineno} {kernel.name}"
        options = {word.arg: word.value for word in decorator.keywords} if isinstance(decorator, ast.Call) else {}
        cached = options.get("cache")
        if not (isinstance(cached, ast.Constant) and cached.value is True):
            yield f"{where} lacks cache=True"
        yield from (f"{where} has {option}" for option in sorted(map(str, set(options) - ALLOWED)))
    for node in ast.walk(tree):  # compiled by a call, where no decorator shows how
        if isinstance(node, ast.Name | ast.Attribute) and name_of(node) == "njit" and node not in decorators:
            yield f"{path.name}:{node.lineno} uses njit other than as a decorator"


def rebound(trees: list[ast.Module]) -> set[str]:
    """Names that some function declares `global`, or that a module binds twice."""
    found: set[str] = set()
    for tree in trees:
        found |= {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}
        bound: list[str] = []
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            bound += [target.id for target in targets if isinstance(target, ast.Name)]
        found |= {name for name in bound if bound.count(name) > 1}
    return found


def is_frozen(value: Any) -> bool:
    if isinstance(value, tuple):
        return all(is_frozen(part) for part in value)
    if isinstance(value, ModuleType):  # of a module of ours, only names imported one by one are looked at
        return value.__name__.split(".")[0] not in PACKAGES
    return isinstance(value, FROZEN) or inspect.isfunction(value)


def global_offences(module: ModuleType, tree: ast.Module, changing: set[str]) -> Iterator[str]:
    """Kernels that read a global which is mutable, or bound anew."""
    for kernel, _ in kernels(tree):
        compiled = getattr(module, kernel.name, None)
        where = f"{module.__name__}.{kernel.name}"
        if not isinstance(compiled, Dispatcher):
            yield f"{where} is not defined at the top of its file"
            continue
        for name, value in inspect.getclosurevars(compiled.py_func).globals.items():
            if not is_frozen(value):
                yield f"{where} reads {name}, a {type(value).__name__}"
            if name in changing and not isinstance(value, Dispatcher):
                yield f"{where} reads {name}, which is bound anew"


def test_every_kernel_is_cached_and_serial() -> None:
    offences = [offence for path in files() for offence in option_offences(path)]
    assert not offences, "\n".join(offences)
    assert sum(1 for path in files() for _ in kernels(parsed(path))) > 50, "the check has lost sight of the kernels"


def test_no_kernel_reads_a_global_that_may_change() -> None:
    trees = {path: parsed(path) for path in files()}
    changing = rebound(list(trees.values()))
    offences = []
    for path, tree in trees.items():
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if any(kernels(tree)):
            offences += global_offences(importlib.import_module(name), tree, changing)
    assert not offences, "\n".join(offences)


KERNEL = "\n@njit(cache=True)\ndef kernel(x):\n    return x + {}\n"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("@njit\ndef kernel(x):\n    return x", "lacks cache"),
        ("@njit(nogil=True)\ndef kernel(x):\n    return x", "lacks cache"),
        ("@njit(cache=True, parallel=True)\ndef kernel(x):\n    return x", "has parallel"),
        ("@numba.njit(cache=True, parallel=False)\ndef kernel(x):\n    return x", "has parallel"),
        ("@njit(cache=True, fastmath=True)\ndef kernel(x):\n    return x", "has fastmath"),
        ("@numba.jit(cache=True)\ndef kernel(x):\n    return x", "uses jit"),
        ("def plain(x):\n    return x\nkernel = njit(plain)", "other than as a decorator"),
        ("TABLE = np.ones(3)" + KERNEL.format("TABLE[0]"), "reads TABLE, a ndarray"),
        ("RATES = [0.1]" + KERNEL.format("RATES[0]"), "reads RATES, a list"),
        ("RATES = {1: 0.1}" + KERNEL.format("RATES[1]"), "reads RATES, a dict"),
        ("ROWS = ([1], 2)" + KERNEL.format("ROWS[1]"), "reads ROWS, a tuple"),
        ("rate = 1\ndef tune():\n    global rate\n    rate = 2" + KERNEL.format("rate"), "bound anew"),
        ("RATE = 1\nRATE = 2" + KERNEL.format("RATE"), "bound anew"),
        ("import model.parameters as levers" + KERNEL.format("levers.RATE"), "reads levers, a module"),
    ],
)
def test_the_check_sees_an_offence(source: str, message: str, tmp_path: Path) -> None:
    offences = found_in(source, tmp_path)
    assert any(message in offence for offence in offences), offences


def test_the_check_lets_good_kernels_pass(tmp_path: Path) -> None:
    source = "RATE, PAIR = 0.5, (1, 2.0)" + KERNEL.format("RATE + PAIR[0] + np.sqrt(x) + numba.uint32(1)")
    assert found_in(source, tmp_path) == []


def found_in(source: str, folder: Path) -> list[str]:
    path = folder / "some_kernels.py"
    path.write_text(f"import numba\nimport numpy as np\nfrom numba import njit\n{source}\n", encoding="utf-8")
    tree = parsed(path)
    spec = importlib.util.spec_from_file_location("some_kernels", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["some_kernels"] = module
    try:
        spec.loader.exec_module(module)
        return [*option_offences(path), *global_offences(module, tree, rebound([tree]))]
    finally:
        del sys.modules["some_kernels"]
