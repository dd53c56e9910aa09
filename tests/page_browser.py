"""A real server and a real browser for the page's tests: small populations, and every request written down."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PERSONS, RUNS = "4000", "8"
#: Milliseconds that a first answer may take on a busy machine.
PATIENCE = 120_000
FIRST_LINE = "the page is at "


@contextmanager
def served(root: Path, *more: str) -> Iterator[str]:
    """The address of a page that runs `run.py view` with few simulated persons."""
    command = [sys.executable, "run.py", "view", "--port", "0", "--no-open", "--quiet", "--workers", "1"]
    command += ["--population", PERSONS, "--replications", RUNS, *more]
    server = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith(FIRST_LINE), line
        yield line.removeprefix(FIRST_LINE).strip().rstrip("/")
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def chromium_at(path: str, *more: str) -> Iterator[Browser]:
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage", *more]
        )
        yield browser
        browser.close()


class Visit:
    """One visitor's page: opened, finished with its first answer, its requests and complaints kept."""

    def __init__(self, browser: Browser, address: str, query: str = "", *, width: int = 1440) -> None:
        self.address = address
        self.hosts: set[str] = set()
        self.complaints: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", accept_downloads=True, ignore_https_errors=True
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or request.url[:20]))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        self.page.goto(f"{address}/{query}")
        self.page.wait_for_selector("body[data-ready]")
        self.settled()

    def settled(self) -> None:
        """Waits for the answer to what was asked last."""
        self.page.wait_for_selector("#answer[aria-busy=false] .line.baseline", state="attached")
        self.page.wait_for_timeout(260)  # the lines glide to their new place

    def set_lever(self, path: str, value: str) -> None:
        """Types a lever's value, and waits for the answer."""
        box = self.page.locator(f"[data-path='{path}'] input[type=number]")
        box.fill(value)
        box.press("Enter")
        self.page.wait_for_selector("#answer[aria-busy=true]", state="attached", timeout=PATIENCE)
        self.settled()

    def line(self, name: str) -> str:
        """The path of a line of the large picture; nothing when it is not drawn."""
        found = self.page.locator(f".canvas.level path.line.{name}")
        return str(found.get_attribute("d")) if found.count() else ""

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))

    def layout_shift(self) -> float:
        """How far what is on the screen has jumped since the page was opened, as Chromium scores it."""
        script = """() => new Promise(told => new PerformanceObserver(list => told(
            list.getEntries().reduce((sum, entry) => sum + entry.value, 0)
        )).observe({type: "layout-shift", buffered: true}) || setTimeout(() => told(0), 400))"""
        return float(self.page.evaluate(script))

    def close(self) -> None:
        """Closes the visitor's window."""
        self.context.close()
