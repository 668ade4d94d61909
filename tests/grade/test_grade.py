"""Submissions, hostile ones among them: each ends in a line that says what happened, and hurts nobody else.

All of them answer notebook 02, and do their worst in its first exercise; the other two are solved.
"""

import csv
import os
import shutil
import socket
import subprocess
import sys

import nbformat
import pytest

from tests.notebook import exercises, read, solution
from tools.environment import ROOT, unseen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="answers are confined by Linux")

NAME = "02_gradient_descent"
STUB = "bias-stub"
ADMINISTRATOR = os.geteuid() == 0
RIGHT = "def gradient_with_bias(X, y, w, b):\n    d = X @ w + b - y\n    return 2 / len(y) * X.T @ d, 2 * d.mean()\n"

#: What stands in the first exercise, whether that is right, and what is said of it.
ANSWERS = {
    "perfect": (RIGHT, "1", ""),
    "half-written": ("def gradient_with_bias(X, y, w, b):\n    ...", "0", ""),
    "wrong": ("def gradient_with_bias(X, y, w, b):\n    return w, b", "0", "∂E/∂w: got "),
    "misspelt": ("def gradient_with_bias(X, y, w, b):\n    return (", "0", "gradient_with_bias: SyntaxError"),
    "no-such-name": ("del torch", "0", "NameError: name 'gradient_with_bias' is not defined"),
    "endless": ("while True:\n    pass", "0", "took longer than "),
    "endless-inside": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "def gradient_with_bias(X, y, w, b):\n    while True:\n        pass",
        "0",
        "took longer than ",
    ),
    "asleep": ("import time\ntime.sleep(1000)", "0", "took longer than 6 s"),
    "exits": ("import os\nos._exit(0)", "0", "ended its process"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "0", "crashed (SIGSEGV)"),
    "talkative": ("for _ in range(300):\n    print('x' * 1_000_000)", "0", "printed more than 10 MB"),
    "greedy": ("def gradient_with_bias(X, y, w, b):\n    return bytearray(3_000_000_000), b", "0", "MemoryError"),
    "greedy-tensor": ("def gradient_with_bias(X, y, w, b):\n    return torch.ones(800000000), b", "0", "RuntimeError"),
    "disk": ("with open('large', 'wb') as f:\n    f.write(bytes(50_000_000))", "0", "File too large"),
    "deletes": (
        "import shutil\nfor place in {victims!r}:\n    shutil.rmtree(place, ignore_errors=True)\n" + RIGHT,
        "1",
        "",
    ),
    "spies": (
        "import os\nfound = [name for place in {secrets!r} if os.path.isdir(place) for name in os.listdir(place)]\n"
        "raise SystemExit if not found else RuntimeError(found)",
        "0",
        "gradient_with_bias: SystemExit",
    ),
    "online": (
        "import socket\nsocket.create_connection(('127.0.0.1', {port}), timeout=2)",
        "0",
        "Network is unreachable",
    ),
    "leaves-something-running": ("import subprocess\nsubprocess.Popen(['sleep', '987654'])\n" + RIGHT, "1", ""),
    "changes-the-ground": (
        "import os, sys\nos.environ.clear()\nsys.path.clear()\ntorch.set_default_dtype(torch.float64)\n"
        "torch.set_grad_enabled(False)\nos.chdir('/')\n" + RIGHT,
        "1",
        "",
    ),
    "other-check": (
        "from types import SimpleNamespace\nchecks.check_gradient_with_bias = lambda f: "
        "SimpleNamespace(right=True, message='!')\ndef gradient_with_bias(): return 1",
        "0",
        "gradient_with_bias: ",
    ),
    "other-judge": (
        "from lecture_utils.checks import Verdict, _judge\n"
        "_judge._verdict = lambda *a: Verdict(right=True, message='!')\ndef gradient_with_bias(): pass",
        "0",
        "the checks were changed",
    ),
    "=script": ("def gradient_with_bias(X, y, w, b):\n    raise ValueError('<script>')", "0", "<script>"),
}

#: What is no submission of the notebook at all, and the note on it.
ODD = {
    "broken": "no notebook that can be read",
    "empty": "no notebook in it",
    "of-someone-else": "no exercise of the lecture in it",
    "link": "a link or the like, which is not read",
}


