"""A notebook open in a kernel of its own, for the tests that do what a reader does with it."""

import asyncio
import re
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import nbformat
from jupyter_core.utils import run_sync
from nbclient import NotebookClient
from nbformat import NotebookNode

from tools.notebooks import WIDGET_VIEW, client_settings


class OpenNotebook:
    """Runs the cells of a notebook one by one, in any order, as often as a test likes.

    Parameters
    ----------
    notebook : NotebookNode
        What is open; its file stays as it is.
    folder : Path
        Where the kernel believes that the notebook lies.
    """

    def __init__(self, notebook: NotebookNode, *, folder: Path) -> None:
        self._typed = nbformat.v4.new_code_cell()
        self._notebook = nbformat.from_dict(notebook)
        self._notebook.cells.append(self._typed)
        self._client = _Client(self._notebook, allow_errors=True, timeout=120, **client_settings(folder))

    def __enter__(self) -> Self:
        self._setup = self._client.setup_kernel()
        self._setup.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._setup.__exit__(*error)

    @property
    def cells(self) -> list[str]:
        """The ids of the cells that can be run, in order."""
        return [cell.id for cell in self._notebook.cells[:-1] if cell.cell_type == "code"]

    @property
    def sections(self) -> list[list[str]]:
        """The ids of the cells that can be run, section by section."""
        found = [[]]
        for cell in self._notebook.cells[:-1]:
            if cell.cell_type == "code":
                found[-1].append(cell.id)
            elif re.match("## ", cell.source):
                found.append([])
        return [section for section in found if section]

    def run(self, *ids: str) -> list[tuple]:
        """Run the cells with these ids in this order; return what the last one `said`."""
        for place in [self._place(cell_id) for cell_id in ids]:
            outputs = self._run(place)
        return outputs

    def run_until(self, last: str) -> list[tuple]:
        """Run all cells from the first to `last`; return what the last one `said`."""
        return self.run(*self.cells[: self.cells.index(last) + 1])

    def type(self, source: str) -> list[tuple]:
        """Run `source` as a cell of the reader's own; return what it `said`."""
        self._typed.source = source
        return self._run(len(self._notebook.cells) - 1)

    def write(self, cell_id: str, source: str) -> None:
        """Put `source` in place of what stands in a cell."""
        self._notebook.cells[self._place(cell_id)].source = source

    def source(self, cell_id: str) -> str:
        """Return what stands in a cell."""
        return self._notebook.cells[self._place(cell_id)].source

    def run_and_interrupt(self, cell_id: str, *, presses: int = 1) -> list[tuple]:
        """Run a cell that would take far too long; once it is at work, interrupt the kernel, by so many presses.

        If that was in vain, which Python leaves open, they are repeated until the cell stops: an interrupt that comes
        while Python tidies up ends nothing, and is reported as ignored, which is left out here.
        """
        self._client.begun.clear()
        over = threading.Event()

        def interrupt() -> None:
            self._client.begun.wait(60)
            pause = 0.5
            while not over.wait(pause):
                for _ in range(presses):
                    asyncio.run(self._client.km.interrupt_kernel())
                    time.sleep(0.01)
                pause = 5

        reader = threading.Thread(target=interrupt)
        reader.start()
        try:
            return [(kind, seen) for kind, seen in self.run(cell_id) if not _ignored(kind, seen)]
        finally:
            over.set()
            reader.join()

    def restart(self) -> None:
        """Restart the kernel, as JupyterLab's button does."""
        run_sync(self._client.km.restart_kernel)(now=True)
        run_sync(self._client.kc.wait_for_ready)(timeout=60)

    def _place(self, cell_id: str) -> int:
        (place,) = [place for place, cell in enumerate(self._notebook.cells) if cell.id == cell_id]
        return place

    def _run(self, place: int) -> list[tuple]:
        cell = self._notebook.cells[place]
        self._client.execute_cell(cell, place)
        return said(cell.outputs)


def _ignored(kind: str, seen: object) -> bool:
    return kind == "stderr" and bool(re.fullmatch(r"Exception ignored in: .*\nKeyboardInterrupt: \n", seen, re.DOTALL))


def said(outputs: Iterable[NotebookNode]) -> list[tuple]:
    """Return what a reader sees of outputs, to be compared: (kind, content) of each.

    Streams are joined; ids of widgets, numbers of runs and colours are left out.
    """
    seen: list[tuple] = []
    for output in outputs:
        if output.output_type == "stream":
            if seen and seen[-1][0] == output.name:
                seen[-1] = (output.name, seen[-1][1] + output.text)
            else:
                seen.append((output.name, output.text))
        elif output.output_type == "error":
            seen.append(("error", re.sub(r"\x1b\[[0-9;]*m|(?<=In\[)\d+", "", "\n".join(output.traceback))))
        else:
            seen.append(("data", {kind: data for kind, data in output.data.items() if kind != WIDGET_VIEW}))
    return seen


def texts(outputs: Iterable[tuple]) -> list[tuple]:
    """Return what `said` returned without pictures and lines of code, which are not the same on each machine."""
    return [
        (kind, seen["text/plain"] if kind == "data" else seen.splitlines()[-1] if kind == "error" else seen)
        for kind, seen in outputs
    ]


class _Client(NotebookClient):
    """Knows when the kernel is at work on a cell."""

    def __init__(self, *arguments: object, **settings: object) -> None:
        super().__init__(*arguments, **settings)
        self.begun = threading.Event()

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        if msg["msg_type"] == "execute_input":
            self.begun.set()
        return super().process_message(msg, cell, cell_index)
