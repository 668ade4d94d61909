"""What readers look at: explorers, and the notebook's own set-up."""

import matplotlib.pyplot as plt
import torch
from hypothesis import strategies as st

from lecture_utils import explorers, setup
from lecture_utils.activations import ACTIVATIONS
from lecture_utils.datasets import ClassificationDataset
from tests.package.any_input import good
from tests.package.any_input.calls import Call
from tests.package.any_input.good import counts, languages, made, names, one_number, seeds, tensors

extremes = st.sampled_from([0.0, 1e-38, 1e-18, 1e-7, 1.0, 1e4, 1e6, 1e15, 1e38])
any_size = good.datasets(n_features=2, scale=extremes)
moderate = good.datasets(n_features=2, scale=st.sampled_from([0.1, 1.0, 10.0]))


def _two_classes(X):
    y = torch.tensor([0.0, 1.0, 1.0, 0.0])
    return ClassificationDataset(X=X, y=y, X_held_out=-X, y_held_out=y)


def _set_up(language):
    with plt.rc_context():
        setup(language)


def _says_only_numbers(explorer):
    """Assert that no text of an explorer, at any state, has a number that is none."""
    fields = explorer.picture.scene["caption"]["fields"].values()
    said = " ".join(text for field in fields for text in field["rows"] if isinstance(text, str))
    assert "nan" not in f"{said} {explorer!r} {explorer.picture.caption}"
    assert "inf" not in f"{said} {explorer!r}"


def explorer(function, /, *, examples=8, may_refuse=False, **strategies):
    """Return a row for an explorer."""

    def figure(result, arguments):
        _says_only_numbers(result)
        return result.picture._backgrounds.values[0]

    return Call(function, strategies, None, examples, 3, figure, may_refuse=may_refuse)


TABLE = {
    "setup": Call(_set_up, dict(language=languages)),
    "explorers.activation_explorer": explorer(
        explorers.activation_explorer, examples=6, function=st.sampled_from(list(ACTIVATIONS)), language=languages
    ),
    "explorers.backprop_explorer": explorer(explorers.backprop_explorer, examples=4, language=languages),
    "explorers.deep_network_explorer": explorer(
        explorers.deep_network_explorer,
        dataset=good.moons,
        hidden=st.lists(st.integers(0, 4), min_size=1, max_size=2, unique=True),
        n_epochs=st.integers(1, 12),
        seed=seeds,
        language=languages,
    ),
    "explorers.descent_explorer": explorer(
        explorers.descent_explorer,
        datasets=st.dictionaries(st.just("a") | names, moderate, min_size=1, max_size=1),
        dataset=st.none(),
        n_steps=st.none() | counts,
        start=st.none() | tensors(2, scale=st.sampled_from([1e-3, 1.0, 1e3])),
        language=languages,
    ),
    "explorers.minibatch_explorer": explorer(
        explorers.minibatch_explorer,
        dataset=moderate,
        batch_sizes=st.lists(st.integers(1, 2), min_size=1, max_size=2, unique=True),
        n_epochs=st.integers(1, 3),
        seed=seeds,
        language=languages,
    ),
    "explorers.descent_explorer with data of any size": explorer(
        explorers.descent_explorer,
        datasets=st.dictionaries(names, any_size, min_size=1, max_size=1),
        n_steps=st.just(2),
        start=st.none() | tensors(2, scale=extremes),
        may_refuse=True,
    ),
    "explorers.minibatch_explorer with data of any size": explorer(
        explorers.minibatch_explorer, dataset=any_size, batch_sizes=st.just([2]), n_epochs=st.just(1), may_refuse=True
    ),
    "explorers.deep_network_explorer with data of any size": explorer(
        explorers.deep_network_explorer,
        dataset=st.builds(_two_classes, tensors(4, 2, scale=st.sampled_from([1e-38, 1e4, 1e6, 1e30]))),
        hidden=st.sampled_from([[0], [3]]),
        n_epochs=st.just(3),
        may_refuse=True,
    ),
    "explorers.saturation_explorer": explorer(explorers.saturation_explorer, examples=4, language=languages),
    "explorers.traversal_explorer": Call(
        explorers.traversal_explorer,
        dict(output=made(one_number), w=tensors(), language=languages),
        lambda explorer, arguments: _says_only_numbers(explorer),
        examples=8,
    ),
}
