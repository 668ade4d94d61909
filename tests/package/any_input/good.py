"""Arguments that must be taken, of all sizes."""

from fractions import Fraction

import numpy as np
import torch
from hypothesis import strategies as st

from lecture_utils.datasets import Dataset, two_moons

rates = st.floats(1e-30, 1e30) | st.sampled_from([1, np.float32(0.5), Fraction(1, 20)])
counts = st.integers(1, 5) | st.just(np.int64(2))
seeds = st.integers(0, 2**63 - 1)
languages = st.sampled_from(["ru", "en"])
scales = st.sampled_from([1e-12, 1e-3, 1.0, 1.0, 1e3, 1e12])
names = st.text("abcdefxyz ё₁", min_size=1, max_size=6)


def made(*makers):
    """Return a strategy that calls one of the makers."""
    return st.sampled_from(makers).map(lambda maker: maker())


def tensors(*shape, scale=scales):
    """Return a strategy for tensors of normal numbers of all sizes."""

    def make(seed, size):
        return size * torch.randn(shape, generator=torch.Generator().manual_seed(seed))

    return st.builds(make, st.integers(0, 99), scale)


def arrays(*shape, low=None, scale=scales):
    """Return a strategy for what can be drawn: tensors, also with a graph, arrays and lists, not below `low`."""
    forms = (lambda t: t, lambda t: t.double().requires_grad_(), lambda t: t.numpy(), lambda t: t.tolist())
    numbers = tensors(*shape, scale=scale)
    bounded = numbers if low is None else numbers.map(lambda tensor: tensor.abs() + low)
    return st.builds(lambda tensor, form: form(tensor), bounded, st.sampled_from(forms))


@st.composite
def datasets(draw, *, n_features=None, scale=scales):
    """Draw data for linear regression."""
    n, m = draw(st.integers(2, 6)), n_features or draw(st.integers(1, 3))
    X, y = draw(tensors(n, m, scale=scale)), draw(tensors(n, scale=scale))
    return Dataset(X=X, y=y, learning_rate=draw(rates), n_steps=draw(counts))


moons = st.builds(two_moons, n_train=st.integers(1, 20), n_held_out=st.integers(1, 20), noise=st.floats(0, 10))


def one_number():
    """Return a number that autograd computed in a few steps."""
    w, x = torch.tensor([3.0, 2.0]).unbind()
    w.requires_grad_()
    return (w * x - 1).tanh() ** 2 + w
