// @ts-check
// Draws live pictures with live.js on a bare page, and tells what is seen there, in points of the picture.

// A model as anywidget gives it to live.js, without a kernel.
class Model {
  constructor(traits) {
    this.traits = traits;
    this.reactions = {};
  }
  get(name) { return this.traits[name]; }
  on(event, react) { (this.reactions[event] ??= new Set()).add(react); }
  off(event, react) { this.reactions[event].delete(react); }
  set(name, value) { this.choose({ [name]: value }); }
  save_changes() {}
  choose(choices) {
    for (const [name, value] of Object.entries(choices)) {
      this.traits[name] = value;
      this.reactions[`change:${name}`]?.forEach((react) => react());
    }
  }
}

const live = {}; // live.js itself, the model drawn last, and what live.js left for the end

// Draws a picture, whose table is given in base64, in a place of its own, which the page may have prepared.
async function drawPicture(source, traits, table) {
  const { default: widget } = await import(`data:text/javascript;charset=utf-8,${encodeURIComponent(source)}`);
  live.widget = widget;
  const bytes = Uint8Array.from(`??${atob(table)}`, (letter) => letter.charCodeAt(0)); // it need not begin its buffer
  live.model = new Model({ ...traits, table: new DataView(bytes.buffer, 2) });
  const el = document.createElement("div");
  (document.querySelector("#place") ?? document.body).replaceChildren(el);
  live.end = widget.render({ model: live.model, el });
}

// Shows the picture drawn last once more, below.
function again() {
  const el = document.createElement("div");
  document.querySelector(".live-picture").parentElement.append(el);
  live.widget.render({ model: live.model, el });
}

// Presses a key on one of the handles that pictures are grabbed by.
function press(number, key) {
  const handle = document.querySelectorAll(".grip")[number];
  handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

// Makes the choices of each state, and lists what `look` returns then. Where each part stands is known before it is painted: live.js
// draws as soon as it asks for a frame, and not when the screen has one.
async function inEach(states, look) {
  const seen = [], paced = window.requestAnimationFrame;
  await new Promise(paced); // what is still to be drawn is drawn
  window.requestAnimationFrame = (draw) => (queueMicrotask(() => draw(performance.now())), 1);
  try {
    for (const state of states) {
      live.model.choose(state);
      await new Promise(requestAnimationFrame);
      seen.push(look(state));
    }
  } finally {
    window.requestAnimationFrame = paced;
  }
  return seen;
}

// Tells what is seen in each state.
function seenIn(states) {
  return inEach(states, seenNow);
}

function seenNow() {
  /** @type {SVGSVGElement} */
  const svg = document.querySelector(".live-picture > svg");
  const order = [...svg.querySelectorAll("*")];
  // Where a node's own points are on the picture; no mark is turned.
  const places = (node, points) => {
    const { a, d, e, f } = svg.getScreenCTM().inverse().multiply(node.getScreenCTM());
    return points.map(([x, y]) => [a * Number(x) + e, d * Number(y) + f]);
  };
  const look = (node, names) => {
    const style = getComputedStyle(node);
    return { order: order.indexOf(node), ...Object.fromEntries(names.map((name) => [name, style[name]])) };
  };
  const path = (node) => ({
    ...look(node, ["fill", "stroke", "strokeWidth", "strokeOpacity", "strokeLinecap"]),
    // M begins a stroke, L goes on.
    lengths: node.getAttribute("d").split(/(?=M)/).filter(Boolean).map((stroke) => stroke.match(/[ML]/g).length),
    places: places(node, [...node.getAttribute("d").matchAll(/[ML]([^ ]+) ([^MLh]+)/g)].map(([, x, y]) => [x, y])),
  });
  const text = (node) => ({
    ...look(node, ["fill", "fontSize", "textAnchor"]),
    text: node.textContent,
    places: places(node, [[node.getAttribute("x"), node.getAttribute("y")]]),
  });
  const image = (node) => {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => node[name].baseVal.value);
    return {
      ...look(node, []),
      source: node.getAttribute("href"),
      places: places(node, [[x, y], [x + width, y + height]]),
      fills: node.getAttribute("preserveAspectRatio") === "none",
    };
  };
  const seen = (nodes) => [...nodes].filter((node) =>
    node.checkVisibility({ visibilityProperty: true, opacityProperty: true }));
  const groups = /** @type {HTMLElement[]} */ ([...svg.querySelectorAll("[data-mark]")]);
  const marks = groups.map((group) => [group.dataset.mark, {
    paths: seen(group.querySelectorAll("path")).map(path),
    texts: seen(group.querySelectorAll("text")).map(text),
    images: seen(group.querySelectorAll("image")).map(image),
  }]);
  return {
    marks: Object.fromEntries(marks),
    backgrounds: seen(svg.querySelectorAll(":scope > image")).map(image),
    caption: document.querySelector(".live-picture > figcaption").textContent,
    label: svg.getAttribute("aria-label"),
  };
}

// Where the texts of the background stand that is seen: its figure is put over it, and taken away again.
const textsOfFigures = new Map();
function textsBehind(svg) {
  const image = [...svg.querySelectorAll(":scope > image")].find((node) => node.checkVisibility({ visibilityProperty: true }));
  const key = `${svg.clientWidth} ${image.getAttribute("href")}`;
  if (!textsOfFigures.has(key)) {
    const over = document.createElement("div");
    over.innerHTML = decodeURIComponent(image.getAttribute("href").split(",").slice(1).join(",")).replace(/^[^]*?(?=<svg)/, "");
    const { left, top, width, height } = svg.getBoundingClientRect(), figure = over.firstElementChild;
    over.style.cssText = `position: fixed; left: ${left}px; top: ${top}px; opacity: 0`;
    figure.setAttribute("width", String(width));
    figure.setAttribute("height", String(height));
    document.body.append(over);
    const boxes = [...figure.querySelectorAll("[id^=text_]")].map((node) => node.getBoundingClientRect());
    textsOfFigures.set(key, boxes.filter((box) => box.width).map((box) => ({ left: box.left - left, right: box.right - left,
      top: box.top - top, bottom: box.bottom - top })));
    over.remove();
  }
  const { left, top } = svg.getBoundingClientRect();
  return textsOfFigures.get(key).map((box) => ({ text: "the background's text", left: box.left + left, right: box.right + left,
    top: box.top + top, bottom: box.bottom + top }));
}

