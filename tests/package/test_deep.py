"""Notebook 06: the networks and their explorer show what torch's own training gives; the checks let no mistake pass."""

import io
import json
import re
from functools import partial

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import nn
from tqdm.auto import tqdm

from lecture_utils import deep_plots
from lecture_utils.datasets import ClassificationDataset, two_moons
from lecture_utils.explorers import DeepNetworkExplorer, deep_network_explorer
from lecture_utils.explorers._deep_runs import (
    GRID,
    boundary_points,
    grid_points,
    image_png,
    looks,
    plane,
    rows_to_show,
)
from lecture_utils.explorers._networks import TrainingTrace, loss_and_errors, multilayer_perceptron, training
from tests.controls import choose, play_of

FEW = two_moons(n_train=60, noise=0.35, seed=4)


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
        model = multilayer_perceptron(hidden)
        assert list(training(model, FEW, n_epochs=30)) == list(range(31))
        for own, expected in zip(model.parameters(), by_torch(hidden, n_epochs=30).parameters(), strict=True):
            torch.testing.assert_close(own, expected, rtol=1e-4, atol=1e-5)

    def test_between_two_epochs_the_network_can_be_looked_at(self):
        model, losses = multilayer_perceptron(3), []
        for _ in training(model, FEW, n_epochs=20):
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

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            (lambda: multilayer_perceptron(-1), "hidden must be a whole number of at least 0, but it is -1"),
            (lambda: multilayer_perceptron(2.5), "hidden must be a whole number of at least 0, but it is 2.5"),
            (lambda: multilayer_perceptron(2, seed=None), "seed must be a whole number of at least 0"),
            (lambda: next(training(nn.Linear(2, 1), FEW, n_epochs=0)), "n_epochs must be a whole number of at least 1"),
            (lambda: next(training(nn.Linear(2, 1), FEW, n_epochs=5, learning_rate=-1)), "learning_rate must be"),
        ],
    )
    def test_wrong_arguments_are_refused_by_name(self, make, message):
        with pytest.raises((TypeError, ValueError), match=re.escape(message)):
            make()


class TestRuns:
    def test_the_losses_are_looked_at_every_fifth_epoch_and_after_the_last(self):
        assert looks(12) == [0, 5, 10, 12]
        assert looks(10) == [0, 5, 10]

    @pytest.mark.parametrize("n_looks", [2, 7, 41, 201])
    def test_the_rows_shown_grow_from_the_first_to_the_last_close_together_at_first(self, n_looks):
        rows = rows_to_show(n_looks)
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
        colors = (255 * deep_plots.probability_colors()([0.0, 1.0])[:, :3]).round()
        np.testing.assert_allclose(pixels[-1, 0], colors[0], atol=1)
        np.testing.assert_allclose(pixels[0, 0], colors[1], atol=1)
        assert pixels[30].min() > 245


@pytest.fixture(scope="module")
def explorers():
    return {language: deep_network_explorer(hidden=(0, 3), n_epochs=60, language=language) for language in ("ru", "en")}


