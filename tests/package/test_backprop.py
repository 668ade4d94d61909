"""Notebook 03's explorers show what autograd says, its figures say it too, and its checks let no wrong answer pass."""

import base64
import io
import itertools
import json
import re

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from torch.func import grad, vmap

from lecture_utils._live import Label
from lecture_utils._look.style import lecture_style
from lecture_utils._words import set_language, speaking
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.explorers import activation_explorer, backprop_explorer
from lecture_utils.explorers.activation import saturated
from tests.controls import choose, play_of
from tools.figures import FIGURES

# The explorers

MAKERS = {"backprop": backprop_explorer, "activation": activation_explorer}


@pytest.fixture(scope="module")
def explorers():
    return {(name, language): make(language=language) for name, make in MAKERS.items() for language in ("ru", "en")}


@pytest.fixture
def backprop(explorers):
    choose(explorers["backprop", "en"], step=5, w1=5, w2=11)
    return explorers["backprop", "en"]


@pytest.fixture
def activation(explorers):
    choose(explorers["activation", "en"], function=0, point=60)
    return explorers["activation", "en"]


def text(explorer, name):
    """Return what the label called `name` says now, or nothing where it is not drawn."""
    (mark,) = (mark for mark in explorer.picture.scene["marks"] if mark["name"] == name and "texts" in mark)
    if not np.isfinite(explorer.picture.points(name)).all() or not len(explorer.picture.points(name)):
        return ""
    picture, index = explorer.picture, 0
    for choice in mark["texts"]["by"]:
        index = index * picture.scene["choices"][choice] + getattr(picture, choice)
    return mark["texts"]["rows"][index]


def number(text):
    return float(re.findall(r"[-−]?\d+\.?\d*(?:e[-−]?\d+)?", text)[-1].replace("−", "-"))


def example_error(w1, w2, x=2.0, y=1.0):
    return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2


def test_the_stepper_starts_with_the_numbers_of_the_lecture_all_shown():
    explorer = backprop_explorer()
    assert repr(explorer) == (
        "backprop_explorer: step = 6, w1 = -0.5, w2 = 2.5, a1 = 0.269, a2 = 0.662, E = 0.114, "
        "E_w1 = -0.149, E_w2 = -0.041"
    )


@pytest.mark.parametrize("step", range(6))
def test_no_number_of_the_stepper_lies_on_another_or_leaves_the_picture(explorers, step):
    picture = explorers["backprop", "ru"].picture
    renderer = FigureCanvasAgg(picture.row(picture._backgrounds)).get_renderer()
    for w1, w2 in itertools.product((0, 1, 6, 12), repeat=2):
        choose(explorers["backprop", "ru"], step=step, w1=w1, w2=w2)
        labels = [text for mark in picture._marks if isinstance(mark, Label) for text in picture._static(mark)]
        extents = [label.get_window_extent(renderer) for label in labels if np.isfinite(label.get_position()).all()]
        for label in labels:
            label.remove()
        assert all(not first.overlaps(second) for first, second in itertools.combinations(extents, 2)), (w1, w2)
        assert all(extent.x0 >= 0 and extent.x1 <= picture.scene["width"] for extent in extents), (w1, w2)


@pytest.mark.parametrize("w1", [0, 3, 6, 12])
@pytest.mark.parametrize("w2", [0, 6, 7, 12])
def test_the_stepper_shows_the_gradients_of_autograd_for_any_weights(backprop, w1, w2):
    choose(backprop, step=5, w1=w1, w2=w2)
    weights = torch.tensor([w1 / 2 - 3, w2 / 2 - 3], dtype=torch.float64)
    expected = grad(example_error, argnums=(0, 1))(*weights)
    numbers = backprop.numbers
    assert (numbers.w1.item(), numbers.w2.item()) == tuple(weights.tolist())
    for name, value in zip(("E_w1", "E_w2"), expected, strict=True):
        assert getattr(numbers, name).item() == pytest.approx(value.item())
        assert number(text(backprop, name)) == pytest.approx(value.item(), rel=0.05, abs=6e-4)
    assert number(text(backprop, "E")) == pytest.approx(example_error(*weights).item(), abs=6e-4)
    assert number(text(backprop, "formula 6.1")) == pytest.approx(expected[0].item(), rel=0.05, abs=6e-4)


