"""How far a call is: a bar in notebooks and terminals, nothing elsewhere."""

from __future__ import annotations

import sys
import warnings
from typing import Any

from experiments.engine.progress import Progress


def in_notebook() -> bool:
    """Whether a notebook's kernel runs this."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")


class Bar(Progress):
    """The progress of a job as tqdm draws it where the call was made."""

    def __init__(self, wanted: bool | None) -> None:
        """Show it (or not) as `wanted`; by default where somebody watches."""
        super().__init__(None)
        somebody = sys.stderr is not None and (in_notebook() or sys.stderr.isatty())
        self._visible = somebody if wanted is None else wanted
        self._bar: Any = None
        self._share = 0.0

    def say(self, line: str) -> None:
        """A remark beside the bar."""
        if self._bar is not None:
            self._bar.set_postfix_str(line)
            self._bar.unpause()  # what was waited for until now says nothing of the pace

    def begin(self, replications: int, months: int, noun: str = "replications") -> None:
        """A bar for so many replications, or what the noun says."""
        super().begin(replications, months, noun)
        self.end()
        if not self._visible:
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # without ipywidgets it draws letters, and says so at length
            from tqdm.auto import tqdm
        layout = "{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
        self._bar = tqdm(total=1.0, desc=f"{self._replications:,} {noun}", bar_format=layout, leave=in_notebook())
        self._share = 0.0

    def end(self) -> None:
        """Let go of the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _show(self) -> None:
        if self._bar is not None:
            share = min(1.0, (self._finished + min(1.0, self._month / self._months)) / self._replications)
            self._bar.update(max(0.0, share - self._share))
            self._share = max(share, self._share)