@pytest.fixture
def explorer(explorers):
    choose(explorers["en"], capacity=0, epoch=0)
    return explorers["en"]


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
            np.testing.assert_allclose(ahead[:, 0], np.arange(13) / 12 / 1.01, atol=1e-3)

    def test_the_line_of_the_best_epoch_stands_at_the_lowest_held_out_loss(self, explorer):
        choose(explorer, capacity=1)
        trace = explorer.traces[3]
        best = trace.epochs[trace.held_out_losses.argmin()].item()
        np.testing.assert_allclose(explorer.picture.points("best")[:, 0], best / 60.6, atol=1e-3)

    def test_there_is_an_image_of_every_state(self, explorer):
        (mark,) = (mark for mark in explorer.picture.scene["marks"] if "images" in mark)
        assert len(mark["images"]["rows"]) == 2 * 13
        assert len(set(mark["images"]["rows"])) == 2 * 13

    def test_the_words_say_where_the_training_stands(self, explorers):
        for explorer in explorers.values():
            choose(explorer, capacity=0, epoch=0)
        trace = explorers["en"].trace
        loss, wrong = f"{trace.training_losses[0]:.3f}", int(trace.training_errors[0])
        assert explorers["en"].picture.caption.startswith(
            f"Hidden neurons: none (a linear model). Epoch 0: the loss is {loss} on the training part ({wrong} wrong"
        )
        assert explorers["ru"].picture.caption.startswith(
            f"Скрытых нейронов: нет (линейная модель). Эпоха 0: ошибка на обучающей части {loss} (неверных классов "
        )

    def test_every_state_can_be_shown(self, explorers):
        for explorer in explorers.values():
            for capacity in range(2):
                for epoch in range(13):
                    choose(explorer, capacity=capacity, epoch=epoch)
                    assert explorer.picture.caption
                    assert len(explorer.picture.points("training")) == epoch + 1

    def test_the_controls_speak_the_readers_language_and_the_text_none(self, explorers):
        assert explorers["ru"].controls["capacity"].options == ("нет", "2 × 3")
        assert explorers["en"].controls["capacity"].options == ("none", "2 × 3")
        assert explorers["ru"].controls["epoch"].description == "Эпоха"
        for explorer in explorers.values():
            choose(explorer, capacity=1, epoch=0)
        assert repr(explorers["ru"]) == repr(explorers["en"])
        assert repr(explorers["en"]).startswith("deep_network_explorer: hidden = 3, epoch = 0, training loss = 0.")

    def test_a_play_button_stands_beside_the_epochs(self, explorer):
        play = play_of(explorer)
        assert (play.min, play.max) == (0, 12)

    def test_the_static_picture_follows_the_choices(self, explorer):
        pngs = set()
        for capacity, epoch in ((0, 0), (0, 12), (1, 12)):
            choose(explorer, capacity=capacity, epoch=epoch)
            pngs.add(explorer.picture.static_png())
        assert len(pngs) == 3

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

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"dataset": "moons"}, "dataset must be a ClassificationDataset, but it is 'moons'"),
            (
                {
                    "dataset": ClassificationDataset(
                        **dict.fromkeys(["X", "X_held_out"], torch.ones(4, 3)),
                        **dict.fromkeys(["y", "y_held_out"], torch.ones(4)),
                    )
                },
                "dataset must have two features, but it has 3",
            ),
            ({"hidden": ()}, "hidden must name at least one capacity"),
            ({"hidden": (2, 2)}, "hidden must name at least one capacity, and none twice"),
            ({"hidden": (2, -1)}, "hidden must be a whole number of at least 0, but it is -1"),
            ({"n_epochs": 0}, "n_epochs must be a whole number of at least 1"),
            ({"n_epochs": 5001}, "n_epochs must be at most 5000"),
            ({"seed": 1.5}, "seed must be a whole number of at least 0"),
            ({"language": "de"}, "language must be one of"),
        ],
    )
    def test_an_explorer_of_something_else_is_refused_by_name(self, changes, message):
        with pytest.raises((TypeError, ValueError), match=re.escape(message)):
            deep_network_explorer(**({"hidden": (0,), "n_epochs": 5} | changes))


@pytest.fixture(scope="module")
def whole():
    return deep_network_explorer(language="en")


class TestWholeExplorer:
    def test_all_that_the_browser_needs_is_below_a_megabyte(self, whole):
        scene = json.dumps(whole.picture.scene, ensure_ascii=False).encode()
        assert isinstance(whole, DeepNetworkExplorer)
        assert len(whole.picture.table) + len(scene) < 1_000_000

    def test_the_largest_network_is_shown_first_and_overfits(self, whole):
        trace = whole.trace
        assert (trace.hidden, trace.epochs[-1]) == (32, 1000)
        assert trace.training_errors[-1] == 0
        assert trace.held_out_losses[-1] > 2 * trace.held_out_losses.min()

    def test_the_words_tell_what_becomes_of_the_held_out_loss(self, whole):
        told, rows = set(), rows_to_show(201)
        for capacity in range(len(whole.traces)):
            for epoch in range(41):
                choose(whole, capacity=capacity, epoch=epoch)
                losses = list(whole.traces.values())[capacity].held_out_losses[rows].tolist()
                best = losses.index(min(losses))
                if epoch < best:
                    ending = "The held-out loss is still to reach its lowest."
                elif epoch == best:
                    ending = "Here the held-out loss is at its lowest."
                elif losses[epoch] < 1.05 * losses[best]:
                    ending = "The held-out loss stays near its lowest."
                else:
                    ending = f"Overfitting: at epoch {5 * rows[best]} the held-out loss was {losses[best]:.3f}."
                assert whole.picture.caption.endswith(ending)
                told.add(ending[:20])
        assert len(told) >= 4