@pytest.mark.parametrize(
    ("step", "new"),
    [
        (1, {"a1"}),
        (2, {"a2"}),
        (3, {"E"}),
        (4, {"E_E", "E_a2", "2(a2 − y)"}),
        (5, {"a2_w2", "E_w2", "a2_a1", "E_a1"}),
        (6, {"a1_w1", "E_w1"}),
    ],
)
def test_each_step_adds_its_numbers_and_its_arrows_and_shows_its_formula(backprop, step, new):
    def seen(at):
        choose(backprop, step=at - 1)
        names = {mark["name"] for mark in backprop.picture.scene["marks"] if "texts" in mark}
        return {name for name in names if text(backprop, name) and not name.startswith(("formula", "step"))}

    before = seen(step - 1) if step > 1 else {"x", "w1", "w2", "y"}
    assert seen(step) == before | new
    assert text(backprop, f"formula {step}.1")
    assert not text(backprop, f"formula {step % 6 + 1}.1")
    for mark in new - {"2(a2 − y)", "a2_w2", "a2_a1", "a1_w1"}:
        assert np.isfinite(backprop.picture.points(f"arrow {mark}")).all()


def test_the_frame_goes_over_the_modules_and_back(backprop):
    middles = []
    for step in range(6):
        choose(backprop, step=step)
        shown, hidden = ("forward frame", "backward frame")[:: 1 if step < 3 else -1]
        middles.append(np.ptp(backprop.picture.points(shown)[:, 0]) / 2 + backprop.picture.points(shown)[:, 0].min())
        assert np.isnan(backprop.picture.points(hidden)[:, 0]).all()
    assert middles[0] < middles[1] < middles[2]
    assert middles == middles[::-1]


def test_values_gradients_and_the_two_local_derivatives_have_colours_of_their_own(backprop):
    colors = {mark["name"]: mark["color"] for mark in backprop.picture.scene["marks"]}
    assert colors["a1"] == colors["E"] == colors["arrow a1"] == colors["formula 1.1"]
    assert colors["E_a1"] == colors["E_w2"] == colors["arrow E_a1"] == colors["formula 5.1"]
    assert len({colors["a1"], colors["E_a1"], colors["a2_w2"], colors["a2_a1"]}) == 4


def test_negative_factors_stand_in_brackets_and_zero_has_no_sign(backprop):
    choose(backprop, step=4, w1=5, w2=0)  # w2 = −3
    assert re.search(r"= −1\.383 · \(−0\.640\) = 0\.885$", text(backprop, "formula 5.2"))
    choose(backprop, w2=6)  # w2 = 0
    assert text(backprop, "E_a1") == "∂E/∂a₁ = 0"


@pytest.mark.parametrize(
    ("language", "step", "words"),
    [
        (
            "en",
            0,
            "Step 1, forward pass: a₁ = σ(w₁·x) = σ(−0.5·2) = 0.269. Input x = 2, target y = 1, weights w₁ = −0.5",
        ),
        (
            "ru",
            2,
            "Шаг 3, прямой проход: E = (a₂ − y)² = (0.662 − 1)² = 0.114. Вход x = 2, ответ y = 1, веса w₁ = −0.5",
        ),
        ("ru", 5, "Шаг 6, обратный проход: ∂E/∂w₁ = ∂E/∂a₁ · ∂a₁/∂w₁"),
    ],
)
def test_the_words_say_the_step_its_formula_and_the_numbers(explorers, language, step, words):
    explorer = explorers["backprop", language]
    choose(explorer, step=step, w1=5, w2=11)
    assert explorer.picture.caption.startswith(words)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [0, 13, 50, 51, 77, 100])
def test_the_activation_explorer_shows_value_and_slope_of_autograd(activation, function, point):
    choose(activation, function=function, point=point)
    name, x = list(ACTIVATIONS)[function], point / 10 - 5
    assert (activation.function, activation.point) == (name, pytest.approx(x))
    at = torch.tensor([x], dtype=torch.float64)
    slope = vmap(grad(ACTIVATIONS[name].function))(at).item()
    assert activation.value == pytest.approx(ACTIVATIONS[name].function(at).item(), abs=1e-12)
    if x != 0:  # where ReLU and its kin have none
        assert activation.slope == pytest.approx(slope, abs=1e-9)
    assert number(text(activation, "slope text")) == pytest.approx(activation.slope, abs=6e-4)
    assert number(text(activation, "value text")) == pytest.approx(activation.value, abs=6e-4)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
@pytest.mark.parametrize("point", [5, 40, 62])
def test_the_tangent_goes_through_the_point_with_the_slope_of_the_function(activation, function, point):
    choose(activation, function=function, point=point)
    tangent, dot = activation.picture.points("tangent"), activation.picture.points("value")[0]
    np.testing.assert_allclose(tangent.mean(axis=0), dot, atol=1e-4)
    (left, bottom), (right, top) = tangent
    assert (top - bottom) * 6.6 / ((right - left) * 10) == pytest.approx(activation.slope, abs=2e-3)
    assert np.hypot((top - bottom) * 6.6, (right - left) * 10) == pytest.approx(3.2, abs=2e-3)