class Graded:
    """The table of all these submissions, and what there was before and after."""

    def __init__(self, folder):
        self.folder = folder
        self.submissions, self.lecturers = folder / "submissions", folder / "lecturer's"
        self.lecturers.mkdir()
        (self.lecturers / "gradebook").write_text("secret")
        for place in (folder, self.lecturers):
            place.chmod(0o777)  # not even then
        self.lecturers.joinpath("gradebook").chmod(0o666)
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.setblocking(False)
            self._hand_in(server.getsockname()[1])
            self.before = self.files()
            self.said = self._grade()
            try:
                self.called = bool(server.accept())
            except BlockingIOError:
                self.called = False
        with open(folder / "out" / "grades.csv", encoding="utf-8", newline="") as file:
            self.table = {line["student"]: line for line in csv.DictReader(file)}
        self.page = (folder / "out" / "grades.html").read_text(encoding="utf-8")

    def files(self):
        return {
            place: place.read_bytes()
            for top in (self.submissions, self.lecturers)
            for place in top.rglob("*")
            if place.is_file()
        }

    def _hand_in(self, port):
        secrets = [str(self.submissions), str(self.submissions / "perfect"), str(self.folder / "out")]
        given = {"victims": [str(self.submissions), str(self.lecturers)], "secrets": secrets, "port": port}
        for student, (answer, _, _) in ANSWERS.items():
            for name, value in given.items():
                answer = answer.replace(f"{{{name}!r}}", repr(value)).replace(f"{{{name}}}", str(value))
            hand_in(self.submissions / student, answer)
        hand_in(self.submissions / "in-russian", RIGHT, language="ru")
        hand_in(self.submissions / "moved", RIGHT, moved=True)
        hand_in(self.submissions / "without", None)
        shutil.copyfile(self.submissions / "perfect/02.ipynb", self.submissions / "one file.ipynb")
        for student in ODD:
            (self.submissions / student).mkdir()
        (self.submissions / "broken/02.ipynb").write_bytes((self.submissions / "perfect/02.ipynb").read_bytes()[:5000])
        other = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("def f(): ...", id="bias-stub")])
        nbformat.write(other, self.submissions / "of-someone-else/02.ipynb")
        (self.submissions / "link/02.ipynb").symlink_to(self.submissions / "perfect/02.ipynb")

    def _grade(self):
        command = [
            sys.executable,
            "-m",
            "tools.grade",
            self.submissions,
            "--output",
            self.folder / "out",
            "--seconds",
            "2",
        ]
        done = subprocess.run(command, cwd=ROOT, env=unseen(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


def hand_in(folder, answer, *, language="en", moved=False):
    """Put a notebook into a student's folder, with an answer to the first exercise and the others solved."""
    notebook = read(language, NAME)
    for stub, _, solved in exercises(notebook):
        if stub.id != STUB:
            stub.source = solution(solved)
        elif answer is None:
            notebook.cells.remove(stub)
        elif moved:
            notebook.cells.append(nbformat.v4.new_code_cell(answer))
            stub.source = "# see below"
        else:
            stub.source = answer
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "02.ipynb")


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    return Graded(tmp_path_factory.mktemp("graded"))


def marks(line):
    return [line[f"02 {name}"] for name in ("gradient_with_bias", "largest_learning_rate", "train_with_history")]


@pytest.mark.parametrize("student", ANSWERS)
def test_what_happened_to_an_answer_stands_in_the_table_and_costs_no_other_answer(graded, student):
    _, right, says = ANSWERS[student]
    line = graded.table[student.replace("=", "'=")]
    assert marks(line) == [right, "1", "1"], line["notes"]
    assert says in line["notes"]
    assert bool(line["notes"]) == (right == "0" and student != "half-written")


def test_the_total_counts_what_is_right_and_nothing_else(graded):
    for student, line in graded.table.items():
        right = sum(mark == "1" for name, mark in line.items() if name[:2].isdigit())
        assert line["total"] == str(right), f"{student} has {right} right answers, and a total of {line['total']}"


@pytest.mark.parametrize("student", ODD)
def test_what_is_no_submission_has_a_line_that_says_so(graded, student):
    line = graded.table[student]
    assert marks(line) == ["", "", ""]
    assert line["total"] == "0"
    assert ODD[student] in line["notes"]


@pytest.mark.parametrize("student", ["in-russian", "moved", "one file"])
def test_another_language_another_place_or_another_name_is_graded_all_the_same(graded, student):
    assert marks(graded.table[student]) == ["1", "1", "1"]


def test_an_exercise_that_was_deleted_is_told_from_one_that_is_wrong(graded):
    assert marks(graded.table["without"]) == ["0", "1", "1"]
    assert "gradient_with_bias</code>: the exercise is not there" in graded.page


def test_no_file_has_changed_and_no_call_has_left(graded):
    assert graded.files() == graded.before
    assert not graded.called
    assert "987654" not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout


def test_the_page_shows_what_students_wrote_and_runs_none_of_it(graded):
    assert "<script" not in graded.page
    assert "&lt;script&gt;" in graded.page


def test_the_table_says_how_answers_were_run(graded):
    user = "as nobody" if ADMINISTRATOR else "as yourself"
    assert "without network, with no file that it could change" in graded.said
    assert user in graded.said
    assert user in graded.page
