"""One driver at a time in a folder, and no lock that outlives its driver."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Any

from experiments.engine.errors import BadRequest
from model.paths import shown

LOCK = ".driver"


class FolderLock:
    """Held by the one driver that works in a folder; the system lets go of it when the driver dies, however it dies."""

    def __init__(self, folder: Path) -> None:
        """Prepare for a lock in `folder`."""
        self.path = folder / LOCK
        self._file: Any = None
        #: The process that held the lock before and died with it.
        self.left_by = ""

    def take(self) -> None:
        """Take the lock; raises BadRequest when a living driver holds it."""
        while True:
            self._file = self.path.open("a+", encoding="utf-8")
            self._file.seek(0)
            holder = self._file.read().strip()
            if not _lock(self._file, holder):
                self._file.close()
                raise BadRequest(
                    f"another driver (process {holder or 'unknown'}) is working in {shown(self.path.parent)}; "
                    "wait until it is done, or give --out another folder; nothing was run"
                )
            # A driver that ends removes the file: what was locked just now may be a file without a name.
            with contextlib.suppress(OSError):
                if os.path.samestat(os.fstat(self._file.fileno()), self.path.stat()):
                    break
            self._file.close()
        self.left_by = holder
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()

    def give_back(self) -> None:
        """Let the next driver in."""
        if self._file is not None:
            self.path.unlink(missing_ok=True)
            self._file.close()
            self._file = None


def _lock(file: Any, holder: str) -> bool:
    """Whether the file is ours now; `holder` is the process it names."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        # A file system without locks: all there is to ask is whether the process lives.
        return not (holder.isdecimal() and Path(f"/proc/{holder}").exists())
    return True
