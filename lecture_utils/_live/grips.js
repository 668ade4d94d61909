// @ts-check
// What can be taken hold of on a picture, by mouse, touch, pen and keyboard.
import { onPicture } from "./geometry.js";
import { element, put } from "./nodes.js";

// Where a pointer is on the picture.
function placeOn(svg, { clientX, clientY }) {
  const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
  return [point.x, point.y];
}

// Lets the reader take hold of a mark: `taken` is asked where the pointer is, and returns what is to be done when it
// goes elsewhere; `pressed` is told keys, and says whether it knows them.
export function grip(svg, { choice, name, taken, pressed, place, range }) {
  const handle = element("circle", { class: "grip", role: "slider", tabindex: 0, "data-grab": choice,
    "aria-label": name, "aria-valuemin": 0, "aria-valuemax": range }, svg);
  let held = null;

  const at = (event) => placeOn(svg, event);
  function take(event) {
    if (held || !event.isPrimary || event.button > 0) return;
    held = { id: event.pointerId, follow: taken(...at(event)) };
    handle.setPointerCapture(event.pointerId);
    handle.focus({ preventScroll: true });
    event.preventDefault();
    event.stopPropagation();
  }
  const move = (event) => { if (held?.id === event.pointerId) held.follow(...at(event)); };
  const leave = (event) => { if (held?.id === event.pointerId) held = null; };
  function press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !pressed(event.key)) return;
    event.preventDefault();
    event.stopPropagation(); // a page around may turn its pages by these keys
  }
  handle.addEventListener("pointerdown", take);
  handle.addEventListener("pointermove", move);
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) handle.addEventListener(end, leave);
  handle.addEventListener("keydown", press);
  // Or else the page would begin to scroll: not every browser heeds touch-action on a part of an SVG.
  handle.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  return {
    // Stands where the mark is; `radius` is 12 px or more on the screen.
    follow(radius) {
      const now = place();
      put(handle, { visibility: now ? "visible" : "hidden" });
      if (!now) return;
      put(handle, { cx: now.at[0], cy: now.at[1], r: radius, "aria-valuenow": now.value });
    },
    say(text) { put(handle, { "aria-valuetext": text }); },
  };
}

// Lets the reader point at what a choice would be, with the mouse or by a tap.
export function pointing(svg, pointed) {
  const point = (event) => { if (!event.buttons) pointed(...placeOn(svg, event)); };
  svg.addEventListener("pointermove", point);
  svg.addEventListener("click", point);
}

// A mark that shows a choice: of all its values, the one that brings the mark nearest to the pointer becomes the choice.
// A mark that stays where it is, such as a number, is scrubbed: each SCRUB points to the right are one value more.
const SCRUB = 12, REACH = 14; // pointing at a mark does from so far off
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 };

export function byChoice(mark, { size, chosen, placeAt, choose }) {
  const allPlaces = () => Array.from({ length: size }, (_, value) => placeAt(value)); // null where it would not be seen
  function nearest(places, x, y, least = Infinity) {
    let best = chosen();
    places.forEach((at, value) => {
      const distance = at ? Math.hypot(at[0] - x, at[1] - y) : Infinity;
      if (distance < least) [best, least] = [value, distance];
    });
    return best;
  }
  return {
    range: size - 1,
    pointed(x, y) {
      const best = nearest(allPlaces(), x, y, REACH);
      if (best !== chosen()) choose(best);
    },
    place() {
      const at = placeAt(chosen());
      return at && { at, value: chosen() };
    },
    taken(startX, startY) {
      let places = allPlaces(), { box } = mark;
      const stays = places.every((at) => !at || (at[0] === places[0]?.[0] && at[1] === places[0]?.[1]));
      const from = chosen(), [markX, markY] = places[from] ?? [startX, startY];
      if (stays) return (x) => choose(from + Math.round((x - startX) / SCRUB));
      return (x, y) => {
        if (mark.box !== box) [places, box] = [allPlaces(), mark.box]; // the page has got another width meanwhile
        choose(nearest(places, x + markX - startX, y + markY - startY));
      };
    },
    pressed(key) {
      if (key in KEYS) choose(chosen() + KEYS[key]);
      return key in KEYS;
    },
  };
}

// A mark that shows a point: it goes where the pointer goes, and by STEP of its axes with a key.
const STEP = 0.02;
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function byPoint(mark, { isDrawn, placed, move, first }) {
  const lengths = [mark.x.high - mark.x.low, mark.y.high - mark.y.low];
  function place() {
    if (!isDrawn()) return null;
    const [x, y] = placed().map((at, axis) => (at - [mark.x, mark.y][axis].low) / lengths[axis]);
    return { at: onPicture(mark.box, x, y), value: Math.round(100 * x) };
  }
  return {
    range: 100,
    place,
    taken(startX, startY) {
      const { at: [markX, markY] } = place(), [left, top, width, height] = mark.box;
      return (x, y) => move([
        mark.x.low + (x + markX - startX - left) / width * lengths[0],
        mark.y.low + (top + height - y - markY + startY) / height * lengths[1],
      ]);
    },
    pressed(key) {
      if (key === "Home") move(first);
      else if (key in WAYS) move(placed().map((at, axis) => at + STEP * WAYS[key][axis] * lengths[axis]));
      else return false;
      return true;
    },
  };
}
