// @ts-check
// Draws a LivePicture: looks the chosen rows up in the table and lays them over the background.
// Positions are 16-bit: 0 … 65534 cover three boxes' widths, the middle one being the axes; 65535 is a gap. Here they
// are fractions of the axes, and a gap is NaN.
const SVG = "http://www.w3.org/2000/svg";
const GAP = 65535, BORDER = 1e-6; // so far off the axes, a point counts as on their border

function put(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  return node;
}

function element(name, attributes, parent) {
  const node = put(document.createElementNS(SVG, name), attributes);
  parent.append(node);
  return node;
}

// Where a point given in fractions of the axes stands on the picture.
const onPicture = ([left, top, width, height], x, y) => [left + x * width, top + (1 - y) * height];
const short = (value) => Math.round(clamp(value, -1e6, 1e6) * 100) / 100; // farther, a browser cannot draw

// The path data of a mark: `line` joins its points, `dots`, if wanted, is a zero-length stroke at each, `head` at the
// last one, `arrow` points there.
function pathData(mark, drawn) {
  const { xs, ys, first, count } = drawn;
  let line = "", dots = "", last = null, before = null, joined = false;
  for (let k = first; k < count; k++) {
    if (Number.isNaN(xs[k]) || Number.isNaN(ys[k])) { joined = false; continue; }
    before = last;
    last = onPicture(mark.box, xs[k], ys[k]);
    const place = `${short(last[0])} ${short(last[1])}`;
    line += `${joined ? "L" : "M"}${place}`;
    if (mark.widths.dots) dots += `M${place}h0`;
    joined = true;
  }
  const arrow = !mark.widths.arrow ? "" : mark.beyond ? arrowBeyond(mark, drawn) :
    before ? arrowhead(last, last[0] - before[0], last[1] - before[1], mark.widths.arrow) : "";
  return { line, dots, arrow, head: last ? `M${short(last[0])} ${short(last[1])}h0` : "" };
}

// The same as in arrows.py: where the last of some points is shown, and which way it lies if it is outside the axes.
function atBorder({ xs, ys, count }, how) {
  const from = [xs[0], ys[0]], to = [xs[count - 1], ys[count - 1]];
  if (to.some(Number.isNaN) || to.every(isInside)) return { place: to, way: null };
  const share = Math.min(...to.map((part, i) =>
    isInside(part) ? 1 : part > 1 ? (1 - from[i]) / (part - from[i]) : from[i] / (from[i] - part)));
  const place = to.map((part, i) => clamp(how === "ray" ? from[i] + share * (part - from[i]) : part, 0, 1));
  const beyond = to.map((part, i) => part - place[i]), most = Math.max(...beyond.map(Math.abs));
  return { place, way: beyond.map((part) => part / most) };
}

function arrowBeyond({ box, beyond, widths }, drawn) {
  const { place, way } = atBorder(drawn, beyond);
  if (!way) return "";
  const [across, up] = [way[0] * box[2], way[1] * box[3]], far = 1e3 / Math.hypot(across, up);
  return arrowhead(onPicture(box, place[0], place[1]), across * far, -up * far, widths.arrow);
}

function arrowhead(tip, right, down, wanted) {
  const [x, y] = tip, far = Math.hypot(right, down), length = Math.min(wanted, 0.7 * far);
  if (!(length > 1)) return "";
  const [dx, dy] = [right / far * length, down / far * length];
  const point = (right, down) => `${short(x + right)} ${short(y + down)}`;
  return `M${point(dy / 2 - dx, -dy - dx / 2)}L${point(0, 0)}L${point(-dx - dy / 2, dx / 2 - dy)}`;
}

const isInside = (part) => part >= -BORDER && part <= 1 + BORDER;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// The same as in motion.py.
function number(value, digits) {
  const size = Math.abs(value), sign = value < 0 ? "−" : "";
  if (size === 0) return "0";
  if (!(size <= 3.4028234663852886e38)) return `${sign}∞`;
  const [mantissa, power] = size.toExponential(digits - 1).split("e");
  if (Math.abs(Number(power)) < 4) return sign + size.toFixed(Math.max(digits - 1 - Number(power), 0));
  return `${sign}${mantissa}·10${String(Number(power)).replace(/./g, (letter) => SUPERSCRIPTS[letter])}`;
}
const SUPERSCRIPTS = { "-": "⁻", ...Object.fromEntries([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((letter, digit) => [digit, letter])) };

function show(images, shown) {
  images.forEach((image, index) => put(image, { visibility: index === shown ? "visible" : "hidden" }));
}

// ipywidgets leave the handles of sliders and the buttons of Play without a name that a screen reader could say.
function nameControls(controls, buttons) {
  for (const handle of controls.querySelectorAll("[role=slider]:not([aria-label])")) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    if (label) handle.setAttribute("aria-label", label.textContent);
  }
  for (const [icon, name] of Object.entries(buttons)) {
    controls.querySelectorAll(`.widget-play .fa-${icon}`).forEach((sign) => (sign.parentElement.title = name));
  }
}

