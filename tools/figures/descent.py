"""Pictures of gradient descent."""

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from torch import Tensor

from lecture_utils._look.style import INK, PATH, SURFACE, new_figure
from lecture_utils._words import word


def _landscape(w: Tensor) -> Tensor:
    """Return the height of a smooth bowl, steeper along the second weight and bent."""
    w1, w2 = w.unbind(-1)
    return 0.35 * w1**2 + (w2 - 0.25 * w1**2 + 0.4).square() + 0.15


def _path(start: tuple[float, float], *, learning_rate: float, n_steps: int) -> Tensor:
    w = torch.tensor(start, requires_grad=True)
    path = [w.detach().clone()]
    for _ in range(n_steps):
        (gradient,) = torch.autograd.grad(_landscape(w), w)
        with torch.no_grad():
            w -= learning_rate * gradient
        path.append(w.detach().clone())
    return torch.stack(path)


def descent_on_surface() -> Figure:
    """Draw an error surface over two weights, with the path that gradient descent takes down it."""
    w1, w2 = torch.linspace(-2.2, 2.2, 45), torch.linspace(-1.9, 1.9, 45)
    grid = torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)
    surface = _landscape(grid)
    path = _path((-1.2, 1.75), learning_rate=0.16, n_steps=30)
    lifted = _landscape(path) + 0.08  # over the surface, not in it
    figure = new_figure(9.6, 5.4)
    ax = figure.add_axes((0.0, 0.03, 1.0, 1.0), projection="3d", computed_zorder=False)
    shades = ListedColormap(colormaps[SURFACE](np.linspace(0.35, 0.97, 256)))
    ax.plot_surface(*grid.unbind(-1), surface, cmap=shades, rstride=2, cstride=2, linewidth=0.5, edgecolor="white")
    ax.plot(*path.T, lifted, "-o", color=PATH, markersize=8, linewidth=3, zorder=10)
    ax.text(*path[0], lifted[0].item() + 0.5, r"$\theta_0$", fontsize=26, color=INK, zorder=11)
    ax.text(path[-1, 0] + 0.15, path[-1, 1], lifted[-1].item() + 0.25, r"$\theta^*$", fontsize=26, color=INK, zorder=11)
    ax.set(xticks=[], yticks=[], zticks=[])
    ax.set_xlabel(r"$\theta_1$", fontsize=24, labelpad=-6)
    ax.set_ylabel(r"$\theta_2$", fontsize=24, labelpad=-6)
    ax.set_zlabel(rf"{word('figure_error')} $E(\theta)$", fontsize=20, labelpad=-4)
    ax.set_box_aspect((4.4, 3.8, 2.3), zoom=1.14)
    ax.view_init(elev=38, azim=-62)
    return figure
