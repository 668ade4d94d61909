"""Puts the site together in a folder: pages, what they share, pictures, data, and the slides that there are."""

import shutil
from collections.abc import Sequence
from itertools import repeat
from pathlib import Path

from lecture_utils._words import LANGUAGES
from tools.notebooks import NOTEBOOKS
from tools.site.assets import scripts, search, style
from tools.site.layout import LOST, START, TEMPLATE, Site, Whereabouts, lost_page, notebook_page, start_page
from tools.site.page import Page
from tools.site.start import cards, opening, social
from tools.web.formulas import set_formulas
from tools.web.processes import processes
from tools.web.words import words

#: What the start page and the one for the lost are said to be in; they speak both languages.
_FIRST = "ru"


def put_together(pages: Sequence[Page], folder: Path, *, modules: Path, slides: Path, whereabouts: Whereabouts) -> None:
    """Write the site of these pages into an empty folder."""
    pages = sorted(pages, key=lambda one: (one.language, one.name))
    built = [file.relative_to(slides).as_posix() for file in slides.glob("*/*")]
    decks, handouts = ([one for one in built if one.endswith(kind)] for kind in (".html", ".pdf"))
    site = Site(pages=pages, whereabouts=whereabouts, decks=decks, handouts=handouts)
    formulas = set_formulas([one.body for one in pages], modules)
    files: dict[str, str | bytes] = {"assets/icon.svg": (TEMPLATE / "icon.svg").read_text()}
    files |= {f"assets/{name}": text for name, text in scripts().items()}
    whole = {one: notebook_page(one, site, text=formulas.put_into(one.body)) for one in pages}
    for one, text in whole.items():
        files[f"{one.language}/{one.name}.html"] = text
        files[f"{one.language}/{one.name}.ipynb"] = (NOTEBOOKS / one.language / f"{one.name}.ipynb").read_bytes()
        files |= {f"data/{one.language}/{one.name}/{alive.name}.js": alive.data() for alive in one.living}
        files |= one.files
    both = [_start(site, files)]
    if whereabouts.base:
        files["sitemap.xml"] = _sitemap(whereabouts.base, [one for one in files if one.endswith(".html")])
        files[LOST] = lost_page(site, language=_FIRST, languages={one: words(one) for one in LANGUAGES})
        both.append(files[LOST])
    sheets = {START: (both, None)}
    for language in LANGUAGES:
        family = [one for one in pages if one.language == language]
        if family:
            sheets[language] = ([whole[one] for one in family], formulas)
            files[f"assets/search-{language}.js"] = search(family, modules)
    with processes() as pool:  # each sheet cuts fonts for seconds
        styles = pool.map(style, *zip(*sheets.values(), strict=True), repeat(modules))
        files |= {f"assets/style-{name}.css": text for name, text in zip(sheets, styles, strict=True)}
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
        language=_FIRST,
        languages={language: words(language) for language in LANGUAGES},
        first=site.pages[0].name,
        decks={language: any(deck.startswith(f"{language}/") for deck in site.decks) for language in LANGUAGES},
        pictures={language: opening(site.pages, language) for language in LANGUAGES},
        cards=shown,
    )
    return files["index.html"]


def _sitemap(base: str, addresses: Sequence[str]) -> str:
    places = "\n".join(f"<url><loc>{base}{one}</loc></url>" for one in sorted(addresses))
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{schema}">\n{places}\n</urlset>\n'