// A notebook would take the keys of a control for shortcuts of its own. It looks for them on the document, before any
// element below hears of a key, but passes over an element with this attribute.
const ANSWERED = [
  ["[role=slider]", ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]],
  ["button", ["Enter", " "]],
];
function keepKeys(explorer) {
  const keep = (event) => {
    const { target, key } = event;
    if (!explorer.contains(target)) return;
    const answered = ANSWERED.some(([control, keys]) => target.closest(control) && keys.includes(key));
    const plain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    target.toggleAttribute("data-lm-suppress-shortcuts", answered && plain);
  };
  addEventListener("keydown", keep, true);
  return () => removeEventListener("keydown", keep, true);
}

// Names the controls of the explorer around a picture once both are on the page, and again when they change.
function keepControlsNamed(root, buttons) {
  let explorer = null, leaveKeys = null;
  const changes = new MutationObserver(name);
  function name() {
    const controls = explorer.querySelector(":scope > .explorer-controls");
    if (!controls) return;
    nameControls(controls, buttons);
    changes.observe(controls, { childList: true, subtree: true }); // not the caption, which is new in each frame
  }
  const arrival = setInterval(() => { // a ResizeObserver would wait until the reader scrolls there
    if (!root.isConnected) return;
    clearInterval(arrival);
    explorer = root.closest(".widget-vbox");
    if (!explorer) return;
    changes.observe(explorer, { childList: true }); // its controls may come after the picture
    leaveKeys = keepKeys(explorer);
    name();
  }, 50);
  return () => { clearInterval(arrival); changes.disconnect(); leaveKeys?.(); };
}

// Lets the reader take hold of a mark: `taken` is asked where the pointer is, and returns what is to be done when it
// goes elsewhere; `pressed` is told keys, and says whether it knows them.
function grip(svg, { choice, name, taken, pressed, place, range, say }) {
  const handle = element("circle", { class: "grip", role: "slider", tabindex: 0, "data-grab": choice,
    "aria-label": name, "aria-valuemin": 0, "aria-valuemax": range }, svg);
  let held = null;

  function at({ clientX, clientY }) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }
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
      put(handle, { cx: now.at[0], cy: now.at[1], r: radius, "aria-valuenow": now.value, "aria-valuetext": say() });
    },
  };
}

// A mark that shows a choice: of all its values, the one that brings the mark nearest to the pointer becomes the choice.
// A mark that stays where it is, such as a number, is scrubbed: each SCRUB points to the right are one value more.
const SCRUB = 12;
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 };

