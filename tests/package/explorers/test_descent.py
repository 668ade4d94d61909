"""At this rate descent explorer shows the runs that the notebook's own call of gradient_descent would give."""

import io

import numpy as np
import pytest
import torch
import traitlets
from matplotlib import pyplot as plt

from lecture_utils._live.arrows import at_border, is_outside
from lecture_utils._look.style import PATH
from lecture_utils.datasets import DATASETS, Dataset
from lecture_utils.descent import gradient_descent, stability_limit
from lecture_utils.explorers import DescentExplorer, descent_explorer
from lecture_utils.explorers._descent_marks import draw_axes
from tests.colours import light
from tests.controls import choose
from tests.package.explorers.real import number, opened, text

OWN = Dataset(X=torch.tensor([[1.0, 2.0], [0.5, -1.0], [3.0, 0.25]]), y=torch.ones(3), learning_rate=0.1, n_steps=80)
LAST = {"learning_rate": 59, "step": 60}


@pytest.fixture
def explorer():
    return opened("descent")


def rates(explorer):
    """Return the learning rates that the control offers, in its order: each is that of a run of its own."""
    found = []
    for index in range(explorer.controls["learning_rate"].max + 1):
        choose(explorer, learning_rate=index)
        found.append(explorer.trace.learning_rate)
    return found


def assert_same_run(trace, single):
    for name in ("weights", "losses", "gradients"):
        torch.testing.assert_close(getattr(trace, name), getattr(single, name), rtol=0, atol=0, equal_nan=True)


@pytest.mark.parametrize("dataset", [0, 1])
def test_all_that_shows_the_run_is_of_one_colour(explorer, dataset):
    colours = {mark["name"]: light(mark["color"]) for mark in explorer.picture.scene["marks"]}
    for shows in ("path", "loss", "bounce", "rate"):
        assert colours[f"{shows} {dataset}"] == PATH, f"the {shows} is not of the run's colour"


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
def test_sixty_rates_up_to_thirteen_tenths_of_the_limit_most_of_them_where_behaviour_changes(explorer, dataset, name):
    choose(explorer, dataset=dataset)
    offered, limit = np.array(rates(explorer)), stability_limit(DATASETS[name])
    assert offered.tolist() == rates_of(explorer, dataset)  # which other tests take, for they take no time
    assert len(offered) == 60
    assert (np.diff(offered) > 0).all()
    assert offered[-1] == pytest.approx(1.3 * limit)
    assert (offered == DATASETS[name].learning_rate).sum() == 1
    assert (offered == limit / 2).sum() == 1
    shares = offered / limit
    assert (((shares > 0.39) & (shares < 0.61)) | ((shares > 0.89) & (shares < 1.31))).sum() >= 40
    assert not np.isclose(shares, 1).any()  # there, descent neither converges nor diverges


@pytest.mark.parametrize("name", ["1", "2"])
def test_at_first_the_start_is_shown_with_the_lectures_own_rate_and_the_still_picture_tells_the_whole_run(name):
    explorer = descent_explorer(dataset=name)
    assert explorer.dataset is DATASETS[name]
    assert explorer.trace.learning_rate == DATASETS[name].learning_rate
    assert explorer.trace.n_steps == explorer.controls["step"].value == 0
    assert explorer.controls["dataset"].value == name
    whole, first = explorer.picture.static_png(step=60), explorer.picture.static_png()
    assert explorer.static_png() == whole != first
    choose(explorer, step=1)
    assert explorer.static_png() == explorer.picture.static_png()
    choose(explorer, step=0)
    explorer.picture.start = [1.0, 1.5]
    assert explorer.static_png() == explorer.picture.static_png() not in (whole, first)


@pytest.mark.parametrize("dataset", [0, 1])
def test_the_picture_shows_the_path_and_the_logarithm_of_the_losses_to_scale(explorer, dataset):
    choose(explorer, dataset=dataset, learning_rate=30, step=20)
    trace, axes = explorer.trace, draw_axes(explorer._runs[dataset])
    path, loss = (explorer.picture.points(f"{mark} {dataset}") for mark in ("trail", "loss"))
    assert len(path) == len(loss) == trace.n_steps + 1
    expected = on(axes.surface, trace.weights)
    np.testing.assert_allclose(path, expected, atol=1e-4)
    losses = trace.losses.numpy()
    high = losses > 1e-5 * losses[0]  # below, float32 has few digits left of them
    np.testing.assert_allclose(loss[high], on(axes.losses, list(enumerate(losses)))[high], atol=1e-3)


