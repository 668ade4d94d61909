"""What stands in a drawn figure: its texts, where they are, and what each must be coloured."""

import re

from matplotlib.backends.backend_agg import FigureCanvasAgg
from mpl_toolkits.mplot3d import proj3d

from lecture_utils._look import style
from lecture_utils._look.style import lecture_style
from lecture_utils._words import speaking
from tools.figures import FIGURES

_INDICES = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_DERIVATIVE = re.compile(
    r"\\d?frac\{\\partial ([^}]*)\}\{\\partial ([^}]*)\}|\\partial ([^/]+)/\\partial (\w+)|∂([^/]+)/∂(\w+)"
)
_NUMBER = re.compile(r"(?<![\w^{.])[−-]?\d+(?:\.\d+)?(?![\w.])")

_BY_NAME = (
    dict.fromkeys("gG", style.GRADIENT)
    | {"J": style.INPUT_JACOBIAN}
    | dict.fromkeys("wWby", style.INK)
    | dict.fromkeys(["x", "a", "z", "q", "r", "d", "E", r"\hat y"], style.FORWARD)
)


def drawn(name, language="en"):
    """Return the figure called `name`, and the renderer that has drawn it."""
    with speaking(language), lecture_style():
        return rendered(FIGURES[name]())


def rendered(figure):
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    for ax in figure.axes:
        for text in ax.texts if ax.name == "3d" else ():  # which stand on the page only while they are drawn
            x, y, _ = proj3d.proj_transform(*text.get_position_3d(), ax.get_proj())
            text.set_x(x)
            text.set_y(y)
    return figure, canvas.get_renderer()


def texts(figure):
    """Return all texts of a figure: labels, titles, names of ticks, legends."""
    found = [text for legend in figure.legends for text in legend.get_texts()]
    for ax in figure.axes:
        found += ax.texts
        if ax.axison and ax.name != "3d":
            found += [ax.title, *ax.get_xticklabels(), *ax.get_yticklabels()]
    return [text for text in found if text.get_text().strip()]


def numbers(figure):
    """Return, sorted, all numbers in a figure's labels that are no index, exponent or shape."""
    said = [re.sub(r"[_^]\{?\w\}?|\[\d\]", "", text.get_text()) for text in texts(figure)]
    return sorted(float(number.replace("−", "-")) for text in said for number in _NUMBER.findall(text))


def meant(text):
    """Return the colour that a label must have by what it names, or None if it may have any."""
    text = re.sub(r"\\underbrace\{(\w)\}_\{.*\}", r"\1", text)
    text = text.translate(_INDICES).replace("$", "").replace("×", "").strip()
    if text.startswith(("∇", r"\nabla")):
        return style.GRADIENT
    derivative = _DERIVATIVE.match(text.replace(r"\left(", "").replace(r"\underbrace{", ""))
    if derivative:
        above, below = (part.strip() for part in derivative.groups() if part)
        if above == "E":
            return style.GRADIENT
        if above[0] == "a":
            return style.OWN_JACOBIAN if below[0] in "wWb" else style.INPUT_JACOBIAN if below[0] in "xa" else None
        return None
    if text.startswith((r"\varphi'", r"\sigma'", "φ′")):
        return style.INPUT_JACOBIAN
    name = re.fullmatch(r"(\\hat y|[a-zA-Z])(?:_\{?\w+\}?|\d|\[\d\])?(?:\^\\top)?(?: *=(?: *\(?[−\d].*)?)?", text)
    if name is None or "σ" in text or r"\sigma" in text or text == "E":  # E alone is also the last module
        return None
    return _BY_NAME.get(name[1])


def coloured(source):
    r"""Return (colour, formula) for each {\color{#…}{…}} of a text."""
    found = []
    for start in re.finditer(r"\\color\{(#\w+)\}\{", source):
        end, depth = start.end(), 1
        while depth:
            depth += {"{": 1, "}": -1}.get(source[end], 0)
            end += 1
        found.append((start[1], source[start.end() : end - 1]))
    return found
