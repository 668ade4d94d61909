"""Builds the site: runs the notebooks, makes their pages, and puts all in place at once."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from tools.environment import BUILD
from tools.notebooks import find
from tools.site.folder import put_together
from tools.site.layout import Whereabouts
from tools.site.page import Page, page
from tools.web.errors import BuildError
from tools.web.executed import executed
from tools.web.npm import packages
from tools.web.processes import processes

OUTPUT = BUILD / "site"


def build(
    paths: Sequence[Path] | None = None,
    *,
    output: Path = OUTPUT,
    slides: Path = BUILD / "slides",
    whereabouts: Whereabouts | None = None,
) -> Iterator[Path]:
    """Build the site of these notebooks, all by default, in `output`; yield what is there when it is whole.

    Raises
    ------
    BuildError
        If there are no npm packages, a notebook raises, a formula cannot be set, or `output` cannot be written.
    """
    paths, whereabouts = find() if paths is None else list(paths), whereabouts or Whereabouts()
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(dir=output.parent, prefix=f"{output.name}-"))
    except OSError as error:
        raise BuildError(
            f"the site cannot be written to {output} ({error.strerror}): choose a folder with --output"
        ) from None
    try:
        modules = packages()
        with processes() as pool:
            pages = list(pool.map(partial(make, whereabouts=whereabouts), paths))
        put_together(pages, unfinished, modules=modules, slides=slides, whereabouts=whereabouts)
        unfinished.chmod(0o755)
        _put(unfinished, output)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    yield output / "index.html"
    yield from (output / one.language / f"{one.name}.html" for one in pages)


def make(path: Path, *, whereabouts: Whereabouts, run: NotebookNode | None = None) -> Page:
    """Return the page of the notebook at `path`, of a fresh run."""
    language, name = path.parent.name, path.stem
    notebook = executed(path) if run is None else run
    return page(notebook, folder=path.parent, name=name, places=whereabouts.places(language, name))


def _put(unfinished: Path, output: Path) -> None:
    """Put a folder in the place of the one before, of which nothing remains."""
    before = unfinished.with_name(f"{unfinished.name}-before")
    if output.exists():
        os.replace(output, before)
    os.replace(unfinished, output)
    shutil.rmtree(before, ignore_errors=True)
