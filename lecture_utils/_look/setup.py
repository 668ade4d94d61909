"""Makes a notebook the lecture's."""

import base64
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
from IPython import get_ipython
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import retina_figure
from IPython.display import HTML, display
from matplotlib.figure import Figure
from matplotlib_inline.backend_inline import set_matplotlib_formats
from matplotlib_inline.config import InlineBackend

from lecture_utils._look.style import MPLSTYLE, QUICKLY, with_a_palette
from lecture_utils._look.tracebacks import show_own_lines
from lecture_utils._words import set_language

MARKERS = Path(__file__).with_name("markers.css")


def setup(language: str) -> None:
    """Make a notebook the lecture's: its language, its matplotlib style, its markers, and errors shown in short.

    What matplotlib was set to before is forgotten; pictures are shown in the notebook.

    Raises
    ------
    ValueError
        If the language is neither "ru" nor "en".
    """
    set_language(language)
    shell = get_ipython()
    if hasattr(shell, "kernel"):  # IPython in a terminal has none, and can show no pictures
        _show_pictures_in_the_notebook(shell)
    matplotlib.rcdefaults()
    plt.style.use(MPLSTYLE)
    set_matplotlib_formats("retina")
    if shell is not None:
        show_own_lines(shell)
        shell.display_formatter.formatters["image/png"].for_type(Figure, _displayed)
    display(HTML(f"<style>\n{MARKERS.read_text(encoding='utf-8')}</style>"))


def _displayed(figure: Figure) -> tuple[str, dict]:
    """Return a figure as notebooks show and store it: sharp, and small."""
    png, size = retina_figure(figure, **QUICKLY)
    return base64.b64encode(with_a_palette(png)).decode(), size


def _show_pictures_in_the_notebook(shell: InteractiveShell) -> None:
    """Select the inline backend, whatever MPLBACKEND or a profile says; let each figure be drawn and shown once."""
    shell.enable_matplotlib("inline")
    InlineBackend.instance().close_figures = True
    # pyplot would draw, when a cell ends, the figures that are drawn next to be shown below it.
    plt.uninstall_repl_displayhook()
