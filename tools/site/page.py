"""A page: one notebook that has run, as HTML with places for its formulas."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from xml.etree import ElementTree

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from nbconvert import TemplateExporter
from nbformat import NotebookNode
from traitlets.config import Config

from tools.notebooks import WIDGET_VIEW
from tools.site.cells import shown
from tools.site.room import keep_room
from tools.web.code import highlighted
from tools.web.descriptions import plain
from tools.web.errors import BuildError
from tools.web.explorers import WEB, Explorer, Living, living
from tools.web.formulas import as_html, in_a_line
from tools.web.pictures import about_png, webp
from tools.web.thumbnails import telling_picture
from tools.web.words import words

HERE = Path(__file__).parent
_NOTEBOOK = re.compile(r"(?:\./)?(\w+)\.ipynb(#[\w-]+)?")


@dataclass(frozen=True, kw_only=True)
class Section:
    """A heading with what stands below it, to be found by search and shown in the contents."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Page:
    """A notebook as a page.

    Attributes
    ----------
    language, name, title, description : str
        Whose page it is and what it is about.
    body : str
        The text as HTML, with places for formulas.
    sections : list of Section
        In order; the first is the whole page.
    living : list of Living
        What its reader can move and answer.
    files : dict
        The pictures that it shows, by their addresses from the root of the site.
    stills : dict
        Of each explorer, by its name, the address and size of its still picture.
    telling : bytes
        The picture that stands for it elsewhere.
    """

    language: str
    name: str
    title: str
    description: str
    body: str
    sections: list[Section]
    living: list[Living]
    files: dict[str, bytes] = field(repr=False)
    stills: dict[str, dict[str, object]]
    telling: bytes | None = field(repr=False)

    @property
    def explorers(self) -> list[Explorer]:
        """What can be moved on it."""
        return [one for one in self.living if isinstance(one, Explorer)]


def page(notebook: NotebookNode, *, folder: Path, name: str, places: Mapping[str, str]) -> Page:
    """Return a notebook that has run as a page.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook as it has just run, with the state of its widgets.
    folder : Path
        Where the notebook lies: a folder named after its language.
    name : str
        What the notebook is called.
    places : mapping
        Where the notebook can be opened: names of words.toml and their addresses.
    """
    language, alive = folder.name, living(notebook)
    cells = notebook.cells = shown(notebook.cells)
    pictures = _Pictures(folder)
    for cell in cells:
        for output in cell.get("outputs", []):
            pictures.take(output)
    exporter = _Exporter(
        template_name="template",
        extra_template_basedirs=[str(HERE)],
        extra_template_paths=[str(WEB)],
        filters={"markdown2html": as_html, "highlight_code": highlighted},
    )
    about = {"words": words(language), "living": alive, "name": name, "language": language, "places": places}
    body, _ = exporter.from_notebook_node(notebook, resources={"site": about})
    body, sections = _finished(body, pictures)
    text = next(cell.source for cell in cells if cell.cell_type == "markdown")
    paragraphs = [plain(one) for one in text.split("\n\n") if not one.startswith("#")]
    return Page(
        language=language,
        name=name,
        title=sections[0].title,
        description=paragraphs[0],
        body=body,
        sections=sections,
        living=list(alive.values()),
        files=pictures.files,
        telling=telling_picture(notebook),
        stills={
            cell.id: output.metadata.picture
            for cell in cells
            for output in cell.get("outputs", [])
            if "picture" in output.get("metadata", {})
        },
    )


class _Exporter(TemplateExporter):
    """Fills the template, and does nothing else."""

    file_extension = ".html"
    template_extension = ".html.j2"

    @property
    def default_config(self) -> Config:
        """Let a widget come before the still picture beside it."""
        kinds = [WIDGET_VIEW, "text/html", "image/svg+xml", "image/png", "text/markdown", "text/plain"]
        return Config({"NbConvertBase": {"display_data_priority": kinds}})


