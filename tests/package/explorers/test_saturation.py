"""The saturation explorer shows the gradients that autograd finds in the deep network of notebook 03."""

import numpy as np
import pytest
import torch

from tests.controls import choose
from tests.package.explorers.real import number, opened, text


@pytest.fixture
def saturation():
    return opened("saturation")


def by_autograd(scale):
    """Return the length of each layer's gradient and the mean slope of its sigmoids: float64, (20,) each."""
    generator = torch.Generator().manual_seed(0)
    weights = [torch.randn(16, 16, generator=generator).double() / 4 for _ in range(20)]
    weights = [(scale * (w - w.mean(dim=0))).requires_grad_() for w in weights]
    x, slopes = torch.randn(64, 16, generator=generator).double(), []
    for w in weights:
        x = torch.sigmoid(x @ w)
        slopes.append((x * (1 - x)).mean().item())
    x.sum(dim=1).mean().backward()
    return np.array([w.grad.norm().item() for w in weights]), np.array(slopes)


@pytest.mark.parametrize("index", [0, 5, 12, 30])
def test_it_shows_the_gradients_and_the_slopes_that_autograd_finds(saturation, index):
    choose(saturation, scale=index)
    lengths, slopes = by_autograd(saturation.scale)
    assert saturation.ratio == pytest.approx(lengths[0] / lengths[-1], rel=1e-4)
    assert saturation.slope == pytest.approx(slopes.mean(), rel=1e-4)
    low, high = -13, 3  # powers of ten at the ends of the axis
    drawn = low + (high - low) * saturation.picture.points("lengths")[::-1, 1]
    np.testing.assert_allclose(drawn, np.log10(lengths), atol=2e-3)
    np.testing.assert_allclose(0.275 * saturation.picture.points("slopes")[::-1, 1], slopes, atol=1e-4)
    assert number(text(saturation, "factor")) == pytest.approx((lengths[0] / lengths[-1]) ** (1 / 19), abs=6e-3)
    assert f"{slopes.mean():.3f}" in text(saturation, "slope")


def test_what_it_says_tells_vanishing_from_saturation(saturation):
    said = {}
    for index, scale in ((0, 1), (12, 7), (30, 16)):
        choose(saturation, scale=index)
        assert saturation.scale == scale
        said[scale] = saturation.picture.caption
    assert "vanishes" in said[1]
    assert "in 0 % of the neurons" in said[1]
    assert "almost whole" in said[7]
    assert "explodes" in said[16]
    assert "in 68 % of the neurons" in said[16]


def test_nothing_leaves_the_picture(saturation):
    for index in range(31):
        choose(saturation, scale=index)
        for mark in ("lengths", "slopes"):
            at = saturation.picture.points(mark)
            assert ((at > 0) & (at < 1)).all(), (index, mark)
