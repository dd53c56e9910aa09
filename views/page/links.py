"""A link that carries a scenario, with the version that made it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from views.page.settings import Refused

if TYPE_CHECKING:
    from views.page.settings import Settings

#: A link is typed into mails and messengers, which cut long ones.
LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Carried:
    """What a link carries."""

    settings: Settings
    preset: str | None
    version: str


def link_of(settings: Settings, preset: str | None, version: str) -> str:
    """The query that carries a scenario."""
    carried = {"v": version, **({"p": preset} if preset else {}), "c": settings}
    text = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    return "?s=" + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def carried_by(code: str) -> Carried:
    """What the `s` of a link carries; raises Refused when it is damaged."""
    if len(code) > LONGEST:
        raise Refused([{"message": f"a link of {len(code):,} characters; at most {LONGEST:,} are read"}])
    try:
        text = base64.b64decode(code + "=" * (-len(code) % 4), altchars=b"-_", validate=True).decode()
        found: Any = json.loads(text)
        settings, preset, version = found["c"], found.get("p"), found["v"]
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused([{"message": "this link is damaged: it carries no scenario"}]) from None
    if not isinstance(settings, dict) or not isinstance(version, str) or not isinstance(preset, str | None):
        raise Refused([{"message": "this link is damaged: it carries no scenario"}])
    return Carried(settings, preset, version[:40])
