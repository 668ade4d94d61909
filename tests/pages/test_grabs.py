"""What is drawn can be taken hold of, by mouse, touch and keyboard; its choice follows, and nothing else."""

import base64
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.package.explorers.real import opened
from tests.pages.test_live_js import LIVE_CSS, LIVE_JS
from tools.browser import CHROMIUM, Watched, new_context

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

#: The states in which all that can be grabbed is seen, by explorer.
STATES = {
    "descent": [{"dataset": 0, "step": 20}, {"dataset": 1, "step": 40}],
    "activation": [{}],
    "backprop": [{}],
    "saturation": [{}],
    "minibatch": [{"batch": 0}, {"batch": 2}],
    "deep network": [{"capacity": 0, "epoch": 9}, {"capacity": 1}],
}
#: No finger takes hold of the very middle; the mark must not jump to it for that.
OFF_CENTRE = (5, -4)
STATE_IDS = [(name, index) for name, states in STATES.items() for index in range(len(states))]


@pytest.fixture(scope="module")
def watched(browser):
    with new_context(browser, width=1000, height=800, has_touch=True, offline=True) as context:
        watched = Watched(context.new_page())
        watched.page.add_style_tag(content=f"{LIVE_CSS} body {{ margin: 8px }}")
        watched.page.add_script_tag(path=Path(__file__).with_name("live_pictures.js"))
        yield watched
        assert watched.errors == []


@pytest.fixture
def page(watched):
    return watched.page


