"""The order of a notebook: sections as the contents have them, notes and minutes for each, questions before answers."""

import re

from tests.editions import each_edition, in_lines
from tests.notebook import read
from tools.notebooks import slide_type
from tools.prose import Line


@each_edition
def test_sections_are_numbered_as_in_the_contents(language, name):
    cells = {cell.id: cell.source for cell in read(language, name).cells if cell.cell_type == "markdown"}
    contents = re.findall(r"^(\d+)\. \[(.*?)\]\(#([\w-]+)\)", cells["contents"], flags=re.MULTILINE)
    headings = [
        heading
        for source in cells.values()
        for heading in re.findall(r'^## (\d+)\. (.*?) <a id="([\w-]+)"', source, flags=re.MULTILINE)
    ]
    assert [number for number, _, _ in contents] == [str(number) for number in range(1, len(contents) + 1)]
    assert headings == contents


TOTAL = {"ru": r"Вся тетрадь(?: —|:) (\d+) мин", "en": r"The whole notebook(?: takes|:) (\d+) min"}
PART = {"ru": r"\w: (\d+) мин", "en": r"\w: (\d+) min"}
SECTION = {"ru": r"раздел (\d+): ", "en": r"section (\d+): "}


@each_edition
def test_the_lecturers_minutes_add_up_and_each_section_has_some(language, name):
    cells = read(language, name).cells
    notes = next(cell.source for cell in cells if cell.id == "title-notes")
    (total,) = re.findall(TOTAL[language], notes)
    parts = re.findall(PART[language], re.sub(TOTAL[language], "", notes))
    assert sum(map(int, parts)) == int(total), "the minutes of the sections do not add up to the whole"
    shown = [
        match[1]
        for cell in cells
        if slide_type(cell) != "skip" and (match := re.match(r"## (\d+)\. ", cell.source)) and cell.id != "summary"
    ]
    assert [number for number in re.findall(SECTION[language], notes) if number in shown] == shown


@each_edition
def test_each_section_that_is_shown_has_notes_for_the_lecturer(language, name):
    section, without = None, []
    for cell in read(language, name).cells:
        if cell.cell_type == "markdown" and (match := re.match(r"## (\d+)\. ", cell.source)):
            if section:
                without.append(section)
            section = match[1] if slide_type(cell) != "skip" else None
        elif slide_type(cell) == "notes":
            section = None
    assert without + ([section] if section else []) == [], "sections without a cell of notes"


@each_edition
def test_an_answer_never_stands_before_its_question(language, name):
    asked, early = 0, []
    for cell in read(language, name).cells:
        if cell.cell_type != "markdown" or cell.id == "legend":
            continue
        for marker in re.findall(r'class="marker (question|answer)"', cell.source):
            asked += 1 if marker == "question" else -1
            if asked < 0:
                early.append(Line(f"{language}/{name}, cell {cell.id}", "an answer that nothing has asked for"))
                asked = 0
    assert in_lines(early) == ""
