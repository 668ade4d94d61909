"""The deep-network explorer shows what torch's own training gives."""

import io
from functools import partial

import numpy as np
import pytest
import torch
from contourpy import contour_generator
from PIL import Image
from torch import nn
from tqdm.auto import tqdm

from lecture_utils.datasets import two_moons
from lecture_utils.explorers import deep_network_explorer
from lecture_utils.explorers._deep_runs import (
    GRID,
    SMALL_GRID,
    boundary_points,
    grid_points,
    image_png,
    looks,
    plane,
)
from lecture_utils.explorers._explorer import stops
from lecture_utils.explorers._networks import TrainingTrace, loss_and_errors, multilayer_perceptron, training
from lecture_utils.plots._axes import probability_colors
from tests.controls import choose
from tests.package.explorers.real import opened

FEW = two_moons(n_train=60, noise=0.35, seed=4)
COLUMNS = ("training_losses", "held_out_losses", "training_errors", "held_out_errors")


def by_torch(hidden, *, n_epochs, seed=0):
    """Train as the notebook does; return the network."""
    torch.manual_seed(seed)
    model = (
        nn.Sequential(nn.Linear(2, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 1))
        if hidden
        else nn.Linear(2, 1)
    )
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for _ in range(n_epochs):
        loss = nn.BCEWithLogitsLoss()(model(FEW.X), FEW.y.unsqueeze(1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


class TestNetworks:
    @pytest.mark.parametrize("hidden", [0, 3])
    def test_training_is_the_notebooks_loop(self, hidden):
        model = multilayer_perceptron(hidden, seed=0)
        assert list(training([model], FEW, n_epochs=30)) == list(range(31))
        for own, expected in zip(model.parameters(), by_torch(hidden, n_epochs=30).parameters(), strict=True):
            torch.testing.assert_close(own, expected, rtol=1e-4, atol=1e-5)

    def test_networks_trained_side_by_side_become_what_each_becomes_alone(self):
        models = {hidden: multilayer_perceptron(hidden, seed=0) for hidden in (5, 0, 2, 3)}
        list(training(list(models.values()), FEW, n_epochs=30))
        for hidden, model in models.items():
            for own, expected in zip(model.parameters(), by_torch(hidden, n_epochs=30).parameters(), strict=True):
                torch.testing.assert_close(own, expected, rtol=1e-4, atol=1e-5)

    def test_between_two_epochs_the_network_can_be_looked_at(self):
        model, losses = multilayer_perceptron(3, seed=0), []
        for _ in training([model], FEW, n_epochs=20):
            losses.append(loss_and_errors(model, FEW.X, FEW.y)[0])
        assert len(losses) == 21
        assert losses[-1] < losses[0]

    def test_loss_and_errors_are_those_of_the_definition(self):
        model = nn.Linear(1, 1)
        nn.init.ones_(model.weight)
        nn.init.zeros_(model.bias)
        X, y = torch.tensor([[2.0], [-1.0], [0.5]]), torch.tensor([1.0, 1.0, 0.0])
        p = 1 / (1 + np.exp(-np.array([2.0, -1.0, 0.5])))
        loss, errors = loss_and_errors(model, X, y)
        assert loss == pytest.approx(-np.log([p[0], p[1], 1 - p[2]]).mean(), rel=1e-5)
        assert errors == 2

    def test_a_seed_gives_the_same_start_and_leaves_the_readers_random_numbers_alone(self):
        torch.manual_seed(7)
        expected = torch.rand(1)
        torch.manual_seed(7)
        first, second, other = (multilayer_perceptron(4, seed=seed) for seed in (1, 1, 2))
        assert torch.equal(torch.rand(1), expected)
        assert torch.equal(first[0].weight, second[0].weight)
        assert not torch.equal(first[0].weight, other[0].weight)


class TestRuns:
    def test_the_losses_are_looked_at_every_fifth_epoch_and_after_the_last(self):
        assert looks(12) == [0, 5, 10, 12]
        assert looks(10) == [0, 5, 10]

    @pytest.mark.parametrize("n_looks", [2, 7, 41, 201])
    def test_the_rows_shown_grow_from_the_first_to_the_last_close_together_at_first(self, n_looks):
        rows = stops((n_looks - 1) * np.linspace(0, 1, 41) ** 2)
        assert (rows[0], rows[1], rows[-1]) == (0, 1, n_looks - 1)
        assert rows == sorted(set(rows))
        assert len(rows) == min(41, n_looks)

    def test_all_training_examples_lie_in_the_plane(self):
        (left, right), (low, high) = plane(FEW)
        assert left < FEW.X[:, 0].min() < FEW.X[:, 0].max() < right
        assert low < FEW.X[:, 1].min() < FEW.X[:, 1].max() < high

    def test_the_boundary_of_a_circle_is_that_circle(self):
        limits = ((-2.0, 2.0), (-1.5, 1.5))
        x, y = np.meshgrid(*grid_points(limits))
        points = boundary_points(limits, x**2 + y**2 - 1)
        drawn = points[np.isfinite(points).all(axis=1)]
        assert points.shape == (260, 2)
        assert len(drawn) > 60
        np.testing.assert_allclose(np.hypot(*drawn.T), 1, atol=0.01)

    def test_two_lines_have_a_gap_between_them(self):
        limits = ((-2.0, 2.0), (-1.5, 1.5))
        x, _ = np.meshgrid(*grid_points(limits))
        points = boundary_points(limits, x**2 - 1)
        lines = [line for line in np.split(points, np.flatnonzero(np.isnan(points[:, 0]))) if np.isfinite(line).any()]
        assert [round(float(np.nanmean(line[:, 0]))) for line in lines] in ([-1, 1], [1, -1])

    @pytest.mark.parametrize("scores", [np.ones(GRID[::-1]), np.cos(np.arange(GRID[0] * GRID[1])).reshape(GRID[::-1])])
    def test_no_boundary_and_a_boundary_of_far_too_many_points_fit_into_the_table(self, scores):
        points = boundary_points(((0.0, 1.0), (0.0, 1.0)), scores)
        assert points.shape == (260, 2)
        assert np.isnan(points[-1]).all()
        assert np.isfinite(points).any() == (scores.min() < 0)

    def test_the_image_is_purple_at_probability_0_white_at_a_half_and_gold_at_1_and_right_side_up(self):
        scores = np.zeros(GRID[::-1], dtype=np.float32)
        scores[0], scores[-1] = -50, 50  # the lowest and the highest row of the plane
        pixels = np.asarray(Image.open(io.BytesIO(image_png(scores))).convert("RGB"))
        assert pixels.shape == (GRID[1], GRID[0], 3)
        colors = (255 * probability_colors()([0.0, 1.0])[:, :3]).round()
        np.testing.assert_allclose(pixels[-1, 0], colors[0], atol=1)
        np.testing.assert_allclose(pixels[0, 0], colors[1], atol=1)
        assert pixels[30].min() > 245


@pytest.fixture(scope="module")
def explorer():
    return deep_network_explorer(hidden=(0, 3), n_epochs=60)


class TestExplorer:
    @pytest.mark.parametrize(("capacity", "hidden"), [(0, 0), (1, 3)])
    @pytest.mark.parametrize("epoch", [0, 1, 12])
    def test_the_trace_is_the_training_of_the_chosen_network_as_far_as_it_is_shown(
        self, explorer, capacity, hidden, epoch
    ):
        choose(explorer, capacity=capacity, epoch=epoch)
        trace = explorer.trace
        assert (trace.hidden, trace.epochs.tolist()) == (hidden, [5 * k for k in range(epoch + 1)])
        model = by_torch(hidden, n_epochs=5 * epoch)
        for part, X, y in (("training", FEW.X, FEW.y), ("held_out", FEW.X_held_out, FEW.y_held_out)):
            scores = model(X).squeeze(1)
            loss = nn.functional.binary_cross_entropy_with_logits(scores, y).item()
            assert getattr(trace, f"{part}_losses")[-1].item() == pytest.approx(loss, abs=1e-4)
            assert getattr(trace, f"{part}_errors")[-1] == ((scores > 0) != (y == 1)).sum()

    def test_the_boundary_lies_where_the_networks_score_is_zero(self, explorer):
        choose(explorer, capacity=1, epoch=12)
        points = explorer.picture.points("boundary")
        points = points[np.isfinite(points).all(axis=1)]
        (left, right), (low, high) = plane(FEW)
        places = np.array([left, low]) + points * np.array([right - left, high - low])
        probability = by_torch(3, n_epochs=60)(torch.tensor(places, dtype=torch.float32)).sigmoid().detach()
        assert len(points) > 20
        np.testing.assert_allclose(probability, 0.5, atol=0.02)

    def test_the_losses_are_drawn_up_to_the_chosen_epoch_and_to_scale(self, explorer):
        choose(explorer, capacity=1, epoch=7)
        for part in ("training", "held_out"):
            drawn, ahead = explorer.picture.points(part), explorer.picture.points(f"{part} to come")
            losses = getattr(explorer.traces[3], f"{part}_losses").numpy()
            assert (len(drawn), len(ahead)) == (8, 13)
            np.testing.assert_allclose(ahead[:, 1] * 1.15, losses, atol=1e-3)
            np.testing.assert_allclose(ahead[:, 0], (np.arange(13) / 12 + 0.025) / 1.05, atol=1e-3)

    def test_the_line_of_the_best_epoch_stands_at_the_lowest_held_out_loss(self, explorer):
        choose(explorer, capacity=1)
        trace = explorer.traces[3]
        best = trace.epochs[trace.held_out_losses.argmin()].item()
        np.testing.assert_allclose(explorer.picture.points("best")[:, 0], (best + 1.5) / 63, atol=1e-3)

    @pytest.mark.parametrize(("capacity", "hidden"), [(0, 0), (1, 3)])
    @pytest.mark.parametrize("epoch", [1, 7, 12])
    def test_the_colours_are_the_probabilities_that_the_network_gives_at_that_epoch(
        self, explorer, capacity, hidden, epoch
    ):
        choose(explorer, capacity=capacity, epoch=epoch)
        points = np.stack(np.meshgrid(*grid_points(plane(FEW))), axis=-1)
        network = by_torch(hidden, n_epochs=5 * epoch)
        probability = network(torch.tensor(points, dtype=torch.float32)).squeeze(-1).sigmoid().detach().numpy()
        (images,) = (mark.images for mark in explorer.picture._marks if mark.name == "probability")
        pixels = np.asarray(Image.open(io.BytesIO(explorer.picture._row(images))).convert("RGB"), dtype=float)
        np.testing.assert_allclose(pixels, 255 * probability_colors()(probability[::-1])[..., :3], atol=6)

    def test_there_is_an_image_of_every_state(self, explorer):
        (mark,) = (mark for mark in explorer.picture.scene["marks"] if mark["name"] == "probability")
        assert len(mark["images"]["rows"]) == 2 * 13
        assert len(set(mark["images"]["rows"])) == 2 * 13

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", "Hidden neurons: none (a linear model). Epoch 0: the loss is {} on the training part ({} incorrect"),
            (
                "ru",
                "Скрытых нейронов: нет (линейная модель). Эпоха 0: ошибка на обучающей части {} (неверных ответов {}",
            ),
        ],
    )
    def test_the_words_say_where_the_training_stands(self, language, words):
        explorer = opened("deep network", language)
        choose(explorer, capacity=0, epoch=0)
        trace = explorer.trace
        said = words.format(f"{trace.training_losses[0]:.3f}", int(trace.training_errors[0]))
        assert explorer.picture.caption.startswith(said)

    def test_the_capacities_stand_on_the_buttons_in_the_readers_language(self):
        assert opened("deep network", "ru").controls["capacity"].options[:2] == ("нет", "2 × 2")
        assert opened("deep network", "en").controls["capacity"].options[:2] == ("none", "2 × 2")

    def test_as_many_losses_are_drawn_as_the_epoch_says(self, explorer):
        for epoch in range(13):
            choose(explorer, epoch=epoch)
            assert len(explorer.picture.points("training")) == epoch + 1

    @pytest.mark.parametrize(("capacity", "hidden"), [(0, 0), (1, 3)])
    @pytest.mark.parametrize("epoch", [0, 7, 12])
    def test_an_example_that_is_pointed_at_shows_its_share_of_the_loss(self, explorer, capacity, hidden, epoch):
        choose(explorer, capacity=capacity, epoch=epoch)
        scores = by_torch(hidden, n_epochs=5 * epoch)(FEW.X).squeeze(1).detach()
        losses = nn.functional.binary_cross_entropy_with_logits(scores, FEW.y, reduction="none")
        shares = (losses / losses.sum()).numpy()
        highest = explorer.picture._marks[-1].axes.figure.axes[2].get_ylim()[1]
        np.testing.assert_allclose(explorer.picture.points("shares")[:, 1] * highest, shares, atol=1e-3)
        (left, right), (low, high) = plane(FEW)
        for example in (0, 17, 59):
            choose(explorer, example=example)
            assert explorer.share == pytest.approx(shares[example], rel=1e-3)
            said = explorer.picture.caption.partition("The chosen example: ")[2].partition(" %")[0]
            assert float(said) == pytest.approx(100 * shares[example], abs=0.51 if shares[example] > 0.09 else 0.051)
            assert explorer.picture.points("share")[1, 1] * highest == pytest.approx(shares[example], abs=1e-3)
            ring = explorer.picture.points("example")[:24] * [right - left, high - low] + [left, low]
            np.testing.assert_allclose(ring.mean(axis=0), FEW.X[example], atol=2e-3)

    def test_the_maps_show_what_the_hidden_neurons_of_a_small_network_say(self, explorer):
        choose(explorer, capacity=1, epoch=12)
        model, seen = by_torch(3, n_epochs=60), {}
        x, y = np.meshgrid(*grid_points(plane(FEW), SMALL_GRID))
        points = torch.tensor(np.stack([x, y], axis=-1), dtype=torch.float32)
        for layer, part in ((1, model[:2]), (2, model[:4])):
            for index, says in enumerate(part(points).detach().permute(2, 0, 1).numpy(), start=1):
                seen[f"neuron {layer}.{index} 1"] = says
        images = {mark.name: mark.images for mark in explorer.picture._marks if mark.name.startswith("neuron")}
        assert set(images) == set(seen)
        for name, says in seen.items():
            png = Image.open(io.BytesIO(images[name].values[12])).convert("RGB")
            expected = 255 * probability_colors()((says[::-1] + 1) / 2)[..., :3]
            np.testing.assert_allclose(np.asarray(png, dtype=float), expected, atol=14, err_msg=name)
        choose(explorer, capacity=0)
        assert not [name for name in seen if explorer.picture._is_drawn({"capacity": 1})]

    def test_of_very_many_examples_some_can_be_pointed_at(self):
        many = two_moons(n_train=500, noise=0.2, seed=1)
        explorer = deep_network_explorer(many, hidden=(0,), n_epochs=5)
        assert (len(explorer.examples), explorer.examples[0], explorer.examples[-1]) == (60, 0, 499)

    def test_the_text_gives_capacity_epoch_and_losses(self, explorer):
        choose(explorer, capacity=1, epoch=0)
        assert repr(explorer).startswith("deep_network_explorer: hidden = 3, epoch = 0, training loss = 0.")

    def test_the_number_of_threads_is_as_before(self):
        before = torch.get_num_threads()
        deep_network_explorer(hidden=(0,), n_epochs=5)
        assert torch.get_num_threads() == before

    def test_a_short_training_shows_no_bar_and_a_long_one_leaves_no_trace_of_it(self, capsys, monkeypatch):
        deep_network_explorer(hidden=(0,), n_epochs=5)
        assert capsys.readouterr() == ("", "")
        monkeypatch.delenv("TQDM_DISABLE", raising=False)
        monkeypatch.setattr("tqdm.auto.tqdm", partial(tqdm, ascii=True, mininterval=0))
        monkeypatch.setattr(
            "tqdm.std.time", iter(range(10**6)).__next__
        )  # every look at the clock, a second has passed
        deep_network_explorer(hidden=(0,), n_epochs=50)
        bar = capsys.readouterr().err
        assert "50/50" in bar
        assert bar.split("\r")[-2].strip() == ""

    def test_the_bar_can_be_switched_off(self, capsys, monkeypatch):
        monkeypatch.setenv("TQDM_DISABLE", "1")
        monkeypatch.setattr("tqdm.std.time", iter(range(10**6)).__next__)
        deep_network_explorer(hidden=(0,), n_epochs=50)
        assert capsys.readouterr() == ("", "")


class TestWholeExplorer:
    def test_the_largest_network_is_shown_first_and_overfits(self):
        whole = opened("deep network")
        assert whole.trace.epochs.tolist() == [0]
        assert whole.static_png() == whole.picture.static_png(epoch=40)
        choose(whole, epoch=40)
        trace = whole.trace
        assert (trace.hidden, trace.epochs[-1]) == (32, 1000)
        assert trace.training_errors[-1] == 0
        assert trace.held_out_losses[-1] > 2 * trace.held_out_losses.min()

    def test_the_words_tell_what_becomes_of_the_held_out_loss(self):
        whole, told = opened("deep network"), set()
        for capacity in range(len(whole.traces)):
            shown = []
            for epoch in range(41):
                choose(whole, capacity=capacity, epoch=epoch)
                trace = whole.trace
                shown.append((trace.held_out_losses[-1].item(), int(trace.epochs[-1]), whole.picture.caption))
            lowest, best, _ = min(shown)
            for loss, epoch, words in shown:
                if epoch < best:
                    ending = "The held-out loss is still to reach its lowest."
                elif epoch == best:
                    ending = "Here the held-out loss is at its lowest."
                elif loss < 1.05 * lowest:
                    ending = "The held-out loss stays near its lowest."
                else:
                    ending = f"Overfitting: at epoch {best} the held-out loss was {lowest:.3f}."
                assert words.endswith(ending)
                told.add(ending[:20])
        assert len(told) == 4


def test_a_part_of_a_training_is_its_beginning():
    trace = TrainingTrace(hidden=2, epochs=torch.arange(4), **dict.fromkeys(COLUMNS, torch.arange(4) / 4))
    part = trace.until(1)
    assert part.hidden == 2
    assert part.epochs.tolist() == [0, 1]
    assert all(getattr(part, column).tolist() == [0, 0.25] for column in COLUMNS)


def test_only_large_networks_break_the_boundary_into_pieces_and_long_after_their_best_epoch():
    # what notebook 06 says of the islands
    explorer = deep_network_explorer()
    across = grid_points(plane(explorer.dataset))
    for run in explorer._runs:
        pieces = [len(contour_generator(*across, scores).lines(0.0)) for scores in run.scores]
        best = run.trace.epochs[run.trace.held_out_losses.argmin()]
        if run.trace.hidden <= 3:
            assert max(pieces) == 1, run.trace.hidden
        else:
            first = next(epoch for epoch, count in zip(run.epochs, pieces, strict=True) if count > 1)
            assert first > 2 * best, run.trace.hidden
            assert pieces[-1] > 1, run.trace.hidden
