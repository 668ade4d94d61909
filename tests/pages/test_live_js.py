"""What live.js draws is what Python would draw: the same points, marks, colours, images and words, in any state."""

import base64
import io
import random
from pathlib import Path
from urllib.parse import unquote

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image as Pixels
from playwright.sync_api import expect

from lecture_utils import _live
from lecture_utils._live import Caption, Curve, Image, Label, LivePicture, Rows
from lecture_utils._live.arrows import at_border, beside, head_of
from lecture_utils._live.layouts import box_of, label_size
from lecture_utils._live.marks import rows
from lecture_utils._look.style import GRADIENT, PATH, new_figure
from lecture_utils._require import brief
from lecture_utils._words import LANGUAGES
from tests.every_explorer import EXPLORERS
from tools.browser import CHROMIUM, Watched, new_context

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt install chromium")

LIVE_JS, LIVE_CSS = LivePicture._esm, Path(_live.__file__).with_name("live.css").read_text("utf-8")
NEAR = 0.07  # of a point of the picture: live.js rounds to tenths
FAR = 1e6  # where live.js leaves what is farther
NAN = float("nan")


def synthetic():
    """Return a picture of all that there can be, by two choices of two and three values: no two rows are alike."""
    figures = [new_figure(5, 3), new_figure(5, 3)]
    left, right, other = (
        figure.add_axes(place)
        for figure, place in (
            (figures[0], (0.1, 0.2, 0.3, 0.7)),
            (figures[0], (0.5, 0.3, 0.45, 0.5)),
            (figures[1], (0.2, 0.2, 0.6, 0.6)),
        )
    )
    right.set(xlim=(0, 10), ylim=(1, 1000), yscale="log")
    both, numbers = ("line", "ending"), np.arange(6)
    x = np.array([[0.1, 0.2, 0.5, 0.9]] * 6) + 0.01 * numbers[:, None]
    y = np.array([[0.1, 0.8, NAN, 0.3]] * 6) + 0.02 * numbers[:, None]
    drawn = {"line": 2, "dots": 5, "head": 9}
    return LivePicture(
        {"line": 2, "ending": 3},
        backgrounds=Rows(figures, by=("line",)),
        marks=[
            Image(name="image", axes=left, images=Rows([grey_png(40 * number) for number in numbers], by=both)),
            Curve(name="whole", axes=left, x=Rows(x, by=both), y=Rows(y, by=both), color=PATH, widths=drawn),
            Curve(
                name="as far as it is shown",
                axes=right,
                x=[1, 3, 5, 7],
                y=Rows([[2, 20, 100, 300], [900, 90, 9, 4]], by=("line",)),
                until=Rows([1, 2, 4], by=("ending",)),
                color=GRADIENT,
                widths={"line": 3, "head": 7},
                opacity=0.5,
            ),
            Curve(name="now and then", axes=other, x=[0.2, 0.8], y=[0.4, 0.6], when={"line": 1, "ending": 2}),
            Label(
                name="label",
                axes=left,
                x=Rows([0.2, 0.4, 0.6], by=("ending",)),
                y=Rows([0.5, 0.7], by=("line",)),
                texts=Rows([f"text {number}" for number in numbers], by=both),
                anchor="end",
                size=15,
            ),
        ],
        caption=Caption("{which}: {both}.", {"which": Rows("AB", by=("line",)), "both": Rows(numbers, by=both)}),
    )


def grey_png(level):
    buffer = io.BytesIO()
    Pixels.new("L", (2, 2), int(level)).save(buffer, "png")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def page(browser):
    with new_context(browser, offline=True) as context:
        watched = Watched(context.new_page())
        watched.page.add_style_tag(content=LIVE_CSS)
        watched.page.add_script_tag(path=Path(__file__).with_name("live_pictures.js"))
        yield watched.page
        assert watched.errors == []


def draw(page, picture):
    traits = {"scene": picture.scene} | picture.state
    table = base64.b64encode(picture.table).decode()
    page.evaluate("(given) => drawPicture(...given)", [LIVE_JS, traits, table])


def some_states(picture, n_random=5):
    """Return the first state, the ends of each choice, and some between, with points put anywhere, even far off."""
    sizes, chance = picture.scene["choices"], random.Random(0)
    return [
        picture.state,
        dict.fromkeys(sizes, 0),
        {name: size - 1 for name, size in sizes.items()},
        *(
            {name: chance.randrange(size) for name, size in sizes.items()} | some_places(picture, chance)
            for _ in range(n_random)
        ),
    ]


def some_places(picture, chance):
    return {name: [chance.uniform(-2, 6), chance.uniform(-2, 4)] for name in picture.scene["placed"]}


