"""Builds the site: runs the notebooks, makes their pages, and puts all in place at once."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nbformat import NotebookNode

from lecture_utils._words import LANGUAGES
from tools.environment import BUILD
from tools.notebooks import NOTEBOOKS, find
from tools.site.assets import script, search, style
from tools.site.layout import TEMPLATE, Site, notebook_page, start_page
from tools.site.page import Page, page
from tools.site.start import cards, opening, social
from tools.site.words import words
from tools.web.errors import BuildError
from tools.web.executed import executed
from tools.web.formulas import set_formulas
from tools.web.npm import packages

OUTPUT = BUILD / "site"
#: The start page speaks both languages, and so has the style with the letters of both.
START = "ru"


@dataclass(frozen=True, kw_only=True)
class Whereabouts:
    """Where the site and its notebooks are to be found, as far as the builder knows.

    Attributes
    ----------
    base : str
        The address of the site.
    repository, branch : str
        Where the notebooks lie on GitHub: "owner/name", and the branch.
    """

    base: str = ""
    repository: str = ""
    branch: str = "main"

    def places(self, language: str, name: str) -> dict[str, str]:
        """Return where a notebook can be opened, by the names of words.toml."""
        if not self.repository:
            return {}
        path = f"notebooks/{language}/{name}.ipynb"
        return {
            "open_colab": f"https://colab.research.google.com/github/{self.repository}/blob/{self.branch}/{path}",
            "open_binder": f"https://mybinder.org/v2/gh/{self.repository}/{self.branch}?urlpath=lab/tree/{path}",
        }


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
        with ProcessPoolExecutor() as pool:
            try:
                pages = list(pool.map(partial(make, whereabouts=whereabouts), paths))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        write(pages, unfinished, modules=modules, slides=slides, whereabouts=whereabouts)
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


def write(pages: Sequence[Page], folder: Path, *, modules: Path, slides: Path, whereabouts: Whereabouts) -> None:
    """Write the site of these pages into an empty folder."""
    pages = sorted(pages, key=lambda one: (one.language, one.name))
    built = [file.relative_to(slides).as_posix() for file in slides.glob("*/*")]
    decks, handouts = ([one for one in built if one.endswith(kind)] for kind in (".html", ".pdf"))
    places = {(one.language, one.name): whereabouts.places(one.language, one.name) for one in pages}
    site = Site(pages=pages, base=whereabouts.base, decks=decks, handouts=handouts, places=places)
    formulas = set_formulas([one.body for one in pages], modules)
    files: dict[str, str | bytes] = {"assets/site.js": script(), "assets/icon.svg": (TEMPLATE / "icon.svg").read_text()}
    whole = {one: notebook_page(one, site, text=formulas.put_into(one.body)) for one in pages}
    for one, text in whole.items():
        files[f"{one.language}/{one.name}.html"] = text
        files[f"{one.language}/{one.name}.ipynb"] = (NOTEBOOKS / one.language / f"{one.name}.ipynb").read_bytes()
        files |= {f"data/{one.language}/{one.name}/{alive.name}.js": alive.data() for alive in one.explorers}
        files |= one.files
    start = _start(site, files)
    for language in LANGUAGES:
        family = [one for one in pages if one.language == language]
        texts = [whole[one] for one in family] + ([start] if language == START else [])
        files[f"assets/style-{language}.css"] = style(texts, formulas, modules)
        if family:
            files[f"assets/search-{language}.js"] = search(family, modules)
    if site.base:
        addresses = "\n".join(
            f"<url><loc>{site.base}{one}</loc></url>" for one in sorted(files) if one.endswith(".html")
        )
        files["sitemap.xml"] = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{addresses}\n</urlset>\n'
        )
    for address, content in files.items():
        file = folder / address
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    if slides.is_dir():
        shutil.copytree(slides, folder / "slides", ignore=shutil.ignore_patterns("*.unfinished"))


def _start(site: Site, files: dict[str, str | bytes]) -> str:
    """Add the start page and its pictures to the files; return it."""
    shown, pictures = cards(site.pages)
    files |= pictures | {f"social/{language}.png": social(site.pages, language) for language in LANGUAGES}
    files["index.html"] = start_page(
        site,
        language=START,
        languages={language: words(language) for language in LANGUAGES},
        first=site.pages[0].name,
        decks={language: any(deck.startswith(f"{language}/") for deck in site.decks) for language in LANGUAGES},
        pictures={language: opening(site.pages, language) for language in LANGUAGES},
        cards=shown,
    )
    return files["index.html"]


def _put(unfinished: Path, output: Path) -> None:
    """Put a folder in the place of the one before, of which nothing remains."""
    before = unfinished.with_name(f"{unfinished.name}-before")
    if output.exists():
        os.replace(output, before)
    os.replace(unfinished, output)
    shutil.rmtree(before, ignore_errors=True)
