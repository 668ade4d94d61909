"""A deck: one notebook as one file that needs neither a kernel nor a server nor a network."""

import base64
import json
import mimetypes
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from lecture_utils._look.setup import MARKERS
from tools.notebooks import WIDGET_STATE, WIDGET_VIEW, slide_type, tags
from tools.slides.scripts import DECK, pack
from tools.web.errors import BuildError

_LEFT_OUT = {"exercise", "check", "solution"}


@dataclass(frozen=True, kw_only=True)
class Scripts:
    """What all decks share: packed scripts by name, and the style of reveal.js."""

    packed: Mapping[str, str]
    style: str


def title(notebook: NotebookNode) -> str:
    """Return the heading that a notebook begins with."""
    headings = (re.search(r"^# (.+)$", cell.source, re.MULTILINE) for cell in notebook.cells)
    return next((heading[1] for heading in headings if heading), "—")


def deck(notebook: NotebookNode, *, folder: Path, scripts: Scripts, names: Collection[str]) -> str:
    """Return a notebook as a page of slides, with the outputs that it has.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook as it has just run, with the state of its widgets.
    folder : Path
        Where the notebook lies: a folder named after its language.
    scripts : Scripts
        What all decks share.
    names : collection of str
        The notebooks that have decks; links to others lead nowhere, so only their words remain.

    Raises
    ------
    BuildError
        If a picture is missing.
    """
    state = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {})
    notebook.cells = _shown(notebook.cells)
    page = _export(notebook, folder.name, scripts)
    page = _with_links(_with_images(page, folder), names)
    packed = {**scripts.packed, "state": pack(json.dumps(state, ensure_ascii=False, sort_keys=True))}
    if not any("data-widget=" in line for line in page.splitlines()):
        packed = {name: text for name, text in packed.items() if name not in ("widgets", "state")}
    elements = [
        f'<script type="application/gzip" data-packed="{name}">{text}</script>' for name, text in packed.items()
    ]
    return page.replace("<!-- packed -->", "\n".join(elements))


def _shown(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that slides show; each with a picture gets the text that reads it as its description."""
    for index, cell in enumerate(cells):
        if cell.cell_type == "code":
            cell.source = re.sub(r"\n{3,}", "\n\n", cell.source)  # slides are short of lines
            texts = (later for later in cells[index:] if later.cell_type == "markdown" and slide_type(later) != "notes")
            cell.metadata["alt"] = _plain(next((text.source for text in texts), ""))
            draws_widget = any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs)
            if draws_widget or "hide-input" in tags(cell):
                cell.metadata["transient"] = {"remove_source": True}
    return [cell for cell in cells if slide_type(cell) != "skip" and not _LEFT_OUT & set(tags(cell))]


def _plain(markdown: str) -> str:
    """Return the first paragraphs of a markdown text without its marks, short enough to be listened to."""
    text = re.sub(r"<[^>]+>|!?\[([^\]]*)\]\([^)]*\)|[*_`#$]", lambda match: match[1] or "", markdown)
    return " ".join(text.split())[:300]


def _export(notebook: NotebookNode, language: str, scripts: Scripts) -> str:
    from nbconvert import SlidesExporter

    exporter = SlidesExporter(
        template_name=DECK.name,
        extra_template_basedirs=[str(DECK.parent)],
        exclude_anchor_links=True,
        language_code=language,
    )
    about = {
        "title": title(notebook),
        "slides_style": scripts.style,
        "style": "\n".join([MARKERS.read_text(encoding="utf-8"), _text("deck.css")]),
        "document_style": _text("document.css"),
        "start": _text("deck.js"),
    }
    page, _ = exporter.from_notebook_node(notebook, resources={"deck": about})
    return page


def _text(name: str) -> str:
    return (DECK / name).read_text(encoding="utf-8")


def _with_images(page: str, folder: Path) -> str:
    """Put pictures that lie beside the notebook into the page itself."""

    def inline(match: re.Match) -> str:
        path = folder / match[1]
        if not path.is_file():
            raise BuildError(f"a notebook in {folder.name} shows {match[1]}, which is not there: run `make figures`")
        kind = mimetypes.guess_type(path.name)[0]
        return f'src="data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"'

    return re.sub(r'src="(?!data:)([^"]+)"', inline, page)


def _with_links(page: str, names: Collection[str]) -> str:
    """Let links lead to decks and slides; of those that lead to none, only the words remain."""
    anchors = set(re.findall(r'\bid="([^"]+)"', page))

    def led(match: re.Match) -> str:
        target, rest, words = match.groups()
        notebook = re.fullmatch(r"(?:\./)?(\w+)\.ipynb(#\w+)?", target)
        if notebook and notebook[1] in names:
            return f'<a href="{notebook[1]}.html{notebook[2] or ""}"{rest}>{words}</a>'
        leads_on = target.startswith("https://") or (target.startswith("#") and target[1:] in anchors)
        return match[0] if leads_on else words

    return re.sub(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', led, page, flags=re.DOTALL)
