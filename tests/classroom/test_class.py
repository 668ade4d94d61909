"""A class on this machine: real users, a real hub, and what happens when it is killed."""

import asyncio
import os
import pwd
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.pins import ROOT
from tools import classroom

PYTHON = ROOT / ".venv-class/bin/python"

# Users are made and taken away, so not everywhere: `make class` must have set up the environment that students share.
needs_a_class = pytest.mark.skipif(
    os.geteuid() != 0 or not PYTHON.exists(), reason="only the administrator can start a class; see make class"
)


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Return a function that starts a class with these names, and returns the sentence by which it is refused."""
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    def start(text):
        names = tmp_path / "names"
        if text is not None:
            names.write_bytes(text)
        with pytest.raises(SystemExit):
            classroom.main([str(names), "--state", str(tmp_path / "state")])
        assert not (tmp_path / "state").exists()
        return capsys.readouterr().err.splitlines()[-1]

    return start


@pytest.mark.parametrize(
    ("names", "says"),
    {
        b"": "has no names",
        None: "cannot be read (FileNotFoundError)",
        b"\xff\xfe": "cannot be read (UnicodeDecodeError)",
        b"ann\nAnn Smith": "'Ann' cannot be the name of a user",
        b"ann;reboot": "'ann;reboot' cannot be the name of a user",
        b"root": "root is a user of this machine already",
    }.items(),
    ids=["none", "no file", "no text", "capitals", "a command", "the administrator"],
)
def test_names_that_cannot_be_those_of_students_are_refused_in_a_sentence(refused, names, says):
    assert says in refused(names)


def test_whoever_is_not_the_administrator_is_told_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit):
        classroom.main([str(tmp_path / "names")])
    assert "only the administrator can start a class" in capsys.readouterr().err


def cullers():
    """Return the processes that end the servers that nobody uses."""
    processes = psutil.process_iter(["cmdline"])
    return [process for process in processes if "jupyterhub_idle_culler" in (process.info["cmdline"] or [])]


@needs_a_class
def test_students_log_in_work_and_save_and_lose_nothing_when_the_hub_is_killed(tmp_path, monkeypatch):
    from tools.bench.a_class import a_class
    from tools.bench.class_bench import all_work

    monkeypatch.setattr(sys, "executable", str(PYTHON))
    with a_class(2, tmp_path) as (address, passwords, _, start_again):
        assert asyncio.run(all_work(address, passwords, start_again=start_again)) == []
        assert len(cullers()) == 1, "a hub that was killed has left its own behind"
        first, second = passwords
        for name, closed in ((first, pwd.getpwnam(second).pw_dir), (second, tmp_path / "state")):
            done = subprocess.run(["ls", closed], user=name, extra_groups=[], capture_output=True, text=True)
            assert "Permission denied" in done.stderr
        home = Path(pwd.getpwnam(first).pw_dir)
        assert (home / "lecture/my/start.ipynb").owner() == first
        assert (home / "lecture/img/en").is_dir()
    with pytest.raises(KeyError):
        pwd.getpwnam(first)