@pytest.fixture
def finger(page):
    """Touch the page: ``finger("touchStart", (x, y), …)``, a place for each finger that is down."""
    session = page.context.new_cdp_session(page)

    def touch(kind, *places):
        points = [{"x": x, "y": y, "id": index} for index, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    return touch


@cache
def picture_of(name):
    return opened(name).picture


def drawn(page, name, state):
    """Put an explorer's picture on the page, and return it as it stands there."""
    picture = picture_of(name)
    for choice, value in state.items():
        setattr(picture, choice, value)
    traits = {"scene": picture.scene} | picture.state
    page.evaluate("(given) => drawPicture(...given)", [LIVE_JS, traits, base64.b64encode(picture.table).decode()])
    settle(page)
    return picture


def settle(page):
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def now(page):
    """Return the choices that the page has made."""
    return page.evaluate("() => { const { scene, table, ...made } = live.model.traits; return made; }")


def grips(page):
    """Return what is seen that shows a choice: the handle, and its mark's place among those that have one."""
    handles = [(index, page.locator(".grip").nth(index)) for index in range(page.locator(".grip").count())]
    return [(index, one) for index, one in handles if one.is_visible() and one.get_attribute("data-grab") != "start"]


def grabbed(picture):
    return [mark for mark in picture.scene["marks"] if mark.get("grab")]


def centre(handle):
    box = handle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_the_page(page, picture, mark, value):
    """Return where the mark would stand on the page if its choice were `value`; None where it would not be seen."""
    before = getattr(picture, mark["grab"])
    setattr(picture, mark["grab"], value)
    points = picture.points(mark["name"])
    setattr(picture, mark["grab"], before)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    left, top, width, height = mark["box"]
    svg = page.locator(".live-picture > svg").bounding_box()
    scale = svg["width"] / picture.scene["width"]
    x, y = left + points[-1, 0] * width, top + (1 - points[-1, 1]) * height
    return svg["x"] + scale * x, svg["y"] + scale * y


def with_mouse(page, finger, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*np.mean([start, end], axis=0))
    page.mouse.move(*end)
    page.mouse.up()


def with_finger(page, finger, start, end):
    start, end = np.add(start, OFF_CENTRE), np.add(end, OFF_CENTRE)
    finger("touchStart", start)
    finger("touchMove", np.mean([start, end], axis=0))
    finger("touchMove", end)
    finger("touchEnd")


@pytest.mark.parametrize("move", [with_mouse, with_finger])
@pytest.mark.parametrize(("name", "index"), STATE_IDS)
def test_a_mark_that_is_dragged_to_where_another_value_would_put_it_gets_that_value(page, finger, name, index, move):
    picture = drawn(page, name, STATES[name][index])
    marks, seen = grabbed(picture), grips(page)
    assert seen
    for number, handle in seen:
        mark, before = marks[number], now(page)
        choice, size = mark["grab"], picture.scene["choices"][mark["grab"]]
        for share in (0.25, 0.6):
            wanted = round(share * (size - 1))
            place, start = on_the_page(page, picture, mark, wanted), centre(handle)
            scrubbed = name == "backprop"  # a number, which stays where it is
            if scrubbed:
                wanted = max(before[choice] - 3, 0)
                place = np.subtract(start, (3 * 12 * page.locator("svg").first.bounding_box()["width"] / 960, 0))
            move(page, finger, start, place)
            settle(page)
            made = now(page)
            assert {**made, choice: 0} == {**before, choice: 0}, f"{mark['name']} moved another choice"
            if scrubbed:
                assert made[choice] == wanted
            else:
                near = np.subtract(on_the_page(page, picture, mark, made[choice]), place)
                assert np.hypot(*near) < 1.5, f"{mark['name']} does not stand where it was dragged"
            assert handle.get_attribute("aria-valuenow") == str(made[choice])
            setattr(picture, choice, made[choice])
            before = made


def test_pointing_at_an_example_or_a_tap_on_it_shows_its_share_of_the_loss(page, finger):
    picture = drawn(page, "deep network", {"capacity": 1, "epoch": 9})
    (ring, share) = [mark for mark in grabbed(picture) if mark["grab"] == "example"]
    page.mouse.move(2, 2)
    before = now(page)
    for mark, value in ((ring, 3), (share, 40), (ring, 25)):
        place = on_the_page(page, picture, mark, value)
        if value == 25:
            finger("touchStart", place)
            finger("touchEnd")
        else:
            page.mouse.move(*place)
        settle(page)
        made = now(page)
        assert {**made, "example": 0} == {**before, "example": 0}
        assert np.hypot(*np.subtract(on_the_page(page, picture, mark, made["example"]), place)) < 1.5
        picture.example = made["example"]
        assert page.locator(".live-picture > figcaption").text_content() == picture.caption
    left, top, *_ = ring["box"]
    page.mouse.move(left + 300, top + 380)
    settle(page)
    assert now(page)["example"] == picture.example, "there is no example near"


@pytest.mark.parametrize(("name", "index"), STATE_IDS)
def test_a_mark_that_has_the_focus_moves_by_keys_from_end_to_end(page, name, index):
    picture = drawn(page, name, STATES[name][index])
    marks = grabbed(picture)
    for number, _ in grips(page):
        choice = marks[number]["grab"]
        last = picture.scene["choices"][choice] - 1
        for key, value in (
            ("Home", 0),
            ("ArrowRight", 1),
            ("ArrowUp", 2),
            ("PageUp", min(12, last)),
            ("End", last),
            ("ArrowRight", last),
            ("ArrowLeft", last - 1),
            ("ArrowDown", last - 2),
            ("PageDown", max(last - 12, 0)),
        ):
            page.evaluate("([number, key]) => press(number, key)", [number, key])
            assert now(page)[choice] == value, f"{key} on {marks[number]['name']}"


@pytest.mark.parametrize("name", STATES)
def test_a_screen_reader_hears_what_can_be_moved_and_where_it_stands(page, name):
    picture = drawn(page, name, STATES[name][0])
    for number, handle in grips(page):
        choice = grabbed(picture)[number]["grab"]
        assert handle.get_attribute("data-grab") == choice
        assert handle.get_attribute("role") == "slider"
        assert handle.get_attribute("tabindex") == "0"
        assert handle.get_attribute("aria-label") == picture.scene["names"][choice]
        assert handle.get_attribute("aria-valuetext") == picture.caption
        numbers = [int(handle.get_attribute(f"aria-value{what}")) for what in ("min", "now", "max")]
        assert numbers == [0, getattr(picture, choice), picture.scene["choices"][choice] - 1]


@pytest.mark.parametrize("width", [320, 500, 1000, 1280])
def test_a_finger_finds_it_on_any_screen(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    try:
        for name, states in STATES.items():
            drawn(page, name, states[0])
            for _, handle in grips(page):
                box = handle.bounding_box()
                assert min(box["width"], box["height"]) >= 24, f"{name} at {width} px"
    finally:
        page.set_viewport_size({"width": 1000, "height": 800})


def test_a_finger_finds_it_where_the_picture_is_kept_low(page):
    drawn(page, "descent", {"dataset": 1, "step": 9})
    page.evaluate("document.querySelector('.live-picture > svg').style.height = '200px'")  # as a slide does
    settle(page)
    for _, handle in grips(page):
        box = handle.bounding_box()
        assert min(box["width"], box["height"]) >= 24


@pytest.fixture
def start(page):
    """Show the descent explorer, where its start can be put anywhere; return the handle of that."""
    picture = picture_of("descent")
    picture.start = [0, 0]
    drawn(page, "descent", {"dataset": 1, "step": 9, "learning_rate": 40})
    (handle,) = [one for one in page.locator(".grip[data-grab=start]").all() if one.is_visible()]
    return handle


def surface(page):
    """Return how the page's points become weights: the place of the lower left corner, and the units of each axis."""
    picture = picture_of("descent")
    (mark,) = [mark for mark in picture.scene["marks"] if mark["name"] == "path 1"]
    svg = page.locator(".live-picture > svg").bounding_box()
    scale = svg["width"] / picture.scene["width"]
    left, top, width, height = np.multiply(mark["box"], scale)
    corner = svg["x"] + left, svg["y"] + top + height
    lengths = [mark[axis]["high"] - mark[axis]["low"] for axis in "xy"]
    return corner, np.array([lengths[0] / width, -lengths[1] / height]), [mark[axis]["low"] for axis in "xy"], lengths


@pytest.mark.parametrize("move", [with_mouse, with_finger])
def test_the_start_of_descent_goes_where_it_is_dragged_and_all_else_follows(page, finger, start, move):
    before, (x, y), (_, units, _, _) = now(page), centre(start), surface(page)
    move(page, finger, (x, y), (x + 90, y - 130))
    settle(page)
    made = now(page)
    np.testing.assert_allclose(made["start"], np.array([90, -130]) * units, atol=0.02)
    assert {**made, "start": 0} == {**before, "start": 0}
    np.testing.assert_allclose(centre(start), (x + 90, y - 130), atol=1)
    picture = picture_of("descent")
    picture.start = made["start"]
    assert page.locator(".live-picture > figcaption").inner_text() == picture.caption


def test_the_start_stays_on_the_surface_wherever_the_pointer_goes(page, start):
    (_, _, low, lengths), high = surface(page), []
    page.mouse.move(*centre(start))
    page.mouse.down()
    page.mouse.move(4000, -4000)
    settle(page)
    high = now(page)["start"]
    page.mouse.move(-4000, 4000)
    settle(page)
    page.mouse.up()
    np.testing.assert_allclose(now(page)["start"], low)
    np.testing.assert_allclose(high, np.add(low, lengths))


def test_the_start_moves_by_keys_and_goes_home(page, start):
    _, _, _, lengths = surface(page)
    start.focus()
    for key, way in (("ArrowRight", (1, 0)), ("ArrowUp", (0, 1)), ("ArrowLeft", (-1, 0)), ("ArrowDown", (0, -1))):
        before = now(page)["start"]
        start.press(key)
        np.testing.assert_allclose(np.subtract(now(page)["start"], before), 0.02 * np.multiply(lengths, way), atol=1e-9)
    start.press("ArrowUp")
    start.press("Home")
    assert now(page)["start"] == [0, 0]


def test_the_start_is_a_slider_with_a_name_and_words(page, start):
    assert start.get_attribute("role") == "slider"
    assert start.get_attribute("aria-label") == "Start"
    assert "start (0, 0)" in start.get_attribute("aria-valuetext")
    box = start.bounding_box()
    assert min(box["width"], box["height"]) >= 24


@pytest.fixture
def held(page):
    """Take hold of the learning rate, and let it go at the end."""
    drawn(page, "descent", {"dataset": 1, "step": 60, "learning_rate": 40})
    (handle,) = [handle for _, handle in grips(page) if handle.get_attribute("data-grab") == "learning_rate"]
    page.mouse.move(*centre(handle))
    page.mouse.down()
    yield handle
    page.mouse.up()


def test_a_pointer_that_leaves_the_window_still_holds_it(page, held):
    page.mouse.move(3000, -500)
    settle(page)
    assert now(page)["learning_rate"] == picture_of("descent").scene["choices"]["learning_rate"] - 1
    page.mouse.move(-3000, -500)
    settle(page)
    assert now(page)["learning_rate"] == 0
    page.mouse.up()
    page.mouse.move(500, 300)
    settle(page)
    assert now(page)["learning_rate"] == 0


def test_a_page_that_gets_another_width_meanwhile_keeps_it_under_the_pointer(page, held):
    page.set_viewport_size({"width": 600, "height": 800})
    settle(page)
    try:
        x, y = centre(held)
        page.mouse.move(x - 50, y)
        settle(page)
        page.mouse.move(x - 60, y)
        settle(page)
        assert abs(centre(held)[0] - (x - 60)) < 20
    finally:
        page.set_viewport_size({"width": 1000, "height": 800})


def test_a_second_finger_neither_moves_it_nor_lets_it_go(page, finger):
    drawn(page, "descent", {"dataset": 1, "step": 60, "learning_rate": 40})
    (handle,) = [handle for _, handle in grips(page) if handle.get_attribute("data-grab") == "learning_rate"]
    x, y = centre(handle)
    finger("touchStart", (x, y))
    finger("touchStart", (x, y), (x + 5, y + 2))
    finger("touchMove", (x, y), (x - 150, y))
    settle(page)
    assert now(page)["learning_rate"] == 40
    finger("touchMove", (x - 60, y), (x - 150, y))
    settle(page)
    assert now(page)["learning_rate"] < 40
    finger("touchEnd")


def test_who_does_not_see_it_is_told_once_it_is_let_go(page, held):
    said = [
        lambda: page.locator(".live-picture > figcaption").text_content(),
        lambda: page.locator(".live-picture > svg").get_attribute("aria-label"),
        lambda: held.get_attribute("aria-valuetext"),
    ]
    x, y = centre(held)
    before = [one() for one in said]
    page.mouse.move(x - 60, y)
    settle(page)
    assert [one() for one in said] == before
    page.mouse.up()
    picture = picture_of("descent")
    picture.learning_rate = now(page)["learning_rate"]
    assert [one() for one in said] == [picture.caption] * 3
    assert picture.caption != before[0]


def test_what_vanishes_while_it_is_held_is_let_be(page, held):
    page.evaluate("live.model.choose({ dataset: 0 })")
    settle(page)
    assert not held.is_visible()
    page.mouse.move(200, 200)
    settle(page)
    assert now(page)["dataset"] == 0


def test_a_second_picture_of_the_same_choices_follows(page):
    drawn(page, "descent", {"dataset": 1, "step": 60, "learning_rate": 40})
    page.evaluate("again()")
    assert page.locator(".live-picture").count() == 2
    page.evaluate("live.model.choose({ learning_rate: 3 })")
    settle(page)
    said = page.locator(".live-picture > figcaption").all_inner_texts()
    assert len(set(said)) == 1