@pytest.mark.parametrize("dataset", [0, 1])
def test_the_dot_on_the_scale_stands_at_the_learning_rate(explorer, dataset):
    scale = draw_axes(explorer._runs[dataset]).scale
    for rate in (0, 17, 43, 59):
        choose(explorer, dataset=dataset, learning_rate=rate)
        (dot,) = explorer.picture.points(f"rate {dataset}")
        np.testing.assert_allclose(dot, on(scale, [(explorer.trace.learning_rate, 0.3)])[0], atol=1e-4)


def on(axes, points):
    """Return points in fractions of axes."""
    return axes.transAxes.inverted().transform(axes.transData.transform(np.asarray(points, dtype=float)))


def test_a_run_that_has_converged_ends_in_the_minimum(explorer):
    axes = [draw_axes(run).surface for run in explorer._runs]
    for dataset, learning_rate, minimum in ((0, 20, (2, 0)), (1, 27, (2, 1))):
        choose(explorer, dataset=dataset, learning_rate=learning_rate, step=60)
        np.testing.assert_allclose(
            explorer.picture.points(f"path {dataset}")[-1], on(axes[dataset], [minimum])[0], atol=2e-3
        )


@pytest.mark.parametrize("place", [(1.5, 2.5), (-1.0, -0.5), (4.9, 0.0)])
@pytest.mark.parametrize(("dataset", "learning_rate"), [(0, 5), (1, 12), (1, 40), (1, 55)])
def test_the_run_from_any_start_is_the_one_that_the_trace_gives(explorer, place, dataset, learning_rate):
    choose(explorer, dataset=dataset, learning_rate=learning_rate, step=22)
    explorer.picture.start = place
    trace, run = explorer.trace, explorer._runs[dataset]
    assert_same_run(
        trace,
        gradient_descent(run.dataset, learning_rate=run.rates[learning_rate], n_steps=run.n_steps, start=place).until(
            run.stops[22]
        ),
    )
    path, axes = explorer.picture.points(f"trail {dataset}"), draw_axes(run).surface
    np.testing.assert_allclose(path, on(axes, trace.weights)[run.shown[: len(path)]], atol=1e-4)


def test_a_start_beside_the_surface_counts_as_the_nearest_one_on_it(explorer):
    choose(explorer, dataset=1, step=1)
    explorer.picture.start = (100.0, -100.0)
    low, high = explorer._runs[1].motion.low, explorer._runs[1].motion.high
    np.testing.assert_allclose(explorer.trace.weights[0], [high[0], low[1]], rtol=1e-6)
    np.testing.assert_allclose(explorer.picture.points("start 1"), [[1, 0]], atol=1e-12)


@pytest.mark.parametrize("place", [(float("nan"), 0.0), (1.0,), (1.0, 2.0, 3.0), ("a", "b"), (float("inf"), 0.0)])
def test_a_start_that_is_no_two_numbers_is_refused(explorer, place):
    with pytest.raises(traitlets.TraitError, match="start"):
        explorer.picture.start = place
    assert explorer.picture.start == [0.0, 0.0]


def test_late_steps_are_drawn_in_pairs_so_that_jumps_are_seen(explorer):
    shown = explorer._runs[1].shown
    assert shown[:101] == list(range(101))
    assert len(shown) < 260
    assert shown[-1] == 1001
    assert (np.diff(shown[101:]) == 1).sum() >= 40


def test_only_the_chosen_dataset_is_drawn(explorer):
    choose(explorer, dataset=1)
    choose(explorer, step=5)
    assert [len(explorer.picture.points(f"{mark} 0")) for mark in ("path", "loss", "rate")] == [0, 0, 0]
    assert all(len(explorer.picture.points(f"{mark} 1")) for mark in ("path", "loss", "rate"))


