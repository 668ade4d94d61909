"""Reading the notebooks, for the tests."""

import ast
import re
from pathlib import Path

from nbformat import NotebookNode

from tools.notebooks import NOTEBOOKS, read, tags

__all__ = ["NAMES", "exercises", "path", "program", "read", "solution"]

NAMES = sorted(path.stem for path in (NOTEBOOKS / "ru").glob("*.ipynb"))


def path(language: str, name: str) -> Path:
    """Return where the notebook `name` in `language` lies."""
    return NOTEBOOKS / language / f"{name}.ipynb"


def exercises(notebook: NotebookNode) -> list[tuple[NotebookNode, NotebookNode, NotebookNode]]:
    """Return (stub, check, solution) of each exercise, in order."""
    tagged = ([cell for cell in notebook.cells if tag in tags(cell)] for tag in ("exercise", "check", "solution"))
    return list(zip(*tagged, strict=True))


def solution(cell: NotebookNode) -> str:
    """Return the program in a cell tagged `solution`."""
    (program,) = re.findall(r"^```python\n(.*?)^```$", cell.source, flags=re.DOTALL | re.MULTILINE)
    return program


def program(source: str) -> str:
    """Return what a code cell does: its syntax tree, without comments, and with one language for `setup`."""
    return ast.dump(ast.parse(re.sub(r'^setup\("(ru|en)"\)', 'setup("")', source, flags=re.MULTILINE)))
