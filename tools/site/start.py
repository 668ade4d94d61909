"""The start page's pictures: an explorer at once, a thumbnail for each notebook, and one for links from elsewhere."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

import nbformat
from matplotlib.figure import Figure
from PIL import Image

from lecture_utils._look.style import lecture_style
from tools.notebooks import NOTEBOOKS
from tools.site.page import Page
from tools.web.descriptions import plain
from tools.web.explorers import Explorer
from tools.web.thumbnails import Thumbnail, thumbnail
from tools.web.words import words


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The explorer of the start page, which opens where its Play begins."""

    name: str
    explorer: Explorer
    still: dict[str, object]

    @property
    def first(self) -> dict[str, int]:
        """What is chosen at first, other than on its own page."""
        return {control.choice: control.played_from for control in self.explorer.controls if control.interval}


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A notebook in one language, as a card shows it."""

    title: str
    about: str


def opening(pages: Sequence[Page], language: str) -> Opening | None:
    """Return the first explorer of the lecture in a language."""
    for page in pages:
        if page.language == language and page.explorers:
            still = dict(page.stills[page.explorers[0].name])
            still["address"] = still["address"].removeprefix("../")
            return Opening(name=page.name, explorer=page.explorers[0], still=still)
    return None


@dataclass(frozen=True, kw_only=True)
class Card:
    """A notebook in all its languages, with a picture from it."""

    name: str
    address: str
    picture: Thumbnail | None
    editions: dict[str, Edition]


def cards(pages: Sequence[Page]) -> tuple[list[Card], dict[str, bytes]]:
    """Return a card for each notebook, Russian first, and the thumbnails, by their addresses."""
    abouts, thumbnails, made = _abouts(), {}, []
    for name in sorted({page.name for page in pages}):
        editions = {page.language: page for page in pages if page.name == name}
        small = thumbnail(editions.get("en", next(iter(editions.values()))).telling)
        address = f"pictures/{name}.webp"
        if small:
            thumbnails[address] = small.data
        told = {
            language: Edition(title=editions[language].title, about=abouts.get(f"{language}/{name}", ""))
            for language in ("ru", "en")
            if language in editions
        }
        made.append(Card(name=name, address=address, picture=small, editions=told))
    return made, thumbnails


def social(pages: Sequence[Page], language: str) -> bytes:
    """Return the picture that stands for the site where somebody links to it: 1200 × 630."""
    say, family = words(language), [page for page in pages if page.language == language] or pages
    shown = next((page for page in family if page.explorers), family[0])
    with lecture_style():
        figure = Figure(figsize=(12, 6.3), dpi=100, facecolor="white", layout="none")
        figure.text(0.06, 0.885, say["lecture"], size=40, weight="bold", va="center")
        axes = figure.add_axes((0.06, 0.04, 0.88, 0.74))
        if shown.telling:
            axes.imshow(Image.open(io.BytesIO(shown.telling)).convert("RGB"), interpolation="lanczos", aspect="equal")
        axes.set_axis_off()
        packed = io.BytesIO()
        figure.savefig(packed, format="png", metadata={"Software": None})
    return packed.getvalue()


def _abouts() -> dict[str, str]:
    """Return what each notebook is about, as the notebook that they start from says, by language and name."""
    start = nbformat.read(NOTEBOOKS / "start.ipynb", as_version=4)
    rows = re.findall(
        r"^\| \[.*?\]\((\w\w/\w+)\.ipynb\) \| (.*) \|$", "\n".join(cell.source for cell in start.cells), re.MULTILINE
    )
    return {name: plain(about) for name, about in rows}
