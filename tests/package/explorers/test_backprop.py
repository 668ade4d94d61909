"""The backprop explorer shows in six steps, for any weights, what autograd says."""

import itertools
import re

import numpy as np
import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from torch.func import grad, vmap

from lecture_utils.explorers._backprop_marks import background
from lecture_utils.explorers._six_steps import EXAMPLE, six_steps
from tests.controls import choose
from tests.package.explorers.real import number, opened, text


@pytest.fixture
def backprop():
    return opened("backprop")


def example_error(w1, w2, x=2.0, y=1.0):
    return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2


def test_the_stepper_starts_with_the_numbers_of_the_lecture_all_shown():
    assert repr(opened("backprop")) == (
        "backprop_explorer: step = 6, w1 = -0.5, w2 = 2.5, a1 = 0.269, a2 = 0.662, E = 0.114, "
        "E_w1 = -0.149, E_w2 = -0.041"
    )


@pytest.mark.parametrize("step", range(6))
def test_no_number_of_the_stepper_lies_on_another_or_leaves_the_picture(step):
    explorer, axes = opened("backprop", "ru"), background()
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    for w1, w2 in itertools.product((0, 1, 6, 12), repeat=2):
        choose(explorer, step=step, w1=w1, w2=w2)
        labels = [mark for mark in explorer.picture.scene["marks"] if "texts" in mark and text(explorer, mark["name"])]
        extents = [written(explorer, label, axes).get_window_extent(renderer) for label in labels]
        assert all(not first.overlaps(second) for first, second in itertools.combinations(extents, 2)), (w1, w2)
        assert all(extent.x0 >= 0 and extent.x1 <= axes.figure.bbox.x1 for extent in extents), (w1, w2)


def written(explorer, label, axes):
    """Write what a label says now where it says it; its size is in hundredths of an inch, matplotlib's in 72nds."""
    place, aligned = explorer.picture.points(label["name"])[0], {"start": "left", "middle": "center"}[label["anchor"]]
    style = {"ha": aligned, "fontsize": 0.72 * label["size"], "transform": axes.transAxes}
    return axes.text(*place, text(explorer, label["name"]), **style)


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
def test_the_words_say_the_step_its_formula_and_the_numbers(language, step, words):
    explorer = opened("backprop", language)
    choose(explorer, step=step)
    assert explorer.picture.caption.startswith(words)


def test_the_six_steps_are_those_of_autograd_at_each_edge():
    x, y, w1, w2 = torch.randn(4, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    steps = six_steps(x=x, y=y, w1=w1, w2=w2)

    def each(function, *inputs):
        return vmap(grad(function))(*inputs)

    torch.testing.assert_close(steps.a1, torch.sigmoid(w1 * x))
    torch.testing.assert_close(steps.a2, torch.sigmoid(w2 * steps.a1))
    torch.testing.assert_close(steps.E, (steps.a2 - y) ** 2)
    torch.testing.assert_close(steps.E_a2, each(lambda a2, y: (a2 - y) ** 2, steps.a2, y))
    torch.testing.assert_close(steps.a2_w2, each(lambda w, a: torch.sigmoid(w * a), w2, steps.a1))
    torch.testing.assert_close(steps.a2_a1, each(lambda a, w: torch.sigmoid(w * a), steps.a1, w2))
    torch.testing.assert_close(steps.a1_w1, each(lambda w, x: torch.sigmoid(w * x), w1, x))

    def error(w1, w2, x, y):
        return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2

    torch.testing.assert_close(steps.E_w1, each(error, w1, w2, x, y))
    torch.testing.assert_close(steps.E_w2, each(lambda w2, w1, x, y: error(w1, w2, x, y), w2, w1, x, y))
    torch.testing.assert_close(steps.E_a1, each(lambda a, w, y: (torch.sigmoid(w * a) - y) ** 2, steps.a1, w2, y))


def test_the_numbers_of_the_example_can_be_followed_with_three_digits():
    steps = six_steps(**{name: torch.tensor(value, dtype=torch.float64) for name, value in EXAMPLE.items()})
    shown = {name: round(value.item(), 3) for name, value in vars(steps).items()}
    assert round(shown["E_a2"] * shown["a2_w2"], 3) == shown["E_w2"]
    assert round(shown["E_a2"] * shown["a2_a1"], 3) == shown["E_a1"]
    assert round(shown["E_a1"] * shown["a1_w1"], 3) == shown["E_w1"]
    assert round((shown["a2"] - shown["y"]) ** 2, 3) == shown["E"]
    assert round(2 * (shown["a2"] - shown["y"]), 3) == shown["E_a2"]