def expect_the_page_to_show(page, picture, states, *, layout="wide"):
    draw(page, picture)
    page.wait_for_function("(name) => document.querySelector('.live-picture').dataset.layout === name", arg=layout)
    wrong = []
    for state, seen in zip(states, page.evaluate("(states) => seenIn(states)", states), strict=True):
        for name, value in state.items():
            setattr(picture, name, value)
        wrong += [f"{state}: {line}" for line in differences(picture, seen, picture._layouts[layout == "stacked"])]
    assert "\n".join(wrong[:5]) == ""


def differences(picture, seen, layout):
    """Yield what live.js draws otherwise than Python would, a line each."""
    backgrounds = [image["source"] for image in seen["backgrounds"]]
    described = picture.scene["stacked"] if layout.stacked else picture.scene
    expected = described["backgrounds"]["images"][picture._index(picture._backgrounds.by)]
    if [unquote(source.partition(",")[2]) for source in backgrounds] != [expected]:
        yield f"{len(backgrounds)} backgrounds are seen, or another than that of these choices"
    for said in ("caption", "label"):
        if seen[said] != picture.caption:
            yield f"the {said} is {seen[said]!r} instead of {picture.caption!r}"
    under, *_ = [image["order"] for image in seen["backgrounds"]] or [0]
    for mark in picture._marks:
        compare = of_image if isinstance(mark, Image) else of_label if isinstance(mark, Label) else of_curve
        parts = [part for kind in ("paths", "texts", "images") for part in seen["marks"][mark.name][kind]]
        axes = layout.axes(mark)
        lights = getattr(mark, "lights", None)  # nobody points there
        if axes is None or lights or not picture._is_drawn(mark.when):
            if parts:
                yield f"{mark.name} is seen, but it belongs to {dict(mark.when)}"
            continue
        if any((part["order"] > under) == isinstance(mark, Image) for part in parts):
            yield f"{mark.name} lies on the wrong side of the background"
        yield from (f"{mark.name}{line}" for line in compare(picture, mark, parts, axes))


def of_image(picture, mark, parts, axes):
    if len(parts) != 1:
        yield f": {len(parts)} images are seen"
        return
    if base64.b64decode(parts[0]["source"].partition(",")[2]) != picture._row(rows(mark.images)):
        yield ": the image of other choices is seen"
    yield from apart(" from corner to corner", parts[0]["places"], on_picture(axes, [[0, 1], [1, 0]]))
    if not parts[0]["fills"]:
        yield " does not fill its axes"


def of_label(picture, mark, parts, axes):
    place, anchor, (part,) = picture.points(mark.name)[-1:], mark.anchor, parts
    shift = np.zeros(2)
    if mark.beyond:
        place, way = at_border(picture.points(mark.name), mark.beyond)
        whole = axes.figure.get_figwidth() * 100
        room = {"box": box_of(axes), "size": label_size(mark, stacked=whole < 500), "whole": whole}
        anchor, shift = beside(picture.points(mark.name), mark.beyond, text=picture.words(mark.texts), **room)
        place = np.full((1, 2), NAN) if way is None and mark.beyond == "ray" else place[None]
    points = on_picture(axes, place) + shift
    if not np.isfinite(points).all():
        if part["text"]:
            yield f" says {part['text']!r}, but it has no place"
        return
    text = picture.words(mark.texts)
    if part["text"] != text:
        yield f" says {part['text']!r} instead of {text!r}"
    yield from apart("", part["places"], points)
    size = label_size(mark, stacked=axes.figure.get_figwidth() < 5)
    yield from looks_other("", part, fill=rgb(mark.color), fontSize=f"{size:g}px", textAnchor=anchor)


def of_curve(picture, mark, parts, axes):
    points = on_picture(axes, picture.points(mark.name))
    there = np.isfinite(points).all(axis=1)
    single = [[point] for point in points[there]]
    runs = np.split(points, np.flatnonzero(~there))
    joined = [run[np.isfinite(run).all(axis=1)] for run in runs]
    strokes = {"line": [run for run in joined if len(run)], "dots": single, "head": single[-1:]}
    strokes["arrow"] = of_arrow(picture, mark, axes) if "arrow" in mark.widths else []
    for (name, width), part in zip(mark.widths.items(), parts, strict=True):
        what, width = f", {name}", width / 4 if name == "arrow" else width
        look = {"strokeWidth": f"{width:g}px", "strokeOpacity": f"{mark.opacity:g}", "strokeLinecap": "round"}
        yield from looks_other(what, part, stroke=rgb(mark.color), fill="none", **look)
        lengths = [len(stroke) for stroke in strokes[name]]
        if part["lengths"] != lengths:
            yield f"{what}: strokes of {brief(part['lengths'])} points instead of {brief(lengths)}"
        elif lengths:
            yield from apart(what, part["places"], np.concatenate(strokes[name]))


