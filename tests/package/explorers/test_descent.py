"""The descent explorer shows the runs that the notebook's own call of gradient_descent would give."""

import base64
import io

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt

from lecture_utils.datasets import DATASETS, Dataset
from lecture_utils.descent import gradient_descent, stability_limit
from lecture_utils.explorers import DescentExplorer, descent_explorer
from tests.controls import choose
from tests.package.explorers.real import opened

OWN = Dataset(X=torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]]), y=torch.ones(3), learning_rate=0.1, n_steps=80)
LAST = {"learning_rate": 59, "step": 60}


@pytest.fixture
def explorer():
    return opened("descent")


def rates(explorer):
    """Return the learning rates that the control offers, in its order."""
    found = []
    for index in range(explorer.controls["learning_rate"].max + 1):
        choose(explorer, learning_rate=index)
        found.append(explorer.trace.learning_rate)
    return found


def assert_same_run(trace, single):
    for name in ("weights", "losses", "gradients"):
        torch.testing.assert_close(getattr(trace, name), getattr(single, name), rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("dataset", [0, 1])
@pytest.mark.parametrize(("learning_rate", "step"), [(0, 0), (10, 1), (43, 30), (56, 60), (59, 60)])
def test_the_trace_is_the_run_that_gradient_descent_gives(explorer, dataset, learning_rate, step):
    choose(explorer, dataset=dataset, learning_rate=learning_rate, step=step)
    trace, data = explorer.trace, list(DATASETS.values())[dataset]
    assert explorer.dataset is data
    whole = gradient_descent(data, learning_rate=trace.learning_rate, n_steps=max(60, data.n_steps))
    assert_same_run(trace, whole.until(trace.n_steps))


@pytest.mark.parametrize(("dataset", "name", "n_steps"), [(0, "1", 60), (1, "2", 1001)])
def test_the_steps_shown_run_from_none_to_all_and_never_back(explorer, dataset, name, n_steps):
    choose(explorer, dataset=dataset)
    shown = []
    for step in range(explorer.controls["step"].max + 1):
        choose(explorer, step=step)
        shown.append(explorer.trace.n_steps)
    assert (shown[0], shown[1], shown[-1]) == (0, 1, n_steps)
    assert shown == sorted(set(shown))


@pytest.mark.parametrize(("dataset", "name"), [(0, "1"), (1, "2")])
def test_sixty_rates_spaced_by_factor_run_from_a_fiftieth_of_the_limit_to_a_little_above_it(explorer, dataset, name):
    choose(explorer, dataset=dataset)
    offered, limit = rates(explorer), stability_limit(DATASETS[name])
    assert len(offered) == 60
    assert offered == sorted(set(offered))
    assert offered[0] == pytest.approx(limit / 50)
    assert 1.05 * limit < offered[-1] < 1.2 * limit
    assert offered.count(DATASETS[name].learning_rate) == 1
    factor = (offered[-1] / offered[0]) ** (1 / 59)
    steps = np.array(offered[1:]) / offered[:-1]
    assert np.isclose(steps, factor).sum() >= 57  # all but the two beside the lecture's own rate
    np.testing.assert_allclose(steps, factor, rtol=0.04)


@pytest.mark.parametrize("name", ["1", "2"])
def test_at_first_the_whole_run_of_the_lectures_own_rate_is_shown(name):
    explorer = descent_explorer(dataset=name)
    assert explorer.dataset is DATASETS[name]
    assert explorer.trace.learning_rate == DATASETS[name].learning_rate
    assert explorer.trace.n_steps == max(60, DATASETS[name].n_steps)
    assert explorer.controls["dataset"].value == name


@pytest.mark.parametrize("dataset", [0, 1])
def test_the_picture_shows_the_path_and_the_logarithm_of_the_losses_to_scale(explorer, dataset):
    choose(explorer, dataset=dataset, learning_rate=30, step=20)
    trace = explorer.trace
    losses = trace.losses.clamp(min=1e-9 * trace.losses[0])  # where the axis ends
    path, loss = explorer.picture.points(f"path {dataset}"), explorer.picture.points(f"loss {dataset}")
    for drawn, numbers in (
        (path[:, 0], trace.weights[:, 0]),
        (path[:, 1], trace.weights[:, 1]),
        (loss[:, 0], torch.arange(trace.n_steps + 1)),
        (loss[:, 1], losses.log()),
    ):
        straight = np.column_stack([numbers, np.ones(trace.n_steps + 1)])
        np.testing.assert_allclose(straight @ np.linalg.lstsq(straight, drawn)[0], drawn, atol=1e-4)


def test_a_run_that_has_converged_ends_in_the_middle_of_the_surface_where_the_minimum_is(explorer):
    for dataset, learning_rate in ((0, 43), (1, 50)):
        choose(explorer, dataset=dataset, learning_rate=learning_rate, step=60)
        np.testing.assert_allclose(explorer.picture.points(f"path {dataset}")[-1], [0.5, 0.5], atol=2e-3)


def test_only_the_chosen_dataset_is_drawn(explorer):
    choose(explorer, dataset=1)
    assert [len(explorer.picture.points(f"{mark} 0")) for mark in ("path", "loss", "rate")] == [0, 0, 0]
    assert all(len(explorer.picture.points(f"{mark} 1")) for mark in ("path", "loss", "rate"))


@pytest.mark.parametrize("dataset", [0, 1])
def test_a_diverging_run_is_cut_where_it_leaves_the_axes(explorer, dataset):
    choose(explorer, dataset=dataset, **LAST)
    for mark in ("path", "loss"):
        points = explorer.picture.points(f"{mark} {dataset}")
        drawn = np.isfinite(points).all(axis=1)
        last = drawn.sum() - 1  # the one point outside, to which the line leaves
        assert 0 < last < len(points) - 1
        assert drawn[:last].all()
        assert ((points[:last] >= 0) & (points[:last] <= 1)).all()
        assert ((points[last] < 0) | (points[last] > 1)).any()


@pytest.mark.parametrize("dataset", [0, 1])
def test_a_converging_run_is_seen_whole(explorer, dataset):
    for learning_rate in (0, 20, 40, 56):
        choose(explorer, dataset=dataset, learning_rate=learning_rate, step=60)
        for mark in ("path", "loss", "rate"):
            points = explorer.picture.points(f"{mark} {dataset}")
            if mark == "loss":  # one that is almost zero leaves its axis at the bottom
                points = points[points[:, 1] > 0]
                assert len(points)
            assert ((points >= 0) & (points <= 1)).all()


def test_nothing_drawn_leaves_the_axes(explorer):
    choose(explorer, dataset=1, **LAST)
    drawn, scene = image(explorer), explorer.picture.scene
    choose(explorer, step=0)
    changed = np.abs(drawn - image(explorer)).max(axis=2) > 0.2  # each picture has its own palette
    assert changed.any()
    for mark in scene["marks"]:
        left, top, width, height = (int(2 * edge) for edge in mark["clip"])
        changed[top : top + height + 2, left : left + width + 2] = False
        assert np.allclose(mark["clip"], np.add(mark["box"], (-6, -6, 12, 12)))
    assert not changed.any()


def image(explorer):
    return plt.imread(io.BytesIO(base64.b64decode(explorer._repr_mimebundle_()["image/png"])))


@pytest.mark.parametrize(
    ("language", "learning_rate", "step", "words"),
    [
        ("en", 0, 0, "Learning rate γ = 2.655e-05, step 0: weights w = (0.000, 0.000), loss E = 980.0."),
        ("ru", 0, 0, "Скорость обучения γ = 2.655e-05, шаг 0: веса w = (0.000, 0.000), ошибка E = 980.0."),
        ("en", "lecture", 1, "Learning rate γ = 0.0013, step 1: weights w = (0.1690, 2.210), loss E = 901.7."),
        ("ru", "lecture", 1, "Скорость обучения γ = 0.0013, шаг 1: веса w = (0.1690, 2.210), ошибка E = 901.7."),
        ("en", "lecture", 60, "Learning rate γ = 0.0013, step 1001: weights w = (2.000, 1.000), loss E < 0.001."),
        ("en", 59, 60, "Learning rate γ = 0.00146, step 1001: weights w = (∞, ∞), loss E = ∞."),
        ("ru", 59, 60, "Скорость обучения γ = 0.00146, шаг 1001: веса w = (∞, ∞), ошибка E = ∞."),
    ],
)
def test_the_words_say_rate_step_weights_and_loss(language, learning_rate, step, words):
    explorer = opened("descent", language)
    choose(explorer, dataset=1)
    if learning_rate == "lecture":
        learning_rate = rates(explorer).index(0.0013)
    choose(explorer, learning_rate=learning_rate, step=step)
    assert explorer.picture.caption.startswith(words)


@pytest.mark.parametrize(
    ("language", "share_of_limit", "ending"),
    [
        ("en", 0.49, "The descent converges."),
        ("en", 0.55, "The descent converges, jumping from side to side."),
        ("en", 0.98, "The descent converges, jumping from side to side."),
        ("en", 1.05, "The descent diverges."),
        ("ru", 0.49, "Спуск сходится."),
        ("ru", 0.55, "Спуск сходится, прыгая из стороны в сторону."),
        ("ru", 1.05, "Спуск расходится."),
    ],
)
@pytest.mark.parametrize(("dataset", "name"), [(0, "1"), (1, "2")])
def test_the_words_say_whether_the_descent_is_smooth_jumps_or_diverges(language, share_of_limit, ending, dataset, name):
    explorer = opened("descent", language)
    choose(explorer, dataset=dataset)
    distance = np.abs(np.array(rates(explorer)) - share_of_limit * stability_limit(DATASETS[name]))
    choose(explorer, learning_rate=int(distance.argmin()))
    assert explorer.picture.caption.endswith(ending)


def test_what_the_reader_moves_in_the_browser_reaches_the_trace_and_is_not_thrown_back(explorer):
    slider = explorer.controls["learning_rate"]
    for heard in (10, 11, 12):  # the kernel hears late: the browser has already drawn 12
        explorer.picture.set_state({"learning_rate": 12})
        slider.set_state({"value": heard})
        assert explorer.picture.learning_rate == 12
    expected = stability_limit(DATASETS["1"]) / 50 * 55 ** (12 / 59)
    assert explorer.trace.learning_rate == pytest.approx(expected)


def test_the_text_gives_rate_step_weights_and_loss(explorer):
    choose(explorer, dataset=1, learning_rate=0, step=1)
    assert "learning_rate = 2.655e-05, step = 1, weights = (0.003451, 0.04513), loss = 904.4" in repr(explorer)


def test_the_readers_own_data_are_explored_in_the_same_way():
    explorer = descent_explorer({"mine": OWN, "lecture": DATASETS["1"]}, dataset="mine", start=(0.5, 2.0))
    assert isinstance(explorer, DescentExplorer)
    assert explorer.controls["dataset"].options == ("mine", "lecture")
    assert explorer.dataset is OWN
    assert_same_run(explorer.trace, gradient_descent(OWN, learning_rate=0.1, n_steps=80, start=(0.5, 2.0)))
    choose(explorer, dataset=1)
    assert explorer.trace.weights[0].tolist() == [0.5, 2.0]
    explorer.picture.static_png()


def test_a_rate_of_the_readers_own_that_is_far_off_the_limit_is_not_offered():
    data = Dataset(X=OWN.X, y=OWN.y, learning_rate=1000.0, n_steps=5)
    explorer = descent_explorer({"far": data})
    assert explorer.trace.learning_rate == max(rates(explorer)) < 1.2 * stability_limit(data)


@pytest.mark.parametrize("start", [(2.0, 1.0), (2.0, -3.0), (1e-3, 1e3)])
def test_any_start_even_in_the_minimum_is_drawn(start):
    explorer = descent_explorer({"2": DATASETS["2"]}, start=start, n_steps=30)
    points = explorer.picture.points("path 0")
    assert ((points >= 0) & (points <= 1)).all()
    explorer.picture.static_png()


@pytest.mark.parametrize("n_steps", [1, 2, 61, 200])
def test_a_run_of_any_length_is_shown_to_its_end(n_steps):
    explorer = descent_explorer({"1": DATASETS["1"]}, n_steps=n_steps)
    assert explorer.trace.n_steps == n_steps
    choose(explorer, step=1)
    assert explorer.trace.n_steps == 1
