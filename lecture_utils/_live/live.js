// @ts-check
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

// The path data of a mark: `line` joins its points, `dots`, if wanted, is a zero-length stroke at each, `head` at the
// last, which is returned, too: there is none where all are gaps.
function pathData(xs, ys, count, [left, top, width, height], dotted) {
  let line = "", dots = "", last = null, joined = false;
  for (let k = 0; k < count; k++) {
    if (xs[k] === GAP || ys[k] === GAP) { joined = false; continue; }
    const x = (left + (xs[k] / 65534 * 3 - 1) * width).toFixed(1);
    const y = (top + (2 - ys[k] / 65534 * 3) * height).toFixed(1);
    line += `${joined ? "L" : "M"}${x} ${y}`;
    if (dotted) dots += `M${x} ${y}h0`;
    last = { x, y };
    joined = true;
  }
  return { line, dots, head: last ? `M${last.x} ${last.y}h0` : "", last };
}

function show(images, shown) {
  images.forEach((image, index) => image.setAttribute("visibility", index === shown ? "visible" : "hidden"));
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
      const text = element("text", { fill: mark.color, "font-size": mark.size, "text-anchor": mark.anchor }, group);
      return { ...mark, group, text };
    }
    const stroke = { fill: "none", stroke: mark.color, "stroke-linecap": "round", "stroke-linejoin": "round" };
    const parts = Object.entries(mark.widths).map(([part, strokeWidth]) =>
      [part, element("path", { ...stroke, "stroke-width": strokeWidth, "stroke-opacity": mark.opacity }, group)]);
    return { ...mark, group, parts };
  });
  for (const { group, name } of marks) group.dataset.mark = name;

  function draw() {
    show(backgrounds, row(scene.backgrounds.by));
    for (const mark of marks) {
      const visible = Object.entries(mark.when).every(([name, index]) => model.get(name) === index);
      mark.group.setAttribute("visibility", visible ? "visible" : "hidden");
      if (mark.pngs) show(mark.pngs, visible ? row(mark.images.by) : -1);
      if (!visible || mark.pngs) continue;
      const count = mark.until ? mark.until.counts[row(mark.until.by)] : mark.points;
      const [xs, ys] = [column(mark.x, mark.points), column(mark.y, mark.points)];
      const { last, ...data } = pathData(xs, ys, count, mark.box, Boolean(mark.widths?.dots));
      if (mark.text) {
        mark.text.textContent = last ? mark.texts.rows[row(mark.texts.by)] : "";
        for (const [axis, place] of Object.entries(last ?? {})) mark.text.setAttribute(axis, place);
      } else {
        for (const [part, node] of mark.parts) node.setAttribute("d", data[part]);
      }
    }
    const { template, fields } = scene.caption;
    const said = template.replace(/\{(\w+)\}/g, (_, name) => fields[name].rows[row(fields[name].by)]);
    svg.setAttribute("aria-label", said);
    caption.textContent = said;
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
