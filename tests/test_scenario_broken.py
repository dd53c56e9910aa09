"""Broken scenarios: each file of tests/broken_scenarios says in its first line what its author must be told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from model.outside_files import UnreadableError
from model.scenario.scenario import ScenarioError, load_scenario
from model.scenario.yaml_tree import read_text

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parent / "broken_scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


def complaint(path: Path, *arguments: object) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, *arguments)  # type: ignore[arg-type]
    return str(caught.value)


def test_there_are_enough_broken_files() -> None:
    assert len(FILES) >= 35


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_message_holds_the_agreed_words(path: Path) -> None:
    first_line = path.read_text(encoding="utf-8").splitlines()[0]
    message = complaint(path)
    for words in first_line.removeprefix("# says: ").split(" | "):
        assert words in message
    assert re.search(r"^\d+ problems?; nothing was run\.$", message.splitlines()[-1])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_problem_has_a_place_that_exists(path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    for problem in caught.value.problems:
        assert str(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}  ")
        lines = [*Path(problem.file).read_text(encoding="utf-8").splitlines(), ""]
        assert problem.line is not None
        assert problem.column is not None
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1


def test_problems_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "several.yaml"
    path.write_text("visa:\n  annual_quota: 1\n  annual_quota: -2\nextends: missing.yaml\nseed: -1\nx: 1\n")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    lines = [problem.line for problem in caught.value.problems]
    assert lines == [3, 3, 4, 5, 6]


def test_missing_file_names_its_neighbour() -> None:
    message = complaint(Path("scenarios/baselin.yaml"))
    assert "there is no such file" in message
    assert "did you mean 'baseline.yaml'?" in message


def test_a_directory_is_not_a_scenario(tmp_path: Path) -> None:
    assert "this is a directory" in complaint(tmp_path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0", "this is not a text file"),
        ("name: 基线\n".encode("gb18030"), "line 1 is not UTF-8 but, it seems, GBK"),
        ("seed: 1\n".encode("utf-16"), "this is text in UTF-16"),
        (b"seed: 1\nname: \xff\n", "line 2 is not UTF-8"),
        (b"#" * 1_000_001, "a scenario has at most 1,000,000"),
        (b"", "the file is empty"),
        (b"--- \n...\n", "the file is empty"),
        (b"name: a\x07b\n", "this is not YAML"),
    ],
    ids=["image", "gb18030", "utf-16", "latin", "large", "nothing", "no-content", "control"],
)
def test_files_that_are_no_scenarios(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(content)
    assert words in complaint(path)


def test_a_file_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.yaml"
    path.write_text("seed: 1\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableError, match="cannot be read \\(Permission denied\\)"):
        read_text(path)


def test_a_device_is_not_read() -> None:
    assert "not a regular file" in complaint(Path("/dev/zero"))


def test_chains_end(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.yaml").write_text(f"extends: {number + 1}.yaml\n")
    assert "more than 10 files extend one another" in complaint(tmp_path / "0.yaml")


@pytest.mark.parametrize(
    "hostile",
    [
        lambda: "[" * 100_000,
        lambda: "visa: " + "{a: " * 100_000,
        lambda: "\n".join(f"name_{number}: {number}" for number in range(40_000)),
        lambda: "seed: " + "9" * 900_000,
        lambda: "? " * 100_000,
        lambda: "a: &a [b]\n" + "\n".join(f"k{number}: *a" for number in range(9_000)),
    ],
    ids=["lists", "groups", "names", "digits", "keys", "aliases"],
)
def test_hostile_files_are_refused_quickly(tmp_path: Path, hostile: Callable[[], str]) -> None:
    path = tmp_path / "hostile.yaml"
    path.write_text(hostile())
    message = complaint(path)
    assert len(message) < 100_000


def test_a_file_is_judged_as_written_before_options_replace_values(tmp_path: Path) -> None:
    path = tmp_path / "judged.yaml"
    path.write_text("seed: -1\n")
    message = complaint(path, {"seed": 5}, ["visa.anual_quota=3"])
    assert "judged.yaml:1:7  'seed' is -1" in message
    assert "--set visa.anual_quota  unknown name" in message
    assert "2 problems; nothing was run." in message


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("visa.annual_quota=-1", "--set visa.annual_quota  'visa.annual_quota' is -1, but must lie"),
        ("visa.annual_quota", "write path=value"),
        ("=5", "write path=value"),
        ("visa.annual_quota=", "has no value"),
        ("visa.annual_quota={2018-01: 0", "this is not YAML"),
        ("visa.annual_quota={2025-10-01: 5}", "write 2025-10"),
        ("visa={annual_quota: 5}", "'visa' is a group of names, not a value; set for example visa.annual_quota"),
        ("layoffs.extra_rate=0.1", "set for example layoffs.extra_rate.all"),
        ("annual_quota=5", "did you mean 'visa.annual_quota'?"),
        ("hiring.graduate_subsidy=65%", "for 65 percent write 0.65"),
        ("population=5", "--population  'population' is 5"),
        ("end=2017-12", "--end  'end' is 2017-12, but must lie"),
        ("extends=other.yaml", "can only be written in a file"),
        ("seed=!!int 5", "the tag '!!int' is not allowed"),
        ("policy_feedback.enabled=1", "expected true or false"),
    ],
)
def test_options_are_checked_like_files(setting: str, words: str) -> None:
    assert words in complaint(Path("scenarios/baseline.yaml"), None, [setting])


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("visa.annual_quota", "5", "write 5 without quotes"),
        ("visa.annual_quota", None, "has no value"),
        ("visa.annual_quota", True, "which is true or false"),
        ("visa.annual_quota", [1, 2], "is a list"),
        ("visa.annual_quota", object(), "is of type object"),
        ("visa.annual_quota", float("nan"), "not a finite number"),
        ("visa.annual_quota", {2025: 5}, "write 2025-01"),
        ("population", 1e15, "must lie between 1,000 and 20,000,000"),
        ("start", "2030-01", "before 'start'"),
        ("name", "a\nb", "cannot be printed on one line"),
        ("scenario", 5, "unknown name 'scenario'"),
    ],
)
def test_overrides_are_checked_like_files(path: str, value: object, words: str) -> None:
    message = complaint(Path("scenarios/baseline.yaml"), {path: value})
    assert message.startswith(f"override {path}  ")
    assert words in message