@pytest.mark.parametrize("function", range(len(ACTIVATIONS)))
def test_the_two_dots_never_leave_the_picture(activation, function):
    for point in range(101):
        choose(activation, function=function, point=point)
        for mark in ("value", "slope"):
            assert ((activation.picture.points(mark) >= 0) & (activation.picture.points(mark) <= 1)).all()


def test_saturation_is_marked_where_the_slope_stays_small_to_the_end():
    slopes = np.array([0.01, -0.02, 0.06, 0.0, 0.3, 0.04, 0.06, 0.0])
    assert saturated(slopes).tolist() == [True, True, False, False, False, False, False, True]


def test_the_sigmoid_is_saturated_on_both_sides_relu_on_one_and_leaky_relu_on_none(activation):
    for function, sides in (("sigmoid", (True, True)), ("ReLU", (True, False)), ("leaky ReLU", (False, False))):
        choose(activation, function=list(ACTIVATIONS).index(function))
        for mark in ("saturated function", "saturated derivative"):
            marked = np.isfinite(activation.picture.points(mark)).all(axis=1)
            assert (marked[0], marked[-1]) == sides
        choose(activation, point=0)
        assert ("Saturation" in activation.picture.caption) == sides[0]


def test_any_function_can_be_the_first():
    assert activation_explorer(function="GELU").function == "GELU"
    assert activation_explorer().point == 1.0


@pytest.mark.parametrize("function", ["softmax", "", None, 3])
def test_an_unknown_function_is_refused_with_those_there_are(function):
    with pytest.raises(ValueError, match=rf"function must be one of \['sigmoid', .* but it is {function!r}"):
        activation_explorer(function=function)


@pytest.mark.parametrize("name", MAKERS)
class TestBoth:
    def test_stay_far_below_a_megabyte(self, explorers, name):
        picture = explorers[name, "ru"].picture
        assert len(picture.table) + len(json.dumps(picture.scene).encode()) < 600_000

    def test_can_be_shown_with_every_value_of_every_control(self, explorers, name):
        for explorer in (explorers[name, "ru"], explorers[name, "en"]):
            for choice, size in explorer.picture.scene["choices"].items():
                for value in range(size):
                    choose(explorer, **{choice: value})
                    assert explorer.picture.caption
                    assert getattr(explorer.picture, choice) == value

    def test_draw_a_static_picture_and_say_in_no_language_what_is_shown(self, explorers, name):
        bundles = []
        for language in ("ru", "en"):
            choose(explorers[name, language], **{choice: 1 for choice in explorers[name, language].controls})
            bundles.append(explorers[name, language]._repr_mimebundle_())
        assert bundles[0]["text/plain"] == bundles[1]["text/plain"]
        assert bundles[0]["text/plain"].isascii()
        image = plt.imread(io.BytesIO(base64.b64decode(bundles[0]["image/png"])))
        assert image.shape[1] >= 1600

    def test_begin_their_play_control_where_their_picture_begins(self, explorers, name):
        explorer = MAKERS[name]()
        play = play_of(explorer)
        driven = explorer.controls["step" if name == "backprop" else "point"]
        choice = driven.index if driven.has_trait("index") else driven.value
        assert (play.min, play.value) == (0, choice)
        assert play.max == explorer.picture.scene["choices"]["step" if name == "backprop" else "point"] - 1

    def test_speak_the_language_of_the_notebook(self, name):
        set_language("ru")
        assert re.search("[а-я]", MAKERS[name]().picture.caption)
        assert not re.search("[а-я]", MAKERS[name](language="en").picture.caption)

    def test_refuse_an_unknown_language(self, name):
        with pytest.raises(ValueError, match="language must be one of"):
            MAKERS[name](language="de")


# The figures


def texts(name, language="en"):
    with speaking(language), lecture_style():
        figure = FIGURES[name]()
    return [text for ax in figure.axes for text in ax.texts if text.get_text()]


def test_the_figures_of_the_steps_show_one_more_number_each_time_and_those_of_autograd_at_the_end():
    counts = [len(texts(f"backprop_step_{step}")) for step in range(1, 7)]
    assert counts == sorted(set(counts))
    w1, w2 = grad(example_error, argnums=(0, 1))(torch.tensor(-0.5), torch.tensor(2.5))
    last = " ".join(text.get_text() for text in texts("backprop_step_6"))
    for value in (w1, w2, example_error(torch.tensor(-0.5), torch.tensor(2.5))):
        assert f"{value:.3f}" in last