@pytest.mark.parametrize("dataset", [0, 1])
def test_a_diverging_path_ends_where_it_leaves_the_surface_and_an_arrow_shows_the_way(explorer, dataset):
    choose(explorer, dataset=dataset, **LAST)
    points = explorer.picture.points(f"trail {dataset}")
    inside = ((points >= 0) & (points <= 1)).all(axis=1)
    assert inside[:-1].all()
    assert not inside[-1]  # the one point outside, to which the line leaves
    place, way = at_border(explorer.picture.points(f"way out {dataset}"), "ray")
    assert np.isclose(place, 0).any() or np.isclose(place, 1).any()
    choose(explorer, step=22)  # where float32 still holds the weights
    place, way = at_border(explorer.picture.points(f"way out {dataset}"), "ray")
    assert np.sign(way[dataset]) == explorer.trace.weights[-1, dataset].sign()


@pytest.mark.parametrize("dataset", [0, 1])
def test_a_converging_run_stays_on_the_surface_without_an_arrow(explorer, dataset):
    for learning_rate in (0, 20, 35):
        choose(explorer, dataset=dataset, learning_rate=learning_rate, step=60)
        points = explorer.picture.points(f"trail {dataset}")
        assert not is_outside(points).any()
        assert at_border(explorer.picture.points(f"way out {dataset}"), "ray")[1] is None


def test_a_loss_below_its_axis_leaves_it_and_is_said_to_be_below(explorer):
    choose(explorer, dataset=1, learning_rate=rates_of(explorer, 1).index(0.0013), step=60)
    assert explorer.picture.points("loss 1")[-1, 1] < 0
    place, way = at_border(explorer.picture.points("loss beyond 1"), "edge")
    assert (place[1], way.tolist()) == (0, [0, -1])
    assert text(explorer, "loss words 1") == "step 1001: E < 10⁻⁵"
    assert explorer.trace.losses[-1] < 1e-5


def rates_of(explorer, dataset):
    return explorer._runs[dataset].rates


def test_the_factor_of_the_steepest_direction_is_that_of_its_bounces(explorer):
    for dataset in (0, 1):
        for learning_rate in (3, 15, 40):
            choose(explorer, dataset=dataset, learning_rate=learning_rate, step=4)
            run = explorer._runs[dataset]
            factor = 1 - run.rates[learning_rate] * run.curvatures[1]
            said = text(explorer, f"factor {dataset}")
            assert said.startswith("1 − γλ = ")
            assert number(said) == pytest.approx(factor, abs=6e-4)
            trace, minimum = explorer.trace, run.minimum
            along = (trace.weights.double() - minimum) @ torch.from_numpy(run.motion.directions[1])
            np.testing.assert_allclose(along[1:4], factor * along[:3], atol=1e-5)


def test_at_step_0_an_arrow_shows_the_first_step(explorer):
    choose(explorer, dataset=1, learning_rate=20, step=0)
    drawn = explorer.picture.points("first step 1")
    choose(explorer, step=1)
    np.testing.assert_allclose(drawn, explorer.picture.points("trail 1"))
    assert len(explorer.picture.points("first step 1")) == 0


def test_nothing_drawn_leaves_the_axes(explorer):
    choose(explorer, dataset=1, learning_rate=59, step=20)
    drawn, scene = image(explorer), explorer.picture.scene
    choose(explorer, step=1)
    changed = np.abs(drawn - image(explorer)).max(axis=2) > 0.2  # each picture has its own palette
    assert changed.any()
    for mark in (mark for mark in scene["marks"] if "widths" in mark):
        assert np.allclose(mark["clip"], np.add(mark["box"], (-6, -6, 12, 12)))
        left, top, width, height = (int(2 * edge) for edge in np.add(mark["clip"], (-4, -4, 8, 8)))
        changed[max(top, 0) : top + height + 2, left : left + width + 2] = False
    assert not changed.any()


def image(explorer):
    return plt.imread(io.BytesIO(explorer.picture.static_png()))


@pytest.mark.parametrize(
    ("learning_rate", "step", "rate", "numbers"),
    [
        (0, 0, "2.655·10⁻⁵", ("0", "(0, 0)", "= 980.0")),
        ("lecture", 1, "0.0013", ("1", "(0.1690, 2.210)", "= 901.7")),
        ("lecture", 60, "0.0013", ("1001", "(2.000, 1.000)", "< 10⁻⁵")),
        (59, 60, "0.001726", ("1001", "(∞, ∞)", "= ∞")),
    ],
)
@pytest.mark.parametrize(
    ("language", "template"),
    [
        ("en", "Learning rate γ = {}, start (0, 0), step {}: weights w = {}, loss E {}."),
        ("ru", "Скорость обучения γ = {}, начало (0, 0), шаг {}: веса w = {}, ошибка E {}."),
    ],
)
def test_the_words_say_rate_step_weights_and_loss(language, template, learning_rate, step, rate, numbers):
    explorer = opened("descent", language)
    choose(explorer, dataset=1)
    if learning_rate == "lecture":
        learning_rate = rates_of(explorer, 1).index(0.0013)
    choose(explorer, learning_rate=learning_rate, step=step)
    assert explorer.picture.caption.startswith(template.format(rate, *numbers))


