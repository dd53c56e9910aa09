"""The baseline gives the numbers that it gave: a few hundred yearly means, so that no change goes by unseen."""

from __future__ import annotations

import pytest
from update_golden import HOW, RELATIVE, computed, differences, machine, stored, write


def test_the_baseline_gives_the_golden_numbers(update_golden: bool) -> None:
    """Any change of rules, data or random numbers moves some of these; whoever means it says so."""
    numbers, (golden, written_on) = computed(), stored()
    if update_golden:
        write(numbers)
        return
    lines = differences(golden, numbers)
    if lines:
        shown = "\n".join(lines[:12] + ([f"... and {len(lines) - 12} more"] if len(lines) > 12 else []))
        other = "" if written_on == machine() else f"\nThey were written on {written_on}; this is {machine()}."
        pytest.fail(f"{HOW}{other}\n{shown}", pytrace=False)


def test_a_moved_number_is_seen() -> None:
    """The comparison tells a real change from rounding, and notices what appears or disappears."""
    old = {"a": 1.0, "b": None, "c": 2.0}
    assert differences(old, dict(old)) == []
    assert differences(old, {"a": 1.0 + RELATIVE / 10, "b": None, "c": 2.0}) == []
    assert differences(old, {"a": 1.0 + 1e-6, "b": None, "c": 2.0}) == ["a: 1 -> 1.000001 (+0.000%)"]
    assert len(differences(old, {"a": 1.0, "b": 3.0, "d": 1.0})) == 3
