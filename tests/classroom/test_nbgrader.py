"""nbgrader, for those who have it: three submissions go all the way, from the assignment to the feedback."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.notebook import exercises, solution
from tools.environment import unseen
from tools.grade import for_nbgrader

pytest.importorskip("nbgrader", reason="nbgrader is not installed: make test-class")

ASSIGNMENT = "02_gradient_descent"
STUDENTS = {"perfect": 3, "half": 2, "empty": 0}  # how many exercises are solved


def nbgrader(course, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments, "--log-level=ERROR"],
        cwd=course,
        env=unseen() | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},  # it calls alembic
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course") / "course"
    for_nbgrader.main([str(folder)])
    nbgrader(folder, "generate_assignment", ASSIGNMENT)
    for student, solved in STUDENTS.items():
        handed_in = folder / "submitted" / student / ASSIGNMENT
        shutil.copytree(folder / "release" / ASSIGNMENT, handed_in)
        file = handed_in / f"{ASSIGNMENT}.ipynb"
        notebook = nbformat.read(file, as_version=4)
        for stub, _, answer in exercises(notebook)[:solved]:
            stub.source = solution(answer)
        nbformat.write(notebook, file)
    nbgrader(folder, "autograde", ASSIGNMENT)
    nbgrader(folder, "generate_feedback", ASSIGNMENT)
    return folder


def test_the_stubs_of_the_assignment_are_those_of_the_lecture_and_its_pictures_are_there(course):
    release = course / "release" / ASSIGNMENT
    notebook = nbformat.read(release / f"{ASSIGNMENT}.ipynb", as_version=4)
    assert "def gradient_with_bias(X, y, w, b):\n    ..." in next(
        c.source for c in notebook.cells if c.id == "bias-stub"
    )
    assert (release / "img" / "en").is_dir()


@pytest.mark.parametrize("student", STUDENTS)
def test_an_answer_has_its_point_if_the_check_says_that_it_is_right(course, student):
    query = (
        "select sum(grade.auto_score) from grade"
        " join submitted_notebook on submitted_notebook.id = grade.notebook_id"
        " join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id"
        " where submitted_assignment.student_id = ?"
    )
    with sqlite3.connect(course / "gradebook.db") as book:
        assert book.execute(query, (student,)).fetchone() == (STUDENTS[student],)


def test_the_feedback_says_why(course):
    page = (course / "feedback" / "half" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert "No answer yet" in page
