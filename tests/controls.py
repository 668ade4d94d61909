"""Moving an explorer's controls, for the tests."""

from collections.abc import Iterator

import ipywidgets

from lecture_utils.explorers._explorer import Explorer


def choose(explorer: Explorer, **choices: int) -> None:
    """Set controls as code does: by index where a control has one, else by value."""
    for choice, value in choices.items():
        control = explorer.controls[choice]
        setattr(control, "index" if control.has_trait("index") else "value", value)


def descendants(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """Yield all widgets within a widget, at any depth."""
    for child in getattr(widget, "children", ()):
        yield child
        yield from descendants(child)


def play_of(explorer: Explorer) -> ipywidgets.Play:
    """Return the one Play control of an explorer."""
    (play,) = (widget for widget in descendants(explorer) if isinstance(widget, ipywidgets.Play))
    return play
