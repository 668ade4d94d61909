"""How everything looks: the colours, the matplotlib style, the markers, and `setup` that puts them on."""

import base64
import io
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lecture_utils import i18n
from lecture_utils.tracebacks import show_own_lines

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Colours that stay apart for all kinds of colour vision, by lightness as well as hue, and dark enough for a projector.
INK = "#1f2328"
MUTED = "#59636e"
PATH = "#d1450b"
MINIMUM = "#ffffff"
LIMIT = "#a40e26"
GRADIENT = "#06288e"  # the gradient that arrives from above
OWN_JACOBIAN = "#800709"  # the Jacobian by a layer's own weights
FORWARD = "#378054"  # a value of the forward pass
INPUT_JACOBIAN = "#a855a7"  # the Jacobian by a layer's input
SURFACE = "Blues_r"

_HERE = Path(__file__).parent
_MPLSTYLE = _HERE / "lecture.mplstyle"
_QUICKLY = {"pil_kwargs": {"compress_level": 1}}  # a PNG that is packed again


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
        figure.savefig(buffer, format=kind, metadata=metadata, **(_QUICKLY if kind == "png" else {}))
    return _with_a_palette(buffer.getvalue()) if kind == "png" else buffer.getvalue()


def _with_a_palette(png: bytes) -> bytes:
    """Return a PNG in its 256 most telling colours: a third of the bytes, and the eye sees no difference."""
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture = picture.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(buffer, "png", compress_level=8)  # the last level takes twice the time and saves 3 %
    return buffer.getvalue()


def _displayed(figure: "Figure") -> tuple[str, dict]:
    """Return a figure as notebooks show and store it: sharp, and small."""
    from IPython.core.pylabtools import retina_figure

    png, size = retina_figure(figure, **_QUICKLY)
    return base64.b64encode(_with_a_palette(png)).decode(), size


def _draw_each_figure_once() -> None:
    """Let pyplot not draw, when a cell ends, the figures that are drawn next to be shown below it."""
    import matplotlib
    import matplotlib.pyplot as plt

    if "inline" in matplotlib.get_backend():
        plt.switch_backend(matplotlib.get_backend())  # sets the hook up, which else happens at the first figure
        plt.uninstall_repl_displayhook()


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
    from matplotlib.figure import Figure
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    i18n.set_language(language)
    shell = get_ipython()
    plt.style.use(_MPLSTYLE)
    set_matplotlib_formats("retina")
    _draw_each_figure_once()
    if shell is not None:
        show_own_lines(shell)
        shell.display_formatter.formatters["image/png"].for_type(Figure, _displayed)
    display(HTML(f"<style>\n{(_HERE / 'markers.css').read_text(encoding='utf-8')}</style>"))
