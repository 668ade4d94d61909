"""What all explorers are made of: a live picture, and controls tied to it in the browser."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial

import ipywidgets

from lecture_utils.live import LivePicture

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
    """

    def __init__(
        self, picture: LivePicture, *, controls: Mapping[str, ipywidgets.Widget], rows: Sequence[ipywidgets.Widget]
    ) -> None:
        self.picture = picture
        self.controls = dict(controls)
        for choice, control in controls.items():
            trait = "index" if control.has_trait("index") else "value"
            setattr(control, trait, getattr(picture, choice))
            ipywidgets.jslink((control, trait), (picture, choice))
            control.observe(partial(self._follow, choice), trait)
        box = ipywidgets.VBox(rows)
        box.add_class("explorer-controls")  # live.css and decks lay them out
        super().__init__([box, picture])

    def _follow(self, choice: str, change: dict) -> None:
        # For code that sets a control. What the reader moves, the browser has told the picture already; to tell it
        # again would throw a moving control back to where it was when the kernel heard of it.
        if not change["owner"]._property_lock:
            setattr(self.picture, choice, change["new"])

    def __repr__(self) -> str:
        """Name the explorer and where it stands."""
        return f"{type(self).__name__}({', '.join(f'{c}={getattr(self.picture, c)}' for c in self.controls)})"

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        """Add to the widget what is shown where none can run: the picture of the present choices."""
        return super()._repr_mimebundle_(**kwargs) | {
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.picture.static_png()).decode(),
        }


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


def with_play(slider: ipywidgets.IntSlider, *, start: int | None = None) -> ipywidgets.HBox:
    """Put before a slider a Play control that moves it, in the browser; both begin at `start`, or at the end."""
    value = slider.max if start is None else start  # the link gives it to the slider
    play = ipywidgets.Play(max=slider.max, value=value, interval=80, show_repeat=False)
    ipywidgets.jslink((play, "value"), (slider, "value"))
    return ipywidgets.HBox([slider, play])
