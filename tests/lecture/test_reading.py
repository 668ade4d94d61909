"""What a reader would stumble over: every notebook read as text; failures name notebook, cell and line."""

import json
import re
import shutil
import subprocess
import tomllib
from itertools import groupby, pairwise
from pathlib import Path
from statistics import median

import pytest

from tests.editions import each_edition, in_lines
from tests.notebook import path, read
from tools.environment import unseen
from tools.notebooks import NOTEBOOKS
from tools.prose import Line, lines, prose, unfenced, words

DICTIONARIES = {"ru": "ru_RU,en_GB", "en": "en_GB"}  # Russian prose names things in English
FIELD = Path(__file__).with_name("dictionary")
WORDS = sorted((NOTEBOOKS.parent / "lecture_utils/_words").glob("*.toml"))


def misspelled(language, text):
    """Return the words that neither hunspell nor the field's own list knows."""
    command = ["hunspell", "-d", DICTIONARIES[language], "-p", FIELD / f"{language}.txt", "-i", "utf-8", "-l"]
    done = subprocess.run(
        command, input="\n".join(text), capture_output=True, encoding="utf-8", check=True, env=unseen()
    )
    assert not done.stderr, done.stderr
    return set(done.stdout.split())


def misspelled_lines(language, found):
    wrong = misspelled(language, {word for line in found for word in words(line.text)})
    return in_lines(Line(line.place, word) for line in found for word in words(line.text) if word in wrong)


needs_hunspell = pytest.mark.skipif(
    shutil.which("hunspell") is None, reason="no hunspell: apt install hunspell hunspell-ru hunspell-en-gb"
)


@needs_hunspell
@each_edition
def test_every_word_of_a_notebook_is_spelled_right(language, name):
    assert misspelled_lines(language, list(lines(language, name, of=prose))) == ""


@needs_hunspell
@pytest.mark.parametrize("file", WORDS, ids=lambda file: file.stem)
@pytest.mark.parametrize("language", DICTIONARIES)
def test_every_word_of_a_picture_and_a_control_is_spelled_right(language, file):
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    found = [
        Line(f"{file.name}, {key}", re.sub(r"\{\w+\}|\$[^$]*\$", " ", entry[language])) for key, entry in table.items()
    ]
    assert misspelled_lines(language, found) == ""


@each_edition
def test_every_link_leads_somewhere(language, name):
    notebook, here = read(language, name), path(language, name)
    anchors = {here.name: anchors_of(notebook)}
    broken = []
    for line in lines(language, name, kind="markdown"):
        for target in map("".join, re.findall(r'\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"', line.text)):
            file, _, anchor = target.partition("#")
            if target.startswith("https://"):
                continue
            if not (here.parent / file).exists():
                broken.append(Line(line.place, f"{target} is not there"))
            elif anchor and anchor not in anchors.setdefault(file or here.name, anchors_in(here.parent / file)):
                broken.append(Line(line.place, f"{target} has no such place"))
    assert in_lines(broken) == ""


def anchors_of(notebook):
    return {anchor for cell in notebook.cells for anchor in re.findall(r'<a id="([^"]+)"', cell.source)}


def anchors_in(file):
    return anchors_of(read(file.parent.name, file.stem)) if file.suffix == ".ipynb" else set()


@each_edition
def test_headings_begin_with_the_title_and_leave_out_no_level(language, name):
    levels = [
        (len(heading[1]), line)
        for line in lines(language, name, of=unfenced, kind="markdown")
        if (heading := re.match(r"(#+) ", line.text))
    ]
    assert levels[0][0] == 1, f"{levels[0][1].place}: no title stands above it"
    assert in_lines(line for level, line in levels[1:] if level == 1) == "", "more than one title"
    skipped = [line for (before, _), (level, line) in pairwise(levels) if level > before + 1]
    assert in_lines(skipped) == ""


@each_edition
def test_every_picture_is_described_in_the_readers_language(language, name):
    letters = {"ru": "[а-яё]{3}", "en": "[a-z]{3}"}[language]
    bad = [
        Line(line.place, f"the description is {alt!r}")
        for line in lines(language, name, kind="markdown")
        for alt in [*re.findall(r"!\[([^\]]*)\]\(", line.text), *map(alt_of, re.findall(r"<img\b[^>]*>", line.text))]
        if len(alt) < 20 or not re.search(letters, alt)
    ]
    assert in_lines(bad) == ""


def alt_of(tag):
    found = re.search(r'\balt="([^"]*)"', tag)
    return found[1] if found else ""


@each_edition
def test_every_figure_is_followed_by_words_that_read_it(language, name):
    cells = read(language, name).cells
    bare = [
        Line(f"{language}/{name}, cell {cell.id}, line 1", "a figure that nothing reads")
        for cell, after in zip(cells, [*cells[1:], None], strict=True)
        if any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
        and (after is None or after.cell_type != "markdown")
    ]
    assert in_lines(bare) == ""


@each_edition
def test_cells_are_short(language, name):
    code = [cell for cell in read(language, name).cells if cell.cell_type == "code"]
    assert median(sum(map(bool, cell.source.splitlines())) for cell in code) <= 4
    by_cell = groupby(lines(language, name, kind="code"), key=lambda line: line.place.rpartition(",")[0])
    long = [line for _, cell in by_cell for line in list(cell)[15:16]]
    wide = [line for line in lines(language, name, kind="code") if len(line.text) > 88]
    assert in_lines([*long, *wide]) == ""


@each_edition
def test_no_output_is_heavy(language, name):
    heavy = [
        Line(f"{language}/{name}, cell {cell.id}, output {number}", f"{size / 1000:.0f} kB")
        for cell in read(language, name).cells
        for number, output in enumerate(cell.get("outputs", []), start=1)
        if (size := len(json.dumps(output))) > 200_000
    ]
    assert in_lines(heavy) == ""
