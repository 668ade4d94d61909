"""What all pages share: styles with their fonts, scripts, and what search looks through."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from lecture_utils._look.setup import MARKERS
from tools.site.layout import TEMPLATE
from tools.site.page import Page
from tools.web.code import code_style
from tools.web.explorers import live_script, live_style, model_script
from tools.web.fonts import text_faces
from tools.web.formulas import Formulas
from tools.web.styles import dense

_STEMMERS = {"ru": "russian", "en": "english"}


def style(pages: Sequence[str], formulas: Formulas | None, modules: Path) -> str:
    """Return the style of these pages, with fonts that have their letters; and of formulas, if they are set on them."""
    own = _read(TEMPLATE / "site.css")
    parts = [
        text_faces(pages, modules),
        formulas.style if formulas else "",
        _read(MARKERS),
        live_style(),
        code_style(),
        own,
    ]
    return "\n".join(map(dense, parts))


def scripts() -> dict[str, str]:
    """Return the scripts of all pages, by their names: what each loads first, and what it loads when it draws."""
    first = [model_script(), *(_read(TEMPLATE / name) for name in ("near.js", "site.js"))]
    return {"site.js": ";\n".join(first), "live.js": live_script()}


def search(pages: Sequence[Page], modules: Path) -> str:
    """Return the script that finds sections of these pages, all in one language, with what it looks through."""
    language = _STEMMERS[pages[0].language]
    sections = [
        {"page": page.name, "anchor": section.anchor, "title": section.title, "text": section.text}
        for page in pages
        for section in page.sections
    ]
    asked = json.dumps({"language": language, "sections": sections}, ensure_ascii=False)
    parts = [_stemmer(modules, language), f"window.lectureSearch = {asked}", _read(TEMPLATE / "search.js")]
    return ";\n".join(parts)


def _stemmer(modules: Path, language: str) -> str:
    """Return snowball-stemmers with one language; the package has two dozen, a megabyte."""
    source = _read(modules / "snowball-stemmers/snowball-stemmers.js")
    begin = r"^(?=    var \w+Stemmer = function \(_SnowballStemmer|    function newStemmer)"
    parts = re.split(begin, source, flags=re.MULTILINE)
    other = re.compile(rf"    var (?!{language})\w+Stemmer = function \(_SnowballStemmer")
    one = "".join(part for part in parts if not other.match(part))
    return re.sub(rf"^ +(?!{language})\w+: \w+Stemmer,?\n", "", one, flags=re.MULTILINE)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
