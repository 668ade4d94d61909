"""Each exercise is open as it stands, and its solution passes its check."""

import nbformat
import pytest

from lecture_utils.notebooks import execute
from tests.notebook import NAMES, path, read, solution, tags


def exercises(notebook):
    """Return (stub, check, solution) of each exercise, in order."""
    by_tag = {tag: [cell for cell in notebook.cells if tag in tags(cell)] for tag in ("exercise", "check", "solution")}
    return list(zip(*by_tag.values(), strict=True))


def verdicts(notebook):
    return [cell.outputs[-1].data["text/plain"] for cell in notebook.cells if "check" in tags(cell)]


@pytest.mark.parametrize("name", NAMES)
def test_there_are_three_exercises_or_more_and_none_is_solved(name):
    notebook = read("en", name)
    assert len(exercises(notebook)) >= 3
    assert set(verdicts(notebook)) == {"…"}


@pytest.mark.parametrize("name", NAMES)
def test_each_solution_passes_the_check_in_place_of_its_stub(name):
    notebook = nbformat.from_dict(read("en", name))
    for stub, _, answer in exercises(notebook):
        stub.source = solution(answer)
    assert set(verdicts(execute(notebook, folder=path("en", name).parent))) == {"✓"}
