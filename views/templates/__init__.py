"""The pages that are written as files: one Jinja environment and one style sheet for all of them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

_MINUS, _NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
_HERE = Path(__file__).resolve().parent


def rendered(template: str, **told: Any) -> str:
    """The page that a template makes of what it is told; `css` holds the style sheet of every page."""
    environment = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figures"] = typeset
    css = Markup((_HERE / "report.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return environment.get_template(template).render(css=css, **told)


def typeset(text: str) -> str:
    """Numbers as print sets them: a true minus, and no line break between a number and its unit."""
    text = re.sub(r"(^|[\s(（：\u4e00-\u9fff])-(?=\d)", rf"\g<1>{_MINUS}", text)
    return re.sub(r"(?<=\d) (?=%|million\b|points?\b|yuan\b)", _NO_BREAK, text)
