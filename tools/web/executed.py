"""Notebooks as they have just run, kept under build/ so that slides and site share one run."""

import hashlib
import os
import sys
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

import nbformat
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools.environment import BUILD, ROOT
from tools.notebooks import run
from tools.web.errors import BuildError

KEPT = BUILD / "executed"


def executed(path: Path) -> NotebookNode:
    """Return the notebook at `path` with the outputs of a fresh run, widgets included.

    A run is fresh as long as the notebook, the package and every installed version are what it was made with.

    Raises
    ------
    BuildError
        If a cell raises that is not tagged ``raises-exception``.
    """
    name = f"{path.parent.name}-{path.stem}"
    file = KEPT / f"{name}-{_key(path)}.ipynb"
    if not file.exists():
        try:
            notebook = run(nbformat.read(path, as_version=4), folder=path.parent)
        except CellExecutionError as error:
            raise BuildError(
                f"{path.parent.name}/{path.name} raises {error.ename} ({' '.join(error.evalue.split())}): "
                "mend the notebook and run again"
            ) from None
        KEPT.mkdir(parents=True, exist_ok=True)
        for stale in KEPT.glob(f"{name}-*.ipynb"):
            stale.unlink(missing_ok=True)
        write(file, nbformat.writes(notebook))
    return nbformat.read(file, as_version=4)


def write(path: Path, text: str) -> Path:
    """Write a file as a whole or not at all."""
    unfinished = path.with_suffix(".unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _key(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + _ground()).hexdigest()[:16]


@cache
def _ground() -> bytes:
    """Return a digest of all that a run depends on besides the notebook."""
    package = sorted(file for file in (ROOT / "lecture_utils").rglob("*") if file.is_file() and file.suffix != ".pyc")
    installed = sorted(f"{one.name} {one.version}" for one in distributions())
    digest = hashlib.sha256(f"{sys.version} {installed}".encode())
    for file in package:
        digest.update(file.read_bytes())
    return digest.digest()
