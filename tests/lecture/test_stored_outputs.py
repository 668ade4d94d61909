"""What the notebooks store is what they do: `make notebooks` changes nothing."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from tests.executed import executed
from tests.notebook import NAMES, path, read
from tests.pins import only_as_pinned
from tools.notebooks import execute, normalised

MEANT = "if you meant that, run `make notebooks`; if not, a change elsewhere has broken it, and storing would hide it"
EDITIONS = [(language, name) for language in ("ru", "en") for name in NAMES]


def outputs(notebook):
    return {cell.id: cell.outputs for cell in notebook.cells if cell.cell_type == "code"}


def texts_and_pictures(notebook):
    """Return the outputs as text and the pictures apart: another processor may round a pixel differently."""
    cells, pictures = json.loads(json.dumps(outputs(notebook))), []
    for output in [output for cell in cells.values() for output in cell]:
        if "image/png" in output.get("data", {}):
            pictures.append(output["data"].pop("image/png"))
    return cells, [np.asarray(Image.open(io.BytesIO(base64.b64decode(png))), dtype=float) for png in pictures]


@only_as_pinned
@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_running_a_notebook_again_stores_the_same(language, name):
    stored, folder = read(language, name), path(language, name).parent
    again = normalised(executed(language, name))
    if outputs(again) == outputs(stored):
        return  # byte for byte: this is the second run in a row
    (texts, pictures), (stored_texts, stored_pictures) = texts_and_pictures(again), texts_and_pictures(stored)
    changed = [cell for cell in texts if texts[cell] != stored_texts.get(cell)]
    assert not changed, f"{language}/{name} prints something else than it stores, in cells {changed}: {MEANT}"
    for number, (picture, stored_picture) in enumerate(zip(pictures, stored_pictures, strict=True), start=1):
        where = f"{language}/{name}, picture {number} of {len(pictures)}"
        assert picture.shape == stored_picture.shape, f"{where} has another size: {MEANT}"
        share = (np.abs(picture - stored_picture).max(axis=-1) > 64).mean()
        assert share < 2e-4, f"{where} shows something else in {share:.2%} of its pixels: {MEANT}"
    assert outputs(execute(stored, folder=folder)) == outputs(again), "two runs on this machine differ"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_nothing_that_changes_by_itself_is_stored(language, name):
    notebook = read(language, name)
    stored = json.dumps(texts_and_pictures(notebook)[0])
    for secret in ("widget-view+json", "model_id", "0x7f", "/home/", "/root/", "/work/", "site-packages", "/tmp/"):
        assert secret not in stored, f"{language}/{name} stores {secret!r}"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
