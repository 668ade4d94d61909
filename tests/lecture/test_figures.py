"""The figures of img/: all there, up to date, used, and readable."""

import re
from functools import cache

import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from torch.func import grad

from lecture_utils._look.style import lecture_style
from lecture_utils._words import LANGUAGES, speaking
from tests.notebook import NAMES, read
from tests.pins import only_as_pinned
from tools.figures import FIGURES, IMAGES, computation_graph, draw

IN_NOTEBOOK = {
    "01_forward_and_loss": ["training_cycle_forward", "mlp_two_hidden_layers", "forward_pass_numbers"],
    "02_gradient_descent": ["training_cycle_overview", "descent_on_surface"],
    "03_backpropagation": [
        "training_cycle_gradient",
        "error_flow",
        "chain_rule_paths",
        "forward_backward_modules",
        *(f"backprop_step_{step}" for step in range(1, 7)),
        "activation_derivatives",
    ],
    "04_autograd": ["computation_graph", "layer_hierarchies"],
}
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
    assert draw(name, language=language) == stored, "run `make figures`"


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
    with speaking(language), lecture_style():
        figure = FIGURES[name]()
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        # A text in space has no extent before it is projected; that figure was looked at.
        texts = [text for ax in figure.axes if ax.name != "3d" for text in ax.texts if text.get_text().strip()]
        boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts]
    for said, box in boxes:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{said!r} leaves the figure"
    for index, (said, box) in enumerate(boxes):
        for other_said, other in boxes[index + 1 :]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            assert across < 2 or up < 2, f"{said!r} and {other_said!r} cover each other by {across:.0f} × {up:.0f} px"


@pytest.mark.parametrize(("language", "name"), EDITIONS)
def test_every_text_of_a_figure_can_be_read_from_the_last_row(language, name):
    with speaking(language), lecture_style():
        figure = FIGURES[name]()
    assert plt.get_fignums() == [], "pyplot would show it, too"
    for text in (text for ax in figure.axes for text in ax.texts if text.get_text().strip()):
        assert text.get_fontsize() >= 18, f"{text.get_text()!r} is set in {text.get_fontsize()} points"


def test_the_computation_graph_shows_the_derivatives_worked_out_on_paper():
    w, x, y = 3.0, 2.0, 4.0
    d = w * x - y
    expected = {"w": 2 * d * x + 2 * w, "x": 2 * d * w, "y": -2 * d, "w1": 2 * d * x, "w2": 2 * w, "p": 2 * d}
    numbers = computation_graph._values_and_gradients()
    assert {name: float(numbers[name][1].replace("−", "-")) for name in expected} == expected
    assert float(numbers["E"][0]) == d**2 + w**2


def test_each_figure_of_a_backward_step_shows_more_numbers_and_the_last_one_those_of_autograd():
    def error(w1, w2, x=2.0, y=1.0):
        return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2

    written = [
        [text.get_text() for text in FIGURES[f"backprop_step_{step}"]().axes[0].texts if text.get_text()]
        for step in range(1, 7)
    ]
    counts = list(map(len, written))
    assert counts == sorted(set(counts))
    weights = torch.tensor(-0.5), torch.tensor(2.5)
    for value in (*grad(error, argnums=(0, 1))(*weights), error(*weights)):
        assert f"{value:.3f}" in " ".join(written[-1])
