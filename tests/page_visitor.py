"""A visitor of the page: a real server on a free port of this machine, spoken to with the standard library."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from views.page.app import Page


class Visitor:
    """Speaks to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, _, body = self.ask("GET", path)
        assert status == 200, (path, status, body[:300])
        return json.loads(body)

    def post(self, path: str, content: object) -> tuple[int, Any]:
        body = json.dumps(content).encode()
        status, _, answer = self.ask("POST", path, body, {"content-type": "application/json"})
        return status, json.loads(answer)

    def run(self, settings: dict[str, Any], path: str = "/api/runs", **more: Any) -> str:
        status, answer = self.post(path, {"settings": settings, **more})
        assert status == 200, answer
        return str(answer["run"])

    @contextmanager
    def listen(self, run: str) -> Iterator[Iterator[tuple[str, Any]]]:
        """The events of a run, as they come; leaving closes the stream."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", f"/api/runs/{run}/events")
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            yield _events(answer)
        finally:
            connection.close()

    def answers(self, run: str) -> list[tuple[str, Any]]:
        """All events until the server ends the stream."""
        with self.listen(run) as events:
            return list(events)


def _events(answer: http.client.HTTPResponse) -> Iterator[tuple[str, Any]]:
    kind = ""
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


@contextmanager
def served(page: Page) -> Iterator[Visitor]:
    """A page on a free port, and somebody who visits it."""
    server = uvicorn.Server(uvicorn.Config(page.application(), port=0, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield Visitor(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
