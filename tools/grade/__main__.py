"""The command line: ``python -m tools.grade FOLDER``, which `make grade SUBMISSIONS=FOLDER` runs."""

import argparse
import dataclasses
import json
import os
import pwd
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lecture_utils._words import LANGUAGES
from tools import environment
from tools.grade.exercises import Exercise, Submission, exercises, submissions
from tools.grade.sandbox import Limits
from tools.grade.table import Line, Mark, as_csv, as_html

_CONFINED = "Each answer ran in a process of its own, without network, with no file that it could change, {user}."
_UNCONFINED = (
    "This system did not let answers run without network and writable files: they ran {user}, limited in nothing but "
    "time, memory and the size of files."
)


def main(arguments: Sequence[str]) -> int:
    """Grade what lies in a folder: a folder or a notebook for each student. Write grades.csv and grades.html."""
    parser = argparse.ArgumentParser(prog="python -m tools.grade", description=main.__doc__)
    parser.add_argument("submissions", type=Path)
    parser.add_argument("--output", type=Path, default=environment.BUILD / "grades", help="build/grades by default")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of what the checks say")
    parser.add_argument("--user", default="nobody", help="whom answers run as when the administrator starts this")
    parser.add_argument("--seconds", type=float, default=20, help="of processor time, for each answer")
    options = parser.parse_args(arguments)
    if not options.submissions.is_dir():
        parser.error(f"{options.submissions} is no folder")
    limits = Limits(
        seconds=options.seconds,
        user=_user(parser, options.user),
        hidden=[*_homes(), *(str(folder.resolve()) for folder in (options.submissions, options.output))],
        kept=[os.path.realpath(place) for place in (sys.base_prefix, sys.prefix, environment.ROOT)],
    )
    try:
        lines, confined = grade(list(submissions(options.submissions)), limits=limits, language=options.language)
    except subprocess.CalledProcessError:  # which has said why
        return 1
    how = (_CONFINED if confined else _UNCONFINED).format(user=f"as {options.user}" if limits.user else "as yourself")
    options.output.mkdir(parents=True, exist_ok=True)
    for name, text in {"grades.csv": as_csv(lines), "grades.html": as_html(lines, about={"how": how})}.items():
        (options.output / name).write_text(text, encoding="utf-8")
        print(options.output / name)
    print(how)
    return 0


def grade(handed_in: Sequence[Submission], *, limits: Limits, language: str) -> tuple[list[Line], bool]:
    """Return a line for each student, and whether all answers were confined."""
    lines = {one.student: Line(student=one.student) for one in handed_in}
    answers: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for one in handed_in:
        line = lines[one.student]
        line.notes += [one.note] if one.note else []
        for exercise in exercises():
            if exercise.notebook == one.notebook:
                line.marks[exercise] = Mark(right=None, message="the exercise is not there")
        for exercise, source in one.answers.items():
            answers[exercise.notebook][exercise.cell][one.student] = source
    confined = True
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        graded = pool.map(lambda name: _run(name, answers[name], limits=limits, language=language), answers)
        for name, told in zip(answers, graded, strict=True):
            for one in told:
                exercise = _exercise(name, one["cell"])
                lines[one["student"]].marks[exercise] = Mark(right=one["right"], message=one["message"])
                confined &= one["confined"]
    return list(lines.values()), confined


def _exercise(notebook: str, cell: str) -> Exercise:
    return next(one for one in exercises() if (one.notebook, one.cell) == (notebook, cell))


def _run(name: str, answers: dict[str, dict[str, str]], *, limits: Limits, language: str) -> list[dict]:
    """Run a notebook with the answers, by cell and student; return what it tells of each."""
    with tempfile.TemporaryDirectory() as folder:  # which only its owner may read
        numbers = {student: str(number) for number, student in enumerate(_students(answers.values()))}
        for cell, by_student in answers.items():
            for student, source in by_student.items():
                place = Path(folder, numbers[student], cell)
                place.parent.mkdir(exist_ok=True)
                place.write_text(source, encoding="utf-8", errors="replace")
        hidden = [*limits.hidden, folder]
        asked = {
            "notebook": name,
            "language": language,
            "folder": folder,
            "limits": dataclasses.asdict(limits) | {"hidden": hidden},
            "answers": {cell: [numbers[student] for student in by_student] for cell, by_student in answers.items()},
        }
        told = subprocess.run(
            [sys.executable, "-m", "tools.grade.notebook"],
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            cwd=environment.ROOT,
            env=environment.unseen() | _ALONE,
        ).stdout
    students = {number: student for student, number in numbers.items()}
    return [one | {"student": students[one["student"]]} for one in map(json.loads, told.splitlines())]


#: One thread, for a fork has no other; no screen, and no graphics card.
_ALONE = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "agg", "CUDA_VISIBLE_DEVICES": ""}


def _students(answers: Iterable[dict[str, str]]) -> list[str]:
    return sorted({student for by_student in answers for student in by_student})


def _homes() -> list[str]:
    """Return the homes of whoever runs this, and of whom `sudo` was called by: they are hidden from answers."""
    numbers = {os.geteuid(), int(os.environ.get("SUDO_UID", os.geteuid()))}
    homes = {os.path.realpath(pwd.getpwuid(number).pw_dir) for number in numbers}
    return sorted(home for home in homes if home != "/")


def _user(parser: argparse.ArgumentParser, name: str) -> tuple[int, int] | None:
    """Return the numbers of whom answers run as; None as whoever runs this, who may be nobody else."""
    if os.geteuid() != 0:
        return None
    try:
        user = pwd.getpwnam(name)
    except KeyError:
        parser.error(f"there is no user {name}: choose one with --user")
    if user.pw_uid == 0:
        parser.error("answers must not run as the administrator: choose another with --user")
    return user.pw_uid, user.pw_gid


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
