"""The backprop explorer shows in six steps, for any weights, what autograd says."""

import itertools
import re

import pytest
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from torch.func import grad, vmap

from lecture_utils._look.style import FORWARD, GRADIENT, lecture_style, picture_style
from lecture_utils.explorers._backprop_drawing import draw_step, numbers
from lecture_utils.explorers._backprop_places import STACKED, WIDE
from lecture_utils.explorers._six_steps import EXAMPLE, six_steps
from tests.colours import light
from tests.controls import choose
from tests.package.explorers.real import opened, text


@pytest.fixture
def backprop():
    return opened("backprop")


def example_error(w1, w2, x=2.0, y=1.0):
    return (torch.sigmoid(w2 * torch.sigmoid(w1 * x)) - y) ** 2


def said_number(said):
    """Return a number as it is said: −0.041, 6.4·10⁻⁵."""
    mantissa, _, power = said.replace("−", "-").partition("·10")
    digits = power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
    return float(mantissa) * 10.0 ** int(digits or 0)


def shown(explorer, name):
    """Return what the number called `name` says now: each step's drawing has it anew."""
    return text(explorer, f"{name} {explorer.picture.step + 1}")


def test_the_stepper_starts_before_the_story_with_the_numbers_of_the_lecture():
    assert repr(opened("backprop")) == (
        "backprop_explorer: step = 1, w1 = -0.5, w2 = 2.5, a1 = 0.269, a2 = 0.662, E = 0.114, "
        "E_w1 = -0.149, E_w2 = -0.041"
    )


def test_where_no_widget_runs_the_last_step_is_shown():
    explorer = opened("backprop")
    assert explorer.static_png() == explorer.picture.static_png(step=5)


@pytest.mark.parametrize("places", [WIDE, STACKED], ids=["wide", "stacked"])
@pytest.mark.parametrize("step", range(6))
def test_no_number_of_the_stepper_lies_on_another_or_leaves_the_picture_or_meets_an_arrow(step, places):
    explorer = opened("backprop", "ru")
    with picture_style(stacked=places is STACKED):
        axes = draw_step(step + 1, places)
    axes.figure.canvas.draw()
    renderer = FigureCanvasAgg(axes.figure).get_renderer()
    arrows = [part.arrow_patch.get_window_extent(renderer) for part in axes.texts if hasattr(part, "arrow_patch")]
    names = [part.get_window_extent(renderer) for part in axes.texts if part.get_text()]
    for w1, w2 in itertools.product((0, 1, 4, 6, 12), repeat=2):
        choose(explorer, step=step, w1=w1, w2=w2)
        labels = [mark for mark in seen_labels(explorer) if mark["name"].endswith("stacked") == (places is STACKED)]
        extents = [written(explorer, label, axes).get_window_extent(renderer).padded(-2) for label in labels]
        for first, second in [*itertools.combinations(extents, 2), *itertools.product(extents, [*names, *arrows])]:
            assert not first.overlaps(second), (w1, w2, first, second)
        assert all(extent.x0 >= 0 and extent.x1 <= axes.figure.bbox.x1 for extent in extents), (w1, w2)


def seen_labels(explorer):
    """Return the labels of both layouts that say something now."""
    return [mark for mark in explorer.picture.scene["marks"] if "texts" in mark and text(explorer, mark["name"])]


def written(explorer, label, axes):
    """Write what a label says now where it says it; its size is in hundredths of an inch, matplotlib's in 72nds."""
    place, aligned = explorer.picture.points(label["name"])[0], {"start": "left", "middle": "center"}[label["anchor"]]
    size = (label["stacked"] if label["box"] is None else label)["size"]
    style = {"ha": aligned, "fontsize": 0.72 * size, "transform": axes.transAxes}
    return axes.text(*place, text(explorer, label["name"]), **style)


def test_every_step_is_drawn_in_one_size_and_says_as_many_lines():
    for language in ("ru", "en"):
        explorer = opened("backprop", language)
        sizes = {tuple(figure.get_size_inches()) for figure in explorer.picture._backgrounds.values}
        assert len(sizes) == 1
        for step, w1, w2 in itertools.product(range(6), (0, 6, 12), (0, 6, 12)):
            choose(explorer, step=step, w1=w1, w2=w2)
            assert len(explorer.picture.caption) < 180, "two lines under the picture, and no more"


def test_no_number_is_said_in_the_way_of_machines(backprop):
    for w1, w2 in itertools.product(range(13), repeat=2):
        choose(backprop, step=5, w1=w1, w2=w2)
        said = " ".join(text(backprop, mark["name"]) for mark in seen_labels(backprop))
        assert not re.search(r"\de[-−+]?\d|-", said + backprop.picture.caption)


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
        assert said_number(shown(backprop, name)) == pytest.approx(value.item(), rel=0.05, abs=6e-4)
    assert said_number(shown(backprop, "E")) == pytest.approx(example_error(*weights).item(), abs=6e-4)


