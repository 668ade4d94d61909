"""The exercises of the lecture, and what a submission has in their place."""

import ast
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tools.notebooks import NOTEBOOKS, read, tags

_LARGEST = 50_000_000  # bytes of a notebook that is read


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """An exercise: the notebook and the cell that it stands in, and the name that its answer defines."""

    notebook: str
    cell: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a student has handed in of one notebook: the cell of each exercise, and what is odd about it."""

    student: str
    notebook: str | None
    answers: Mapping[Exercise, str] = field(default_factory=dict)
    note: str = ""


@cache
def exercises() -> tuple[Exercise, ...]:
    """Return all exercises of the lecture; both languages have the same ones."""
    return tuple(
        Exercise(notebook=name, cell=cell.id, name=_defined(cell.source)[0])
        for name in sorted(path.stem for path in (NOTEBOOKS / "en").glob("*.ipynb"))
        for cell in read("en", name).cells
        if "exercise" in tags(cell)
    )


def submissions(folder: Path) -> Iterator[Submission]:
    """Yield what each student has handed in: all notebooks in the student's folder, or one file named after them."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        student = entry.name if _is_folder(entry) else entry.stem
        files = sorted(_notebooks(entry), key=lambda file: file.lstat().st_mtime)
        found = {}
        for file in files:
            one = _submission(student, file)
            found[one.notebook or file] = one  # of two of one notebook the later counts
        yield from found.values()
        if not found:
            yield Submission(student=student, notebook=None, note="no notebook in it")


def _is_folder(path: Path) -> bool:
    return stat.S_ISDIR(path.lstat().st_mode)


def _notebooks(entry: Path) -> Iterator[Path]:
    """Yield the notebooks of a student: no link is followed, for it may lead to another's."""
    if not _is_folder(entry):
        if entry.suffix == ".ipynb":
            yield entry
        return
    for place, folders, files in os.walk(entry):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in files if name.endswith(".ipynb"))


def _submission(student: str, file: Path) -> Submission:
    about = file.lstat()
    odd = None
    if not stat.S_ISREG(about.st_mode):
        odd = "a link or the like, which is not read"
    elif about.st_size > _LARGEST:
        odd = f"too large ({about.st_size / 1e6:.0f} MB)"
    else:
        try:
            notebook = nbformat.reads(file.read_bytes().decode("utf-8"), as_version=4)
            found = _answers(notebook)
        except Exception as error:  # nbformat raises what its depths do
            odd = f"no notebook that can be read ({type(error).__name__})"
    if odd is None and not found:
        odd = "no exercise of the lecture in it"
    if odd:
        return Submission(student=student, notebook=None, note=f"{file.name}: {odd}")
    counts = [exercise.notebook for exercise in found]
    name = max(sorted(set(counts)), key=counts.count)
    answers = {exercise: source for exercise, source in found.items() if exercise.notebook == name}
    return Submission(student=student, notebook=name, answers=answers)


def _answers(notebook: NotebookNode) -> dict[Exercise, str]:
    """Return the cell that answers each exercise: the last that defines its name, wherever it has been moved to.

    Where none does, as after a slip of the pen, it is the cell of the exercise itself.
    """
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    ids = {cell.get("id") for cell in notebook.cells}
    found = {}
    for exercise in exercises():
        defining = [cell for cell in code if exercise.name in _defined(cell.source)]
        own = [cell for cell in code if cell.get("id") == exercise.cell and _is_of(exercise.notebook, ids)]
        if defining or own:
            found[exercise] = (defining or own)[-1].source
    return found


@cache
def _ids(name: str) -> frozenset[str]:
    return frozenset(cell.id for cell in read("en", name).cells)


def _is_of(name: str, ids: set[str | None]) -> bool:
    """Return whether most cells of a notebook are there: two notebooks may each have a cell of the same id."""
    return 2 * len(ids & _ids(name)) > len(_ids(name))


def _defined(source: str) -> list[str]:
    """Return the names of the functions and classes that a cell defines; of one that is no Python, none."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
