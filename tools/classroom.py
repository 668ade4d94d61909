"""Starts a class on this machine: ``python -m tools.classroom NAMES``, which `make class NAMES=file` runs.

Each student is a user of the machine, whose home is closed to the others; the hub is JupyterHub's, set up by
``classroom/jupyterhub_config.py``.
"""

import argparse
import csv
import os
import pwd
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import copies
from tools.environment import ROOT
from tools.web.errors import BuildError
from tools.web.npm import packages

CLASSROOM = ROOT / "classroom"
_ABOUT = "student of the lecture"  # in a user's entry: such users are ours
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_A_STUDENT = 420 << 20  # bytes that a student takes, with the largest notebook
_FOR_THE_REST = 2 << 30


def main(arguments: Sequence[str]) -> None:
    """Make a user for each new name, and serve the class until stopped."""
    parser = argparse.ArgumentParser(prog="python -m tools.classroom", description=main.__doc__)
    parser.add_argument("names", type=Path, help="a file with the name of a student on each line")
    parser.add_argument("--address", default="http://127.0.0.1:8000", help="where to listen; this machine by default")
    parser.add_argument("--state", type=Path, default=Path("/var/lib/lecture-class"), help="the folder of its state")
    parser.add_argument("--memory", type=int, default=1536, help="MiB that each process of a student may take")
    parser.add_argument("--most", type=int, default=_most(), help="students at once; by default what memory holds")
    options = parser.parse_args(arguments)
    if os.geteuid() != 0:
        parser.error("only the administrator can start a class, for each student is a user: sudo make class …")
    names = _names(parser, options.names)
    options.state.mkdir(parents=True, exist_ok=True)
    options.state.chmod(0o700)
    _make_users(names, options.state / "passwords.csv")
    _must_read_the_lecture(parser, names[0])
    _pack_copies(options.state)
    variables = _unset() | {
        "CLASS_STATE": str(options.state),
        "CLASS_ADDRESS": options.address,
        "CLASS_NAMES": " ".join(names),
        "CLASS_MEMORY": str(options.memory << 20),
        "CLASS_MOST": str(options.most),
        "CLASS_PROXY": "\n".join(_proxy(parser)),
        "CLASS_PROXY_PORT": str(_port(options.state / "proxy.port")),
        "CLASS_HUB_PORT": str(_port(options.state / "hub.port")),
        "CONFIGPROXY_AUTH_TOKEN": _kept(options.state / "proxy.token", secrets.token_hex(32)),
    }
    print(f"{len(names)} students, {options.most} at once, at {options.address}")
    print(f"The passwords of those who were new: {options.state / 'passwords.csv'}", flush=True)
    config = str(CLASSROOM / "jupyterhub_config.py")
    os.chdir(options.state)
    os.execve(sys.executable, [sys.executable, "-m", "jupyterhub", "--config", config], variables)


def _names(parser: argparse.ArgumentParser, file: Path) -> list[str]:
    """Return the names of the students, each of which can be a user's and is nobody else's."""
    try:
        names = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        parser.error(f"{file} cannot be read ({type(error).__name__}): name a file with a student's name on each line")
    if not names:
        parser.error(f"{file} has no names")
    for name in names:
        if not _NAME.fullmatch(name):
            parser.error(f"{name!r} cannot be the name of a user: only a–z, 0–9, - and _, and a letter first")
        if _is_a_user(name) and pwd.getpwnam(name).pw_gecos != _ABOUT:
            parser.error(f"{name} is a user of this machine already, and no student: choose another name")
    return sorted(set(names))


def _is_a_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True


def _make_users(names: Sequence[str], passwords: Path) -> None:
    """Make the users that there are not, and note the passwords that they got."""
    passwords.touch(mode=0o600)
    with passwords.open("a", encoding="utf-8", newline="") as file:
        for name in names:
            if not _is_a_user(name):
                # No shell to log in with: the password is for the hub alone.
                made = ["useradd", "--create-home", "--shell", "/usr/sbin/nologin", "--comment", _ABOUT, name]
                subprocess.run(made, check=True)
                password = secrets.token_urlsafe(9)
                subprocess.run(["chpasswd"], input=f"{name}:{password}", text=True, check=True)
                csv.writer(file).writerow([name, password])
            Path(pwd.getpwnam(name).pw_dir).chmod(0o700)


def _must_read_the_lecture(parser: argparse.ArgumentParser, name: str) -> None:
    user = pwd.getpwnam(name)
    command = [sys.executable, "-c", "import jupyterhub, lecture_utils, tools.copies"]
    try:
        done = subprocess.run(
            command, cwd=ROOT, user=user.pw_uid, group=user.pw_gid, extra_groups=[], capture_output=True, text=True,
            env={"PATH": os.defpath, "HOME": user.pw_dir},
        )  # fmt: skip
        able, reason = done.returncode == 0, done.stderr.strip().splitlines()[-1:]
    except OSError as error:
        able, reason = False, [str(error)]
    if not able:
        parser.error(
            f"students cannot read the lecture or its Python ({' '.join(reason)}): put both where everybody can, as "
            "under /opt, with the system's Python: make class PYTHON=/usr/bin/python3"
        )


def _pack_copies(state: Path) -> None:
    """Pack what a new student's home begins with, and note its version: laying takes seconds, unpacking none."""
    version = copies.version()
    with TemporaryDirectory() as home:
        subprocess.run(
            [sys.executable, "-m", "tools.copies", f"{home}/lecture", "--version", version], cwd=ROOT, check=True,
            env={"HOME": home, "PATH": os.defpath, "PYTHONUTF8": "1"},  # where matplotlib leaves its list of fonts
        )  # fmt: skip
        with tarfile.open(state / "copies.tar", "w") as packed:
            for path in Path(home).iterdir():
                packed.add(path, path.name)
    (state / "version").write_text(version, encoding="utf-8")


def _proxy(parser: argparse.ArgumentParser) -> list[str]:
    """Return how to call the proxy, which npm fetches once."""
    node = shutil.which("node")
    if node is None:
        parser.error("there is no Node.js, which runs the proxy: install it (on Debian, `apt install nodejs npm`)")
    try:
        return [node, str(packages(wanted=CLASSROOM) / "configurable-http-proxy/bin/configurable-http-proxy")]
    except BuildError as error:
        parser.error(str(error))


def _most() -> int:
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return max(1, (memory - _FOR_THE_REST) // _A_STUDENT)


def _port(file: Path) -> int:
    """Return a port that is free now, and the same one at the next start: what still runs knows it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(_kept(file, str(probe.getsockname()[1])))


def _kept(file: Path, new: str) -> str:
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(new, encoding="utf-8")
    return file.read_text(encoding="utf-8")


def _unset() -> dict[str, str]:
    """Return the variables of whoever starts this, without those that would lead students elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "IPYTHON", "PYTHON"))}


if __name__ == "__main__":
    main(sys.argv[1:])
