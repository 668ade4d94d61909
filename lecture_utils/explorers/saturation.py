"""Vanishing gradients and saturated neurons in a deep network of sigmoids, by the scale of its weights."""

from lecture_utils._ground import own_ground
from lecture_utils._live import LivePicture, Rows
from lecture_utils._words import speaking, word
from lecture_utils.explorers._explorer import Explorer, slider, with_play
from lecture_utils.explorers._saturation_marks import caption, draw_axes, moving
from lecture_utils.explorers._saturation_runs import SCALES, run_all_scales


class SaturationExplorer(Explorer):
    """The backward pass of a deep network by the scale of its weights; see `saturation_explorer`."""

    def __init__(self) -> None:
        self._runs = run_all_scales()
        axes, said = draw_axes(), caption(self._runs)
        picture = LivePicture(
            {"scale": len(SCALES)},
            backgrounds=axes.lengths.figure,
            stacked=draw_axes(stacked=True).lengths.figure,
            marks=moving(self._runs, axes),
            caption=said,
            verdict=said.only("{ending}"),
            values={"scale": Rows([f"× {scale:g}" for scale in SCALES], by=("scale",))},
            names={"scale": word("saturation_scale")},
        )
        scale = slider(len(SCALES), word("saturation_scale"))
        super().__init__(picture, controls={"scale": scale}, rows=[with_play(scale, start=0)])

    @property
    def scale(self) -> float:
        """By what the weights on the screen are multiplied."""
        return SCALES[self.picture.scale]

    @property
    def ratio(self) -> float:
        """How many times as long as the last layer's gradient is the first layer's."""
        return float(self._runs.ratios[self.picture.scale])

    @property
    def slope(self) -> float:
        """The mean of σ′ over all neurons and examples."""
        return float(self._runs.slopes[self.picture.scale].mean())

    def __repr__(self) -> str:
        """Say in numbers, in no language, what the scale on the screen comes to."""
        numbers = f"scale = {self.scale:g}, first / last = {self.ratio:.1e}, mean slope = {self.slope:.3f}"
        return f"saturation_explorer: {numbers}"


@own_ground()
def saturation_explorer(*, language: str | None = None) -> SaturationExplorer:
    """Show vanishing and saturation live: twenty layers of sigmoids, their gradients and slopes by the weights' scale.

    Parameters
    ----------
    language : str, optional
        "ru" or "en"; by default the language that `setup` chose.

    Returns
    -------
    SaturationExplorer
        The widget; it knows the ``scale`` on the screen, and the ``ratio`` of gradients and the ``slope`` there.

    Raises
    ------
    ValueError
        If the language is neither "ru" nor "en".
    """
    with speaking(language):
        return SaturationExplorer()
