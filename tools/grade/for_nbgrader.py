"""Makes a course of the lecture for those who grade by nbgrader: ``python -m tools.grade.for_nbgrader FOLDER``.

Each notebook becomes an assignment, and each exercise one point; what nbgrader has to know stands in these notebooks
only, not in the lecture's. ``nbgrader generate_assignment`` and the like are then run in the folder.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from lecture_utils._words import LANGUAGES
from tools.copies import copy
from tools.notebooks import NOTEBOOKS, read, tags

_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "training-neural-networks"
# Without ClearSolutions, which would empty the stubs.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
"""


def main(arguments: Sequence[str]) -> None:
    """Make the course in a new folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.grade.for_nbgrader", description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", choices=LANGUAGES, default="en")
    options = parser.parse_args(arguments)
    if options.folder.exists():
        parser.error(f"{options.folder} is there already: name a new folder")
    for path in sorted((NOTEBOOKS / options.language).glob("*.ipynb")):
        place = options.folder / "source" / path.stem
        images = place / "img" / options.language  # beside the notebook, for nbgrader moves an assignment about
        shutil.copytree(NOTEBOOKS.parent / "img" / options.language, images)
        nbformat.write(assignment(read(options.language, path.stem)), place / path.name)
    (options.folder / "nbgrader_config.py").write_text(_CONFIG, encoding="utf-8")


#: What a notebook says of how to get the lecture: nothing that is true where nbgrader moves it to.
_HOW_TO_INSTALL = re.compile(r"^#.*\n# %pip install .*\n", re.MULTILINE)


def assignment(notebook: NotebookNode) -> NotebookNode:
    """Return the reader's copy of a notebook with nbgrader's marks on its stubs and checks."""
    notebook = copy(notebook)
    for cell in notebook.cells:
        cell.source = cell.source.replace("../../img/", "img/")
        cell.source = _HOW_TO_INSTALL.sub("", cell.source)
        for tag, marks in {
            "exercise": {"solution": True},
            "check": {"grade": True, "locked": True, "points": 1},
        }.items():
            if tag in tags(cell):
                plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
                cell.metadata["nbgrader"] = plain | {"grade_id": cell.id} | marks
    return notebook


if __name__ == "__main__":
    main(sys.argv[1:])
