"""What several topics share."""

import shutil

import pytest

from lecture_utils._words import set_language
from tools.browser import chromium
from tools.notebooks import NOTEBOOKS


@pytest.fixture(autouse=True)
def _english():
    """Every test starts, and leaves the others, in English."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def lecture(tmp_path_factory):
    """Copy the lecture, so that no test changes a stored notebook; return the folder that JupyterLab is to serve."""
    root = tmp_path_factory.mktemp("lecture")
    for folder in (NOTEBOOKS, NOTEBOOKS.parent / "img"):
        shutil.copytree(folder, root / folder.name)
    return root
