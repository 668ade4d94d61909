"""A picture suits its room and its page: two layouts, type that can be read, a dark theme, and movement that helps."""

import io
import random
from pathlib import Path

import pytest
from coloraide import Color
from matplotlib.text import Text
from PIL import Image

from lecture_utils._look import style
from lecture_utils._words import LANGUAGES
from tests.every_explorer import EXPLORERS
from tests.pages.test_live_js import LIVE_CSS, draw, expect_the_page_to_show, some_states
from tools.browser import CHROMIUM, Watched, new_context

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

WIDTHS = (320, 360, 699, 700, 1024, 1280)
LEAST = 13  # pixels on the screen


@pytest.fixture(scope="module")
def browser_page(browser):
    with new_context(browser, offline=True) as context:
        watched = Watched(context.new_page())
        watched.page.add_style_tag(content=f"{LIVE_CSS} :root {{ color-scheme: light dark }} body {{ margin: 0 }}")
        watched.page.add_script_tag(path=Path(__file__).with_name("live_pictures.js"))
        yield watched.page
        assert watched.errors == []


@pytest.fixture
def page(browser_page):
    yield browser_page
    browser_page.set_viewport_size({"width": 1280, "height": 720})
    browser_page.emulate_media(color_scheme="light", reduced_motion="reduce")


def widen(page, width):
    page.set_viewport_size({"width": width, "height": 720})
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def least_type(figure):
    """Return the size of the smallest text of a background, in points of the picture."""
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    return min(text.get_fontsize() for text in texts) * 100 / 72 if texts else float("inf")


def states(picture, n):
    chance, sizes = random.Random(0), picture.scene["choices"]
    return [
        *({name: chance.randrange(size) for name, size in sizes.items()} for _ in range(n)),
        *({**dict.fromkeys(sizes, 0), name: size - 1} for name, size in sizes.items()),
    ]


@pytest.mark.parametrize("name", EXPLORERS)
def test_type_can_be_read_on_any_screen_and_the_layout_is_that_of_the_room(page, name):
    picture = EXPLORERS[name]("ru").picture
    draw(page, picture)
    for width in WIDTHS:
        widen(page, width)
        seen = page.evaluate("sizes()")
        assert seen["layout"] == ("stacked" if width < 700 else "wide"), f"{width} px"
        figures = picture._layouts[seen["layout"] == "stacked"].backgrounds.values
        assert seen["least"] >= LEAST - 0.01, f"a label at {width} px"
        assert seen["scale"] * min(map(least_type, figures)) >= LEAST - 0.01, f"the background at {width} px"


@pytest.mark.parametrize("name", EXPLORERS)
def test_in_the_narrow_layout_all_stands_where_python_would_put_it(page, name):
    page.set_viewport_size({"width": 400, "height": 720})
    picture = EXPLORERS[name]("en").picture
    expect_the_page_to_show(page, picture, some_states(picture, n_random=3), layout="stacked")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXPLORERS)
def test_no_label_stands_over_another_or_over_what_it_tells_of_and_nothing_below_the_picture_moves(
    page, name, language
):
    picture = EXPLORERS[name](language).picture
    draw(page, picture)
    for width in (360, 1000):
        widen(page, width)
        found = page.evaluate("(states) => overlapping(states)", states(picture, 100))
        assert found == [], f"at {width} px"
        assert len(page.evaluate("(states) => heights(states)", states(picture, 20))) == 1, f"at {width} px"


@pytest.mark.parametrize("name", EXPLORERS)
def test_in_a_dark_theme_colours_keep_their_meaning_and_can_be_seen(page, name):
    draw(page, EXPLORERS[name]("en").picture)
    light = page.evaluate("colours()")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("colours()")
    assert Color(light["paper"]).luminance() > 0.9
    assert Color(dark["paper"]).luminance() < 0.02
    for kind, least in (("texts", 4.5), ("lines", 3)):
        for one, other in zip(light[kind], dark[kind], strict=True):
            if Color(one).contrast(light["paper"]) < 1.1:
                continue  # what is as the paper is lies in a rim that is not
            assert Color(other).contrast(dark["paper"]) >= least, f"{one} becomes {other}"
            if Color(one).convert("oklch")["c"] > 0.05:
                turned = abs(Color(one).convert("oklch")["h"] - Color(other).convert("oklch")["h"])
                assert min(turned, 360 - turned) < 35, f"{one} becomes {other}"


