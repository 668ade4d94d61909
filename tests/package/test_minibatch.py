"""Mini-batches: the runs are those of torch's own SGD, and the explorer shows them to scale."""

import io
import json
import re
from contextlib import suppress

import numpy as np
import pytest
import torch
from matplotlib import pyplot as plt
from torch import nn

from lecture_utils.datasets import DATASETS, Dataset, noisy_observations
from lecture_utils.descent import gradient_descent, mini_batch_sweep, mini_batches, mse, one_thread, stability_limit
from lecture_utils.explorers import MinibatchExplorer, minibatch_explorer
from tests.controls import choose, play_of

NOISY = noisy_observations()
SMALL = noisy_observations(n_observations=30, seed=2)


def by_torch(dataset, *, batch_size, learning_rate, n_epochs, seed):
    """Train with torch's own module, loss, optimizer and random orders; return the weights, the first ones zeros."""
    model = nn.Linear(2, 1, bias=False)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    generator = torch.Generator().manual_seed(seed)
    path = [model.weight[0].detach().clone()]
    for _ in range(n_epochs):
        for rows in torch.randperm(len(dataset.y), generator=generator).split(batch_size):
            optimizer.zero_grad()
            nn.functional.mse_loss(model(dataset.X[rows]), dataset.y[rows, None]).backward()
            optimizer.step()
            path.append(model.weight[0].detach().clone())
    return torch.stack(path)


@pytest.mark.parametrize(("batch_size", "learning_rate"), [(1, 0.02), (7, 0.1), (30, 0.5)])
def test_a_run_is_that_of_torchs_own_sgd(batch_size, learning_rate):
    knobs = {"batch_size": batch_size, "n_epochs": 3, "seed": 4}
    (run,) = mini_batch_sweep(SMALL, learning_rates=[learning_rate], **knobs)
    torch.testing.assert_close(run.weights, by_torch(SMALL, learning_rate=learning_rate, **knobs), rtol=0, atol=1e-5)
    torch.testing.assert_close(run.losses, mse(SMALL.X, SMALL.y, run.weights), rtol=1e-5, atol=1e-6)


def test_many_rates_at_once_give_the_runs_that_each_gives_alone():
    rates = [0.01, 0.1, 0.4]
    together = mini_batch_sweep(SMALL, batch_size=5, learning_rates=rates, n_epochs=2)
    for rate, run in zip(rates, together, strict=True):
        (alone,) = mini_batch_sweep(SMALL, batch_size=5, learning_rates=[rate], n_epochs=2)
        assert (run.learning_rate, run.batch_size, run.n_steps) == (rate, 5, 12)
        torch.testing.assert_close(run.weights, alone.weights, rtol=1e-5, atol=1e-6)


def test_a_batch_of_all_observations_is_gradient_descent():
    (run,) = mini_batch_sweep(NOISY, batch_size=256, learning_rates=[0.3], n_epochs=10)
    full = gradient_descent(NOISY, learning_rate=0.3, n_steps=10)
    torch.testing.assert_close(run.weights, full.weights, rtol=0, atol=1e-5)


def test_an_epoch_takes_every_observation_once_and_each_epoch_in_a_new_order():
    batches = list(mini_batches(10, batch_size=4, n_epochs=2))
    assert [len(rows) for rows in batches] == [4, 4, 2, 4, 4, 2]
    first, second = torch.cat(batches[:3]).tolist(), torch.cat(batches[3:]).tolist()
    assert sorted(first) == sorted(second) == list(range(10))
    assert first != second


def test_a_part_of_a_run_is_its_beginning():
    (run,) = mini_batch_sweep(SMALL, batch_size=10, learning_rates=[0.1], n_epochs=2)
    part = run.until(2)
    assert (part.n_steps, part.batch_size, part.learning_rate) == (2, 10, 0.1)
    assert torch.equal(part.weights, run.weights[:3])


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch_size": 0}, "batch_size must be a whole number"),
        ({"batch_size": 2.5}, "batch_size must be a whole number"),
        ({"n_epochs": 0}, "n_epochs must be a whole number"),
        ({"learning_rates": [0.1, -1]}, "learning_rates must be a positive finite number"),
        ({"seed": -1}, "seed must be a whole number of at least 0"),
        ({"dataset": "noisy"}, "dataset must be a Dataset"),
    ],
)
def test_wrong_arguments_are_refused_by_name(changes, message):
    knobs = {"dataset": SMALL, "batch_size": 3, "learning_rates": [0.1], "n_epochs": 1} | changes
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        mini_batch_sweep(knobs.pop("dataset"), **knobs)


def test_the_number_of_threads_is_as_before_even_after_an_error():
    before = torch.get_num_threads()
    with suppress(ZeroDivisionError), one_thread():
        assert torch.get_num_threads() == 1
        raise ZeroDivisionError
    assert torch.get_num_threads() == before


@pytest.fixture(scope="module")
def explorers():
    return {language: minibatch_explorer(language=language) for language in ("ru", "en")}


