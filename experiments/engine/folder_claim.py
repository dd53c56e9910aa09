"""Whether results can go to a folder, judged before anything is computed; light to import, so that `check` can ask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.engine.errors import BadRequest
from experiments.engine.folder_lock import LOCK
from experiments.engine.manifest import differences
from model.paths import shown, unusable

MANIFEST = "manifest.json"
#: So many things in which a folder's run differs are named.
MOST_DIFFERENCES = 5


def refuse_unusable(folder: Path, what: str) -> None:
    """Raise BadRequest when the folder (`what`: of a run, of a batch) cannot be made or written to."""
    if reason := unusable(folder):
        raise BadRequest(f"cannot write to the {what} folder {shown(folder)}: {reason}; nothing was run")


def refuse_other_run(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raise BadRequest unless the folder is new, empty, or holds the run that `manifest` describes."""
    if _holds_nothing(folder):
        return
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        same = held["identity"] == manifest["identity"]
    except (OSError, ValueError, KeyError, TypeError):
        raise BadRequest(f"{shown(folder)} is not empty and holds no run; give --out a new folder") from None
    if not same:
        differing = differences(held, manifest)
        told = ", ".join(differing[:MOST_DIFFERENCES]) + (" ..." if len(differing) > MOST_DIFFERENCES else "")
        raise BadRequest(
            f"{shown(folder)} holds another run; what differs: {told}. Give --out a new folder, or undo the change to "
            "go on here; nothing was run"
        )


def refuse_other_batch(folder: Path, batch: Mapping[str, Any]) -> None:
    """Raise BadRequest unless the folder is new, empty, or holds the batch with these facts."""
    if _holds_nothing(folder):
        return
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["batch"]
        differing = [fact for fact in batch if held[fact] != batch[fact]]
    except (OSError, ValueError, KeyError, TypeError):
        raise BadRequest(f"{shown(folder)} is not empty and holds no batch; give --out a new folder") from None
    if differing:
        begun = next((name for name in ("experiment.yaml", "scenario.yaml") if (folder / name).exists()), MANIFEST)
        raise BadRequest(
            f"{shown(folder)} holds another batch; what differs: {', '.join(differing)}. "
            f"Give --out a new folder, or undo the change to go on here "
            f"({folder.name}/{begun} is what was asked as it was begun); nothing was run"
        )


def _holds_nothing(folder: Path) -> bool:
    return not folder.is_dir() or {each.name for each in folder.iterdir()} <= {LOCK}
