"""The widget: a question's choices, its box for a number or its sheet to draw on, which guess.js makes alive."""

import base64
from collections.abc import Sequence
from html import escape
from pathlib import Path

import anywidget
import traitlets

from lecture_utils._hold import hold
from lecture_utils._words import word

_HERE = Path(__file__).parent


class Guess(anywidget.AnyWidget):
    """A question that waits for an answer.

    Parameters
    ----------
    scene : dict
        What guess.js draws by.
    offered : sequence of str
        The choices in words, for where no widget can run; none where a number or a drawing is asked for.
    truth : str
        The truth in words.
    picture : bytes, optional
        What is drawn on, as a PNG, for where no widget can run.
    """

    _esm = _HERE / "guess.js"
    _css = (_HERE / "guess.css").read_text(encoding="utf-8")

    scene = traitlets.Dict().tag(sync=True)

    def __init__(self, scene: dict, *, offered: Sequence[str] = (), truth: str, picture: bytes | None = None) -> None:
        self._offered, self._truth, self._picture = tuple(offered), truth, picture
        names = ("commit", "your_answer", "in_fact", "your_drawing", "truth_drawn")
        super().__init__(scene=scene | {"words": {name: word(name) for name in names}})
        self._in_fact = word("in_fact")
        hold(self)

    def __repr__(self) -> str:
        """Return the question in no language: it is stored in both editions of a notebook."""
        return f"Guess({self.scene['kind']})"

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """Add to the widget what is shown where none can run: the choices, and the truth folded away."""
        if self.comm is None:
            self.open()
        hold(self)
        data, about = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._still()}, about

    def _still(self) -> str:
        offered = "".join(f"<li>{escape(choice)}</li>" for choice in self._offered)
        shown = f"<ul>{offered}</ul>" if offered else ""
        if self._picture is not None:
            source = base64.b64encode(self._picture).decode()
            width, height = map(round, self.scene["size"])
            size = f'width="{width}" height="{height}"'
            shown = f'<img alt="{escape(self.scene["about"])}" {size} src="data:image/png;base64,{source}">'
        folded = f"<details><summary>{escape(self._in_fact)}</summary>{escape(self._truth)}</details>"
        return f'<div class="guess-still">{shown}{folded}</div>'
