"""The data are the lecture's, and nothing that a reader does later changes them."""

import dataclasses

import pytest
import torch

from lecture_utils.datasets import DATASETS, Dataset, get_dataset


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
