"""What decks run, packed; and reveal.js's style."""

import re
from functools import cache
from pathlib import Path

from tools.web.explorers import live_script, model_script
from tools.web.packing import pack

DECK = Path(__file__).with_name("deck")


@cache
def packed_scripts(modules: Path) -> dict[str, str]:
    """Return what all decks carry, packed, by name: the slides, their style, and what draws explorers."""
    reveal = modules / "reveal.js/dist"
    slides = [_read(reveal / "reveal.js"), _read(reveal / "plugin/notes.js")]
    explorers = [model_script(), live_script()]
    return {
        "slides": pack(";\n".join(slides)),
        "style": pack(_style(reveal / "reveal.css")),
        "explorers": pack(";\n".join(explorers)),
    }


def _style(path: Path) -> str:
    """Return reveal.js's style without its sheet for paper, in place of which deck.css has one of a page a slide."""
    return re.sub(r"@media print\{html:not\(\.print-pdf\).*?\}\}", "", _read(path), flags=re.DOTALL)


def _read(path: Path) -> str:
    return re.sub(r"^//# sourceMappingURL=.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
