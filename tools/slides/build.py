"""Builds the decks of all notebooks, and the page that lists them."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode

from lecture_utils._words import LANGUAGES
from tools.environment import BUILD
from tools.notebooks import find, run
from tools.slides.deck import Scripts, deck, title
from tools.slides.errors import SlidesError
from tools.slides.scripts import DECK, packages, packed_scripts, reveal_style

OUTPUT = BUILD / "slides"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A deck in the list of decks."""

    language: str
    name: str
    title: str


def build(languages: Sequence[str] = LANGUAGES, *, output: Path = OUTPUT) -> Iterator[Path]:
    """Build the decks of all notebooks in these languages under `output`; yield each file when it is there.

    Raises
    ------
    SlidesError
        If there is no such language, no npm packages, a notebook that raises, or `output` cannot be written.
    """
    paths = _notebooks(languages)
    try:
        for path in paths:
            (output / path.parent.name).mkdir(parents=True, exist_ok=True)
        modules = packages()
        scripts = Scripts(packed=packed_scripts(modules), style=reveal_style(modules))
        make = partial(_make, scripts=scripts, output=output, names={path.stem for path in paths})
        with ProcessPoolExecutor() as pool:
            try:
                yield from pool.map(make, paths)
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        built = [path for path in find() if _deck(path, output).exists()]  # by earlier runs, too
        yield write(output / "index.html", contents(built))
    except OSError as error:
        raise SlidesError(
            f"slides cannot be written to {output} ({error.strerror}): choose a folder with --output"
        ) from None


def _notebooks(languages: Sequence[str]) -> list[Path]:
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown:
        raise SlidesError(f"languages must be some of {list(LANGUAGES)}, but one is {unknown[0]!r}")
    return [path for path in find() if path.parent.name in languages]


def _make(path: Path, *, scripts: Scripts, output: Path, names: set[str]) -> Path:
    return write(_deck(path, output), deck(_run(path), folder=path.parent, scripts=scripts, names=names))


def _run(path: Path) -> NotebookNode:
    """Run the notebook afresh, so that no deck shows a stale output."""
    from nbclient.exceptions import CellExecutionError

    try:
        return run(nbformat.read(path, as_version=4), folder=path.parent)
    except CellExecutionError as error:
        raise SlidesError(
            f"{path.parent.name}/{path.name} raises {error.ename} ({' '.join(error.evalue.split())}): "
            "mend the notebook and run again"
        ) from None


def _deck(path: Path, output: Path) -> Path:
    return output / path.parent.name / f"{path.stem}.html"


def write(path: Path, text: str) -> Path:
    """Write a file as a whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def contents(paths: Sequence[Path]) -> str:
    """Return the page that lists the decks of these notebooks."""
    entries = [
        Entry(language=path.parent.name, name=path.stem, title=title(nbformat.read(path, as_version=4)))
        for path in paths
    ]
    environment = Environment(loader=FileSystemLoader(DECK), autoescape=True, undefined=StrictUndefined)
    return environment.get_template("contents.html.j2").render(decks=entries)
