"""The data are the lecture's, the same everywhere, and nothing that a reader does later changes them."""

import dataclasses

import pytest
import torch

from lecture_utils.datasets import (
    DATASETS,
    ClassificationDataset,
    Dataset,
    get_dataset,
    noisy_examples,
    two_moons,
)

HALF_CIRCLES = {0: (torch.zeros(2), 1), 1: (torch.tensor([1.0, 0.5]), -1)}


def test_variant_1_is_the_lectures_with_a_second_feature_that_never_varies():
    data = DATASETS["1"]
    assert data.X.tolist() == [[1, 0], [2, 0], [3, 0], [4, 0]]
    assert data.y.tolist() == [2, 4, 6, 8]
    assert data.true_weights.tolist() == [2, 0]
    assert (data.learning_rate, data.n_steps) == (0.05, 21)


def test_variant_2_is_the_lectures_with_a_second_feature_far_larger_than_the_first():
    data = DATASETS["2"]
    assert data.X.tolist() == [[1, 40], [2, 30], [3, 20], [4, 10]]
    assert data.y.tolist() == [42, 34, 26, 18]
    assert data.true_weights.tolist() == [2, 1]
    assert (data.learning_rate, data.n_steps) == (0.0013, 1001)


def test_there_are_two_variants_and_no_one_can_add_to_them():
    assert list(DATASETS) == ["1", "2"]
    with pytest.raises(TypeError):
        DATASETS["3"] = DATASETS["1"]


@pytest.mark.parametrize("name", ["1", "2"])
def test_a_variant_is_float32_and_found_by_its_name(name):
    data = get_dataset(name)
    assert data is DATASETS[name]
    assert {data.X.dtype, data.y.dtype, data.true_weights.dtype} == {torch.float32}


def test_the_readers_own_data_are_found_by_name_too():
    own = Dataset(X=torch.ones(3, 2), y=torch.ones(3), learning_rate=0.1, n_steps=5)
    assert get_dataset("own", {"own": own}) is own


def test_a_dataset_needs_no_true_weights():
    assert Dataset(X=torch.ones(3, 1), y=torch.ones(3), learning_rate=0.1, n_steps=5).true_weights is None


def test_changing_the_tensors_afterwards_does_not_change_the_dataset():
    X, y, weights = torch.ones(3, 2), torch.ones(3), torch.ones(2)
    data = Dataset(X=X, y=y, true_weights=weights, learning_rate=0.1, n_steps=5)
    for tensor in (X, y, weights):
        tensor.zero_()
    assert data.X.all()
    assert data.y.all()
    assert data.true_weights.all()


def test_a_dataset_keeps_no_graph_of_the_tensors_it_was_made_from():
    data = Dataset(X=torch.ones(3, 2, requires_grad=True), y=torch.ones(3), learning_rate=0.1, n_steps=5)
    assert not data.X.requires_grad


def test_a_dataset_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        DATASETS["1"].learning_rate = 0.1


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
    assert torch.equal(noisy_examples(seed=1).y, noisy_examples(seed=1).y)
    assert not torch.equal(noisy_examples(seed=1).y, noisy_examples(seed=2).y)


def test_drawing_the_data_leaves_the_readers_own_random_numbers_alone():
    torch.manual_seed(0)
    expected = torch.rand(1)
    torch.manual_seed(0)
    two_moons()
    noisy_examples()
    assert torch.equal(torch.rand(1), expected)


def test_all_numbers_are_thousandths_so_that_no_processor_rounds_them_otherwise():
    moons, noisy = two_moons(), noisy_examples()
    for tensor in (moons.X, moons.X_held_out, noisy.X, noisy.y):
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, (1000 * tensor.double()).round().div(1000).float())


def test_the_noisy_examples_are_made_from_the_weights_2_and_1():
    noisy = noisy_examples(n_examples=5000, noise=0.5)
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
