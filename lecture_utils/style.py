"""How everything looks: the colours, the matplotlib style, the markers, and `setup` that puts them on."""

import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lecture_utils import i18n
from lecture_utils.tracebacks import show_own_lines

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colours that stay apart for all kinds of colour vision (after Okabe and Ito, 2008), dark enough for a projector.
INK = "#1f2328"
MUTED = "#59636e"
PATH = "#d1450b"
MINIMUM = "#ffffff"
LIMIT = "#a40e26"
GRADIENT = "#0b5cad"  # the gradient that arrives from above
OWN_JACOBIAN = "#c22e0a"  # the Jacobian by a layer's own weights
FORWARD = "#146c43"  # a value of the forward pass
INPUT_JACOBIAN = "#b0149c"  # the Jacobian by a layer's input
SURFACE = "Blues_r"

_HERE = Path(__file__).parent
_MPLSTYLE = _HERE / "lecture.mplstyle"


def house() -> AbstractContextManager:
    """Return a context in which matplotlib draws in the lecture's style."""
    from matplotlib import style  # late: matplotlib is needed only when something is drawn

    return style.context(_MPLSTYLE)


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty figure of that size in inches, its axes placed by hand, which no notebook shows by itself."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="none")


def saved(figure: "Figure", kind: Literal["png", "svg"]) -> bytes:
    """Return the figure as a file: the same bytes each time."""
    from matplotlib import rc_context

    buffer = io.BytesIO()
    metadata = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    # savefig puts the layout engine of the style on a figure that has none, and would draw it twice.
    with house(), rc_context({"figure.constrained_layout.use": False}):
        figure.savefig(buffer, format=kind, metadata=metadata)
    return buffer.getvalue()


def setup(language: str) -> None:
    """Make a notebook the lecture's: its language, its matplotlib style, its markers, and errors shown in short.

    Raises
    ------
    ValueError
        If the language is neither "ru" nor "en".
    """
    import matplotlib.pyplot as plt
    from IPython import get_ipython
    from IPython.display import HTML, display
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    i18n.set_language(language)
    shell = get_ipython()
    if shell is not None:
        show_own_lines(shell)
    plt.style.use(_MPLSTYLE)
    set_matplotlib_formats("retina")
    display(HTML(f"<style>\n{(_HERE / 'markers.css').read_text(encoding='utf-8')}</style>"))