def trace(held_out_losses):
    n = len(held_out_losses)
    return TrainingTrace(
        hidden=2,
        epochs=torch.arange(n),
        training_losses=torch.linspace(1, 0, n),
        held_out_losses=torch.tensor(held_out_losses),
        training_errors=torch.zeros(n, dtype=torch.int64),
        held_out_errors=torch.ones(n, dtype=torch.int64),
    )


def test_the_best_row_of_a_trace_is_that_of_the_lowest_held_out_loss_and_a_part_ends_where_it_says():
    whole = trace([0.7, 0.3, 0.2, 0.9])
    assert whole.best == 2
    assert whole.until(1).best == 1
    assert whole.until(1).epochs.tolist() == [0, 1]


class TestPlots:
    @pytest.fixture
    def ax(self):
        return Figure().add_subplot()

    def test_each_class_has_a_colour_and_a_shape_of_its_own(self, ax):
        points = deep_plots.classes(ax, FEW.X, FEW.y.unsqueeze(1))
        for index, drawn in enumerate(points):
            np.testing.assert_allclose(drawn.get_offsets(), FEW.X[FEW.y == index])
        assert len({tuple(drawn.get_facecolor()[0]) for drawn in points}) == 2
        assert len({len(drawn.get_paths()[0].vertices) for drawn in points}) == 2

    def test_the_probability_is_drawn_with_a_line_at_a_half(self, ax):
        x = np.linspace(-1, 1, 21)
        deep_plots.probability(ax, x, x, np.tile((x + 1) / 2, (21, 1)))
        (line,) = ax.collections[-1].get_paths()
        np.testing.assert_allclose(line.vertices[:, 0], 0, atol=1e-9)

    def test_both_losses_by_epoch_differ_in_colour_and_in_stroke_and_the_best_epoch_is_marked(self, ax):
        training, held_out = deep_plots.losses_by_epoch(ax, [0, 10, 20], [0.7, 0.3, 0.1], [0.7, 0.4, 0.6], best=10)
        np.testing.assert_allclose(held_out.get_xydata(), [[0, 0.7], [10, 0.4], [20, 0.6]])
        assert training.get_color() != held_out.get_color()
        assert training.get_linestyle() != held_out.get_linestyle()
        assert list(ax.lines[-1].get_xdata()) == [10, 10]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("epoch", "loss")
        assert [text.get_text() for text in ax.get_legend().texts] == ["training part", "held-out part"]

    def test_the_landscape_has_shades_of_equal_area_or_smaller_towards_the_bottom(self, ax):
        x = np.linspace(-1, 1, 50)
        contours = deep_plots.landscape(ax, x, x, x[:, None] ** 2 + x**2)
        assert contours.levels[0] == pytest.approx((x[:, None] ** 2 + x**2).min())
        assert contours.levels[-1] == pytest.approx(2)

    def test_paths_are_drawn_in_the_colour_of_their_group_with_its_number(self, ax):
        paths = [[[0, 0], [1, 1]], [[2, 2], [1, 1]], [[0, 2], [3, 3]]]
        lines = deep_plots.descents(ax, paths, [0, 0, 1])
        assert [line.get_color() for line in lines] == [deep_plots.GROUP_COLORS[group] for group in (0, 0, 1)]
        assert [text.get_text() for text in ax.texts] == ["1", "1", "2"]

    def test_fits_are_numbered_lines_of_different_strokes_through_the_targets(self, ax):
        lines = deep_plots.fits(ax, [0, 1], [1, 0], [[0.9, 0.1], [0.5, 0.5]])
        assert [line.get_linestyle() for line in lines] == ["-", "--"]
        assert [text.get_text() for text in ax.get_legend().texts] == ["1", "2"]