function byChoice({ size, chosen, placeAt, choose }) {
  return {
    range: size - 1,
    place() {
      const at = placeAt(chosen());
      return at && { at, value: chosen() };
    },
    taken(startX, startY) {
      const places = Array.from({ length: size }, (_, value) => placeAt(value)); // null where it would not be seen
      const stays = places.every((at) => !at || (at[0] === places[0]?.[0] && at[1] === places[0]?.[1]));
      const from = chosen(), [markX, markY] = places[from] ?? [startX, startY];
      if (stays) return (x) => choose(from + Math.round((x - startX) / SCRUB));
      return (x, y) => {
        let best = chosen(), least = Infinity;
        places.forEach((at, value) => {
          const distance = at ? Math.hypot(at[0] - x - (markX - startX), at[1] - y - (markY - startY)) : Infinity;
          if (distance < least) [best, least] = [value, distance];
        });
        choose(best);
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

function byPoint(mark, { isDrawn, placed, move, first }) {
  const [left, top, width, height] = mark.box;
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
      const { at: [markX, markY] } = place();
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

function render({ model, el }) {
  const scene = model.get("scene");
  const view = model.get("table");
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const table = new Uint16Array(bytes, 0, scene.positions);
  const factors = new Float32Array(bytes, 4 * Math.ceil(scene.positions / 2));
  // A list by choices is flat; its row is found as in a C array. What is imagined stands before what is chosen.
  const row = (by, imagined = {}) =>
    by.reduce((index, name) => index * scene.choices[name] + (imagined[name] ?? model.get(name)), 0);

  // The same as in motion.py: where a point stands, and the numbers that follow it.
  const placed = ({ point, low, high }) => model.get(point).map((at, axis) => clamp(at, low[axis], high[axis]));
  function numbers({ motion: index, weights, constant, power }, imagined) {
    const motion = scene.motions[index], { points, offset, origin } = motion;
    const [x, y] = placed(motion).map((at, axis) => at - origin[axis]);
    const along = motion.directions.map((direction) => direction[0] * x + direction[1] * y);
    const start = offset + row(motion.by, imagined) * points * 2, values = new Float64Array(points);
    for (let k = 0; k < points; k++) {
      let value = constant;
      for (let i = 0; i < 2; i++) {
        const deviation = along[i] && clamp(along[i] * factors[start + 2 * k + i], -1e150, 1e150);
        value += weights[i] * (power === 1 ? deviation : deviation * deviation);
      }
      values[k] = value;
    }
    return values;
  }

  // One coordinate of all points of a mark, in fractions of its axes.
  function fractions(column, points, imagined) {
    if (column.weights) {
      const { low, high, log } = column, length = high - low;
      const scaled = log ? (value) => Math.log10(Math.max(value, 1e-300)) : (value) => value;
      return numbers(column, imagined).map((value) => (scaled(value) - low) / length);
    }
    const start = column.offset + row(column.by, imagined) * points;
    return Float64Array.from(table.subarray(start, start + points), (at) => (at === GAP ? NaN : at / 65534 * 3 - 1));
  }
  function drawnPart(mark, imagined) {
    const xs = fractions(mark.x, mark.points, imagined), ys = fractions(mark.y, mark.points, imagined);
    let count = mark.until ? mark.until.counts[row(mark.until.by, imagined)] : mark.points;
    for (let k = 0; mark.leaves && k < count; k++) if (!isInside(xs[k]) || !isInside(ys[k])) count = k + 1;
    const last = mark.beyond || mark.texts ? 1 : mark.last ?? count;
    return { xs, ys, count, first: Math.max(count - last, 0) };
  }
  // Where a mark would be taken hold of: at its last point, or nowhere.
  function placeOf(mark, imagined) {
    const { xs, ys, first, count } = drawnPart(mark, imagined);
    let k = count - 1;
    while (k >= first && (Number.isNaN(xs[k]) || Number.isNaN(ys[k]))) k--;
    const far = Math.max(Math.abs(xs[k] - 0.5), Math.abs(ys[k] - 0.5));
    return k < first || (mark.widths && far > 0.52) ? null : onPicture(mark.box, xs[k], ys[k]);
  }

  function field({ rows, by }) {
    const said = rows[row(by)];
    if (typeof said === "string") return said;
    const value = numbers(said)[said.at.rows[row(said.at.by)]];
    return Math.abs(value) < said.floor ? said.low : said.sign + number(value, said.digits);
  }
  const words = ({ template, fields, rows, by }) =>
    (template ? template.replace(/\{(\w+)\}/g, (_, name) => field(fields[name])) : rows[row(by)]);
  function write(mark) {
    const drawn = drawnPart(mark), { place, way } = atBorder(drawn, mark.beyond);
    const hidden = place.some(Number.isNaN) || (mark.beyond === "ray" && !way);
    mark.text.textContent = hidden ? "" : words(mark.texts);
    if (hidden) return;
    const left = place[0] < 0.62, [x, y] = onPicture(mark.box, place[0], place[1]);
    const [right, down] = mark.beyond ? [left ? 12 : -12, place[1] > 0.85 ? 20 : -10] : [0, 0];
    const anchor = !mark.beyond ? mark.anchor : left ? "start" : "end";
    put(mark.text, { x: short(x + right), y: short(y + down), "text-anchor": anchor });
  }
  const isDrawn = (mark) => Object.entries(mark.when).every(([name, index]) => model.get(name) === index);

  const root = document.createElement("figure");
  root.className = "live-picture";
  const role = scene.marks.some((mark) => mark.grab) ? "group" : "img"; // of an image, no part can be reached
  const svg = element("svg", { viewBox: `0 0 ${scene.width} ${scene.height}`, role }, root);
  svg.style.setProperty("--width", `${scene.width}px`);
  const backgrounds = scene.backgrounds.images.map((source) => element("image",
    { href: `data:image/svg+xml,${encodeURIComponent(source)}`, width: scene.width, height: scene.height }, svg));
  const caption = document.createElement("figcaption");
  caption.setAttribute("role", "status");
  root.append(caption);

  const marks = scene.marks.map((mark) => {
    if (mark.images) {
      const [x, y, width, height] = mark.box;
      const group = element("g", {}, svg);
      svg.prepend(group); // under the background
      const pngs = mark.images.rows.map((png) => element("image",
        { href: `data:image/png;base64,${png}`, x, y, width, height, preserveAspectRatio: "none" }, group));
      return { ...mark, group, pngs };
    }
    const [left, top, width, height] = mark.clip;
    const group = element("svg", { x: left, y: top, width, height, viewBox: mark.clip.join(" ") }, svg);
    if (mark.texts) {
      const look = { fill: mark.color, "font-size": mark.size, "text-anchor": mark.anchor };
      const text = element("text", { ...look, class: mark.halo ? "halo" : "" }, group);
      return { ...mark, group, text };
    }
    const stroke = { fill: "none", stroke: mark.color, "stroke-linecap": "round", "stroke-linejoin": "round" };
    const parts = Object.entries(mark.widths).map(([part, width]) => [part, element("path",
      { ...stroke, "stroke-width": part === "arrow" ? width / 4 : width, "stroke-opacity": mark.opacity }, group)]);
    return { ...mark, group, parts };
  });
  for (const { group, name } of marks) group.dataset.mark = name;

  function draw() {
    show(backgrounds, row(scene.backgrounds.by));
    for (const mark of marks) {
      const visible = isDrawn(mark);
      put(mark.group, { visibility: visible ? "visible" : "hidden" });
      if (mark.pngs) show(mark.pngs, visible ? row(mark.images.by) : -1);
      if (!visible || mark.pngs) continue;
      if (mark.text) {
        write(mark);
        continue;
      }
      const data = pathData(mark, drawnPart(mark));
      for (const [part, node] of mark.parts) node.setAttribute("d", data[part]);
    }
    const said = words(scene.caption);
    svg.setAttribute("aria-label", said);
    caption.textContent = said;
    for (const one of grips) one.follow(radius);
  }

  function set(name, value) {
    model.set(name, value);
    model.save_changes();
  }
  // What taking hold of a mark changes: one of its choices, or the point that it shows.
  function changes(mark) {
    const name = mark.grab;
    if (name in scene.choices) {
      const size = scene.choices[name];
      return byChoice({
        size,
        chosen: () => model.get(name),
        placeAt: (value) => (isDrawn(mark) ? placeOf(mark, { [name]: value }) : null),
        choose: (value) => set(name, clamp(value, 0, size - 1)),
      });
    }
    const motion = scene.motions[mark.x.motion];
    return byPoint(mark, {
      isDrawn: () => isDrawn(mark),
      placed: () => placed(motion),
      move: (place) => set(name, place.map((at, axis) => clamp(at, motion.low[axis], motion.high[axis]))),
      first: scene.placed[name],
    });
  }
  let radius = 12; // of a grip, in points of the picture
  const grips = marks.filter((mark) => mark.grab).map((mark) =>
    grip(svg, { choice: mark.grab, name: scene.names[mark.grab], say: () => caption.textContent, ...changes(mark) }));
  const resized = new ResizeObserver(([{ contentRect }]) => {
    radius = Math.max(12, 14 / (Math.min(contentRect.width / scene.width, contentRect.height / scene.height) || 1));
    for (const one of grips) one.follow(radius);
  });
  resized.observe(svg);

  let waiting = 0;
  const redraw = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; draw(); }); };
  const events = Object.keys({ ...scene.choices, ...scene.placed }).map((name) => `change:${name}`);
  for (const event of events) model.on(event, redraw);
  draw();
  el.append(root);
  const leaveControls = keepControlsNamed(root, scene.buttons);
  return () => {
    leaveControls();
    resized.disconnect();
    for (const event of events) model.off(event, redraw);
  };
}

export default { render };
