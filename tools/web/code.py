"""Code as pages show it."""

import re
from functools import cache
from pathlib import Path

from nbconvert.filters import Highlight2HTML

_STYLE = Path(__file__).with_suffix(".css")


def highlighted(source: str, **options: object) -> str:
    """Return code as HTML, in which the words that have a colour in code.css have their class."""
    html = Highlight2HTML(pygments_lexer="ipython3")(source, **options)
    return re.sub(r'<span class="(\w+)">([^<]*)</span>|<span></span>', _bare, html)


def code_style() -> str:
    """Return the style of code."""
    return _STYLE.read_text(encoding="utf-8")


def _bare(word: re.Match) -> str:
    return word[0] if word[1] in _coloured() else word[2] or ""


@cache
def _coloured() -> frozenset[str]:
    return frozenset(re.findall(r"\.(\w+)(?=[,)])", code_style()))