// Whether the line of a mark goes through a box on the page.
function goesThrough(name, box) {
  /** @type {SVGPathElement} */
  const path = document.querySelector(`[data-mark="${name}"] path`);
  if (!path?.checkVisibility({ visibilityProperty: true })) return false;
  const { a, d, e, f } = path.getScreenCTM();
  let before = null;
  for (const [, letter, x, y] of path.getAttribute("d").matchAll(/([ML])([^ ]+) ([^MLh]+)/g)) {
    const [right, down] = [a * Number(x) + e, d * Number(y) + f];
    const [x0, y0] = letter === "L" ? before : [right, down], parts = Math.ceil(Math.hypot(right - x0, down - y0) / 2);
    for (let part = 0; part <= parts; part++) {
      const share = parts && part / parts, at = [x0 + share * (right - x0), y0 + share * (down - y0)];
      if (at[0] > box.left && at[0] < box.right && at[1] > box.top && at[1] < box.bottom) return true;
    }
    before = [right, down];
  }
  return false;
}

// Makes the choices of each state, and tells of words that are cut, or of labels and images that stand one over another, over a text of the
// background, on the line whose readout they are, or with no rim on any line; letters reach less far than lines.
async function overlapping(states) {
  const found = [];
  await inEach(states, (state) => {
    const texts = [...document.querySelectorAll(".live-picture text")].filter((node) =>
      node.textContent && node.checkVisibility({ visibilityProperty: true }));
    const sides = ({ left, right, top, bottom }) => ({ left, right, top, bottom });
    const boxes = texts.map((node) => {
      const { left, right, top, height } = node.getBoundingClientRect();
      return { text: node.textContent, left, right, top: top + 0.2 * height, bottom: top + 0.8 * height };
    });
    const svg = document.querySelector(".live-picture > svg"), picture = svg.getBoundingClientRect();
    texts.forEach((node, index) => {
      const { mark } = node.parentElement.dataset, line = mark.replace(" words", "");
      if (line !== mark && goesThrough(line, boxes[index])) found.push(`${mark} lies on its line in ${JSON.stringify(state)}`);
      if (node.classList.contains("halo")) return;
      for (const other of document.querySelectorAll(".live-picture [data-mark]:not(:has(.light))")) {
        const name = other.getAttribute("data-mark");
        if (goesThrough(name, boxes[index])) found.push(`${name} crosses ${mark} in ${JSON.stringify(state)}`);
      }
    });
    const behind = textsBehind(svg);
    for (const { text, left, right } of [...boxes, ...behind]) {
      if (left < picture.left - 1 || right > picture.right + 1) found.push(`${text} is cut in ${JSON.stringify(state)}`);
    }
    const images = [...svg.querySelectorAll("[data-mark] image")].filter((node) => node.checkVisibility({ visibilityProperty: true }))
      .map((node) => ({ text: node.closest("[data-mark]").getAttribute("data-mark"), ...sides(node.getBoundingClientRect()) }));
    [...boxes, ...images].forEach((one, index) => [...boxes.slice(index + 1), ...behind].forEach((other) => {
      const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      if (across > 1 && down > 1) found.push(`${one.text} over ${other.text} in ${JSON.stringify(state)}`);
    }));
  });
  return found;
}

// Makes the choices of each state, and tells how high the words below the picture are.
async function heights(states) {
  const said = document.querySelector(".live-picture > .said");
  return [...new Set(await inEach(states, () => said.getBoundingClientRect().height))];
}

// Tells the least size of a label on the screen, and how many pixels a point of the picture has there.
function sizes() {
  const svg = /** @type {SVGSVGElement} */ (document.querySelector(".live-picture > svg"));
  const scale = svg.getScreenCTM().a;
  const labels = [...svg.querySelectorAll("text")].filter((node) => node.checkVisibility({ visibilityProperty: true }));
  const type = labels.map((node) => parseFloat(getComputedStyle(node).fontSize) * scale);
  return { layout: svg.parentElement.dataset.layout, scale, least: Math.min(...type) };
}

// Tells which colours marks and labels have.
function colours() {
  const seen = (query, name) => [...document.querySelectorAll(query)].map((node) => getComputedStyle(node)[name]);
  const paper = getComputedStyle(document.querySelector(".live-picture > svg")).backgroundColor;
  return { paper, texts: [...new Set(seen(".live-picture text", "fill"))],
    lines: [...new Set(seen(".live-picture path[stroke-opacity='1']", "stroke"))] };
}

// Makes a choice, perhaps a frame after another, and tells where a mark is in each frame until it is still, or what it says.
async function framesOf(name, choices, others) {
  const part = document.querySelector(`[data-mark="${name}"] :is(path, text)`), frames = [];
  if (others) {
    live.model.choose(others);
    await new Promise(requestAnimationFrame);
  }
  live.model.choose(choices);
  do {
    await new Promise(requestAnimationFrame);
    frames.push(part.getAttribute("d") ?? part.textContent);
  } while (document.querySelector(".live-picture[data-moving]"));
  return frames;
}
