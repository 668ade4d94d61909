"""What all explorers are made of: a live picture, controls tied to it in the browser, and how runs are cut for it."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial

import ipywidgets
import numpy as np

from lecture_utils._hold import hold
from lecture_utils._live import LivePicture

_LABELLED = {"description_width": "12em"}


class Explorer(ipywidgets.VBox):
    """Controls above a live picture, tied to it in the browser, so that no movement waits for the kernel.

    Parameters
    ----------
    picture : LivePicture
        What is shown.
    controls : mapping of str to widget
        The control of each choice of the picture; its trait ``value``, or ``index`` where it has one, is the choice.
    rows : sequence of widget
        The controls as they are laid out.
    telling : mapping of str to int, optional
        What the still picture shows in place of the first state, where that is only the beginning: choices, made
        besides those of the first state.
    """

    def __init__(
        self,
        picture: LivePicture,
        *,
        controls: Mapping[str, ipywidgets.Widget],
        rows: Sequence[ipywidgets.Widget],
        telling: Mapping[str, int] | None = None,
    ) -> None:
        self.picture = picture
        self.controls = dict(controls)
        self._links = []
        self._first, self._telling = picture.state, dict(telling or {})
        for choice, control in controls.items():
            trait = _trait(control)
            setattr(control, trait, getattr(picture, choice))
            self._links.append(ipywidgets.jslink((control, trait), (picture, choice)))
            control.observe(partial(self._follow, choice), trait)
            control.add_class(f"choice-{choice}")  # live.js says its value beside it
        box = ipywidgets.VBox(rows)
        box.add_class("explorer-controls")  # live.css and decks lay them out
        super().__init__([box, picture])
        hold(self)

    def close(self) -> None:
        """Take the explorer off the page, with all that it is made of; to show it again opens it again."""
        if self.comm is not None:
            for part in reversed(self._all_widgets()):
                ipywidgets.Widget.close(part)
                vars(part).pop("_repr_mimebundle_", None)  # ipywidgets leaves a None there

    def _all_widgets(self) -> list[ipywidgets.Widget]:
        """Return all widgets of the explorer, itself included: each after those that it refers to."""
        parts: dict[ipywidgets.Widget, None] = {}

        def add(value: object) -> None:
            if isinstance(value, tuple | list):
                for one in value:
                    add(one)
            elif isinstance(value, ipywidgets.Widget) and value not in parts:
                for key in value.keys:
                    add(getattr(value, key))
                parts[value] = None
                add(getattr(value, "link", None))

        add([self, self._links])
        return list(parts)

    def _follow(self, choice: str, change: dict) -> None:
        # For code that sets a control. What the reader moves, the browser has told the picture already; to tell it
        # again would throw a moving control back to where it was when the kernel heard of it.
        if not change["owner"]._property_lock:
            setattr(self.picture, choice, change["new"])

    def static_png(self) -> bytes:
        """Return what is shown where no widget can run: the picture of the present choices, or the telling one."""
        return self.picture.static_png(**self._told())

    def _told(self) -> Mapping[str, int]:
        return self._telling if self.picture.state == self._first else {}

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        """Add to the widget what is shown where none can run."""
        if self.comm is None:
            for part in self._all_widgets():
                part.open()
        hold(self)
        shown = super()._repr_mimebundle_(**kwargs) | {
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.static_png()).decode(),
        }
        return shown, {
            "image/png": {"alt": self.picture.static_caption(**self._told())}
        }  # what exporters describe it by


def slider(size: int, description: str) -> ipywidgets.IntSlider:
    """Return a slider over `size` values of a choice, counted from 0."""
    # The number on the screen would be an index; the words under the picture say what it stands for.
    return ipywidgets.IntSlider(
        max=size - 1, description=description, readout=False, style=_LABELLED, layout=ipywidgets.Layout(width="30em")
    )


def buttons(names: Sequence[str]) -> ipywidgets.ToggleButtons:
    """Return a row of buttons, one a name; the index of the pressed one is the choice."""
    return ipywidgets.ToggleButtons(options=[str(name) for name in names], style={"button_width": "auto"})


def with_label(buttons: ipywidgets.ToggleButtons, description: str) -> ipywidgets.HBox:
    """Return buttons with a description before them."""
    # A description of their own would stand above the buttons, not in line with the sliders'.
    label = ipywidgets.Label(description, layout=ipywidgets.Layout(width="12em", justify_content="flex-end"))
    return ipywidgets.HBox([label, buttons])


def play(control: ipywidgets.Widget, *, start: int | None = None, interval: int = 80) -> ipywidgets.Play:
    """Return a Play that moves a control in the browser, each `interval` ms; both begin at `start`, or at the end."""
    last = len(control.options) - 1 if control.has_trait("index") else control.max
    moved = ipywidgets.Play(max=last, value=last if start is None else start, interval=interval, show_repeat=False)
    moved.link = ipywidgets.jslink((moved, "value"), (control, _trait(control)))
    return moved


def with_play(control: ipywidgets.Widget, **settings: int) -> ipywidgets.HBox:
    """Put the Play of a slider beside it; for the settings see `play`."""
    return ipywidgets.HBox([control, play(control, **settings)])


def _trait(control: ipywidgets.Widget) -> str:
    """Return the trait of a control that is the choice."""
    return "index" if control.has_trait("index") else "value"


def stops(wanted: np.ndarray) -> list[int]:
    """Return growing whole numbers near the wanted ones, which grow from 0: where those are closer, each one by one."""
    whole = np.maximum(np.round(wanted), np.arange(len(wanted)))
    return np.unique(whole.clip(max=wanted[-1]).astype(int)).tolist()


def nearest(values: Sequence[float], wanted: float) -> int:
    """Return the index of the value that is nearest to `wanted` by factor."""
    return int(np.abs(np.log(np.divide(values, wanted))).argmin())


def until_it_leaves(runs: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Cut each run after its first point outside: `runs` (n_runs, n_points, …), `outside` (n_runs, n_points)."""
    beyond = np.cumsum(outside, axis=1) - outside > 0
    return np.where(beyond.reshape(beyond.shape + (1,) * (runs.ndim - 2)), np.nan, runs)
