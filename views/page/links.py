"""A link that carries a scenario, with the version that made it."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from views.page.settings import Refused
from views.words.language import Speech

if TYPE_CHECKING:
    from collections.abc import Container

    from views.words.language import Language
from views.page.settings import Settings

#: A link is typed into mails and messengers, which cut long ones.
LONGEST = 8_000


@dataclass(frozen=True, slots=True)
class Carried:
    """What a link carries."""

    settings: Settings
    preset: str | None
    version: str
    #: Names in the link that this version does not read.
    unread: tuple[str, ...] = ()

    def notes(self, ours: str, presets: Container[str], language: Language) -> list[str]:
        """What a visitor should know of the link, in sentences."""
        say, found = Speech(language), []
        if self.version != ours:
            found.append(
                say(
                    "This link was made by version {theirs}; this is version {ours}, whose numbers may differ.",
                    theirs=self.version,
                    ours=ours,
                )
            )
        if self.preset is not None and self.preset not in presets:
            found.append(
                say(
                    "This link starts from '{name}', a question that this version does not have.", name=self.preset[:40]
                )
            )
        if self.unread:
            found.append(say("This link says more than this version reads: {names}.", names=", ".join(self.unread)))
        return found


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
    unread = tuple(sorted(name[:40] for name in found.keys() - {"v", "p", "c"}))[:10]
    return Carried(settings, preset, version[:40], unread)
