// Draws a LivePicture: looks the chosen rows up in the table and lays them over the background.
// Positions are 16-bit: 0 … 65534 cover three boxes' widths, the middle one being the axes; 65535 is a gap.
const SVG = "http://www.w3.org/2000/svg";
const GAP = 65535;

function element(name, attributes, parent) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.append(node);
  return node;
}

// The path data of a mark: `line` joins its points, `dots` is a zero-length stroke at each, `head` at the last.
function pathData(xs, ys, count, [left, top, width, height]) {
  let line = "", dots = "", head = "", joined = false;
  for (let k = 0; k < count; k++) {
    if (xs[k] === GAP || ys[k] === GAP) { joined = false; continue; }
    const x = (left + (xs[k] / 65534 * 3 - 1) * width).toFixed(1);
    const y = (top + (2 - ys[k] / 65534 * 3) * height).toFixed(1);
    line += `${joined ? "L" : "M"}${x} ${y}`;
    head = `M${x} ${y}h0`;
    dots += head;
    joined = true;
  }
  return { line, dots, head };
}

function show(images, shown) {
  images.forEach((image, index) => image.setAttribute("visibility", index === shown ? "visible" : "hidden"));
}

// ipywidgets leave the handles of sliders and the buttons of Play without a name that a screen reader could say.
function nameControls(explorer, buttons) {
  for (const handle of explorer.querySelectorAll("[role=slider]:not([aria-label])")) {
    const label = handle.closest(".widget-inline-hbox")?.querySelector(".widget-label");
    if (label) handle.setAttribute("aria-label", label.textContent);
  }
  for (const [icon, name] of Object.entries(buttons)) {
    explorer.querySelectorAll(`.widget-play .fa-${icon}`).forEach((sign) => (sign.parentElement.title = name));
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

// Names the controls of the explorer around a picture once it is on the page, and again when they change.
function keepControlsNamed(root, buttons) {
  let changes = null, leaveKeys = null;
  const arrival = setInterval(() => { // a ResizeObserver would wait until the reader scrolls there
    if (!root.isConnected) return;
    clearInterval(arrival);
    const explorer = root.closest(".widget-vbox");
    if (!explorer) return;
    nameControls(explorer, buttons);
    leaveKeys = keepKeys(explorer);
    changes = new MutationObserver(() => nameControls(explorer, buttons));
    changes.observe(explorer, { childList: true, subtree: true });
  }, 50);
  return () => { clearInterval(arrival); changes?.disconnect(); leaveKeys?.(); };
}

function render({ model, el }) {
  const scene = model.get("scene");
  const view = model.get("table");
  const table = new Uint16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  // A list by choices is flat; its row is found as in a C array.
  const row = (by) => by.reduce((index, name) => index * scene.choices[name] + model.get(name), 0);
  const column = ({ offset, by }, points) => table.subarray(offset + row(by) * points, offset + (row(by) + 1) * points);

  const root = document.createElement("figure");
  root.className = "live-picture";
  const svg = element("svg", { viewBox: `0 0 ${scene.width} ${scene.height}`, role: "img" }, root);
  svg.style.setProperty("--width", `${scene.width}px`);
  const backgrounds = scene.backgrounds.images.map((source) => element("image",
    { href: `data:image/svg+xml,${encodeURIComponent(source)}`, width: scene.width, height: scene.height }, svg));
  const words = document.createElement("figcaption");
  words.setAttribute("role", "status");
  root.append(words);

  const marks = scene.marks.map((mark) => {
    if (mark.images) {
      const [x, y, width, height] = mark.box;
      const group = element("g", {}, svg);
      group.dataset.mark = mark.name;
      svg.prepend(group); // under the background
      const images = mark.images.rows.map((png) => element("image",
        { href: `data:image/png;base64,${png}`, x, y, width, height, preserveAspectRatio: "none" }, group));
      return { ...mark, group, pngs: images };
    }
    const [left, top, width, height] = mark.clip;
    const group = element("svg", { x: left, y: top, width, height, viewBox: mark.clip.join(" ") }, svg);
    group.dataset.mark = mark.name;
    if (mark.texts) {
      const text = element("text", { fill: mark.color, "font-size": mark.size, "text-anchor": mark.anchor }, group);
      return { ...mark, group, text };
    }
    const stroke = { fill: "none", stroke: mark.color, "stroke-linecap": "round", "stroke-linejoin": "round" };
    const parts = Object.entries(mark.widths).map(([part, strokeWidth]) =>
      [part, element("path", { ...stroke, "stroke-width": strokeWidth, "stroke-opacity": mark.opacity }, group)]);
    return { ...mark, group, parts };
  });

  function draw() {
    show(backgrounds, row(scene.backgrounds.by));
    for (const mark of marks) {
      const visible = Object.entries(mark.when).every(([name, index]) => model.get(name) === index);
      mark.group.setAttribute("visibility", visible ? "visible" : "hidden");
      if (mark.pngs) show(mark.pngs, visible ? row(mark.images.by) : -1);
      if (!visible || mark.pngs) continue;
      const count = mark.until ? mark.until.counts[row(mark.until.by)] : mark.points;
      const [xs, ys] = [column(mark.x, mark.points), column(mark.y, mark.points)];
      const data = pathData(xs, ys, count, mark.box);
      if (mark.text) {
        const [, x, y] = data.head.match(/M(\S+) (\S+)h0/) || [0, -999, -999];
        mark.text.setAttribute("x", x);
        mark.text.setAttribute("y", y);
        mark.text.textContent = mark.texts.rows[row(mark.texts.by)];
      } else {
        for (const [part, node] of mark.parts) node.setAttribute("d", data[part]);
      }
    }
    const said = scene.caption.template.replace(/\{(\w+)\}/g, (_, name) => {
      const field = scene.caption.fields[name];
      return field.rows[row(field.by)];
    });
    svg.setAttribute("aria-label", said);
    words.textContent = said;
  }

  let waiting = 0;
  const redraw = () => { waiting ||= requestAnimationFrame(() => { waiting = 0; draw(); }); };
  const events = Object.keys(scene.choices).map((name) => `change:${name}`);
  for (const event of events) model.on(event, redraw);
  draw();
  el.append(root);
  const leaveControls = keepControlsNamed(root, scene.buttons);
  return () => {
    leaveControls();
    for (const event of events) model.off(event, redraw);
  };
}

export default { render };
