"""Gives this environment's JupyterLab the settings that the lecture needs: ``python -m lecture_utils.jupyterlab``."""

import json
import sys
from pathlib import Path

# Without it, a notebook that a reader saved and opens the next day says "Error displaying widget" for each explorer.
_SETTINGS = {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}


def main() -> None:
    """Write the settings where JupyterLab looks for what differs from its own; the reader's choices go before them."""
    folder = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.d"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lecture-utils.json").write_text(json.dumps(_SETTINGS, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
