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


#: Where that bowl is lowest.
_MINIMUM = torch.tensor([0.0, -0.4])


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
    """Draw a loss over two parameters as a surface, with the path that gradient descent takes down it."""
    w1, w2 = torch.linspace(-2.2, 2.2, 45), torch.linspace(-1.9, 1.9, 45)
    grid = torch.stack(torch.meshgrid(w1, w2, indexing="xy"), dim=-1)
    path = _path((-1.75, 1.75), learning_rate=0.3, n_steps=9)  # few enough steps to see each
    lifted = _landscape(path) + 0.08  # over the surface, not in it
    figure = new_figure(9.6, 5.4)
    ax = figure.add_axes((0.0, -0.02, 1.0, 1.0), projection="3d", computed_zorder=False)
    shades = ListedColormap(colormaps[SURFACE](np.linspace(0.35, 0.97, 256)))
    ax.plot_surface(
        *grid.unbind(-1), _landscape(grid), cmap=shades, rstride=2, cstride=2, linewidth=0.5, edgecolor="white"
    )
    ax.plot(*path.T, lifted, "-o", color=PATH, markersize=7, linewidth=2.4, zorder=10)
    best = (*_MINIMUM.tolist(), _landscape(_MINIMUM).item() + 0.08)
    ax.plot(*([value] for value in best), "x", color=INK, markersize=13, markeredgewidth=3, zorder=12)
    ax.text(path[0, 0] - 0.1, path[0, 1], lifted[0].item() + 0.75, r"$\theta_0$", fontsize=26, zorder=11)
    ax.text(best[0] + 0.32, best[1] - 0.1, best[2], r"$\theta^{\ast}$", fontsize=26, zorder=11)
    ax.set(xticks=[], yticks=[], zticks=[])
    ax.set_xlabel(r"$\theta_1$", fontsize=24, labelpad=-6)
    ax.set_ylabel(r"$\theta_2$", fontsize=24, labelpad=-6)
    ax.set_zlabel(rf"{word('figure_error')} $E(\theta)$", fontsize=20, labelpad=-4)
    ax.set_box_aspect((4.4, 3.8, 2.3), zoom=1.08)
    ax.view_init(elev=38, azim=-62)
    return figure
