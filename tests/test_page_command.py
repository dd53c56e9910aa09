"""`run.py view` as it is typed: what is refused, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("starlette", reason="the page extra is not installed")

from page_visitor import Visitor

import run
from experiments.engine.errors import BadRequest
from views.page import command
from views.page.command import address_of, listen, read_view

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


def test_the_newer_addresses_are_listened_on_and_named() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        found = listen("::1", 0)
    except BadRequest:
        pytest.skip("this machine has no IPv6")
    with found:
        number = found.getsockname()[1]
        for host in ("::1", "[::1]", "::"):
            assert address_of(found, host) == f"http://[::1]:{number}/"
        assert address_of(found, "0.0.0.0") == f"http://127.0.0.1:{number}/"  # noqa: S104 - only named


def test_a_machine_without_a_browser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda _: False)
    told = threading.Event()
    command._open_browser("http://127.0.0.1:1/", lambda words: (said.append(words), told.set()))
    assert told.wait(30)
    assert "type the address" in said[0]


def test_what_a_scenario_says_and_the_page_does_not_do_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the terminal and in what the page is sent, in the reader's language; the values come through."""
    from views.page.facts import taken_over
    from views.page.laboratory import Laboratory

    file = tmp_path / "mine.yaml"
    graph = ROOT / "data" / "mobility.csv"
    file.write_text(
        f"name: my own\ndescription: what for\nseed: 7\npopulation: 5000\nvisa: {{annual_quota: 5}}\n"
        f"parameters: {{job_graph: {graph}}}\n",
        encoding="utf-8",
    )
    options = read_view([str(file), "--population", "4000", "--replications", "8"])
    scenario = command._scenario(options, {})
    assert scenario is not None
    told = capsys.readouterr().err
    for words in ("'description'", "what for", "'seed' is 7", "'population' is 5,000", "4,000", "'mobility.csv'"):
        assert words in told
    laboratory = Laboratory(command._baseline(options), command._size(options))
    try:
        for language in ("en", "zh"):
            found = taken_over(scenario, laboratory, language)  # type: ignore[arg-type]
            assert found["title"] == "my own"
            assert found["settings"]["visa.annual_quota"] == {"2018-01": 5}
            assert [name in " ".join(found["notes"]) for name in ("seed", "population", "job_graph")] == [True] * 3
            assert str(ROOT) not in " ".join(found["notes"])
    finally:
        laboratory.turns.stop()
    again = read_view([str(file), "--population", "5000", "--seed", "7"])
    command._scenario(again, {})
    told = capsys.readouterr().err
    assert "'seed'" not in told
    assert "'population'" not in told


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
