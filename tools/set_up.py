"""Makes an environment with the lecture in it: ``python3 tools/set_up.py .venv --editable '.[test]'``.

Any Python 3 can run this, to say in one sentence what is missing. uv installs, in a tenth of pip's time, from where pip
is told to look; where it cannot, pip does. What was left half made is made anew.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LEAST, BEYOND = map(
    int, re.search(r'">=3\.(\d+),<3\.(\d+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8")).groups()
)
if sys.version_info[0] != 3 or not LEAST <= sys.version_info[1] < BEYOND:
    sys.exit(
        f"The lecture needs Python 3.{LEAST} to 3.{BEYOND - 1}, but this is {sys.version.split()[0]}: "
        f"install one of those and name it, as in `make lab PYTHON=python3.{LEAST}`."
    )

_NO_PIP = (
    "This Python lacks a part, ensurepip, without which nothing can be installed: install it "
    "(on Debian and Ubuntu, `apt install python3-venv`) and run again."
)
#: jsonschema brings it, and by it checks addresses in other alphabets, of which Jupyter sends none; it costs every
#: process that reads a notebook a second and 20 MB at its start, and where it is missing jsonschema does without.
LEFT_OUT = "rfc3987-syntax"
#: What pip is told of where to look, and how uv calls it.
_AS_UV = {"index-url": "UV_DEFAULT_INDEX", "extra-index-url": "UV_INDEX", "find-links": "UV_FIND_LINKS"}


def main(folder: Path, arguments: list[str]) -> None:
    """Make the environment in `folder` unless it is there, and install what pip would by these arguments."""
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    ready = folder / "ready"
    if not (ready.exists() and _is_of_this_version(python)):
        _make(folder)
    ready.unlink(missing_ok=True)  # make puts it there when all is done
    if not _by_uv(python, arguments):
        _must_run(python, "-m", "ensurepip", or_else=_NO_PIP)
        _must_run(python, "-m", "pip", "install", *arguments, or_else="pip cannot install the lecture: see above.")
        _runs(python, "-m", "pip", "uninstall", "--quiet", "--yes", LEFT_OUT)


def _is_of_this_version(python: str) -> bool:
    command = [python, "-c", "import sys; print(*sys.version_info[:2])"]
    try:
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True).stdout
    except OSError:  # it is not there, or leads nowhere
        return False
    return said.split() == [str(part) for part in sys.version_info[:2]]


def _make(folder: Path) -> None:
    try:
        import venv
    except ImportError:
        sys.exit(_NO_PIP)
    venv.create(folder, clear=True, symlinks=os.name != "nt")  # without pip, which would take half of the time


def _by_uv(python: str, arguments: list[str]) -> bool:
    """Install by uv, the machine's own or one that its pip puts into the environment; return whether all is there."""
    told = _told_to_pip(python)
    uv = [shutil.which("uv")]
    if uv == [None]:
        uv = [python, "-m", "uv"]
        constraint = arguments[arguments.index("--constraint") :][:2] if "--constraint" in arguments else []
        if not _runs(*_pip(python), "install", "--quiet", *constraint, "uv"):
            return False
    best = ("--index-strategy", "unsafe-best-match")  # of all places that pip is told of, as pip does
    installed = _runs(*uv, "pip", "install", "--python", python, *best, *arguments, "pip", variables=told)
    if installed:  # by uv too: the first start of a pip costs a second of the processor
        _runs(*uv, "pip", "uninstall", "--quiet", "--python", python, LEFT_OUT)
    return installed


def _pip(python: str) -> list[str]:
    """Return how to call a pip that installs into the environment: that of this Python, or else one put there."""
    if find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", python]
    _must_run(python, "-m", "ensurepip", or_else=_NO_PIP)
    return [python, "-m", "pip"]


def _told_to_pip(python: str) -> dict[str, str]:
    """Return, as uv calls it, where pip is told to look, by its files and by PIP_… variables."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ).stdout
    told: dict[str, str] = {}
    for key, value in re.findall(r"^(?:global|install|:env:)\.([\w-]+)='(.*)'$", said, re.MULTILINE):
        if key in _AS_UV:
            places = value.replace("\\n", " ").split()
            told[_AS_UV[key]] = ("," if key == "find-links" else " ").join(places)
    for option, name in _AS_UV.items():  # where this Python has no pip to ask
        variable = os.environ.get("PIP_" + option.replace("-", "_").upper())
        if variable:
            told[name] = ("," if option == "find-links" else " ").join(variable.split())
    return {name: value for name, value in told.items() if name not in os.environ}


def _runs(*command: str, variables: dict[str, str] = {}) -> bool:  # noqa: B006 it is only read
    try:
        return subprocess.run(command, env={**os.environ, **variables}).returncode == 0
    except OSError:
        return False


def _must_run(*command: str, or_else: str) -> None:
    if not _runs(*command):
        sys.exit(or_else)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
