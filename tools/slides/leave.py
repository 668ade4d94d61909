"""Ends a live show that was never left: ``python -m tools.slides.leave``, which `make lab` runs first."""

import re
from pathlib import Path


def leave(settings: Path) -> None:
    """Let JupyterLab, whose user's settings lie in `settings`, open the next notebook as a notebook.

    jupyterlab-slideshow remembers there that a show is on, so closing the page in the middle of one would turn the
    next reader's notebook into slides. All its other settings stay as they are.
    """
    for path in settings.glob("jupyterlab-slideshow/*.jupyterlab-settings"):
        kept = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'("active"\s*:\s*)true', r"\1false", kept), encoding="utf-8")


def main() -> None:
    """Leave the show of this machine's user."""
    from jupyterlab.commands import get_user_settings_dir

    leave(Path(get_user_settings_dir()))


if __name__ == "__main__":
    main()