@pytest.fixture
def explorer(explorers):
    choose(explorers["en"], batch=0, learning_rate=0, examples=0)
    return explorers["en"]


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
    best = torch.linalg.lstsq(NOISY.X.double(), NOISY.y.double()[:, None]).solution.flatten()
    lowest = mse(NOISY.X.double(), NOISY.y.double(), best)
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
        (4, 0, "does not get to the minimum."),
        (4, 19, "comes to the minimum."),
        (0, 8, "gets there and wanders about the minimum."),
        (2, 15, "gets there and wanders about the minimum."),
        (0, 21, "diverges."),
        (4, 21, "diverges."),
    ],
)
def test_the_words_say_how_the_run_ends(explorer, batch, rate, ending):
    choose(explorer, batch=batch, learning_rate=rate)
    assert explorer.picture.caption.endswith(ending)


def test_the_words_say_where_the_run_stands_in_both_languages(explorers):
    for explorer in explorers.values():
        choose(explorer, batch=4, learning_rate=0, examples=0)
    assert explorers["en"].picture.caption.startswith(
        "Mini-batches of 256 out of 256, learning rate γ = 0.00502. Examples seen: 0, steps: 0. Weights w = (0.00, "
    )
    assert explorers["ru"].picture.caption.startswith(
        "Мини-батч 256 из 256, скорость обучения γ = 0.00502. Просмотрено примеров: 0, шагов: 0. Веса w = (0.00, 0.00)"
    )


def test_every_state_can_be_shown(explorers):
    for explorer in explorers.values():
        for batch in range(5):
            for rate in range(22):
                choose(explorer, batch=batch, learning_rate=rate, examples=rate)
                assert explorer.picture.caption
                assert len(explorer.picture.points(f"loss {batch}"))


def test_a_diverging_run_leaves_the_picture_and_does_not_come_back(explorer):
    choose(explorer, batch=0, learning_rate=21, examples=last(explorer, "examples"))
    points = explorer.picture.points("loss 0")
    drawn = np.isfinite(points).all(axis=1)
    assert drawn[: drawn.sum()].all()
    assert drawn.sum() < 30


def test_only_the_chosen_size_is_drawn(explorer):
    choose(explorer, batch=3, examples=5)
    assert len(explorer.picture.points("path 3"))
    assert [len(explorer.picture.points(f"path {other}")) for other in (0, 1, 2, 4)] == [0, 0, 0, 0]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_all_that_the_browser_needs_is_below_a_megabyte(explorers, language):
    picture = explorers[language].picture
    assert len(picture.table) + len(json.dumps(picture.scene, ensure_ascii=False).encode()) < 1_000_000


def test_the_controls_speak_the_readers_language_and_the_text_none(explorers):
    assert explorers["ru"].controls["learning_rate"].description == "Скорость обучения γ"
    assert explorers["en"].controls["examples"].description == "Examples seen"
    for explorer in explorers.values():
        choose(explorer, batch=2, learning_rate=0, examples=0)
    assert repr(explorers["ru"]) == repr(explorers["en"])
    assert "batch_size = 16, learning_rate = 0.00502, steps = 0, weights = (0.00, 0.00)" in repr(explorers["en"])


def test_a_play_button_stands_beside_the_examples(explorer):
    play = play_of(explorer)
    assert (play.min, play.max) == (0, last(explorer, "examples"))


def test_the_static_picture_follows_the_choices(explorer):
    pngs = set()
    for batch, examples in ((0, 3), (0, 30), (4, 30)):
        choose(explorer, batch=batch, examples=examples)
        pngs.add(explorer.picture.static_png())
    assert len(pngs) == 3
    assert plt.imread(io.BytesIO(pngs.pop())).shape[:2] == (840, 1920)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"dataset": "noisy"}, "dataset must be a Dataset"),
        ({"dataset": DATASETS["1"]}, "dataset must have two features that vary"),
        (
            {"dataset": Dataset(X=torch.randn(5, 3), y=torch.ones(5), learning_rate=0.1, n_steps=3)},
            "dataset must have two features that vary",
        ),
        ({"batch_sizes": ()}, "batch_sizes must name at least one size"),
        ({"batch_sizes": (0, 4)}, "batch_sizes must be a whole number of at least 1, but it is 0"),
        ({"batch_sizes": (1, 257)}, "batch_sizes must be at most 256"),
        ({"n_epochs": 0}, "n_epochs must be a whole number of at least 1"),
        ({"n_epochs": 17}, "n_epochs must keep to 4096 examples in all"),
        ({"seed": "0"}, "seed must be a whole number of at least 0"),
        ({"language": "de"}, "language must be one of"),
    ],
)
def test_an_explorer_of_something_else_is_refused_by_name(changes, message):
    with pytest.raises((TypeError, ValueError), match=re.escape(message)):
        minibatch_explorer(**changes)


def test_the_lectures_own_narrow_valley_can_be_explored_too():
    explorer = minibatch_explorer(DATASETS["2"], batch_sizes=(1, 2, 4), n_epochs=200)
    assert isinstance(explorer, MinibatchExplorer)
    assert explorer.dataset is DATASETS["2"]
    explorer.picture.static_png()
