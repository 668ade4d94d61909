"""Opens the lecture in JupyterLab: ``python -m tools.open``, which `make lab` runs.

A reader works in copies of the notebooks; ``--edit``, as in `make edit`, opens the notebooks themselves.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import copies, environment
from tools.slides import leave


def main(arguments: Sequence[str]) -> None:
    """Serve the lecture until the reader stops it; arguments but ``--edit`` are further ones of JupyterLab's own."""
    leave.main()  # a show that was never left
    os.environ.update(environment.shown())
    from jupyterlab.labapp import LabApp

    as_root = hasattr(os, "getuid") and os.getuid() == 0  # as in a container: JupyterLab asks to say that it is meant
    LabApp.launch_instance(
        [
            *environment.served(environment.ROOT),
            f"--LabApp.default_url=/lab/tree/{_start('--edit' in arguments)}",
            *["--allow-root"] * as_root,
            *[argument for argument in arguments if argument != "--edit"],
        ]
    )


def _start(edit: bool) -> str:
    """Return the page to begin with, as JupyterLab's addresses have it."""
    start = Path("notebooks/start.ipynb") if edit else copies.lay(environment.ROOT).relative_to(environment.ROOT)
    return start.as_posix().replace(" ", "%20")


if __name__ == "__main__":
    main(sys.argv[1:])
