"""The live market alone, for tests in a browser: says on stdout what each market does.

    python tests/live_server.py PORT

`step NUMBER MONTH`: the market with this number (in order of birth) has lived through the month; `close NUMBER`.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))

from views.live.mount import application  # noqa: E402

app = application()

from views.live.market import LiveMarket  # noqa: E402

_numbers = itertools.count(1)


def told(*words: Any) -> None:
    """Say something at once."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class ToldMarket(LiveMarket):
    """A live market that says what it does."""

    def __init__(self, scenario: str, population: int, opens: str) -> None:
        super().__init__(scenario, population, opens)
        self.number = next(_numbers)
        told("open", self.number, self.month)

    def step(self) -> None:
        """Live through a month and say so."""
        super().step()
        told("step", self.number, self.month)

    def close(self) -> None:
        """Close the market and say so."""
        super().close()
        told("close", self.number)


if __name__ == "__main__":
    import uvicorn

    import views.live.app

    views.live.app.LiveMarket = ToldMarket
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", timeout_graceful_shutdown=1)
