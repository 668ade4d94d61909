"""The first command works whatever an earlier attempt, another Python or a system's own habits have left behind."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pins import ROOT
from tools import set_up
from tools.web.npm import _reason

TEXTS = (".gitattributes", "Makefile", ".ci/run", "README.md", "img/en/error_flow.svg", "notebooks/start.ipynb")


def ran(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def runs(monkeypatch):
    """Collect what would be run, and let all of it succeed."""
    commands = []

    def run(*command, variables=None):
        commands.append([*command, *(f"{name}={value}" for name, value in (variables or {}).items())])
        return True

    monkeypatch.setattr(set_up, "_runs", run)
    return commands


def test_another_python_is_told_in_one_sentence_which_ones_there_are(tmp_path):
    copy = tmp_path / "tools" / "set_up.py"
    copy.parent.mkdir()
    copy.write_text((ROOT / "tools/set_up.py").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text('requires-python = ">=3.88,<3.91"', encoding="utf-8")
    code, said = ran(sys.executable, copy, tmp_path / "new")
    assert code == 1
    own = sys.version.split()[0]
    assert said.startswith(f"The lecture needs Python 3.88 to 3.90, but this is {own}: ")
    assert "make lab PYTHON=python3.88" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("name", [f"python3.{minor}" for minor in range(6, 11)])
def test_an_old_python_can_read_what_it_is_told(name, tmp_path):
    python = _found(name)
    if python is None:
        pytest.skip(f"no {name} on this machine")
    code, said = ran(python, ROOT / "tools/set_up.py", tmp_path / "new")
    assert code == 1
    assert re.fullmatch(r"The lecture needs Python 3\.11 to 3\.13, but this is 3\.\d+\.\d+: .*\n", said)


def _found(name):
    """Return a Python of that name that runs: a version manager may offer one that it does not have."""
    python = shutil.which(name)
    others = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions").glob(f"{name[6:]}.*/bin/{name}")
    return next((found for found in (python, *others) if found and ran(found, "--version")[0] == 0), None)


def test_an_environment_that_was_left_half_made_is_made_anew(tmp_path, runs):
    folder = tmp_path / "environment"
    (folder / "bin").mkdir(parents=True)
    (folder / "lib").write_text("where a folder should be")
    (folder / "bin/python").symlink_to(tmp_path / "nowhere")
    set_up.main(folder, ["--editable", "."])
    assert ran(folder / "bin/python", "-c", "import sys; print(sys.prefix)")[1].strip() == str(folder)
    assert any("install" in command for command in runs)


def test_a_finished_environment_stays_and_one_of_another_version_does_not(tmp_path, runs, monkeypatch):
    set_up.main(tmp_path, [])
    (tmp_path / "ready").touch()
    (tmp_path / "mine").touch()
    set_up.main(tmp_path, [])
    assert (tmp_path / "mine").exists()
    assert not (tmp_path / "ready").exists()  # make puts it there when all is done
    (tmp_path / "ready").touch()
    monkeypatch.setattr(set_up, "_is_of_this_version", lambda python: False)
    set_up.main(tmp_path, [])
    assert not (tmp_path / "mine").exists()


def test_a_python_without_its_parts_is_told_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "venv", None)
    with pytest.raises(SystemExit, match="apt install python3-venv"):
        set_up.main(tmp_path, [])


def test_uv_looks_where_pip_is_told_to_look(tmp_path, runs, monkeypatch):
    for name in set_up._AS_UV.values():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_FIND_LINKS", "here there")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://one.example https://two.example")
    set_up.main(tmp_path, ["--constraint", "constraints.txt", "--editable", "."])
    (install,) = [command for command in runs if "--editable" in command]
    assert {"UV_FIND_LINKS=here,there", "UV_INDEX=https://one.example https://two.example"} <= set(install)
    assert "constraints.txt" in install


def test_where_uv_cannot_install_pip_does(tmp_path, monkeypatch):
    commands = []

    def run(*command, variables=None):
        commands.append(command)
        return "uv" not in command

    monkeypatch.setattr(set_up, "_runs", run)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    set_up.main(tmp_path, ["--constraint", "constraints.txt", "--editable", "."])
    expected = ("-m", "pip", "install", "--constraint", "constraints.txt", "--editable", ".")
    assert expected in [command[1:] for command in commands]


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_what_costs_each_start_a_second_and_does_nothing_is_taken_out_again(tmp_path, runs, monkeypatch, installer):
    if installer == "pip":
        monkeypatch.setattr(set_up, "_by_uv", lambda python, arguments: False)
    set_up.main(tmp_path, ["--editable", "."])
    assert "uninstall" in runs[-1]
    assert runs[-1][-1] == "rfc3987-syntax"
    assert any(installer in part for part in runs[-1])
    assert "--yes" in runs[-1] or installer == "uv", "pip would ask, and nobody would answer"
    assert "install" in runs[-2]
    source = "import sys; sys.modules['rfc3987_syntax'] = None; import nbformat; nbformat.v4.new_notebook()"
    assert ran(sys.executable, "-c", source) == (0, "")


def test_files_are_the_same_bytes_on_a_system_with_other_ends_of_lines(tmp_path):
    if shutil.which("git") is None:
        pytest.skip("no git on this machine")
    there, here = tmp_path / "there", tmp_path / "here"
    files = (*TEXTS, "img/en/notebook.png")
    for file in files:
        (there / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, there / file)
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"} | {
        f"GIT_{who}_{what}": "test@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | own
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "--message", "all"]):
        assert ran("git", "-C", there, *command, env=variables) == (0, "")
    assert ran("git", "-c", "core.autocrlf=true", "clone", "--quiet", there, here, env=variables) == (0, "")
    for file in files:
        assert (here / file).read_bytes() == (ROOT / file).read_bytes(), file


@pytest.mark.parametrize("prefix", ["npm error", "npm ERR!"])
def test_every_npm_is_understood_when_it_says_why(prefix):
    complaint = f"npm warn old\n{prefix} code ENOTFOUND\n{prefix} errno ENOTFOUND\n{prefix} network request failed\n"
    assert _reason(complaint) == "code ENOTFOUND"
    assert _reason(f"{prefix} some  \n{prefix}\n") == "some"
    assert _reason("") == "no reason given"