def test_a_colour_in_a_dark_theme_is_what_the_filter_of_figures_makes_of_it(page):
    for name in ("INK", "PATH", "GRADIENT", "FORWARD", "OWN_JACOBIAN", "MINIMUM"):
        color = getattr(style, name)
        page.evaluate(
            "(color) => { document.body.innerHTML = `<div style='width: 9px; height: 9px; background: ${color};"
            " filter: invert(0.93) hue-rotate(180deg)'></div>`; }",
            color,
        )
        pixel = pixel_of(page)
        assert Color(style.dark(color)).delta_e(pixel, method="2000") < 3, name
    page.evaluate("document.body.innerHTML = ''")


def pixel_of(page):
    shot = page.screenshot(clip={"x": 0, "y": 0, "width": 9, "height": 9})
    red, green, blue = Image.open(io.BytesIO(shot)).convert("RGB").getpixel((4, 4))
    return Color(f"rgb({red} {green} {blue})")


CHANGE = ("trail 1", {"step": 30})
ADVANCES = {
    "backprop": ({"step": 3}, {"step": 4}, ("pulse 0 5", "pulse 1 5")),
    "traversal": ({"step": 4}, {"step": 5}, ("runs back 3", "runs back 4")),
}


@pytest.fixture
def moving(page):
    """Show a picture to a reader who has nothing against movement, and who has just looked at it."""
    page.emulate_media(reduced_motion="no-preference")
    picture = EXPLORERS["descent"]("en").picture
    draw(page, picture)
    page.evaluate("live.model.choose({ dataset: 1, step: 20, learning_rate: 20 })")
    page.wait_for_timeout(500)
    return page


def frames(page, *change):
    return page.evaluate("(change) => framesOf(...change)", list(change or CHANGE))


def test_a_path_grows_over_several_frames_and_ends_where_it_would_be_drawn_at_once(moving):
    seen = frames(moving)
    assert len(set(seen)) > 2
    moving.emulate_media(reduced_motion="reduce")
    moving.evaluate("live.model.choose({ step: 0 })")
    assert frames(moving)[-1] == seen[-1]


def test_who_wants_no_movement_sees_none(moving):
    moving.emulate_media(reduced_motion="reduce")
    assert len(set(frames(moving))) == 1


def test_under_a_finger_nothing_lags_behind(moving):
    moving.mouse.move(5, 5)
    moving.mouse.down()
    try:
        assert len(set(frames(moving))) == 1
    finally:
        moving.mouse.up()


def test_what_plays_does_not_lag_behind(moving):
    assert len(set(frames(moving, CHANGE[0], {"step": 31}, CHANGE[1]))) == 1


def show_at(page, name, state):
    draw(page, EXPLORERS[name]("en").picture)
    page.evaluate("(state) => live.model.choose(state)", state)
    page.wait_for_timeout(500)


@pytest.mark.parametrize("layout", ["", " stacked"])
@pytest.mark.parametrize("name", ADVANCES)
def test_when_a_step_advances_something_runs_along_its_arrows_and_is_gone_in_a_moment(page, name, layout):
    before, after, pulses = ADVANCES[name]
    page.emulate_media(reduced_motion="no-preference")
    widen(page, 400 if layout else 1000)
    show_at(page, name, before)
    seen = frames(page, pulses[0] + layout, after)
    assert len(set(seen)) > 3
    assert seen[-1] == ""
    assert set(frames(page, pulses[1] + layout, before)) == {""}, "the way back is not that of a value"


@pytest.mark.parametrize("name", ADVANCES)
def test_nothing_runs_for_who_wants_no_movement_or_under_a_finger(page, name):
    before, after, (pulse, _) = ADVANCES[name]
    show_at(page, name, before)
    assert frames(page, pulse, after) == [""]
    page.emulate_media(reduced_motion="no-preference")
    show_at(page, name, before)
    page.mouse.move(5, 5)
    page.mouse.down()
    try:
        assert frames(page, pulse, after) == [""]
    finally:
        page.mouse.up()


def test_a_gradient_that_arrives_is_added_before_the_readers_eyes(page):
    page.emulate_media(reduced_motion="no-preference")
    show_at(page, "traversal", {"step": 7})
    seen = frames(page, "gradient 0", {"step": 8})
    assert seen[0] == "∇ 1"
    assert seen[-1] == "∇ 1 + 30 = 31"
    sums = [float(said.rpartition("= ")[2]) for said in seen if "=" in said]
    assert sums == sorted(sums)
    assert len(set(sums)) > 2


def test_what_is_new_in_a_step_comes_when_it_has_arrived_and_what_was_there_stays(page):
    page.emulate_media(reduced_motion="no-preference")
    show_at(page, "backprop", {"step": 0})
    new = frames(page, "a2 2", {"step": 1})
    assert (new[0], new[-1]) == ("", "0.662")
    page.evaluate("live.model.choose({ step: 0 })")
    page.wait_for_timeout(500)
    assert set(frames(page, "a1 2", {"step": 1})) == {"0.269"}
