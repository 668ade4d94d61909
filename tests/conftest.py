"""What several topics share."""

import shutil

import nbformat
import pytest
from filelock import FileLock

from lecture_utils import i18n
from lecture_utils.notebooks import NOTEBOOKS, run
from tests.browser import chromium
from tests.notebook import path, read


@pytest.fixture(autouse=True)
def _english():
    """Every test starts, and leaves the others, in English."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


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


@pytest.fixture(scope="session")
def executed(tmp_path_factory, worker_id):
    """Return a function that gives a notebook as it has just run, widgets included; it runs once for all tests."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # what pytest's processes share
        root = root.parent

    def execute_once(language, name):
        file = root / f"executed-{language}-{name}.ipynb"
        with FileLock(f"{file}.lock"):
            if not file.exists():
                nbformat.write(run(read(language, name), folder=path(language, name).parent), file)
        return nbformat.read(file, as_version=4)

    return execute_once