@pytest.mark.parametrize(
    ("language", "share_of_limit", "ending"),
    [
        ("en", 0.49, "At this rate descent converges."),
        ("en", 0.55, "At this rate descent converges, jumping from side to side."),
        ("en", 0.96, "At this rate descent converges, jumping from side to side."),
        ("en", 1.05, "At this rate descent diverges."),
        ("ru", 0.49, "При такой скорости спуск сходится."),
        ("ru", 0.55, "При такой скорости спуск сходится, прыгая из стороны в сторону."),
        ("ru", 1.05, "При такой скорости спуск расходится."),
    ],
)
@pytest.mark.parametrize(("dataset", "name"), [(0, "1"), (1, "2")])
def test_the_words_say_whether_the_descent_is_smooth_jumps_or_diverges(language, share_of_limit, ending, dataset, name):
    explorer = opened("descent", language)
    choose(explorer, dataset=dataset)
    distance = np.abs(np.array(rates_of(explorer, dataset)) - share_of_limit * stability_limit(DATASETS[name]))
    choose(explorer, learning_rate=int(distance.argmin()))
    assert explorer.picture.caption.endswith(ending)


def test_what_the_reader_moves_in_the_browser_reaches_the_trace_and_is_not_thrown_back(explorer):
    slider = explorer.controls["learning_rate"]
    for heard in (10, 11, 12):  # the kernel hears late: the browser has already drawn 12
        explorer.picture.set_state({"learning_rate": 12})
        slider.set_state({"value": heard})
        assert explorer.picture.learning_rate == 12
    assert explorer.trace.learning_rate == explorer._runs[0].rates[12]


def test_the_text_gives_rate_step_weights_and_loss(explorer):
    choose(explorer, dataset=1, learning_rate=0, step=1)
    assert "learning_rate = 2.655e-05, step = 1, weights = (0.003451, 0.04513), loss = 904.4" in repr(explorer)


def test_the_readers_own_data_are_explored_in_the_same_way():
    explorer = descent_explorer({"mine": OWN, "lecture": DATASETS["1"]}, dataset="mine", start=(0.5, 2.0))
    assert isinstance(explorer, DescentExplorer)
    assert explorer.controls["dataset"].options == ("mine", "lecture")
    assert explorer.dataset is OWN
    choose(explorer, step=60)
    assert_same_run(explorer.trace, gradient_descent(OWN, learning_rate=0.1, n_steps=80, start=(0.5, 2.0)))
    choose(explorer, dataset=1)
    assert explorer.trace.weights[0].tolist() == [0.5, 2.0]
    explorer.picture.static_png()


def test_a_rate_of_the_readers_own_that_is_far_off_the_limit_is_not_offered():
    data = Dataset(X=OWN.X, y=OWN.y, learning_rate=1000.0, n_steps=5)
    explorer = descent_explorer({"far": data})
    assert explorer.trace.learning_rate == max(rates(explorer)) < 1.4 * stability_limit(data)


@pytest.mark.parametrize("start", [(2.0, 1.0), (2.0, -3.0), (1e-3, 1e3)])
def test_any_start_even_in_the_minimum_is_drawn(start):
    explorer = descent_explorer({"2": DATASETS["2"]}, start=start, n_steps=30)
    points = explorer.picture.points("path 0")
    assert ((points >= 0) & (points <= 1)).all()
    explorer.picture.static_png()


@pytest.mark.parametrize("n_steps", [1, 2, 61, 200])
def test_a_run_of_any_length_is_shown_to_its_end(n_steps):
    explorer = descent_explorer({"1": DATASETS["1"]}, n_steps=n_steps)
    choose(explorer, step=explorer.controls["step"].max)
    assert explorer.trace.n_steps == n_steps
    choose(explorer, step=1)
    assert explorer.trace.n_steps == 1
