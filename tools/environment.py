"""What everything that the project runs by itself runs in: none of the settings of whoever runs it.

Kernels, decks, tests and JupyterLab take their variables from here, and from nowhere else.
"""

import importlib.util
import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
#: The variable with the seed of the rounding noise that kernels are to compute with; see tools/rounding.py.
ROUNDING_SEED = "ROUNDING_SEED"

_ENTER_ROUNDING = "__import__('runpy').run_path({path!r}, run_name='__main__')\n"  # leaves no name in the notebook


def shown() -> dict[str, str]:
    """Return the variables for what a person looks at: Python, IPython and matplotlib as they are when installed."""
    return os.environ | {
        "IPYTHONDIR": str(_ipython()),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "MATPLOTLIBRC": str(Path(importlib.util.find_spec("matplotlib").origin).with_name("mpl-data")),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONDONTWRITEBYTECODE": "",  # uv compiles nothing: kept from it, each kernel would compile PyTorch anew
        "PYTHONUTF8": "1",
    }


def unseen() -> dict[str, str]:
    """Return the variables for what is compared or stored: besides, one locale, and no progress bars.

    How far a bar has come depends on the machine. Hashes stay random, as a reader's are: nothing may depend on them.
    """
    return shown() | {"LC_ALL": "C.UTF-8", "TQDM_DISABLE": "1"}


def served(root: Path) -> list[str]:
    """Return the arguments for a JupyterLab that serves `root` to this machine, whatever its user's settings say."""
    return [f"--ServerApp.root_dir={root}", f"--ServerApp.preferred_dir={root}", "--ServerApp.ip=127.0.0.1"]


def _ipython() -> Path:
    """Return the folder of IPython's settings and history; kernels with rounding noise have one of their own."""
    noisy = bool(os.environ.get(ROUNDING_SEED))
    folder = BUILD / ("ipython-rounding" if noisy else "ipython")
    folder.mkdir(parents=True, exist_ok=True)  # IPython makes no more than the last folder of a path
    if noisy:
        start = folder / "profile_default" / "startup" / "rounding.py"
        text = _ENTER_ROUNDING.format(path=str(Path(__file__).with_name("rounding.py")))
        if not start.exists() or start.read_text(encoding="utf-8") != text:  # a kernel may be reading it now
            start.parent.mkdir(parents=True, exist_ok=True)
            start.write_text(text, encoding="utf-8")
    return folder
