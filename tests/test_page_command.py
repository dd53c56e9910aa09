"""`run.py view` as it is typed: what is refused, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the page extra is not installed")

from page_visitor import Visitor

import run
from experiments.errors import BadRequest
from views.page.command import listen, read_view

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--port", "70000"], "'70000' is not a port from 0 to 65535"),
        (["--port", "http"], "'http' is not a port"),
        (["nosuch.yaml"], "there is no scenario file 'nosuch.yaml'"),
        (["--population", "5"], "must lie between 1,000 and 20,000,000"),
        (["--replications", "0"], "--replications"),
        (["--workers", "0"], "not a number of processes"),
        (["--prot", "1"], "did you mean '--port'"),
    ],
)
def test_a_mistake_is_told_in_one_message(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["view", "--no-open", *words]) == run.BAD_INPUT
    shown = capsys.readouterr()
    assert told in shown.err
    assert "Traceback" not in shown.err
    assert not shown.out


def test_a_bad_scenario_is_told_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bad.yaml").write_text("visa:\n  anual_quota: 5\n")
    assert run.main(["view", "--no-open", str(tmp_path / "bad.yaml")]) == run.BAD_INPUT
    assert "bad.yaml:2:3  unknown name 'anual_quota'" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        number = other.getsockname()[1]
        assert run.main(["view", "--no-open", "--port", str(number)]) == run.BAD_INPUT
    assert f"port {number} of 127.0.0.1 cannot be used" in capsys.readouterr().err


def test_without_a_port_of_ones_own_a_free_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setattr("views.page.command.PORT", other.getsockname()[1])
        with listen("127.0.0.1", None) as found:
            assert found.getsockname()[1] != other.getsockname()[1]


def test_only_this_machine_is_served_unless_asked() -> None:
    assert read_view([]).host == "127.0.0.1"
    with pytest.raises(BadRequest, match="no-such-host"):
        listen("no-such-host.invalid", 0)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert run.main(["view", "--no-open"]) == run.BAD_INPUT
    assert "view needs uvicorn, which is not installed" in capsys.readouterr().err


def test_control_c_ends_it_without_complaint() -> None:
    """Somebody is listening when it comes."""
    server = subprocess.Popen(
        [sys.executable, "run.py", "view", "--no-open", "--port", "0", "--population", "2000", "--replications", "8",
         "--workers", "1"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert server.stdout is not None
    try:
        line = server.stdout.readline()
        assert line.startswith("the page is at http://127.0.0.1:")
        visitor = Visitor(int(line.strip().rstrip("/").rpartition(":")[2]))
        with visitor.listen(visitor.run({"visa.annual_quota": 1}, "/api/why")):
            server.send_signal(signal.SIGINT)
            _, complaints = server.communicate(timeout=120)
    finally:
        server.kill()
    assert server.returncode == 0, complaints
    assert "Traceback" not in complaints
    assert complaints.splitlines()[-1] == "the page is closed"
