"""Take the pictures of README.md from the real thing: ``python -m tools.take_pictures``."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tools.browser import chromium, jupyterlab, new_context
from tools.lab import open_notebook, run_all
from tools.notebooks import NOTEBOOKS

IMAGES = NOTEBOOKS.parent / "img"
#: The notebook of each picture, and how far into it the first explorer is.
PICTURES = {"ru": "02_gradient_descent", "en": "03_backpropagation"}


def take(browser: Browser, address: str, *, language: str, notebook: str) -> None:
    """Run a notebook in JupyterLab and store what is seen around its first explorer."""
    page = new_context(browser, width=1100, height=800).new_page()
    open_notebook(page, address, f"notebooks/{language}/{notebook}.ipynb")
    run_all(page)
    picture = page.locator(".live-picture").first
    picture.wait_for()
    for _ in range(5):  # what stands above takes its final size as it comes into view
        page.wait_for_timeout(2000)
        picture.evaluate("picture => picture.scrollIntoView({block: 'end'})")
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / language / "notebook.png")


def main() -> None:
    """Take a picture in each language."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "lecture"
        for source in (NOTEBOOKS, IMAGES):
            shutil.copytree(source, root / source.name)
        with jupyterlab(root, Path(folder) / "state") as address, chromium() as browser:
            for language, notebook in PICTURES.items():
                take(browser, address, language=language, notebook=notebook)


if __name__ == "__main__":
    main()
