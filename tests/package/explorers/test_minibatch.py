"""The mini-batch explorer shows its runs to scale, and says where they stand."""

import numpy as np
import pytest
import torch

from lecture_utils.datasets import DATASETS, noisy_examples
from lecture_utils.descent import mse, stability_limit
from lecture_utils.explorers import MinibatchExplorer, minibatch_explorer
from lecture_utils.minibatch import mini_batch_sweep
from tests.controls import choose
from tests.package.explorers.real import opened, text

NOISY = noisy_examples()
BEST = torch.linalg.lstsq(NOISY.X.double(), NOISY.y.double()[:, None]).solution.flatten()
SMALL = noisy_examples(n_examples=30, seed=2)


@pytest.fixture
def explorer():
    return opened("minibatch")


def last(explorer, choice):
    return explorer.controls[choice].max


@pytest.mark.parametrize(("batch", "size"), [(0, 1), (1, 4), (2, 16), (3, 64), (4, 256)])
@pytest.mark.parametrize("rate", [0, 9, 21])
def test_the_trace_is_the_run_with_the_chosen_size_and_rate(explorer, batch, size, rate):
    choose(explorer, batch=batch, learning_rate=rate, examples=last(explorer, "examples"))
    trace = explorer.trace
    (alone,) = mini_batch_sweep(NOISY, batch_size=size, learning_rates=[trace.learning_rate], n_epochs=6)
    assert trace.batch_size == size
    assert trace.n_steps == alone.n_steps == 6 * 256 // size
    # A diverging run amplifies the last bit, so only its beginning is compared.
    steps = 5 if rate == 21 else trace.n_steps
    torch.testing.assert_close(trace.weights[: steps + 1], alone.weights[: steps + 1], rtol=1e-3, atol=1e-4)


def test_as_many_steps_are_shown_as_the_examples_seen_allow(explorer):
    for batch, size in enumerate([1, 4, 16, 64, 256]):
        choose(explorer, batch=batch)
        for examples in range(last(explorer, "examples") + 1):
            choose(explorer, examples=examples)
            seen = int(explorer.picture.caption.split("Examples seen: ")[1].split(",")[0])
            assert explorer.trace.n_steps == seen // size
            assert len(explorer.picture.points(f"path {batch}")) == seen // size + 1
    assert seen == 6 * 256


def test_when_the_last_batch_of_an_epoch_is_smaller_the_examples_are_counted_all_the_same():
    explorer = minibatch_explorer(SMALL, batch_sizes=(7, 30), n_epochs=2)
    choose(explorer, batch=0, examples=last(explorer, "examples"))
    assert explorer.trace.n_steps == 10
    x = explorer.picture.points("loss 0")[:, 0]
    straight = np.polyfit([0, 7, 14, 21, 28, 30, 37, 44, 51, 58, 60], x, 1, full=True)
    assert straight[1] < 1e-6


def test_the_rates_are_spaced_by_factor_and_end_above_the_limit_of_the_full_sum(explorer):
    found = []
    for rate in range(last(explorer, "learning_rate") + 1):
        choose(explorer, learning_rate=rate)
        found.append(explorer.trace.learning_rate)
    np.testing.assert_allclose(np.diff(np.log(found)), np.log(found[1] / found[0]), rtol=1e-6)
    assert found[0] < stability_limit(NOISY) / 100 < stability_limit(NOISY) < found[-1]


def test_the_picture_shows_path_and_loss_above_the_minimum_to_scale(explorer):
    choose(explorer, batch=2, learning_rate=12, examples=last(explorer, "examples"))
    trace = explorer.trace
    lowest = mse(NOISY.X.double(), NOISY.y.double(), BEST)
    excess = mse(NOISY.X.double(), NOISY.y.double(), trace.weights.double()) - lowest
    path, loss = explorer.picture.points("path 2"), explorer.picture.points("loss 2")
    visible = loss[:, 1] > 0.001
    for drawn, numbers in (
        (path[:, 0], trace.weights[:, 0]),
        (path[:, 1], trace.weights[:, 1]),
        (loss[visible, 1], excess.log()[torch.tensor(visible)]),
    ):
        straight = np.column_stack([numbers, np.ones(len(numbers))])
        np.testing.assert_allclose(straight @ np.linalg.lstsq(straight, drawn)[0], drawn, atol=2e-3)


@pytest.mark.parametrize(
    ("batch", "rate", "ending"),
    [
        (4, 0, "has not reached the minimum."),
        (4, 20, "has reached the minimum."),
        (0, 8, "wanders around the minimum."),
        (2, 15, "wanders around the minimum."),
        (2, 21, "is thrown about: on average no nearer to the minimum than at the start."),
        (0, 19, "is thrown about: on average no nearer to the minimum than at the start."),
        (0, 21, "diverges."),
        (4, 21, "diverges."),
    ],
)
def test_the_words_say_how_the_run_ends(explorer, batch, rate, ending):
    choose(explorer, batch=batch, learning_rate=rate, examples=last(explorer, "examples"))
    assert explorer.picture.caption.endswith(ending)


