"""A live picture fills its axes with the image of the present choices, under all that is drawn there."""

import base64
import io

import numpy as np
import pytest
from matplotlib import pyplot as plt

from lecture_utils._live import Caption, Curve, Image, LivePicture, Rows
from lecture_utils._look.style import lecture_style, new_figure

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)


def png(rows):
    buffer = io.BytesIO()
    plt.imsave(buffer, np.array(rows, dtype=np.uint8), format="png")
    return buffer.getvalue()


QUARTERS = png([[RED, GREEN], [BLUE, WHITE]])
TURNED = png([[WHITE, BLUE], [GREEN, RED]])


@pytest.fixture
def figure():
    with lecture_style():
        figure = new_figure(4, 3)
        ax = figure.add_axes((0.25, 0.2, 0.5, 0.6))
    ax.set(xlim=(0, 10), ylim=(0, 1))
    ax.plot([0, 10], [0.5, 0.5], color="black", linewidth=3)
    return figure


def picture(figure, **changes):
    image = Image(
        **({"name": "image", "axes": figure.axes[0], "images": Rows([QUARTERS, TURNED], by=("turn",))} | changes)
    )
    curve = Curve(name="curve", axes=figure.axes[0], x=[5.0, 5.0], y=[0.0, 1.0])
    return LivePicture(
        {"turn": 2, "other": 3},
        backgrounds=figure,
        marks=[image, curve],
        caption=Caption(template="", fields={}),
    )


def corners(live):
    """Return the colours near the corners of the axes in the static picture, row by row from the upper left one."""
    pixels = plt.imread(io.BytesIO(live.static_png()))[..., :3]
    height, width = pixels.shape[:2]
    across, down = (int(0.28 * width), int(0.72 * width)), (int(0.23 * height), int(0.77 * height))
    return [tuple(np.round(255 * pixels[y, x]).astype(int)) for y in down for x in across]


def test_the_static_picture_shows_the_image_of_the_present_choice_right_side_up(figure):
    live = picture(figure)
    upper_left, upper_right, lower_left, _ = corners(live)
    assert (upper_left, upper_right, lower_left) == (RED, GREEN, BLUE)
    live.turn = 1
    _, upper_right, lower_left, lower_right = corners(live)
    assert (upper_right, lower_left, lower_right) == (BLUE, GREEN, RED)


def test_what_the_background_draws_lies_over_the_image(figure):
    pixels = plt.imread(io.BytesIO(picture(figure).static_png()))[..., :3]
    height, width = pixels.shape[:2]
    assert pixels[height // 2, int(0.3 * width)].max() < 0.05  # the black line


def test_around_the_axes_the_paper_stays_white(figure):
    pixels = plt.imread(io.BytesIO(picture(figure).static_png()))[..., :3]
    assert (pixels[:, : pixels.shape[1] // 10] == 1).all()


def test_the_browser_gets_each_image_as_it_is_and_where_the_axes_are(figure):
    (mark, _) = picture(figure).scene["marks"]
    assert [base64.b64decode(image) for image in mark["images"]["rows"]] == [QUARTERS, TURNED]
    assert mark["images"]["by"] == ("turn",)
    np.testing.assert_allclose(mark["box"], [100, 60, 200, 180])


def test_the_background_that_the_browser_gets_leaves_out_the_paper_and_the_figure_keeps_it(figure):
    (image,) = picture(figure).scene["backgrounds"]["images"]
    assert "fill: light-dark(#ffffff" not in image
    assert figure.patch.get_visible()
    assert figure.axes[0].patch.get_visible()


def test_a_figure_under_which_no_image_lies_keeps_its_paper(figure):
    with lecture_style():
        other = new_figure(4, 3)
        ax = other.add_axes((0.1, 0.1, 0.8, 0.8))
    image = Image(name="image", axes=figure.axes[0], images=QUARTERS, when={"which": 0})
    live = LivePicture(
        {"which": 2},
        backgrounds=Rows([figure, other], by=("which",)),
        marks=[image, Curve(name="curve", axes=ax, x=[0, 1], y=[0, 1], when={"which": 1})],
        caption=Caption(template="", fields={}),
    )
    first, second = live.scene["backgrounds"]["images"]
    assert "fill: light-dark(#ffffff" not in first
    assert "fill: light-dark(#ffffff" in second


def test_an_image_is_drawn_only_when_its_choice_is_made_and_leaves_nothing_behind(figure):
    live = picture(figure, when={"other": 1})
    before = figure.findobj()
    assert corners(live)[0] == WHITE
    live.other = 1
    assert corners(live)[0] == RED
    assert figure.findobj() == before


def test_the_axes_keep_their_limits_and_their_shape(figure):
    ax = figure.axes[0]
    picture(figure).static_png()
    assert (ax.get_xlim(), ax.get_ylim(), ax.get_aspect()) == ((0, 10), (0, 1), "auto")


def test_the_curves_of_a_picture_with_an_image_are_shown_as_ever(figure):
    np.testing.assert_allclose(picture(figure).points("curve"), [[0.5, 0], [0.5, 1]], atol=1e-4)
