"""A plugin of pytest that keeps each notebook as nbval has just run it, widgets included, for other tests to see."""

import json
import os
import tempfile
from pathlib import Path

import nbformat
import pytest
from filelock import FileLock
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebook import path, read
from tools.notebooks import WIDGET_STATE, run, tidied

_FOLDER = "EXECUTED_NOTEBOOKS"  # the variable that names the folder which the processes of one test run share
_SAVE_WIDGETS = (
    "import json, ipywidgets\nwith open({!r}, 'w') as f:\n    json.dump(ipywidgets.Widget.get_manager_state(), f)"
)


def executed(language: str, name: str) -> nbformat.NotebookNode:
    """Return a notebook as nbval has just run it, or, where it has not, run it."""
    file = _file(path(language, name))
    with FileLock(f"{file}.lock"):
        if not file.exists():
            nbformat.write(run(read(language, name), folder=path(language, name).parent), file)
    return nbformat.read(file, as_version=4)


def _file(notebook: Path) -> Path:
    return Path(os.environ[_FOLDER]) / f"{notebook.parent.name}-{notebook.name}"


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make the folder, in the process that starts the others."""
    if _FOLDER not in os.environ:
        folder = tempfile.TemporaryDirectory()
        session.config.add_cleanup(folder.cleanup)
        os.environ[_FOLDER] = folder.name


@pytest.hookimpl(tryfirst=True)  # before the kernel is stopped
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Keep a notebook when nbval has run its last cell."""
    if isinstance(item, IPyNbCell) and (nextitem is None or nextitem.parent is not item.parent):
        _keep(item.parent, [cell for cell in item.session.items if cell.parent is item.parent])


def _keep(file: IPyNbFile, cells: list[IPyNbCell]) -> None:
    notebook = nbformat.from_dict(file.nb)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if len(code) != len(cells) or any(cell.test_outputs is None for cell in cells) or not file.kernel.is_alive():
        return  # only some were run
    for number, (cell, ran) in enumerate(zip(code, cells, strict=True), start=1):
        cell.outputs = tidied(map(nbformat.from_dict, ran.test_outputs))
        for output in cell.outputs:
            if "execution_count" in output:  # nbval lets the kernel not count
                output.execution_count = number
    kept = _file(file.path)
    state = kept.with_suffix(".widgets")
    file.kernel.await_reply(file.kernel.execute_cell_input(_SAVE_WIDGETS.format(str(state))), timeout=60)
    notebook.metadata["widgets"] = {WIDGET_STATE: json.loads(state.read_text())}
    nbformat.write(notebook, kept)
