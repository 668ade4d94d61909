"""The picture that is shown where no widget runs is that of the present choices, true to the pixel."""

import io

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb
from PIL import Image

from lecture_utils import explorers, plots
from lecture_utils._look.style import lecture_style, new_figure
from lecture_utils.datasets import DATASETS
from lecture_utils.descent import mse
from tests.colours import light


def traversal():
    w = torch.tensor(3.0, requires_grad=True)
    return explorers.traversal_explorer(w * w + 2 * w, w=w)


EXPLORERS = {
    "activation": explorers.activation_explorer,
    "backprop": explorers.backprop_explorer,
    "deep": lambda: explorers.deep_network_explorer(hidden=(0, 3), n_epochs=40),
    "descent": lambda: explorers.descent_explorer(dataset="2"),
    "minibatch": explorers.minibatch_explorer,
    "saturation": explorers.saturation_explorer,
    "traversal": traversal,
}


@pytest.fixture(scope="module", params=EXPLORERS)
def picture(request):
    return EXPLORERS[request.param]().picture


def heads(picture):
    """Return the heads that are now drawn: colour, opacity, and where each is on the picture, in pixels."""
    for mark in picture.scene["marks"]:
        if "head" not in mark.get("widths", {}) or mark["box"] is None:  # it belongs to the other layout
            continue
        points = picture.points(mark["name"])
        points = points[np.isfinite(points).all(axis=1)]
        left, top, width, height = mark["box"]
        if len(points) and ((points[-1] >= 0) & (points[-1] <= 1)).all():
            yield mark, (left + points[-1, 0] * width, top + (1 - points[-1, 1]) * height)


def states(picture):
    """Set some states one after another, the first and the last values of each choice among them."""
    sizes = picture.scene["choices"]
    for share in (0, 0.3, 0.7, 1):
        for name, size in sizes.items():
            setattr(picture, name, round(share * (size - 1)))
        yield


def test_each_head_is_where_the_run_ends_and_of_its_own_colour(picture):
    for _ in states(picture):
        image = np.asarray(Image.open(io.BytesIO(picture.static_png())).convert("RGB")) / 255
        scale, drawn = image.shape[1] / picture.scene["width"], list(heads(picture))
        for mark, place in drawn:
            x, y = (min(round(scale * at), size - 1) for at, size in zip(place, image.shape[1::-1], strict=True))
            far = {other["name"]: np.hypot(*np.subtract(place, there)) for other, there in drawn}
            if any(0 < distance < 8 for distance in far.values()):  # the edge of another head is mixed with this one
                continue
            here = [other for other, _ in drawn if far[other["name"]] < 15]  # one hides another
            colours = [(to_rgb(light(other["color"])), other["opacity"]) for other in here]
            # A palette of 256 colours greys the rarest a little.
            near = [np.abs(image[y, x] - colour).max() < 1.25 - opacity for colour, opacity in colours]
            assert any(near), f"{mark['name']}: its head is not at the end of its run"


def test_the_surface_is_the_loss_at_its_own_weights():
    data = DATASETS["2"]
    w1, w2 = torch.linspace(0, 4, 81), torch.linspace(0, 3, 61)
    losses = mse(data.X, data.y, torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1))
    with lecture_style():
        ax = new_figure(4, 3).add_axes((0.1, 0.1, 0.8, 0.8))
    contours = plots.loss_surface(ax, w1, w2, losses)
    for place in ((0.5, 2.5), (3.5, 0.5), (1.0, 1.2)):  # none of them on the diagonal, which a transpose leaves alone
        deviation = data.X.numpy() @ np.array(place) - data.y.numpy()
        level = np.searchsorted(contours.levels, np.mean(deviation**2))
        inside = [index for index, path in enumerate(contours.get_paths()) if path.contains_point(place)]
        assert inside == [level], f"the surface is that of another loss at {place}"
