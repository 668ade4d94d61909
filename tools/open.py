"""Opens the lecture in JupyterLab: ``python -m tools.open``, which `make lab` runs."""

import os
import sys
from collections.abc import Sequence

from tools import environment
from tools.slides import leave


def main(arguments: Sequence[str]) -> None:
    """Serve the lecture until the reader stops it; `arguments` are further ones of JupyterLab's own."""
    leave.main()  # a show that was never left
    os.environ.update(environment.shown())
    from jupyterlab.labapp import LabApp

    as_root = hasattr(os, "getuid") and os.getuid() == 0  # as in a container: JupyterLab asks to say that it is meant
    LabApp.launch_instance(
        [
            *environment.served(environment.ROOT),
            "--LabApp.default_url=/lab/tree/notebooks/start.ipynb",
            *["--allow-root"] * as_root,
            *arguments,
        ]
    )


if __name__ == "__main__":
    main(sys.argv[1:])
