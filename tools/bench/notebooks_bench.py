"""How long each notebook takes, as the project runs it and as bare nbclient does."""

import time

import nbformat
from nbclient import NotebookClient

from tools.bench.table import Row
from tools.notebooks import NOTEBOOKS, execute


def rows(*, language: str = "en") -> list[Row]:
    """Run each notebook in turn both ways; the two languages are one program, so one tells for both."""
    table = []
    for path in sorted((NOTEBOOKS / language).glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        start = time.perf_counter()
        execute(notebook, folder=path.parent)
        ours = time.perf_counter() - start
        bare = nbformat.from_dict(notebook)
        resources, quiet = {"metadata": {"path": str(path.parent)}}, ["--log-level=ERROR"]  # or it warns amid the table
        NotebookClient(bare, kernel_name="python3", resources=resources, extra_arguments=quiet).execute()
        theirs = time.perf_counter() - start - ours
        table.append(
            Row(
                figure=f"{path.stem} runs: ours : bare nbclient",
                measured=f"{ours / theirs:.2f} : 1 ({ours:.1f} s)",
                aim="≤ 15 s",
                met=ours <= 15,
            )
        )
    return table
