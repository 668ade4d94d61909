"""Pointing at a factor of the worked example lights its arrow, and pointing at the arrow lights its factor."""

import base64
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from lecture_utils.explorers._backprop_drawing import numbers
from lecture_utils.explorers._backprop_places import STACKED, WIDE
from tests.package.explorers.real import opened
from tests.pages.test_live_js import LIVE_CSS, LIVE_JS
from tools.browser import CHROMIUM, Watched, new_context

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

LAYOUTS = {1000: WIDE, 400: STACKED}
#: How many factors there are at each step.
FACTORS = {1: 0, 3: 0, 4: 1, 5: 3, 6: 4}


@pytest.fixture(scope="module")
def page(browser):
    with new_context(browser, width=1000, height=900, offline=True) as context:
        watched = Watched(context.new_page())
        watched.page.add_style_tag(content=f"{LIVE_CSS} body {{ margin: 8px }}")
        watched.page.add_script_tag(path=Path(__file__).with_name("live_pictures.js"))
        yield watched.page
        assert watched.errors == []


@pytest.fixture(params=LAYOUTS)
def places(page, request):
    """Draw the explorer in each of its layouts; return that layout."""
    page.set_viewport_size({"width": request.param, "height": 900})
    page.mouse.move(2, 2)
    picture = opened("backprop").picture
    table = base64.b64encode(picture.table).decode()
    page.evaluate("(given) => drawPicture(...given)", [LIVE_JS, {"scene": picture.scene} | picture.state, table])
    return LAYOUTS[request.param]


def show(page, step):
    page.evaluate("(step) => live.model.choose({ step })", step - 1)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def lit(root):
    """Return what each factor is called that is now lit."""
    shown = [
        light
        for light in root.locator(".light").all()
        if light.evaluate("(one) => getComputedStyle(one).opacity") == "1"
    ]
    return [light.get_attribute("aria-label") for light in shown if light.is_visible()]


def on_the_page(page, places, x, y):
    """Return where a place of the drawing, in inches, is on the page."""
    box = page.locator(".live-picture > svg").bounding_box()
    scale = box["width"] / places.size[0]
    return box["x"] + scale * x, box["y"] + scale * (places.size[1] - y)


@pytest.mark.parametrize("step", FACTORS)
def test_each_factor_and_its_arrow_light_each_other_and_nothing_else(page, places, step):
    show(page, step)
    drawn = {number.name: number.place for number in numbers(places)}
    arrows = [arrow for arrow in places.arrows if arrow.factor and arrow.first <= step]
    assert len(arrows) == FACTORS[step]
    found = set()
    for arrow in arrows:
        x, y = drawn[arrow.factor]
        said = []
        for place in ((x + 0.05, y + 0.05), np.mean([arrow.start, arrow.end], axis=0)):
            page.mouse.move(*on_the_page(page, places, *place))
            said.append(lit(page))
        assert said[0] == said[1], f"{arrow.factor} and its arrow are lit apart"
        assert len(said[0]) == 1
        found.update(said[0])
    assert len(found) == FACTORS[step]
    page.mouse.move(2, 2)
    assert lit(page) == []


def test_who_has_no_mouse_lights_them_by_the_keyboard_and_hears_what_they_are(page, places):
    show(page, 6)
    page.locator(".grip").last.focus()
    said = []
    page.locator(".live-picture").evaluate("(picture) => { picture.tabIndex = -1; picture.focus(); }")
    for _ in range(4):
        page.keyboard.press("Tab")
        said += lit(page)
    assert said == [f"Factor {name} and its arrow" for name in ("∂a₂/∂a₁", "2(a₂ − y)", "∂a₁/∂w₁", "∂a₂/∂w₂")]


def test_what_is_lit_leaves_the_weights_to_who_takes_hold_of_them(page, places):
    show(page, 6)
    weight = page.locator("[data-grab=w2][visibility=visible]")
    weight.hover()
    assert lit(page) == []
    before = page.evaluate("live.model.get('w2')")
    weight.press("ArrowRight")
    assert page.evaluate("live.model.get('w2')") == before + 1


#: The middle of each part of a light, in its own box: that at the arrow, and that at the factor.
MIDDLES = """(light) => light.getAttribute("d").split(/(?=M)/).map((part) => {
    const [corner, , opposite] = part.split(/[ML]/).filter(Boolean).map((place) => place.split(" ").map(Number));
    const middle = new DOMPoint((corner[0] + opposite[0]) / 2, (corner[1] + opposite[1]) / 2);
    const { x, y } = middle.matrixTransform(light.getScreenCTM());
    const { left, top } = light.getBoundingClientRect();
    return { x: x - left, y: y - top };
})"""


def expect_factors_to_light_their_arrows(page, explorer):
    """Point at all factors of the last step, and at their arrows, wherever an explorer stands."""
    lights = explorer.locator(".light:visible")
    expect(lights).to_have_count(4)
    for light in lights.all():
        for place in light.evaluate(MIDDLES):
            page.mouse.move(0, 0)
            expect(light).to_have_css("opacity", "0")
            light.hover(position=place)
            expect(light).to_have_css("opacity", "1")


def test_the_still_picture_shows_no_light():
    explorer = opened("backprop")
    lights = [mark["name"] for mark in explorer.picture.scene["marks"] if mark.get("lights")]
    assert len(lights) == 2 * sum((1, 3, 4))
    assert not any(len(explorer.picture.points(name, step=5)) for name in lights)
