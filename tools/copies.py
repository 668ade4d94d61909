"""Makes the reader's own copies of the notebooks, without spoilers: ``make lab`` opens them.

A copy remembers in its metadata what was laid. So nothing that a reader wrote or ran is ever overwritten, and no list
of copies can be lost: a copy that holds what was laid is renewed, beside any other the new one is laid.
"""

import argparse
import hashlib
import json
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lecture_utils._words import LANGUAGES
from tools.notebooks import NOTEBOOKS, find, slide_type

#: The folder of the copies: as deep as that of the notebooks, so that links to img/ lead there from both.
MY = "my"
_LAID = "lecture_copy"
_ANSWER = re.compile(r'(<span class="marker answer">.*?</span>)(.*)\Z', re.DOTALL)
#: The cell of the start page that says in a language what stands beside what.
_PAGE = {"ru": "russian", "en": "english"}
_NEWS = {
    "ru": "**Лекция обновилась.** Ваши тетради остались как были; новые лежат рядом: {}.",
    "en": "**The lecture has changed.** Your notebooks are as you left them; the new ones lie beside them: {}.",
}


def main(arguments: Sequence[str]) -> None:
    """Lay the copies, and the pictures that they show, in a student's folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.copies", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--version", default="", help="what is written beside them, when all are laid")
    options = parser.parse_args(arguments)
    lay(options.folder)
    if options.folder.resolve() != NOTEBOOKS.parent:
        # A link would lead out of the folder that is served, and so nowhere.
        shutil.copytree(NOTEBOOKS.parent / "img", options.folder / "img", dirs_exist_ok=True)
    (options.folder / MY / ".laid").write_text(options.version, encoding="utf-8")


def version() -> str:
    """Return what tells one state of the lecture from another."""
    files = [*find(), NOTEBOOKS / "start.ipynb", *sorted((NOTEBOOKS.parent / "img").rglob("*.*"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def lay(root: Path, *, sources: Path = NOTEBOOKS) -> Path:
    """Lay copies of all notebooks in ``root/my``, each where none of today's lecture lies; return the start page.

    Parameters
    ----------
    root : Path
        The folder that has, or will have, the lecture's ``img`` in it.
    sources : Path
        The folder of the notebooks.
    """
    newest = {path: _lay(root / MY / path.relative_to(sources), copy(_read(path))) for path in find(sources)}
    start = _read(sources / "start.ipynb")
    for cell in start.cells:
        for language in LANGUAGES:
            beside = [new for path, new in newest.items() if new.stem != path.stem and path.parent.name == language]
            if beside and cell.id == _PAGE[language]:
                links = ", ".join(f"[{new.stem}](<{language}/{new.name}>)" for new in beside)
                cell.source += f"\n\n{_NEWS[language].format(links)}"
    return _lay(root / MY / "start.ipynb", start)


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def copy(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook as a reader begins with it: nothing has run, answers are folded, and no notes are in it."""
    notebook.cells = [cell for cell in notebook.cells if slide_type(cell) != "notes"]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        elif cell.id != "legend":  # which shows what an answer looks like
            cell.source = _ANSWER.sub(r"<details><summary>\1</summary>\n\n\2\n\n</details>", cell.source)
            cell.source = re.sub(r"(</summary>\n\n)\s+", r"\1", cell.source)
    return notebook


def _lay(path: Path, notebook: NotebookNode) -> Path:
    """Lay a notebook at `path`, or beside what a reader made of it; return where it lies."""
    laid = _digest(notebook)
    notebook.metadata[_LAID] = laid
    place, number = path, 1
    renewed = None
    while place.exists():
        was, now = _laid_and_found(place)
        if was == laid:
            return place
        if was == now:
            renewed = renewed or place
        number += 1
        place = path.with_stem(f"{path.stem} ({number})")
    place = renewed or place
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_suffix(".unfinished")
    nbformat.write(notebook, unfinished)
    unfinished.replace(place)
    return place


def _laid_and_found(path: Path) -> tuple[str, str]:
    """Return the digest of what was laid at `path`, and of what is there; they differ where a reader was at work."""
    try:
        notebook = _read(path)
        return notebook.metadata[_LAID], _digest(notebook)
    except Exception:  # no notebook of ours, or no notebook any more: the reader's all the same
        return "", "the reader's"


def _digest(notebook: NotebookNode) -> str:
    """Return what tells what is written and what has run in a notebook; opening it changes neither."""
    cells = [
        (cell.id, cell.cell_type, cell.source, cell.get("outputs", []), cell.get("attachments", {}))
        for cell in notebook.cells
    ]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
