"""The course made for nbgrader: its marks are on stubs and checks, and on nothing else; the lecture itself has none."""

import json

import nbformat
import pytest

from tests.notebook import NAMES, exercises, read
from tools.grade import for_nbgrader
from tools.notebooks import find


def test_no_notebook_of_the_lecture_knows_of_a_grader():
    for path in find():
        assert "nbgrader" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_of_an_assignment_is_one_point_for_its_check(name):
    assignment = for_nbgrader.assignment(read("ru", name))
    marked = {cell.id: cell.metadata.nbgrader for cell in assignment.cells if "nbgrader" in cell.metadata}
    found = exercises(assignment)
    assert list(marked) == [cell.id for stub, check, _ in found for cell in (stub, check)]
    for stub, check, _ in found:
        assert marked[stub.id]["solution"]
        assert not marked[stub.id]["grade"]
        assert marked[check.id]["grade"]
        assert marked[check.id]["locked"]
        assert marked[check.id]["points"] == 1
    assert "../" not in json.dumps([cell.source for cell in assignment.cells])


def test_a_course_is_never_laid_over_another(tmp_path, capsys):
    course = tmp_path / "course"
    for_nbgrader.main([str(course), "--language", "ru"])
    assert sorted(path.name for path in (course / "source").iterdir()) == NAMES
    nbformat.read(course / "source" / NAMES[0] / f"{NAMES[0]}.ipynb", as_version=4)
    with pytest.raises(SystemExit):
        for_nbgrader.main([str(course)])
    assert "is there already: name a new folder" in capsys.readouterr().err
