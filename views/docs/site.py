"""What MkDocs is given beside docs/ as it builds the site (mkdocs.yml names this file).

The front page is README.md; the reference is written from declarations, tutorials are run, and a link to a file of the
checkout leads to a page that shows it, so that the site needs no other host.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agents.places import ROOT
from experiments.engine.manifest import sources
from model.results import write_whole
from model.specification import STANDARD
from views.docs.notebooks import cells, page, written
from views.docs.reference import PAGES

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page


TUTORIALS = ROOT / "docs" / "tutorials"
#: Pages of the site that are files of the checkout elsewhere than in docs/.
HOMES = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changes.md": "CHANGELOG.md",
    "reference/data.md": f"{STANDARD.country.folder}/README.md",
    "examples.md": "examples/README.md",
    "library.md": "examples/library/README.md",
}
#: What the links of the checkout lead to on the site.
_PAGES = {home: place for place, home in HOMES.items()} | {
    "CITATION.cff": "citing.md",
    "docs/tutorials": "tutorials/index.md",
    "model/mechanisms": "reference/parameters.md",
}
_LINK = re.compile(r"(?<=\]\()(?!\w+:|#)([^)#\s]+)(?=[)#])")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in docs/."""
    from mkdocs.structure.files import File

    made: dict[str, Callable[[], str]] = {place: partial(_text, home) for place, home in HOMES.items()}
    made |= {f"reference/{name}.md": write for name, write in PAGES.items()}
    made |= {"citing.md": _citing, "tutorials/index.md": _tutorials}
    show = _lived if config.extra["run_tutorials"] else written
    made |= {f"tutorials/{path.stem}.md": partial(show, path) for path in _notebooks()}
    made |= {_place(name): partial(_source, name) for name in sorted(_linked())}
    for place, write in made.items():
        files.append(File.generated(config, place, content=write()))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Have links lead to pages of the site."""
    here = page.file.src_uri

    def led(found: re.Match[str]) -> str:
        place = _place(_target(found[1], HOMES.get(here, f"docs/{here}")))
        return posixpath.relpath(place, posixpath.dirname(here) or ".")

    return _LINK.sub(led, markdown)


def _target(link: str, home: str) -> str:
    """The file of the checkout that a link in another one of its files names."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(home), link))


def _place(name: str) -> str:
    """Where the site has a file of the checkout."""
    if name in _PAGES:
        return _PAGES[name]
    if name.startswith("docs/"):
        return name.removeprefix("docs/").replace(".ipynb", ".md")
    return _PAGES.get(posixpath.dirname(name)) or f"source/{name}.md"


def _linked() -> Iterator[str]:
    """Files that pages link to and that have to be shown for it."""
    texts = {home: _text(home) for home in HOMES.values()}
    texts |= {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")
    }
    for home, text in texts.items():
        for link in _LINK.findall(text):
            name = _target(link, home)
            if _place(name).startswith("source/"):
                yield name


def _source(name: str) -> str:
    """A file as a page: a notebook as it is written, any other with its lines."""
    if name.endswith(".ipynb"):
        return written(ROOT / name)
    kind = {".py": "python", ".yaml": "yaml"}.get(Path(name).suffix, "text")
    return f"# {name}\n\n````{kind}\n{_text(name).rstrip()}\n````"


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _citing() -> str:
    said = "Name the version, and the scenario file; the manifest of a run has digests of all that it was made from."
    return f"# How to cite\n\n{said}\n\n```yaml\n{_text('CITATION.cff').rstrip()}\n```"


# --- tutorials ------------------------------------------------------------------------------------------------------


def _notebooks() -> list[Path]:
    return sorted(TUTORIALS.glob("*.ipynb"))


def _tutorials() -> str:
    """Each tutorial with the question it answers."""
    lines = [
        "# Tutorials",
        "Notebooks that run in seconds; each answers a question. They lie in `docs/tutorials/`.",
        "",
    ]
    for path in _notebooks():
        title, question = cells(path)[0].text.splitlines()[:2]
        lines.append(f"- [{title.removeprefix('# ')}]({path.stem}.md): {question.strip('*')}")
    return "\n".join(lines)


def _lived(path: Path) -> str:
    """A tutorial with what it shows; it is run once for each state of the model and of its words."""
    state = hashlib.sha256(path.read_bytes() + sources().encode()).hexdigest()[:24]
    kept = ROOT / ".cache" / "site" / f"{state}.md"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_whole(kept, page(path).encode())
    return kept.read_text(encoding="utf-8")
