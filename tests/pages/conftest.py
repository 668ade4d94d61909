"""What the tests of pages share: one browser, and one JupyterLab with one window."""

import json
import shutil
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from tools.browser import chromium, jupyterlab, new_context
from tools.notebooks import NOTEBOOKS


@pytest.fixture(scope="package")
def browser():
    with chromium() as started:
        yield started


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs.

    Attributes
    ----------
    root : Path
        What it serves.
    state : Path
        What it remembers.
    address : str
        What `tools.browser.jupyterlab` gives.
    window : BrowserContext
        Where its pages are opened: what one has loaded, the next need not load.
    """

    root: Path
    state: Path
    address: str
    window: BrowserContext

    def forget(self) -> None:
        """Close the pages, stop the kernels and drop the settings, that the next file finds what this one found."""
        for page in self.window.pages:
            page.close()
        with urllib.request.urlopen(self.address.format("api/sessions")) as answer:
            sessions = json.load(answer)
        for session in sessions:
            address = self.address.format(f"api/sessions/{session['id']}")
            urllib.request.urlopen(urllib.request.Request(address, method="DELETE")).close()
        for file in (*self.state.glob("settings/**/*"), *self.state.glob("workspaces/*")):
            if file.is_file():
                file.unlink()


@pytest.fixture(scope="package")
def _lab(browser, tmp_path_factory):
    root, state = tmp_path_factory.mktemp("root"), tmp_path_factory.mktemp("state")
    with jupyterlab(root, state) as address, new_context(browser, height=1000) as window:
        yield Lab(root, state, address, window)


@pytest.fixture(scope="module")
def lab(_lab):
    """Return the one JupyterLab, which remembers nothing of other files' tests."""
    yield _lab
    _lab.forget()


@pytest.fixture(scope="module")
def lecture(lab):
    """Copy the lecture to where JupyterLab finds it, so that no test changes a stored notebook."""
    for folder in (NOTEBOOKS, NOTEBOOKS.parent / "img"):
        shutil.copytree(folder, lab.root / folder.name)
    yield lab.root
    for folder in (NOTEBOOKS, NOTEBOOKS.parent / "img"):
        shutil.rmtree(lab.root / folder.name)
