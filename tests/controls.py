"""Making explorers and moving their controls, for the tests."""

from collections.abc import Callable, Iterator
from functools import cache

import ipywidgets

from lecture_utils.explorers._explorer import Explorer


def once(make: Callable[..., Explorer]) -> Callable[..., Explorer]:
    """Make an explorer only once of the same arguments; return it, each time, as it stood when it was made."""

    @cache
    def made(*arguments: str) -> tuple[Explorer, dict[str, object]]:
        explorer = make(*arguments)
        return explorer, explorer.picture.state

    def opened(*arguments: str) -> Explorer:
        explorer, opening = made(*arguments)
        choose(explorer, **{choice: opening[choice] for choice in explorer.controls})
        for name, value in opening.items():  # which a page, or a test that stands for one, moves without the controls
            setattr(explorer.picture, name, value)
        return explorer

    return opened


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
