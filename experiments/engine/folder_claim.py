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
#: The part of a manifest in which two folders of the same job agree.
IDENTITY = {"run": "identity", "batch": "batch"}
#: So many things in which a folder's run differs are named.
MOST_DIFFERENCES = 5


def refuse_unusable(folder: Path, what: str) -> None:
    """Raise BadRequest when the folder (`what`: of a run, of a batch) cannot be made or written to."""
    if reason := unusable(folder):
        raise BadRequest(f"cannot write to the {what} folder {shown(folder)}: {reason}; nothing was run")


def refuse_other(folder: Path, what: str, manifest: Mapping[str, Any]) -> None:
    """Raise BadRequest unless the folder is new, empty, or holds the run or batch (`what`) of this manifest.

    Folders of other jobs know their pieces by what these were made from, and take any.
    """
    if what not in IDENTITY or not folder.is_dir() or {each.name for each in folder.iterdir()} <= {LOCK}:
        return
    try:
        held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        same = held[IDENTITY[what]] == manifest[IDENTITY[what]]
        differing = [] if same else differences(held, manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BadRequest(f"{shown(folder)} is not empty and holds no {what}; give --out a new folder") from None
    if not same:
        told = ", ".join(differing[:MOST_DIFFERENCES]) + (" ..." if len(differing) > MOST_DIFFERENCES else "")
        begun = next((name for name in ("experiment.yaml", "scenario.yaml") if (folder / name).exists()), MANIFEST)
        raise BadRequest(
            f"{shown(folder)} holds another {what}; what differs: {told}. Give --out a new folder, or undo the change "
            f"to go on here ({folder.name}/{begun} is what was asked as it was begun); nothing was run"
        )
