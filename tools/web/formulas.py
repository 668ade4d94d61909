"""Formulas, set when a page is built: HTML with a style and fonts of its own, and MathML for screen readers."""

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.web.errors import BuildError
from tools.web.fonts import formula_faces
from tools.web.npm import node

_PLACE = re.compile(r'<span data-(tex|display)="([^"]*)"></span>')
_WITH_SIGNS = re.compile(rf"([(«“]*)({_PLACE.pattern})((?:[.,;:!?)»”…]|’s)+)")
_SET = Path(__file__).with_name("formulas.cjs")
_OWN = _SET.with_suffix(".css")

#: What MathJax writes into every formula, and neither its style nor a screen reader asks for.
_NEEDLESS = re.compile(
    r' jax="CHTML"| xmlns="[^"]*"| unselectable="on"| style="position: relative;"| (?:data-mjx-)?texclass="\w+"'
    r'| stretchy="false"| display="inline"| class="mjx-(?:n|i|b|bi|lop|sop)"'
)

_SIGNS = {
    "partial": "∂", "nabla": "∇", "sigma": "σ", "gamma": "γ", "theta": "θ", "varphi": "φ", "lambda": "λ", "cdot": "·",
    "delta": "δ", "beta": "β", "sum": "∑", "approx": "≈", "times": "×", "le": "≤", "ge": "≥", "top": "ᵀ", "dots": "…",
    "alpha": "α", "varepsilon": "ε", "Delta": "Δ", "Phi": "Φ", "prod": "∏", "infty": "∞", "odot": "⊙", "sqrt": "√",
    "leftarrow": "←", "to": "→", "longrightarrow": "→", "cdots": "…", "ldots": "…", "vdots": "…", "ddots": "…",
    "ne": "≠", "pm": "±", "in": "∈", "quad": " ", "qquad": " ",
}  # fmt: skip

_LOOKS = re.compile(r"\\color\{#\w{6}\}|\\(?:left|right|[bB]igg?[lr]?)(?![a-zA-Z])")
_SPACE = re.compile(
    r"\\[,;! ]|\\(?:text|mathbf|mathrm|operatorname|underbrace)(?![a-zA-Z])|\\(?:begin|end)\{\w+\*?\}(?:\{[lcr]+\})?"
)
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303"}
_ACCENT = re.compile(rf"\\({'|'.join(_ACCENTS)}) ?(?:\{{(\w)\}}|(\w))")
_LOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

#: A fraction, what is raised or lowered, or any other group; each without groups in it.
_GROUP = re.compile(
    r"\\[dt]?frac ?(\{[^{}]*\}|\\\w+|\w) ?(\{[^{}]*\}|\\\w+|\w)|([_^])\{([^{}]*)\}|(?<![}c_^])\{([^{}]*)\}"
)
_IS_WORD = re.compile(r"(?:\\?\w|[.,′'* \u0300-\u0304])*|-\w+|\(.*\)")


@dataclass(frozen=True, kw_only=True)
class Formulas:
    """Formulas that were set together, and the style that they need, with its fonts."""

    html: dict[tuple[str, str], str]
    style: str

    def put_into(self, page: str) -> str:
        """Return the page with a formula in each place that `as_html` has left for one."""
        page = _WITH_SIGNS.sub(_whole, page)
        return _PLACE.sub(lambda place: self.html[_formula(place)], page)


class _Renderer(IPythonRenderer):
    """Leaves a place for each formula."""

    def block_math(self, body: str) -> str:
        return f'<span data-display="{escape(body)}"></span>'

    def inline_math(self, body: str) -> str:
        return f'<span data-tex="{escape(body)}"></span>'

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")


def as_html(markdown: str) -> str:
    """Return markdown as HTML, with a place for each formula."""
    return MarkdownWithMath(renderer=_Renderer(escape=False, exclude_anchor_links=True)).render(markdown)


def set_formulas(pages: Iterable[str], modules: Path) -> Formulas:
    """Set all formulas that have places in `pages`, with the npm packages in `modules`.

    Raises
    ------
    BuildError
        If there is no Node.js, or a formula cannot be set.
    """
    places = sorted({_formula(place) for page in pages for place in _PLACE.finditer(page)})
    asked = json.dumps([{"tex": tex, "display": kind == "display"} for kind, tex in places])
    done = node("node", [str(_SET), str(modules)], input=asked, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise BuildError(f"formulas cannot be set ({' '.join(done.stderr.split())[:300]}): mend them and run again")
    answer = json.loads(done.stdout)
    _expect_no_errors(places, answer["set"])
    html = {place: _finished(place, one) for place, one in zip(places, answer["set"], strict=True)}
    style = formula_faces(answer["style"].replace('[jax="CHTML"]', ""), modules) + _OWN.read_text(encoding="utf-8")
    return Formulas(html=html, style=style)


def _whole(place: re.Match) -> str:
    """Let no line begin with the full stop after a formula."""
    return place[0] if _is_long((place[3], unescape(place[4]))) else f'<span class="whole">{place[0]}</span>'


def in_a_line(tex: str) -> str:
    """Return what can be read of a formula in a line of text: without colours and braces, fractions with a slash."""
    tex = tex.replace(r"\\", "; ").replace("&", " ").replace(r"\{", "\1").replace(r"\}", "\2")
    tex = _ACCENT.sub(lambda part: (part[2] or part[3]) + _ACCENTS[part[1]], _SPACE.sub(" ", _LOOKS.sub("", tex)))
    while (flat := _GROUP.sub(_flat, tex)) != tex:
        tex = flat
    line = re.sub(r"\\([a-zA-Z]+)", lambda name: _SIGNS.get(name[1], name[1]), re.sub(r"[{}]", "", tex))
    line = re.sub(r"_(\d+)", lambda low: low[1].translate(_LOW), line).replace("^ᵀ", "ᵀ")
    return " ".join(unicodedata.normalize("NFC", line).translate({1: "{", 2: "}"}).split())


def _flat(part: re.Match) -> str:
    """Return a part of a formula without its braces; what is not one word stays together by parentheses."""
    above, below, mark, moved, other = part.groups()
    if other is not None:
        return other
    parts = [one.strip("{} ") for one in ((moved,) if mark else (above, below))]
    whole = "/".join(one if _IS_WORD.fullmatch(one) else f"({one})" for one in parts)
    return f"{mark}{whole}" if mark else f" {whole}"


def _formula(place: re.Match) -> tuple[str, str]:
    return place[1], unescape(place[2])


def _expect_no_errors(places: Sequence[tuple[str, str]], html: Sequence[str]) -> None:
    for (_, tex), one in zip(places, html, strict=True):
        if error := re.search(r'data-mjx-error="([^"]*)"', one):
            raise BuildError(f"a formula cannot be set ({unescape(error[1])}): mend {' '.join(tex.split())}")


def _finished(place: tuple[str, str], html: str) -> str:
    """Let a page name another colour for each of a formula's own, as a dark theme must, and scroll a long one."""
    html = _NEEDLESS.sub("", html)
    if _is_long(place):
        html = html.replace('class="MathJax"', 'class="MathJax long"', 1)
    return re.sub(r"color: #(\w{6})", r"color: var(--formula-\1, #\1)", html)


def _is_long(place: tuple[str, str]) -> bool:
    """Return whether a formula in a line of text may be wider than a phone."""
    return place[0] == "tex" and len(in_a_line(place[1])) > 24
