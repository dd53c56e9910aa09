"""A real nginx before the page: its own configuration, folders and certificate, on 127.0.0.1, without any right."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "lab.example.org"
_FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def snippets(root: Path) -> list[str]:
    """The pieces of nginx's configuration in docs/page.md: path cut off, all kept, what both want."""
    return re.findall(r"```nginx\n(.*?)```", (root / "docs" / "page.md").read_text(encoding="utf-8"), re.DOTALL)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def certificate(folder: Path) -> bool:
    """Make a certificate that nobody else has signed; False where there is no openssl."""
    if shutil.which("openssl") is None:
        return False
    words = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
    words += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(words, check=True, capture_output=True)
    return True


@contextmanager
def proxied(nginx: str, folder: Path, port: int, location: str, both: str) -> Iterator[None]:
    """Within the block nginx listens on the port, with a location of its own."""
    tls = (folder / "cert.pem").exists()
    keys = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;" if tls else ""
    folders = "".join(f"{name}_temp_path {folder}/{name};\n" for name in _FOLDERS)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; gzip on; gzip_proxied any; gzip_types *;\n{folders}{both}\n"
        f"server {{ listen 127.0.0.1:{port} {'ssl' if tls else ''}; server_name {NAME}; {keys}\n{location} }} }}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen([nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(20)