class _Pictures:
    """Collects the pictures of a page, which become files of the site."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.files: dict[str, bytes] = {}

    def take(self, output: NotebookNode) -> None:
        """Put the picture of an output into a file, and its address and size where it was."""
        data = output.get("data", {})
        if "image/png" in data:
            output.metadata["picture"] = {"address": self._put(data["image/png"])} | about_png(output)

    def carried(self, source: str) -> str:
        """Return where a picture is on the site that a page carried in itself."""
        return self._put(source.removeprefix("data:image/png;base64,"))

    def _put(self, png: str) -> str:
        packed = webp(png)
        address = f"pictures/{hashlib.sha256(packed).hexdigest()[:16]}.webp"
        self.files[address] = packed
        return f"../{address}"

    def beside(self, source: str) -> dict[str, object]:
        """Return where a picture that lies beside the notebook is on the site, and its size."""
        path = self._folder / source
        if not path.is_file():
            raise BuildError(
                f"a notebook in {self._folder.name} shows {source}, which is not there: run `make figures`"
            )
        address = f"img/{path.parent.name}/{path.name}"
        self.files[address] = path.read_bytes()
        return {"src": f"../{address}"} | _size(path)


def _size(path: Path) -> dict[str, int]:
    if path.suffix != ".svg":
        return {}
    _, _, width, height = map(float, ElementTree.parse(path).getroot().get("viewBox").split())
    return {"width": round(width), "height": round(height)}


def _finished(body: str, pictures: _Pictures) -> tuple[str, list[Section]]:
    """Give headings their places, links their pages and pictures their files; return the sections, too."""
    soup = BeautifulSoup(body, "html.parser")
    for image in soup.find_all("img"):
        if image["src"].startswith("data:"):
            image.attrs |= {"src": pictures.carried(image["src"]), "loading": "lazy"}
        elif "width" not in image.attrs:
            image.attrs |= pictures.beside(image["src"]) | {"loading": "lazy"}
            image.attrs["class"] = "figure"
    for link in soup.find_all("a", href=True):
        if not link.has_attr("download") and (notebook := _NOTEBOOK.fullmatch(link["href"])):
            link["href"] = f"{notebook[1]}.html{notebook[2] or ''}"
    for table in soup.find_all("table"):
        table.wrap(soup.new_tag("div", attrs={"class": "wide"}))
    for cell in soup.select(".cell"):
        keep_room(cell)
    return str(soup), _sections(soup)


def _sections(soup: BeautifulSoup) -> list[Section]:
    """Name the places of the headings, and return each with the text below it."""
    found: list[Section] = []
    texts: list[list[str]] = [[]]

    def read(node: Tag, cell: str) -> None:
        for part in node.children:
            if isinstance(part, NavigableString):
                texts[-1].append(part)
            elif part.name in ("h1", "h2", "h3"):
                anchor = cell if all(section.anchor != cell for section in found) else f"{cell}-{len(found)}"
                if anchor != cell:
                    part["id"] = anchor
                found.append(Section(anchor=anchor, title=_in_words(part), level=int(part.name[1]), text=""))
                texts.append([])
            elif part.name in ("pre", "p", "li", "td"):
                texts[-1].append(f" {_in_words(part)} ")
            elif part.name not in ("legend", "label", "figcaption"):
                read(part, part["id"] if "cell" in part.get("class", ()) else cell)

    read(soup, "")
    return [
        replace(section, text=" ".join("".join(said).split())) for section, said in zip(found, texts[1:], strict=True)
    ]


def _in_words(part: Tag) -> str:
    """Return the text of a part of a page; of formulas, what can be read of them in a line."""
    places = part.select("[data-tex], [data-display]")
    texts = [
        one if isinstance(one, str) else in_a_line(one.get("data-tex") or one["data-display"])
        for one in part.descendants
        if isinstance(one, str) or one in places
    ]
    return " ".join("".join(texts).split())