@pytest.mark.parametrize(
    ("step", "new"),
    [
        (1, {"a1"}),
        (2, {"a2"}),
        (3, {"E"}),
        (4, {"E_a2", "2(a2 − y)"}),
        (5, {"a2_w2", "E_w2", "a2_a1", "E_a1"}),
        (6, {"a1_w1", "E_w1"}),
    ],
)
def test_each_step_adds_its_numbers_and_a_forward_step_works_them_out(backprop, step, new):
    def seen(at):
        choose(backprop, step=at - 1)
        names = [mark["name"].removesuffix(" stacked") for mark in seen_labels(backprop)]
        assert sorted(names) == sorted([*set(names)] * 2), "both layouts show the same"
        return {name.rsplit(" ", 1)[0] for name in names} - {"formula"}

    before = seen(step - 1) if step > 1 else {"x", "w1", "w2", "y"}
    assert seen(step) == before | new
    worked_out = ["σ(−0.5·2) = 0.269", "σ(2.5·0.269) = 0.662", "(0.662 − 1)² = 0.114"]
    assert [text(backprop, f"formula {at}") for at in (1, 2, 3)] == [
        said if at == step else "" for at, said in enumerate(worked_out, start=1)
    ]


def test_the_figures_of_both_layouts_tell_the_same_numbers_at_the_same_steps():
    assert [number[:2] for number in numbers(WIDE)] == [number[:2] for number in numbers(STACKED)]
    assert [(one.first, one.carries) for one in WIDE.arrows] == [(one.first, one.carries) for one in STACKED.arrows]


@pytest.mark.parametrize("step", range(1, 7))
def test_something_runs_along_each_arrow_at_the_step_that_it_belongs_to_and_nothing_is_seen_of_it_afterwards(step):
    explorer = opened("backprop")
    choose(explorer, step=step - 1)
    curves = [mark for mark in explorer.picture.scene["marks"] if "widths" in mark and not mark["lights"]]
    pulses = [mark for mark in curves if shown_now(explorer, mark)]
    assert len(pulses) == 2 * {1: 3, 2: 2, 3: 2, 4: 2, 5: 2, 6: 1}[step]
    assert {light(mark["color"]) for mark in pulses} == {FORWARD if step < 4 else GRADIENT}
    assert all(mark["pulse"] == "step" and not len(explorer.picture.points(mark["name"])) for mark in pulses)


@pytest.mark.parametrize("step", range(1, 7))
def test_what_a_step_adds_stands_on_a_tint_and_its_module_is_lit(step):
    with lecture_style():
        axes, before = draw_step(step), draw_step(step - 1) if step > 1 else None
    tints = [patch for patch in axes.patches if patch.get_edgecolor()[3] == 0]
    new = [number for number in numbers() if number.step == step]
    assert len(tints) == len(new)
    for tint, number in zip(tints, new, strict=True):
        (left, bottom), (right, top) = tint.get_extents().transformed(axes.transData.inverted()).get_points()
        assert left < number.place[0] < right
        assert bottom < number.place[1] + 0.1 < top
    lit = [patch for patch in axes.patches if to_hex(patch.get_edgecolor()) in (FORWARD, GRADIENT)]
    assert len(lit) == 1
    arrows = [part for part in axes.texts if getattr(part, "arrow_patch", None)]
    assert all(arrow.arrow_patch.get_fill() for arrow in arrows)
    assert before is None or len(arrows) > sum(hasattr(part, "arrow_patch") for part in before.texts)


def test_the_weights_are_scrubbed_as_numbers_with_a_line_under_them(backprop):
    for step in range(6):
        choose(backprop, step=step)
        grabbed = [
            mark["grab"] for mark in backprop.picture.scene["marks"] if mark["grab"] and shown_now(backprop, mark)
        ]
        assert grabbed == ["w1", "w2"] * 2  # in both layouts
        assert len(backprop.picture._backgrounds.values[step].axes[0].lines) == 2


def shown_now(explorer, mark):
    return explorer.picture._is_drawn(mark["when"])


def test_values_gradients_and_the_two_local_derivatives_have_colours_of_their_own(backprop):
    colors = {mark["name"]: light(mark["color"]) for mark in backprop.picture.scene["marks"]}
    assert colors["a1 6"] == colors["E 6"] == colors["formula 1"] == FORWARD
    assert colors["E_a1 6"] == colors["E_w2 6"] == GRADIENT
    assert len({colors["a1 6"], colors["E_a1 6"], colors["a2_w2 6"], colors["a2_a1 6"]}) == 4


def test_negative_factors_stand_in_brackets_zero_has_no_sign_and_no_fraction_breaks(backprop):
    choose(backprop, step=4, w1=5, w2=0)  # w2 = −3
    assert "∂a₁ = −1.383 · (−0.640) = 0.885." in backprop.picture.caption.replace("\N{NO-BREAK SPACE}", " ")
    assert not re.search(r"∂E/", backprop.picture.caption), "a line could break after the stroke"
    assert not re.search(r" [=·]|· | − ", backprop.picture.caption.split(". ")[0]), "a line could begin with a sign"
    choose(backprop, w2=6)  # w2 = 0
    assert shown(backprop, "E_a1") == "0"


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
        ("ru", 5, "Шаг 6, обратный проход: ∂E\N{WORD JOINER}/\N{WORD JOINER}∂w₁ = −0.378 · 0.393 = −0.149."),
    ],
)
def test_the_words_say_the_step_its_formula_and_the_numbers(language, step, words):
    explorer = opened("backprop", language)
    choose(explorer, step=step)
    assert explorer.picture.caption.replace("\N{NO-BREAK SPACE}", " ").startswith(words)


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
