"""The data of notebook 06: two classes that no line separates, and observations with noise; the same everywhere."""

import dataclasses
import re

import pytest
import torch

from lecture_utils.datasets import ClassificationDataset, noisy_observations, two_moons

HALF_CIRCLES = {0: (torch.zeros(2), 1), 1: (torch.tensor([1.0, 0.5]), -1)}


def test_without_noise_each_class_lies_on_a_half_circle_of_its_own():
    moons = two_moons(noise=0.0, n_train=500)
    for label, (centre, side) in HALF_CIRCLES.items():
        points = moons.X[moons.y == label] - centre
        torch.testing.assert_close(points.norm(dim=1), torch.ones(250), rtol=0, atol=2e-3)
        assert (side * points[:, 1] > -1e-3).all()
        assert points[:, 0].min() < -0.95 < 0.95 < points[:, 0].max()


@pytest.mark.parametrize("noise", [0.1, 0.35])
def test_noise_moves_the_points_off_their_circles_by_that_much(noise):
    moons = two_moons(noise=noise, n_train=4000, seed=5)
    still = two_moons(noise=0.0, n_train=4000, seed=5)
    strayed = moons.X - still.X
    torch.testing.assert_close(strayed.std(dim=0), torch.full((2,), noise), rtol=0.05, atol=0)


def test_both_parts_have_both_classes_in_equal_numbers_and_no_point_in_common():
    moons = two_moons(n_train=60, n_held_out=100)
    assert (moons.X.shape, moons.X_held_out.shape) == ((60, 2), (100, 2))
    assert (moons.y.sum(), moons.y_held_out.sum()) == (30, 50)
    both = torch.cat([moons.X, moons.X_held_out])
    assert len(both.unique(dim=0)) == 160


def test_no_line_separates_the_moons():
    moons = two_moons(noise=0.0)
    X = torch.cat([moons.X, torch.ones(200, 1)], dim=1).double()
    w = torch.zeros(3, dtype=torch.float64)
    sign = 2 * moons.y.double() - 1
    for _ in range(300):  # the perceptron's rule would come to rest if there were such a line
        for x, side in zip(X, sign, strict=True):
            if side * (w @ x) <= 0:
                w = w + side * x
    assert (sign * (X @ w) <= 0).any()


def test_a_seed_gives_the_same_numbers_each_time_and_another_seed_others():
    assert torch.equal(two_moons(seed=3).X, two_moons(seed=3).X)
    assert not torch.equal(two_moons(seed=3).X, two_moons(seed=4).X)
    assert torch.equal(noisy_observations(seed=1).y, noisy_observations(seed=1).y)
    assert not torch.equal(noisy_observations(seed=1).y, noisy_observations(seed=2).y)


def test_drawing_the_data_leaves_the_readers_own_random_numbers_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    two_moons()
    noisy_observations()
    assert torch.equal(torch.rand(1), expected)


def test_all_numbers_are_thousandths_so_that_no_processor_rounds_them_otherwise():
    moons, noisy = two_moons(), noisy_observations()
    for tensor in (moons.X, moons.X_held_out, noisy.X, noisy.y):
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, (1000 * tensor.double()).round().div(1000).float())


def test_the_noisy_observations_are_made_from_the_weights_2_and_1():
    noisy = noisy_observations(n_observations=5000, noise=0.5)
    assert noisy.true_weights.tolist() == [2, 1]
    rest = noisy.y - noisy.X @ noisy.true_weights
    assert rest.mean().abs() < 0.02
    assert rest.std() == pytest.approx(0.5, rel=0.05)
    torch.testing.assert_close(noisy.X.std(dim=0), torch.tensor([0.5, 1.0]), rtol=0.05, atol=0)


GOOD = {"X": torch.zeros(3, 2), "y": torch.ones(3), "X_held_out": torch.zeros(4, 2), "y_held_out": torch.zeros(4)}


def test_classification_data_are_frozen_copies():
    parts = {name: tensor.clone() for name, tensor in GOOD.items()}
    data = ClassificationDataset(**parts)
    parts["X"].fill_(7)
    assert not data.X.any()
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.y = parts["y"]


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"X": [[0.0, 1.0]]}, TypeError, "X must be a torch.Tensor"),
        ({"X": torch.zeros(3)}, ValueError, "X must have shape (n_examples, n_features), but it has (3,)"),
        ({"X_held_out": torch.zeros(4, 3)}, ValueError, "X_held_out must have shape (n_examples, n_features)"),
        ({"X": torch.zeros(3, 2).double()}, TypeError, "X must have dtype torch.float32"),
        ({"y": torch.ones(3, 1)}, ValueError, "y must have shape (3,), but it has (3, 1)"),
        ({"y": torch.ones(3).long()}, TypeError, "y must have dtype torch.float32"),
        (
            {"y": torch.tensor([0.0, 1.0, 2.0])},
            ValueError,
            "y must hold zeros and ones only, but it holds [0.0, 1.0, 2",
        ),
        ({"y_held_out": torch.zeros(3)}, ValueError, "y_held_out must have shape (4,)"),
        ({"X": torch.full((3, 2), float("nan"))}, ValueError, "X must hold finite numbers only"),
    ],
)
def test_classification_data_that_do_not_fit_are_refused(changes, kind, message):
    with pytest.raises(kind, match=re.escape(message)):
        ClassificationDataset(**(GOOD | changes))


@pytest.mark.parametrize("make", [two_moons, noisy_observations])
@pytest.mark.parametrize(
    ("knob", "value", "kind"),
    [
        ("noise", -0.1, ValueError),
        ("noise", float("nan"), ValueError),
        ("noise", float("inf"), ValueError),
        ("noise", "0.1", TypeError),
        ("noise", True, TypeError),
        ("seed", -1, ValueError),
        ("seed", 0.5, TypeError),
        ("seed", None, TypeError),
    ],
)
def test_a_knob_turned_too_far_is_refused_by_name(make, knob, value, kind):
    with pytest.raises(kind, match=re.escape(f"{knob} must be") + ".*" + re.escape(repr(value))):
        make(**{knob: value})


@pytest.mark.parametrize("count", [0, -3, 2.5, "7", None])
def test_a_number_of_examples_that_is_none_is_refused(count):
    for make, knob in ((two_moons, "n_train"), (two_moons, "n_held_out"), (noisy_observations, "n_observations")):
        with pytest.raises((TypeError, ValueError), match=f"{knob} must be a whole number of at least 1"):
            make(**{knob: count})


def test_knobs_are_given_by_name_only():
    with pytest.raises(TypeError):
        two_moons(100)
