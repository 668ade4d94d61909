"""The JavaScript of the decks, joined and packed."""

import base64
import gzip
import re
import sys
from pathlib import Path

DECK = Path(__file__).with_name("deck")


def packed_scripts(modules: Path) -> dict[str, str]:
    """Return what decks run, packed, by name: the slides themselves, formulas, widgets."""
    reveal = modules / "reveal.js" / "dist"
    bundle = (modules / "@jupyter-widgets/html-manager/dist/embed-amd.js").read_text(encoding="utf-8")
    joined = {
        "slides": [_read(reveal / "reveal.js"), _read(reveal / "plugin/notes.js")],
        "formulas": [_read(modules / "mathjax/es5/tex-svg-full.js")],
        "widgets": [_read(modules / "requirejs/require.js"), *_widget_modules(bundle), _anywidget()],
    }
    return {name: pack(";\n".join(parts)) for name, parts in joined.items()}


def reveal_style(modules: Path) -> str:
    """Return reveal.js's style without its sheet for paper, in place of which deck.css has one of a page a slide."""
    style = _read(modules / "reveal.js/dist/reveal.css")
    return re.sub(r"@media print\{html:not\(\.print-pdf\).*?\}\}", "", style, flags=re.DOTALL)


def pack(text: str) -> str:
    """Return the text compressed, in letters that can stand in a page; the same bytes each time."""
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _read(path: Path) -> str:
    return re.sub(r"^//# sourceMappingURL=.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def _widget_modules(bundle: str) -> list[str]:
    """Return the modules that draw widgets of today; the bundle has those of ipywidgets 7, and icon fonts, too."""
    modules = re.split(r'^(?=define\(")', bundle, flags=re.MULTILINE)
    wanted = ("base", "controls", "html-manager")
    return [module for name in wanted for module in modules if module.startswith(f'define("@jupyter-widgets/{name}"')]


def _anywidget() -> str:
    """Return anywidget's own module, which has no name, registered under the one that widgets ask for."""
    source = Path(sys.prefix) / "share/jupyter/nbextensions/anywidget/index.js"
    named = '(names, factory) => window.define("anywidget", names, factory)'
    return f"((define) => {{\n{_read(source)}\n}})({named})"
