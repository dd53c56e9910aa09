"""Help on the page: the documentation as `make site` has built it, or how to build it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from agents.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.types import Receive, Scope, Send

SITE = ROOT / "site"
#: Scripts and styles of the site's theme stand in its pages; nothing comes from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Help · China Labour Lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<h1>Help is not built here yet</h1>
<p><code>make site</code>, typed in the checkout, builds the whole documentation as a site; then load this page again.
Until then its texts are in the folder <code>docs</code>, beginning with <code>docs/guide.md</code>.</p>
<p lang="zh-CN">帮助尚未生成：请在项目文件夹中运行<code>make site</code>，然后重新载入本页。
文档为英文，位于<code>docs</code>文件夹。</p>
"""


class Manual(StaticFiles):
    """The site; looked for at each request, so that it may be built while the page is open."""

    def __init__(self, site: Path | None = None) -> None:
        self.site = site or SITE
        super().__init__(directory=self.site, html=True, check_dir=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a file of the site, or with how to build it."""
        if (self.site / "index.html").is_file():
            await super().__call__(scope, receive, send)
        else:
            await HTMLResponse(_NOT_BUILT, 404)(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, with what a browser may load for it."""
        response = await super().get_response(path, scope)
        response.headers["content-security-policy"] = POLICY
        return response
