"""What the project runs by itself runs in an environment of its own, whatever whoever runs it has set."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import pytest

from tests.lecture.test_reading import misspelled, needs_hunspell
from tools import copies, environment, open
from tools import jupyterlab as settings
from tools.browser import jupyterlab
from tools.notebooks import run
from tools.slides import leave

ASKS = """\
import os, sys, matplotlib
1
(os.environ["LC_ALL"], sys.dont_write_bytecode,
 "inline" in matplotlib.get_backend(), matplotlib.rcParams["savefig.bbox"])"""


@pytest.fixture
def anothers_settings(tmp_path, monkeypatch):
    """Set what people set who have nothing to do with the lecture."""
    own = tmp_path / "own"
    profile = own / "profile_default"
    profile.mkdir(parents=True)
    (profile / "ipython_config.py").write_text("c.InteractiveShell.ast_node_interactivity = 'all'")
    (own / "matplotlibrc").write_text("savefig.bbox: tight\nbackend: svg\n")
    settings = {
        "IPYTHONDIR": tmp_path / "ipython",
        "MATPLOTLIBRC": tmp_path / "ipython",
        "MPLBACKEND": "agg",
        "LC_ALL": "C",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))


@pytest.mark.usefixtures("anothers_settings")
def test_a_notebook_is_run_with_none_of_them(tmp_path):
    notebook = run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(ASKS)]), folder=tmp_path)
    (output,) = notebook.cells[0].outputs
    assert output.data["text/plain"] == "('C.UTF-8', False, True, None)"


@pytest.mark.parametrize("seed", ["", "1"])
def test_the_settings_of_ipython_have_a_folder_before_anything_is_built(tmp_path, monkeypatch, seed):
    monkeypatch.setattr(environment, "BUILD", tmp_path / "not there" / "yet")
    monkeypatch.setenv(environment.ROUNDING_SEED, seed)
    start = Path(environment.unseen()["IPYTHONDIR"]) / "profile_default" / "startup" / "rounding.py"
    assert start.parents[2].is_dir()
    assert start.exists() == bool(seed)


def test_so_are_the_tests_and_what_they_start():
    assert {name: os.environ[name] for name in environment.unseen()} == environment.unseen()
    assert os.environ["IPYTHONDIR"].startswith(str(environment.BUILD))
    assert os.environ["TQDM_DISABLE"] == "1"


@needs_hunspell
@pytest.mark.usefixtures("anothers_settings")
def test_words_are_looked_up_in_russian_whatever_the_locale():
    assert misspelled("ru", {"градиент", "градеент"}) == {"градеент"}


@pytest.fixture
def anothers_server(tmp_path):
    config = tmp_path / "state" / "config"
    config.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    elsewhere = repr(str(tmp_path / "elsewhere"))
    lines = [f"c.ServerApp.root_dir = {elsewhere}", f"c.ServerApp.preferred_dir = {elsewhere}", "c.ServerApp.ip = '*'"]
    (config / "jupyter_server_config.py").write_text("\n".join(lines))
    return tmp_path / "state"


def test_jupyterlab_serves_the_lecture_and_not_the_folder_of_its_users_settings(anothers_server):
    with (
        jupyterlab(environment.ROOT, anothers_server) as address,
        urllib.request.urlopen(address.format("api/contents/notebooks")) as answer,
    ):
        assert "start.ipynb" in [entry["name"] for entry in json.load(answer)["content"]]


@pytest.mark.parametrize(
    ("arguments", "page"), [([], "my/start%20(2).ipynb"), (["--edit"], "notebooks/start.ipynb")], ids=["lab", "edit"]
)
def test_make_lab_and_make_edit_say_all_of_that_to_jupyterlab(monkeypatch, arguments, page):
    said = []
    monkeypatch.setattr("jupyterlab.labapp.LabApp.launch_instance", said.extend)
    monkeypatch.setattr(leave, "main", lambda: None)
    monkeypatch.setattr(copies, "lay", lambda root: root / "my/start (2).ipynb")
    monkeypatch.setattr(os, "environ", dict(os.environ) | {"MPLBACKEND": "agg"})
    open.main(["--no-browser", *arguments])
    assert {*environment.served(environment.ROOT), "--no-browser"} < set(said)
    assert f"--LabApp.default_url=/lab/tree/{page}" in said
    assert "--edit" not in said
    assert not any("token" in argument or "password" in argument for argument in said)
    assert os.environ["MPLBACKEND"] == "module://matplotlib_inline.backend_inline"


EXPLORER = "from lecture_utils.explorers import activation_explorer\nactivation_explorer()"


def test_a_notebook_exported_as_it_is_saved_shows_the_picture_of_an_explorer(tmp_path, monkeypatch):
    notebook = run(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(EXPLORER)]), folder=environment.ROOT)
    (output,) = notebook.cells[0].outputs
    settings.main(tmp_path)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "etc/jupyter"))
    nbformat.write(notebook, tmp_path / "one.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "html", "--log-level=ERROR", tmp_path / "one.ipynb"]
    subprocess.run(command, check=True, env=environment.unseen())
    shown = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert output.data["image/png"] in shown.replace("\n", "").replace("&#10;", "")
