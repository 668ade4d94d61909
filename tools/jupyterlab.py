"""Gives this environment's JupyterLab the settings that the lecture needs: ``python -m tools.jupyterlab``."""

import json
import sys
from pathlib import Path

_SETTINGS = {
    # Without it, a notebook that was saved and is opened the next day says "Error displaying widget" for each explorer.
    "@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True},
    # By default the heights of cells out of view are guesses, and a link in the contents misses its section.
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "defer"},
    # Neither a question about news over the first page nor a request for them.
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
}


def main() -> None:
    """Write the settings where JupyterLab looks for what differs from its own; the reader's choices go before them."""
    folder = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lecture-utils.json").write_text(json.dumps(_SETTINGS, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
