"""Builds the decks of all notebooks, and the page that lists them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from lecture_utils._words import LANGUAGES
from tools.environment import BUILD
from tools.notebooks import find
from tools.slides.deck import deck, title
from tools.slides.scripts import DECK
from tools.web.errors import BuildError
from tools.web.executed import executed, write
from tools.web.npm import packages
from tools.web.processes import processes
from tools.web.thumbnails import Thumbnail, telling_picture, thumbnail

OUTPUT = BUILD / "slides"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A deck in the list of decks."""

    language: str
    name: str
    title: str
    picture: Thumbnail | None


def build(languages: Sequence[str] = LANGUAGES, *, output: Path = OUTPUT) -> Iterator[Path]:
    """Build the decks of all notebooks in these languages under `output`; yield each file when it is there.

    Raises
    ------
    BuildError
        If there is no such language, no npm packages, a notebook that raises, or `output` cannot be written.
    """
    paths = _notebooks(languages)
    try:
        for path in paths:
            (output / path.parent.name).mkdir(parents=True, exist_ok=True)
        make = partial(_make, modules=packages(), output=output, names={path.stem for path in paths})
        with processes() as pool:
            yield from pool.map(make, paths)
        built = [path for path in find() if _deck(path, output).exists()]  # by earlier runs, too
        yield write(output / "index.html", contents(built))
    except OSError as error:
        raise BuildError(
            f"slides cannot be written to {output} ({error.strerror}): choose a folder with --output"
        ) from None


def _notebooks(languages: Sequence[str]) -> list[Path]:
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise BuildError(f"languages must be some of {list(LANGUAGES)}, but one is {unknown[0]!r}")
    return [path for path in find() if path.parent.name in languages]


def _make(path: Path, *, modules: Path, output: Path, names: set[str]) -> Path:
    return write(_deck(path, output), deck(executed(path), folder=path.parent, modules=modules, names=names))


def _deck(path: Path, output: Path) -> Path:
    return output / path.parent.name / f"{path.stem}.html"


def contents(paths: Sequence[Path]) -> str:
    """Return the page that lists the decks of these notebooks."""
    entries = []
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        picture = thumbnail(telling_picture(notebook), width=480)
        entries.append(Entry(language=path.parent.name, name=path.stem, title=title(notebook), picture=picture))
    environment = Environment(loader=FileSystemLoader(DECK), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("contents.html.j2").render(decks=entries)
