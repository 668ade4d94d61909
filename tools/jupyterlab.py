"""Gives this environment's Jupyter the settings that the lecture needs: ``python -m tools.jupyterlab``."""

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
#: nbconvert's own order of what it shows of an output, but for widgets: their scripts would come from elsewhere, and
#: without a network leave an empty place, so an exported notebook shows the picture of each explorer instead.
_EXPORTED = {
    "WidgetsDataTypeFilter": {
        "display_data_priority": [
            "application/javascript",
            "text/html",
            "text/markdown",
            "image/svg+xml",
            "text/vnd.mermaid",
            "text/latex",
            "image/png",
            "image/jpeg",
            "application/vnd.jupyter.widget-view+json",
            "text/plain",
        ]
    }
}


def main(prefix: Path = Path(sys.prefix)) -> None:
    """Write the settings where Jupyter looks for what differs from its own; the reader's choices go before them."""
    _write(prefix / "share/jupyter/lab/settings/overrides.d/lecture-utils.json", _SETTINGS)
    _write(prefix / "etc/jupyter/jupyter_nbconvert_config.json", _EXPORTED)


def _write(path: Path, settings: dict[str, dict]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
