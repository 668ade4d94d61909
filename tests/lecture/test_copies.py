"""The reader's own copies: nothing is given away in them, and nothing that a reader does in them is ever lost."""

import re
import shutil

import nbformat
import pytest

from tests.notebook import NAMES, exercises, path, read
from tools.copies import lay
from tools.notebooks import NOTEBOOKS, slide_type

EDITIONS = [(language, name) for language in ("ru", "en") for name in NAMES]


@pytest.fixture(scope="module")
def laid(tmp_path_factory):
    root = tmp_path_factory.mktemp("lecture")
    shutil.copytree(NOTEBOOKS.parent / "img", root / "img")
    lay(root)
    return root


class Lecture:
    """A lecture of one notebook, which changes, and a reader with a copy of it."""

    def __init__(self, root):
        self.root, self.sources = root, root / "notebooks"
        (self.sources / "en").mkdir(parents=True)
        (self.sources / "ru").mkdir()
        shutil.copyfile(NOTEBOOKS / "start.ipynb", self.sources / "start.ipynb")
        self.source = self.sources / "en" / f"{NAMES[0]}.ipynb"
        self.copy = root / "my" / "en" / f"{NAMES[0]}.ipynb"
        self.second = self.copy.with_stem(f"{NAMES[0]} (2)")
        shutil.copyfile(path("en", NAMES[0]), self.source)
        self.open()

    def open(self):
        """Do what `make lab` does, and return what the start page says."""
        page = lay(self.root, sources=self.sources)
        return page, "\n".join(cell.source for cell in nbformat.read(page, as_version=4).cells)

    def say(self, text):
        """Change the lecture."""
        change(self.source, lambda notebook: notebook.cells[0].update(source=f"# {text}"))


@pytest.fixture
def lecture(tmp_path):
    return Lecture(tmp_path)


def change(file, how):
    notebook = nbformat.read(file, as_version=4)
    how(notebook)
    nbformat.write(notebook, file)


def says(file):
    return nbformat.read(file, as_version=4).cells[0].source


def write(file):
    change(file, lambda notebook: notebook.cells.append(nbformat.v4.new_code_cell("my = 1")))


def run(file):
    def how(notebook):
        code = next(cell for cell in notebook.cells if cell.cell_type == "code")
        code.outputs = [nbformat.v4.new_output("stream", text="run\n")]

    change(file, how)


def break_off(file):
    file.write_bytes(file.read_bytes()[:1000])


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_a_copy_is_the_notebook_before_anything_has_run_with_its_answers_folded(laid, language, name):
    source = read(language, name)
    copy = nbformat.read(laid / "my" / language / f"{name}.ipynb", as_version=4)
    assert [cell.id for cell in copy.cells] == [cell.id for cell in source.cells if slide_type(cell) != "notes"]
    code = [cell for cell in copy.cells if cell.cell_type == "code"]
    assert [cell.source for cell in code] == [cell.source for cell in source.cells if cell.cell_type == "code"]
    assert [(cell.outputs, cell.execution_count) for cell in code] == [([], None)] * len(code)
    assert len(exercises(copy)) >= 3
    for cell in copy.cells:
        if cell.cell_type == "markdown" and cell.id != "legend":
            shown = re.sub(r"</summary>.*?</details>", "</summary></details>", cell.source, flags=re.DOTALL)
            answer = re.search(r'marker answer">[^<]*</span>(.*)', shown, re.DOTALL)
            assert answer is None or answer[1] == "</summary></details>", f"{cell.id} gives its answer away"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_the_links_of_a_copy_lead_where_those_of_the_notebook_lead(laid, language, name):
    folder = laid / "my" / language
    for cell in nbformat.read(folder / f"{name}.ipynb", as_version=4).cells:
        for target in map("".join, re.findall(r'\]\(([^)\s#]+)|(?:href|src)="([^"#]+)', cell.source)):
            if cell.cell_type == "markdown" and not target.startswith("https:"):
                assert (folder / target).exists(), f"{cell.id} leads to {target}, which is not there"


def test_the_start_page_leads_to_every_copy(laid):
    cells = nbformat.read(laid / "my" / "start.ipynb", as_version=4).cells
    targets = [target for cell in cells for target in re.findall(r"\]\(([^)#]+\.ipynb)\)", cell.source)]
    assert sorted(targets) == sorted(f"{language}/{name}.ipynb" for language, name in EDITIONS)
    assert all((laid / "my" / target).exists() for target in targets)


def test_to_open_the_lecture_again_changes_nothing(laid):
    files = {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in laid.rglob("*.ipynb")}
    lay(laid)
    assert {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in laid.rglob("*.ipynb")} == files


def test_a_copy_that_was_only_looked_at_follows_the_lecture(lecture):
    change(lecture.copy, lambda notebook: notebook.metadata.language_info.update(version="3.11"))
    lecture.say("New")
    _, page = lecture.open()
    assert says(lecture.copy) == "# New"
    assert not lecture.second.exists()
    assert "has changed" not in page


@pytest.mark.parametrize("work", [write, run, break_off])
def test_what_a_reader_did_is_kept_and_the_new_notebook_lies_beside_it(lecture, work):
    work(lecture.copy)
    mine = lecture.copy.read_bytes()
    _, page = lecture.open()
    if work is not break_off:  # of a notebook that cannot be read nobody knows which one it was
        assert not lecture.second.exists()
        assert "has changed" not in page
    lecture.say("New")
    for _ in range(2):
        _, page = lecture.open()
        assert lecture.copy.read_bytes() == mine
        assert says(lecture.second) == "# New"
        assert f"The lecture has changed.** Your notebooks are as you left them; the new ones lie beside them: " \
               f"[{NAMES[0]} (2)](<en/{NAMES[0]} (2).ipynb>)." in page  # fmt: skip
        assert "Лекция обновилась" not in page


def test_a_lecture_that_changes_again_and_again_renews_only_what_nobody_has_touched(lecture):
    write(lecture.copy)
    for text in ("Second", "Third"):
        lecture.say(text)
        lecture.open()
        assert says(lecture.second) == f"# {text}"
    write(lecture.second)
    lecture.say("Fourth")
    lecture.open()
    assert says(lecture.second) == "# Third"
    assert says(lecture.copy.with_stem(f"{NAMES[0]} (3)")) == "# Fourth"
    assert len(list(lecture.copy.parent.iterdir())) == 3


def test_a_start_page_that_a_reader_wrote_on_is_kept_too(lecture):
    start, _ = lecture.open()
    write(start)
    mine = start.read_bytes()
    write(lecture.copy)
    lecture.say("New")
    page, text = lecture.open()
    assert start.read_bytes() == mine
    assert page.name == "start (2).ipynb"
    assert "has changed" in text
