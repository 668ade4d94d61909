"""Each control says what it moves: the words beside it belong to the choice that it is tied to in the browser."""

import ipywidgets
import pytest

from lecture_utils._words import LANGUAGES
from tests.controls import descendants, play_of
from tests.every_explorer import EXPLORERS

#: By explorer and choice: the words in Russian and English.
LABELS = {
    "descent": {
        "dataset": ("Данные", "Dataset"),
        "learning_rate": ("Скорость обучения γ", "Learning rate γ"),
        "step": ("Показано шагов", "Steps shown"),
    },
    "activation": {
        "function": ("Функция активации", "Activation function"),
        "point": ("Точка x", "Point x"),
    },
    "backprop": {
        "step": ("Шаг", "Step"),
        "w1": ("Вес w₁", "Weight w₁"),
        "w2": ("Вес w₂", "Weight w₂"),
    },
    "saturation": {"scale": ("Веса умножены на", "Weights multiplied by")},
    "minibatch": {
        "batch": ("Размер мини-батча", "Mini-batch size"),
        "learning_rate": ("Скорость обучения γ", "Learning rate γ"),
        "examples": ("Примеров", "Examples seen"),
    },
    "deep": {
        "capacity": ("Скрытых нейронов", "Hidden neurons"),
        "epoch": ("Эпоха", "Epoch"),
        "example": ("Пример", "Example"),
    },
    "traversal": {
        "step": ("Шаг обхода", "Step"),
    },
}
#: What Play plays.
PLAYED = {
    "descent": "step",
    "activation": "point",
    "backprop": "step",
    "minibatch": "examples",
    "deep": "epoch",
    "saturation": "scale",
    "traversal": "step",
}


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture(scope="module", params=EXPLORERS)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def explorer(name, language):
    return EXPLORERS[name](language)


@pytest.fixture(scope="module")
def ties(explorer):
    """Return what the browser ties to what within the explorer: (widget, widget, trait)."""
    models = ipywidgets.Widget.get_manager_state()["state"].values()
    links = [model["state"] for model in models if model["model_name"] == "LinkModel"]
    widgets = {f"IPY_MODEL_{widget.model_id}": widget for widget in descendants(explorer)}
    return [
        (widgets[link["source"][0]], widgets[link["target"][0]], link["target"][1])
        for link in links
        if link["source"][0] in widgets
    ]


def label_of(explorer, control):
    """Return the words beside a control: its own, or those of the label before it."""
    if getattr(control, "description", ""):
        return control.description
    (row,) = (widget for widget in descendants(explorer) if control in getattr(widget, "children", ()))
    return row.children[row.children.index(control) - 1].value


def test_each_choice_is_moved_by_the_control_that_says_so(explorer, ties, name, language):
    labels = {choice: label_of(explorer, control) for control, moved, choice in ties if moved is explorer.picture}
    assert labels == {choice: words[LANGUAGES.index(language)] for choice, words in LABELS[name].items()}


def test_code_and_the_browser_move_each_choice_by_the_same_control(explorer, ties):
    tied = {choice: control for control, moved, choice in ties if moved is explorer.picture}
    assert tied == explorer.controls


def test_play_plays_what_it_stands_beside(explorer, ties, name):
    (played,) = (moved for control, moved, _ in ties if control is play_of(explorer))
    assert played is explorer.controls[PLAYED[name]]


def test_there_is_a_row_for_every_explorer():
    assert set(LABELS) == set(PLAYED) == set(EXPLORERS)
