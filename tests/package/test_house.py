"""The rooms of the package show themselves: what a notebook may import, and how much one has to read."""

import ast
from pathlib import Path

import pytest

import lecture_utils
from tests.notebook import NAMES, read

FILES = sorted(Path(lecture_utils.__file__).parent.rglob("*.py"))


def imported(source):
    """Return the dotted names that a program imports from the package."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module.startswith("lecture_utils"):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("lecture_utils"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_imports_only_names_without_an_underscore(name):
    code = [cell.source for cell in read("en", name).cells if cell.cell_type == "code"]
    programs = [source for source in code if "lecture_utils" in source]
    names = [imported_name for source in programs for imported_name in imported(source)]
    assert "lecture_utils.setup" in names
    assert [dotted for dotted in names if any(part.startswith("_") for part in dotted.split("."))] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(FILES[0].parent)))
def test_a_file_can_be_read_in_one_go(file):
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 250