def of_arrow(picture, mark, axes):
    points = picture.points(mark.name)
    points = points[np.isfinite(points).all(axis=1)]
    box = axes.get_position()
    size = np.array([box.width, box.height]) * axes.figure.get_size_inches() * 100
    arrow = head_of(mark, points, size) if len(points) else []
    return [on_picture(axes, arrow / size)] if len(arrow) else []


def on_picture(axes, fractions):
    """Return points of the picture, counted from its upper left corner, for fractions of the axes."""
    width, height = axes.figure.get_size_inches() * 100
    box, (x, y) = axes.get_position(), np.transpose(fractions)
    return np.column_stack([(box.x0 + x * box.width) * width, (1 - box.y0 - y * box.height) * height])


def apart(what, drawn, expected):
    distances = np.abs(np.subtract(drawn, np.clip(expected, -FAR, FAR))).max(axis=1)
    if distances.max() > NEAR:
        (x, y), (right_x, right_y) = drawn[distances.argmax()], expected[distances.argmax()]
        yield f"{what}: a point stands at ({x:.1f}, {y:.1f}) instead of ({right_x:.1f}, {right_y:.1f})"


def looks_other(what, part, **expected):
    for name, value in expected.items():
        if part[name] != value:
            yield f"{what}: {name} is {part[name]} instead of {value}"


def rgb(color):
    return f"rgb({', '.join(str(round(255 * part)) for part in to_rgb(color))})"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_is_drawn_as_python_would_draw_it(page, name, language):
    picture = EXPLORERS[name](language).picture
    expect_the_page_to_show(page, picture, some_states(picture))


def test_all_that_a_picture_can_have_is_drawn_in_every_state(page):
    every = [{"line": line, "ending": ending} for line in (1, 0) for ending in (2, 0, 1)]
    expect_the_page_to_show(page, synthetic(), every)


def test_after_its_end_a_picture_is_drawn_no_more(page):
    picture = synthetic()
    draw(page, picture)
    page.evaluate("live.end()")
    (seen,) = page.evaluate("seenIn([{ line: 1, ending: 2 }])")
    assert seen["caption"] == picture.caption


SLIDER = """<div class="widget-inline-hbox"><label class="widget-label">{name}</label><div role="slider"></div></div>"""
PLAY = """<div class="widget-play"><button><i class="fa fa-play"></i></button></div>"""
EXPLORER = """<div class="widget-vbox"><div class="explorer-controls">{controls}</div><div id="place"></div></div>"""


@pytest.fixture
def around(page):
    """Put on the page what stands around a picture."""
    yield lambda html: page.evaluate("(html) => { document.body.innerHTML = html; }", html)
    page.evaluate("document.body.innerHTML = ''")


def test_sliders_and_the_buttons_of_play_get_names_even_those_that_come_later(page, around):
    around(EXPLORER.format(controls=SLIDER.format(name="Steps shown") + PLAY))
    draw(page, synthetic())
    expect(page.get_by_role("slider", name="Steps shown")).to_have_count(1)
    expect(page.get_by_role("button", name="Play")).to_have_count(1)
    add = "(html) => document.querySelector('.explorer-controls').insertAdjacentHTML('beforeend', html)"
    page.evaluate(add, SLIDER.format(name="Learning rate"))
    expect(page.get_by_role("slider", name="Learning rate")).to_have_count(1)


def test_controls_that_come_after_the_picture_get_names(page, around):
    around("""<div class="widget-vbox"><div id="place"></div></div>""")
    draw(page, synthetic())
    page.wait_for_timeout(150)  # the picture has arrived
    controls = f"""<div class="explorer-controls">{SLIDER.format(name="Steps shown")}</div>"""
    page.evaluate("(html) => document.querySelector('.widget-vbox').insertAdjacentHTML('afterbegin', html)", controls)
    expect(page.get_by_role("slider", name="Steps shown")).to_have_count(1)


def test_moving_the_picture_does_not_look_for_names_again(page, around):
    around(EXPLORER.format(controls=SLIDER.format(name="Steps shown")))
    draw(page, synthetic())
    expect(page.get_by_role("slider", name="Steps shown")).to_have_count(1)
    searches = page.evaluate("""async () => {
        const search = Element.prototype.querySelectorAll;
        let searches = 0;
        Element.prototype.querySelectorAll = function (...given) { searches += 1; return search.apply(this, given); };
        for (let frame = 0; frame < 12; frame++) {
            live.model.choose({ ending: frame % 3 });
            await new Promise(requestAnimationFrame);
        }
        await new Promise((done) => setTimeout(done));
        Element.prototype.querySelectorAll = search;
        return searches;
    }""")
    assert searches == 0
