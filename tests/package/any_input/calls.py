"""A row of the table: a public function, its good arguments, and what must be true of what it gives."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature

import numpy as np
import torch
from hypothesis.strategies import SearchStrategy
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text


@dataclass(frozen=True, eq=False)
class Call:
    """A public function and how to call it.

    Attributes
    ----------
    function : callable
        What is called; for a method, a function that makes the object, too.
    good : mapping of str to strategy
        Arguments by name, which must be taken.
    holds : callable
        Called with the result and the arguments of a good call; it asserts what must be true.
    examples : int
        How many good calls to try: fewer where they take long.
    spoiled : int
        How many times to damage an argument of each.
    figure : callable, optional
        Called with the result and the arguments; the figure that shows only finite numbers after any call.
    also_named : tuple of str
        What else an error may name: the arguments of the object that the method belongs to.
    may_refuse : bool
        Whether arguments may be too much even though each by itself is good.
    gaps : tuple of str
        Which arguments of a drawing may hold numbers that have no place: only of these may a curve have gaps.
    """

    function: Callable
    good: Mapping[str, SearchStrategy]
    holds: Callable[[object, dict], None] | None = None
    examples: int = 25
    spoiled: int = 5
    figure: Callable[[object, dict], Figure] | None = None
    also_named: tuple[str, ...] = ()
    may_refuse: bool = False
    gaps: tuple[str, ...] = ()

    @property
    def is_slow(self) -> bool:
        """Whether all junk in every argument would take too long: an explorer takes some of it."""
        return self.examples < 10

    def made(self, arguments: dict) -> object:
        """Call the function with arguments by name, those that have no name by place."""
        try:
            parameters = signature(self.function).parameters.values()
        except ValueError:  # a function of torch's own stands behind it
            parameters = signature(self.function, follow_wrapped=False).parameters.values()
        by_place = [arguments[p.name] for p in parameters if p.kind is p.POSITIONAL_ONLY]
        nameless = {p.name for p in parameters if p.kind is p.POSITIONAL_ONLY}
        return self.function(*by_place, **{name: value for name, value in arguments.items() if name not in nameless})


def is_finite(result: object, arguments: dict | None = None) -> None:
    """Assert that all numbers in a result are finite."""
    if isinstance(result, torch.Tensor | np.ndarray):
        assert torch.isfinite(torch.as_tensor(result)).all()
    elif isinstance(result, float):
        assert np.isfinite(result)
    elif dataclasses.is_dataclass(result):
        is_finite(list(vars(result).values()))
    elif isinstance(result, list | tuple | Mapping):
        for part in result.values() if isinstance(result, Mapping) else result:
            is_finite(part)


def shows_finite_numbers(figure: Figure) -> None:
    """Assert that all that a figure shows has a place; curves alone may have gaps."""
    for artist in figure.findobj():
        if isinstance(artist, Line2D):
            assert not np.isinf(np.asarray(artist.get_xydata(), dtype=float)).any(), artist
        elif isinstance(artist, Text):
            assert np.isfinite(artist.get_position()).all(), artist
        elif isinstance(artist, Collection):
            assert np.isfinite(np.ma.filled(artist.get_offsets(), np.nan)).all(), artist
            assert all(np.isfinite(path.vertices).all() for path in artist.get_paths()), artist
        elif isinstance(artist, Patch):
            assert np.isfinite(artist.get_path().vertices).all(), artist
    for ax in figure.axes:
        assert np.isfinite([*ax.get_xlim(), *ax.get_ylim()]).all()
