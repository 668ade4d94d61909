"""An error in a cell points at the reader's own line."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = 'from lecture_utils import setup\nsetup("en")\nfrom torch import nn, ones'


@pytest.fixture(scope="module")
def mismatch():
    """Return what is shown of an error in a function of the reader's, without colours."""
    sources = [SETUP, "def predict(x):\n    return nn.Linear(3, 1)(x)", "predict(ones(2))"]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, sources)))
    NotebookClient(notebook, allow_errors=True, kernel_name="python3").execute()
    return re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(notebook.cells[-1].outputs[-1].traceback))


def test_it_shows_the_line_of_the_cell_and_that_of_the_readers_function(mismatch):
    assert "----> 1 predict(ones(2))" in mismatch
    assert "----> 2     return nn.Linear(3, 1)(x)" in mismatch
    assert "mat1 and mat2 shapes cannot be multiplied" in mismatch


def test_it_shows_no_line_of_a_library(mismatch):
    assert "site-packages" not in mismatch
    assert len(mismatch.splitlines()) < 15
