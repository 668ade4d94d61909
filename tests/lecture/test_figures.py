"""The figures of img/: all there, up to date, used, and readable."""

import re
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from matplotlib import pyplot as plt
from matplotlib.path import Path

from lecture_utils._words import LANGUAGES
from tests.lecture import figure_texts
from tests.lecture.figure_texts import texts
from tests.notebook import NAMES, read
from tests.pins import only_as_pinned
from tools.figures import FIGURES, IMAGES, draw

IN_NOTEBOOK = {
    "01_forward_and_loss": ["training_cycle_forward", "mlp_two_hidden_layers", "forward_pass_numbers"],
    "02_gradient_descent": ["training_cycle_overview", "descent_on_surface"],
    "03_backpropagation": [
        "training_cycle_gradient",
        "error_flow",
        "backward_pass_numbers",
        "chain_rule_paths",
        "forward_backward_modules",
        *(f"backprop_step_{step}" for step in range(1, 7)),
        "activation_derivatives",
    ],
    "04_autograd": ["computation_graph", "layer_hierarchies"],
}
drawn = cache(figure_texts.drawn)
MEANT = "if you meant that, run `make figures`; if not, a change elsewhere has broken it, and storing would hide it"
EDITIONS = [(language, name) for language in LANGUAGES for name in FIGURES]


@cache
def pictures(language, name):
    """Return (alternative text, file) of each picture in a notebook."""
    source = "\n".join(cell.source for cell in read(language, name).cells if cell.cell_type == "markdown")
    return re.findall(r"!\[(.*?)\]\((.*?)\)", source, flags=re.DOTALL)


@only_as_pinned
@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_drawing_a_figure_again_changes_no_byte(language, name):
    stored = (IMAGES / language / f"{name}.svg").read_bytes()
    assert draw(name, language=language) == stored, f"{language}/{name} is drawn as it is not stored: {MEANT}"


def test_every_file_is_a_figure_of_today():
    for language in LANGUAGES:
        assert {path.stem for path in (IMAGES / language).glob("*.svg")} == set(FIGURES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("notebook", "names"), IN_NOTEBOOK.items())
def test_a_notebook_shows_the_figures_that_the_lecture_gives_it(language, notebook, names):
    shown = [path for _, path in pictures(language, notebook)]
    for name in names:
        assert f"../../img/{language}/{name}.svg" in shown


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("notebook", NAMES)
def test_each_picture_is_there_and_is_told_in_words_of_the_notebooks_language(language, notebook):
    for words, path in pictures(language, notebook):
        assert (IMAGES / path.removeprefix("../../img/")).is_file(), f"{notebook}: no picture {path}"
        assert len(words) > 50, f"{notebook}: {path} is told in {words!r}"
        russian = any("а" <= letter <= "я" for letter in words.lower())
        assert russian == (language == "ru"), f"{notebook}: {path} is told in the other language"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_no_text_of_a_figure_leaves_it_or_covers_another(language, name):
    figure, renderer = drawn(name, language)
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(figure)]
    for said, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{said!r} leaves the figure"
    for (said, box), (other_said, other) in combinations(boxes, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        up = min(box.y1, other.y1) - max(box.y0, other.y0)
        assert across < 2 or up < 2, f"{said!r} and {other_said!r} cover each other by {across:.0f} × {up:.0f} px"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_no_arrow_of_a_figure_goes_through_a_text(language, name):
    figure, renderer = drawn(name, language)
    arrows = [text.arrow_patch for ax in figure.axes for text in ax.texts if getattr(text, "arrow_patch", None)]
    paths = [lines(patch.get_transform().transform_path(patch.get_path())) for patch in arrows]
    for text in texts(figure):
        box = text.get_window_extent(renderer).padded(-2)
        for path in paths:
            assert not path.intersects_bbox(box, filled=False), f"an arrow goes through {text.get_text()!r}"


def lines(path):
    """Return a path made of lines only, without the corner (0, 0) by which matplotlib closes a part of it."""
    path = path.cleaned(curves=False, remove_nans=True)
    kept = np.isin(path.codes, (Path.MOVETO, Path.LINETO))
    return Path(path.vertices[kept], path.codes[kept])


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_every_text_of_a_figure_can_be_read_from_the_last_row(language, name):
    figure, _ = drawn(name, language)
    assert plt.get_fignums() == [], "pyplot would show it, too"
    for text in texts(figure):
        assert text.get_fontsize() >= 18, f"{text.get_text()!r} is set in {text.get_fontsize()} points"
