"""The folder of one job: claimed before anything is computed, filled file by file, each whole or not at all."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from experiments.engine.errors import BadRequest
from experiments.engine.executors import Failure
from experiments.engine.folder_claim import MANIFEST, refuse_other, refuse_unusable
from experiments.engine.folder_lock import FolderLock
from experiments.engine.manifest import without_folders
from model.paths import shown
from model.results import remove_unfinished, write_whole

if TYPE_CHECKING:
    import pandas as pd

FAILURES, TRACEBACKS = "failures.csv", "failures.txt"


class JobFolder:
    """Where one job keeps what it finds. Use it in a `with`: the lock is given back at the end."""

    #: What it holds, for messages, and the folder in it of finished pieces.
    what: ClassVar[str]
    pieces: ClassVar[str]
    #: Whether there is a list of failures also where nothing failed.
    always_lists: ClassVar[bool] = False
    #: Whether the pieces are put together also where the job ended early; else they wait for the rest.
    assembles_early: ClassVar[bool] = False

    def __init__(self, path: Path) -> None:
        """Think of the folder at `path`; nothing is written before `claim`."""
        self.path, self.parts, self.lock = path, path / self.pieces, FolderLock(path)
        self._created = False

    def claim(self, manifest: Mapping[str, Any], texts: Mapping[str, str]) -> Self:
        """Make the folder, lock it, and write what is known beforehand: the manifest and `texts`.

        Raises BadRequest, with nothing computed, when the folder holds anything but this job, another driver works in
        it, or it cannot be written.
        """
        refuse_unusable(self.path, self.what)
        try:
            self._created = not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            self.lock.take()
            try:
                refuse_other(self.path, self.what, manifest)
                self._prepare(manifest, texts)
            except BaseException:
                self.lock.give_back()
                raise
        except OSError as error:
            reason = error.strerror or str(error)
            self.discard_if_new()
            raise BadRequest(
                f"cannot write to the {self.what} folder {shown(self.path)}: {reason}; nothing was run"
            ) from error
        return self

    def _prepare(self, manifest: Mapping[str, Any], texts: Mapping[str, str]) -> None:
        self.parts.mkdir(exist_ok=True)
        for place in (self.path, self.parts):
            remove_unfinished(place)
        for name, text in texts.items():
            if not (self.path / name).exists():
                write_whole(self.path / name, text.encode())
        self.write_manifest(manifest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.lock.give_back()

    # --- what went wrong --------------------------------------------------------------------------

    def failure_head(self) -> list[str]:
        """The columns of the list of failures."""
        raise NotImplementedError

    def failure_row(self, failure: Failure[Any]) -> list[Any]:
        """The row of one failure."""
        raise NotImplementedError

    def note_failure(self, failure: Failure[Any]) -> None:
        """Add one failure to the list while others still run."""
        path = self.path / FAILURES
        begun = path.exists()
        with path.open("a", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(
                ([] if begun else [self.failure_head()]) + [self.failure_row(failure)]
            )

    def forget_failures(self) -> None:
        """Take away the lists of before: a job that goes on may mend them."""
        for name in (FAILURES, TRACEBACKS):
            (self.path / name).unlink(missing_ok=True)

    def write_failures(self, failures: Sequence[Failure[Any]]) -> None:
        """The whole list, with tracebacks beside it."""
        self.forget_failures()
        if failures or self.always_lists:
            rows = io.StringIO()
            head = self.failure_head()
            csv.writer(rows, lineterminator="\n").writerows([head, *map(self.failure_row, failures)])
            write_whole(self.path / FAILURES, rows.getvalue().encode())
        if details := [f"{failure.task}\n{failure.details}" for failure in failures if failure.details]:
            write_whole(self.path / TRACEBACKS, without_folders("\n".join(details)).encode())

    # --- small files ------------------------------------------------------------------------------

    def write_frame(self, name: str, frame: pd.DataFrame) -> None:
        """Write a small table as CSV."""
        write_whole(self.path / name, frame.to_csv(index=False, lineterminator="\n").encode())

    def write_manifest(self, manifest: Mapping[str, Any]) -> None:
        """Write what the job was made from."""
        text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=False)
        write_whole(self.path / MANIFEST, (text + "\n").encode())

    def holds_something(self) -> bool:
        """Whether any piece is finished."""
        return any(self.parts.rglob("[!.]*.*"))

    def discard_if_new(self) -> None:
        """Leave no empty folder behind when nothing was finished."""
        if self._created and not self.holds_something():
            shutil.rmtree(self.path, ignore_errors=True)