def test_the_words_wait_until_they_are_true(explorer):
    choose(explorer, batch=0, learning_rate=8)
    said = []
    for examples in range(last(explorer, "examples") + 1):
        choose(explorer, examples=examples)
        said.append(explorer.picture.caption.split("The descent ")[1])
        if said[-1].startswith("wanders"):
            weights = explorer.trace.weights.double()
            excess = mse(NOISY.X.double(), NOISY.y.double(), weights) - mse(NOISY.X.double(), NOISY.y.double(), BEST)
            low = excess < excess[0] / 2
            assert low.any()
            assert int(low.int().argmax()) <= explorer.trace.n_steps / 2, "it has been there as long as it took"
    wandering = said.index("wanders around the minimum.")
    assert said[0] == "has not made a step yet."
    assert set(said[1:wandering]) == {"is on its way to the minimum."}
    assert set(said[wandering:]) == {"wanders around the minimum."}
    choose(explorer, examples=[*explorer._runs.stops].index(15))
    assert explorer.picture.caption.endswith("is on its way to the minimum.")


def test_before_the_first_step_the_picture_says_how_much_of_the_mini_batch_has_been_seen(explorer):
    choose(explorer, batch=4, learning_rate=10)
    stays = []
    for examples, seen in enumerate(explorer._runs.stops):
        choose(explorer, examples=examples)
        said = text(explorer, "loss words 4")
        if seen < 256:
            assert said == f"no step yet: {seen} of 256"
            assert explorer.picture.caption.endswith("has not made a step yet.")
            stays.append(explorer.picture.points("path 4").tolist())
        else:
            assert said.startswith(f"step {seen // 256}: ")
    assert all(path == stays[0] for path in stays)
    choose(explorer, batch=0, examples=1)
    assert text(explorer, "loss words 0").startswith("step 1: ")


def test_a_loss_below_its_axis_leaves_it_and_an_arrow_says_where_it_is():
    explorer = minibatch_explorer(batch_sizes=(256,), n_epochs=16)
    choose(explorer, learning_rate=19, examples=last(explorer, "examples"))
    drawn = explorer.picture.points("loss 0")
    assert len(drawn) < explorer.trace.n_steps
    assert drawn[-1, 1] < 0 <= drawn[-2, 1]
    assert explorer.picture.points("loss beyond 0")[-1, 1] < 0


def test_it_opens_at_the_start_and_its_still_picture_shows_a_whole_run():
    explorer = opened("minibatch")
    assert explorer.trace.n_steps == 0
    assert explorer.static_png() == explorer.picture.static_png(examples=last(explorer, "examples"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Mini-batches of 256 out of 256, learning rate γ = 0.00502. Examples seen: 0, steps: 0. Weights w = (0.00",
        ),
        (
            "ru",
            "Мини-батчи по 256 из 256 примеров, скорость обучения γ = 0.00502. "
            "Просмотрено примеров: 0, шагов: 0. Веса w = (0.00",
        ),
    ],
)
def test_the_words_say_where_the_run_stands(language, words):
    explorer = opened("minibatch", language)
    choose(explorer, batch=4, learning_rate=0, examples=0)
    assert explorer.picture.caption.startswith(words)


def test_a_diverging_run_leaves_the_picture_and_does_not_come_back(explorer):
    choose(explorer, batch=0, learning_rate=21, examples=last(explorer, "examples"))
    points = explorer.picture.points("loss 0")
    assert len(points) < 30
    assert (points[:-1, 1] <= 1).all()
    assert points[-1, 1] > 1


def test_only_the_chosen_size_is_drawn(explorer):
    choose(explorer, batch=3, examples=5)
    assert len(explorer.picture.points("path 3"))
    assert [len(explorer.picture.points(f"path {other}")) for other in (0, 1, 2, 4)] == [0, 0, 0, 0]


def test_the_text_gives_size_rate_steps_and_weights(explorer):
    choose(explorer, batch=2, learning_rate=0, examples=0)
    assert "batch_size = 16, learning_rate = 0.00502, steps = 0, weights = (0.00, 0.00)" in repr(explorer)


def test_the_lectures_own_narrow_valley_can_be_explored_too():
    explorer = minibatch_explorer(DATASETS["2"], batch_sizes=(1, 2, 4), n_epochs=200)
    assert isinstance(explorer, MinibatchExplorer)
    assert explorer.dataset is DATASETS["2"]
    explorer.picture.static_png()
