"""The table of marks, student × exercise: as CSV for a spreadsheet, and as a page that says why."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tools.grade.exercises import Exercise, exercises

_SIGNS = {True: "✓", False: "✗", None: "…"}


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A verdict on an answer: right, wrong, or None where there is no answer."""

    right: bool | None
    message: str

    @property
    def sign(self) -> str:
        """The verdict as one letter."""
        return _SIGNS[self.right]


@dataclass(kw_only=True)
class Line:
    """A student: the marks, and what was odd about what was handed in."""

    student: str
    marks: dict[Exercise, Mark] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many exercises are right."""
        return sum(mark.right is True for mark in self.marks.values())


def as_csv(lines: Sequence[Line]) -> str:
    """Return the table with 1 for right, 0 for wrong or not answered, nothing for a notebook not handed in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [f"{exercise.notebook[:2]} {exercise.name}" for exercise in exercises()]
    writer.writerow(["student", *names, "total", "notes"])
    for line in lines:
        found = (line.marks.get(exercise) for exercise in exercises())
        marks = ["" if mark is None else int(mark.right is True) for mark in found]
        writer.writerow([_plain(line.student), *marks, line.total, _plain("; ".join(_said(line)))])
    return text.getvalue()


def _said(line: Line) -> list[str]:
    """Return the notes on a student, and for each exercise that is not right, why."""
    wrong = [f"{exercise.name}: {mark.message}" for exercise, mark in line.marks.items() if mark.right is False]
    return [*line.notes, *wrong]


def _plain(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, in one line."""
    line = " ".join(text.split())
    return f"'{line}" if line[:1] in tuple("=+-@") else line


def as_html(lines: Sequence[Line], *, about: Mapping[str, object]) -> str:
    """Return the page with the table, and under it every message; students' words in it are words only."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("table.html.j2").render(lines=lines, exercises=exercises(), **about)
