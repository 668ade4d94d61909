"""Runs the notebooks and stores their outputs, the same bytes each time: ``python -m tools.notebooks``."""

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools import environment

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def find(root: Path = NOTEBOOKS) -> list[Path]:
    """Return all the lecture's notebooks, Russian and English, in the order of their names."""
    return sorted(path for language in ("en", "ru") for path in (root / language).glob("*.ipynb"))


def read(language: str, name: str) -> NotebookNode:
    """Return a stored notebook by its language and its name."""
    return nbformat.read(NOTEBOOKS / language / f"{name}.ipynb", as_version=4)


def slide_type(cell: NotebookNode) -> str | None:
    """Return what a cell is in a slide show: slide, subslide, fragment, notes or skip; None if it goes on a slide."""
    return cell.metadata.get("slideshow", {}).get("slide_type")


def tags(cell: NotebookNode) -> list[str]:
    """Return the tags of a cell."""
    return cell.metadata.get("tags", [])


def shows_widget(cell: NotebookNode) -> bool:
    """Return whether a cell that has run shows a widget."""
    return any(WIDGET_VIEW in output.get("data", {}) for output in cell.get("outputs", []))


def execute(notebook: NotebookNode, *, folder: Path) -> NotebookNode:
    """Run a notebook as if it lay in `folder`; return it with fresh outputs and nothing that changes by itself.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises that is not tagged ``raises-exception``.
    """
    return normalised(run(notebook, folder=folder))


def run(notebook: NotebookNode, *, folder: Path) -> NotebookNode:
    """Run a notebook as if it lay in `folder`; return it with fresh outputs, the widgets and their state included.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises that is not tagged ``raises-exception``.
    """
    notebook = nbformat.from_dict(notebook)
    client = NotebookClient(notebook, timeout=300, **client_settings(folder))
    client.execute(env=environment.unseen())
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = tidied(cell.outputs)
    return notebook


def tidied(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return outputs as they are stored: each stream in one piece, of an error its last line."""
    outputs = list(_joined(outputs))
    for output in outputs:
        if output.output_type == "error":  # the lines of the traceback name folders of this machine
            output.traceback = [f"{output.ename}: {output.evalue}"]
    return outputs


def client_settings(folder: Path) -> dict[str, object]:
    """Return how nbclient is to run a notebook as if it lay in `folder`."""
    return {
        "kernel_name": "python3",
        "extra_arguments": ["--log-level=ERROR"],
        "record_timing": False,
        "shutdown_kernel": "immediate",  # it has nothing left to save, and takes a second to say goodbye
        "resources": {"metadata": {"path": str(folder)}},
    }


def normalised(notebook: NotebookNode) -> NotebookNode:
    """Return the notebook without what differs from run to run: widget ids, versions, folders."""
    notebook.metadata = nbformat.from_dict(_METADATA)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(WIDGET_VIEW, None)
    return notebook


def _joined(outputs: Iterable[NotebookNode]) -> Iterable[NotebookNode]:
    """Join neighbouring pieces of one stream: how many there are depends on timing."""
    last = None
    for output in outputs:
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            last = output
            yield output


def store(path: Path) -> Path:
    """Run the notebook at `path` and store it there with its outputs."""
    notebook = execute(nbformat.read(path, as_version=4), folder=path.parent)
    nbformat.write(notebook, path)
    return path


def main(arguments: Sequence[str]) -> None:
    """Store the outputs of the notebooks named, or of all."""
    paths = [Path(argument) for argument in arguments] or find()
    with ProcessPoolExecutor() as pool:
        for path in pool.map(store, paths):
            print(f"{path.parent.name}/{path.name}: stored")


if __name__ == "__main__":
    main(sys.argv[1:])
