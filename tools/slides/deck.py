"""A deck: one notebook as one file that needs neither a kernel nor a server nor a network."""

import json
import re
from collections.abc import Collection, Iterable
from pathlib import Path

from nbformat import NotebookNode

from lecture_utils._look.setup import MARKERS
from tools.notebooks import shows_widget, slide_type, tags
from tools.slides.scripts import DECK, packed_scripts
from tools.web.code import code_style, highlighted
from tools.web.descriptions import descriptions
from tools.web.errors import BuildError
from tools.web.explorers import WEB, Living, live_style, living
from tools.web.formulas import as_html, set_formulas
from tools.web.packing import pack
from tools.web.pictures import about_png, png_address, svg_address
from tools.web.styles import dense
from tools.web.words import words

_LEFT_OUT = {"exercise", "check", "solution"}


def title(notebook: NotebookNode) -> str:
    """Return the heading that a notebook begins with."""
    headings = (re.search(r"^# (.+)$", cell.source, re.MULTILINE) for cell in notebook.cells)
    return next((heading[1] for heading in headings if heading), "—")


def deck(notebook: NotebookNode, *, folder: Path, modules: Path, names: Collection[str]) -> str:
    """Return a notebook as a page of slides, with the outputs that it has.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook as it has just run, with the state of its widgets.
    folder : Path
        Where the notebook lies: a folder named after its language.
    modules : Path
        The npm packages.
    names : collection of str
        The notebooks that have decks; links to others lead nowhere, so only their words remain.

    Raises
    ------
    BuildError
        If a picture is missing, or a formula cannot be set.
    """
    alive = living(notebook)
    notebook.cells = _shown(notebook.cells)
    page = _export(notebook, folder.name, alive)
    page = _with_kickers(_without_dead_lines(_with_links(_with_images(page, folder), names)))
    formulas = set_formulas([page], modules)
    shown = [one for one in alive.values() if f'data-name="{one.name}"' in page]
    packed = dict(packed_scripts(modules)) | _data(shown)
    if not shown:
        del packed["explorers"]
    elements = [
        f'<script type="application/gzip" data-packed="{name}">{text}</script>' for name, text in packed.items()
    ]
    style = "\n".join(
        [formulas.style, MARKERS.read_text(encoding="utf-8"), live_style(), code_style(), _text("deck.css")]
    )
    page = formulas.put_into(page).replace("/* style */", dense(style))
    return page.replace("<!-- packed -->", "\n".join(elements))


def _data(alive: Iterable[Living]) -> dict[str, str]:
    """Return what the explorers and questions of a deck are drawn by, packed; tables are already."""
    traits = {one.name: {key: value for key, value in one.traits.items() if key != "table"} for one in alive}
    tables = {f"table {one.name}": one.traits["table"] for one in alive if "table" in one.traits}
    return {"traits": pack(json.dumps(traits, ensure_ascii=False, sort_keys=True))} | tables


def _shown(cells: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells that slides show; each with a picture gets the text that reads it as its description."""
    read = [cell for cell in cells if slide_type(cell) != "notes"]
    for cell, description in zip(read, descriptions(read), strict=True):
        if cell.cell_type == "code":
            cell.source = re.sub(r"\n{3,}", "\n\n", cell.source)  # slides are short of lines
            cell.metadata["alt"] = description
            if shows_widget(cell) or "hide-input" in tags(cell):
                cell.metadata["transient"] = {"remove_source": True}
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    output.metadata["picture"] = {"address": png_address(output.data["image/png"])} | about_png(output)
    return [cell for cell in cells if slide_type(cell) != "skip" and not _LEFT_OUT & set(tags(cell))]


def _export(notebook: NotebookNode, language: str, alive: dict[str, Living]) -> str:
    from nbconvert import SlidesExporter

    exporter = SlidesExporter(
        template_name=DECK.name,
        extra_template_basedirs=[str(DECK.parent)],
        extra_template_paths=[str(WEB)],
        filters={"markdown2html": as_html, "highlight_code": highlighted, "svg_address": svg_address},
    )
    about = {
        "title": title(notebook),
        "language": language,
        "words": words(language),
        "living": alive,
        "document_style": dense(_text("document.css")),
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
        address = svg_address(path.read_text(encoding="utf-8"))
        of_a_series = ' class="series"' if re.search(r"_\d$", path.stem) else ""
        return f'src="{address}"{of_a_series}'

    return re.sub(r'src="(?!data:)([^"]+)"', inline, page)


def _without_dead_lines(page: str) -> str:
    """Leave out of the contents what the deck leaves out; the others keep their numbers."""

    def numbered(contents: re.Match) -> str:
        lines = enumerate(contents[2].split("<li>")[1:], start=1)
        return contents[1] + "".join(f'<li value="{number}">{line}' for number, line in lines if "<a " in line)

    return re.sub(r'(id="contents".*?<ol>)(.*?)(?=</ol>)', numbered, page, count=1, flags=re.DOTALL)


def _with_kickers(page: str) -> str:
    """Let each slide without a heading say above its text to which section it belongs."""
    begin, *slides = page.split('<div class="page">')
    section, kept = "", [begin]
    for slide in slides:
        if not section or re.search("<h[123]", slide):
            kept.append(slide)
        else:
            kept.append(f'<p class="kicker">{section}</p>{slide}')
        headings = re.findall("<h2[^>]*>(.*?)</h2>", slide, flags=re.DOTALL)
        section = re.sub(r"\s*<a [^>]*>.*?</a>", "", headings[-1]) if headings else section
    return '<div class="page">'.join(kept)


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
