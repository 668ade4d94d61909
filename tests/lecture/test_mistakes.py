"""Each mistake that readers make is shown going wrong, and asked about or exercised: mistakes.toml is the map."""

import tomllib
from pathlib import Path

import pytest

from tests.notebook import NAMES, read
from tools.notebooks import tags

MAP = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text(encoding="utf-8"))
PLACES = [(mistake, notebook) for mistake, notebooks in MAP.items() for notebook in notebooks]


@pytest.mark.parametrize(("mistake", "notebook"), PLACES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_is_shown_by_a_cell_that_runs(mistake, notebook, language):
    assert notebook in NAMES
    cells = {cell.id: cell for cell in read(language, notebook).cells}
    for cell in MAP[mistake][notebook]["shown"]:
        assert cell in cells, f"{notebook} has no cell {cell}"
        assert cells[cell].cell_type == "code"
        assert cells[cell].outputs, f"{notebook}: cell {cell} shows nothing"


@pytest.mark.parametrize("mistake", MAP)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_it_is_asked_about_or_exercised(mistake, language):
    practised = [(name, cell) for name, places in MAP[mistake].items() for cell in places["practised"]]
    assert practised
    for name, cell_id in practised:
        (cell,) = (cell for cell in read(language, name).cells if cell.id == cell_id)
        asked = 'class="marker question"' in cell.source
        assert asked or {"exercise", "check"} & set(tags(cell)), f"{name}: {cell_id} neither asks nor exercises"
