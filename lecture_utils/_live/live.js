// @ts-check
// Draws a LivePicture: lays the rows that are chosen over the background. A picture may have two layouts, of which the
// second is for where there is little room; a mark's box, clip and size are those of the layout that is shown.
import { aroundPicture, pointers, speaker } from "./controls.js";
import { arriving, atBorder, beside, between, clamp, lengthOf, onPicture, pathData, running, short } from "./geometry.js";
import { byChoice, byPoint, grip, pointing } from "./grips.js";
import { element, html, put, show, write } from "./nodes.js";
import { reader } from "./table.js";

const NARROW = 700; // pixels of room
const TWEEN = 180, PAUSE = 250; // ms: a change sooner after another is not drawn out
const PULSE = 300, ARRIVED = 0.65; // ms, and the part of it after which a pulse has run along its curve
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

const NOTHING = { xs: [], ys: [], first: 0, count: 0 };

function nodesOf(mark, svg) {
  if (mark.images) {
    const group = element("g", {}, svg);
    svg.prepend(group); // under the background
    const pngs = mark.images.rows.map((png) => element("image",
      { href: `data:image/png;base64,${png}`, preserveAspectRatio: "none" }, group));
    return { group, pngs };
  }
  const group = element("svg", {}, svg);
  if (mark.texts) {
    return { group, text: element("text", { fill: mark.color, class: mark.halo ? "halo" : "" }, group) };
  }
  const stroke = { fill: "none", stroke: mark.color, "stroke-linecap": "round", "stroke-linejoin": "round" };
  if (mark.lights) {
    Object.assign(stroke, { fill: mark.color, class: "light", tabindex: 0, role: "img", "aria-label": mark.lights });
  }
  const parts = Object.entries(mark.widths).map(([part, width]) => [part, element("path",
    { ...stroke, "stroke-width": part === "arrow" ? width / 4 : width, "stroke-opacity": mark.opacity }, group)]);
  return { group, parts };
}

// Puts a mark where the layout has it, if it has it.
function lay(mark, place) {
  Object.assign(mark, { box: place?.box, clip: place?.clip, size: place?.size });
  if (!mark.box) return;
  const [x, y, width, height] = mark.pngs ? mark.box : mark.clip;
  if (mark.pngs) for (const png of mark.pngs) put(png, { x, y, width, height });
  else put(mark.group, { x, y, width, height, viewBox: mark.clip.join(" ") });
  if (mark.text) put(mark.text, { "font-size": mark.size });
}

function label(mark, drawn, said) {
  const { place, way } = atBorder(drawn, mark.beyond);
  const hidden = place.some(Number.isNaN) || (mark.beyond === "ray" && !way);
  write(mark.text, hidden ? "" : said);
  if (hidden) return;
  const [anchor, right, down] = mark.beyond ? beside(place, drawn, mark, lengthOf(said, mark.size)) : [mark.anchor, 0, 0];
  const [x, y] = onPicture(mark.box, place[0], place[1]);
  put(mark.text, { x: short(x + right), y: short(y + down), "text-anchor": anchor });
}

function render({ model, el }) {
  const scene = model.get("scene");
  const { row, placed, drawnPart, placeOf, words } = reader(model);
  const layouts = [scene, scene.stacked].filter(Boolean);
  const brief = scene.verdict && { ...scene.verdict, fields: { ...scene.caption.fields, ...scene.verdict.fields } };
  const isDrawn = (mark) => mark.box && Object.entries(mark.when).every(([name, index]) => model.get(name) === index);

  const root = html("figure", { class: "live-picture" });
  const role = scene.marks.some((mark) => mark.grab || mark.lights) ? "group" : "img"; // of an image, no part can be reached
  const svg = element("svg", { role }, root);
  const backgrounds = layouts.map(({ width, height, backgrounds: { images } }) =>
    images.map(() => element("image", { width, height }, svg)));
  const marks = scene.marks.map((mark) => ({ ...mark, ...nodesOf(mark, svg) }));
  for (const { group, name } of marks) group.dataset.mark = name;
  const seen = html(scene.verdict ? "p" : "figcaption", { class: "said", "data-longest": scene.longest }, root);
  const verdict = html("span", {}, seen);
  const caption = scene.verdict ? html("figcaption", { class: "unseen" }, root) : verdict;
  const voice = speaker(html("div", { class: "unseen", role: "status" }, root));
  const pointer = pointers(tell);

  let begun = -Infinity, takes = 0; // when the last change was first drawn, and how long it is drawn out
  let before = {}; // what was chosen then
  function changed(now) {
    takes = !STILL.matches && !pointer.down && now - begun > PAUSE ? TWEEN : 0;
    begun = now - 16; // in the first frame, something moves already
    for (const mark of marks) {
      const visible = isDrawn(mark), { to: wasDrawn, said } = mark;
      put(mark.group, { visibility: visible ? "visible" : "hidden" });
      mark.from = mark.shown;
      mark.to = !visible ? null : mark.pngs ? row(mark.images.by) : drawnPart(mark);
      if (mark.text && visible) [mark.said, mark.saidBefore] = [words(mark.texts), wasDrawn ? said : ""];
      mark.runs = visible && takes && mark.pulse && mark.to.count && model.get(mark.pulse) > before[mark.pulse];
      if (mark.runs) takes = PULSE;
    }
    before = Object.fromEntries(Object.keys(scene.choices).map((name) => [name, model.get(name)]));
    write(verdict, words(brief ?? scene.caption));
    sayValues();
    untold = true;
    tell();
  }
  // Says the state to those who do not see it: not to a finger that moves, whose time it would take.
  let untold = false;
  function tell() {
    if (pointer.down || !untold) return;
    untold = false;
    const said = words(scene.caption);
    put(svg, { "aria-label": said });
    write(caption, said);
    voice.say(said);
    for (const one of grips) one.say(said);
  }
  const room = Object.fromEntries(Object.entries(scene.values).map(([choice, { rows }]) =>
    [choice, Math.max(...rows.map((row) => row.length))]));
  const sayValues = () => around.say(Object.fromEntries(
    Object.entries(scene.values).map(([choice, values]) => [choice, words(values)])), room);

  // A background is loaded when it is first shown. The others of a layout come after what is shown at first, one by one.
  function load(index) {
    const node = backgrounds[layout][index], source = layouts[layout].backgrounds.images[index];
    if (!node.hasAttribute("href")) put(node, { href: `data:image/svg+xml,${encodeURIComponent(source)}` });
  }
  let loading = 0;
  function loadOthers() {
    const next = backgrounds[layout].findIndex((node) => !node.hasAttribute("href"));
    if (next >= 0) load(next);
    loading = next < 0 ? 0 : window.setTimeout(loadOthers, PAUSE);
  }

  // Draws what there is on the way at that time; says whether there is still some way to go.
  function draw(now) {
    const gone = takes ? Math.min((now - begun) / takes, 1) : 1, share = gone * (2 - gone);
    load(row(layouts[layout].backgrounds.by));
    layouts.forEach(({ backgrounds: { by } }, index) => show(backgrounds[index], index === layout ? row(by) : -1));
    for (const mark of marks) {
      if (mark.pngs) show(mark.pngs, mark.to ?? -1, mark.from ?? mark.to, share);
      mark.shown = mark.pngs || !mark.to ? mark.to : between(mark.from, mark.to, share);
      if (!mark.to || mark.pngs) continue;
      if (mark.text) {
        const arrived = (gone - ARRIVED) / (1 - ARRIVED);
        label(mark, mark.shown, mark.runs ? arriving(mark.saidBefore, mark.said, arrived) : mark.said);
        continue;
      }
      if (mark.pulse) mark.shown = mark.runs && gone < ARRIVED ? running(mark.to, gone / ARRIVED) : NOTHING;
      const data = pathData(mark, mark.shown);
      for (const [part, node] of mark.parts) put(node, { d: data[part] });
    }
    for (const one of grips) one.follow(radius);
    root.toggleAttribute("data-moving", share < 1);
    return share < 1;
  }

  let waiting = 0, fresh = false;
  function frame() {
    waiting = 0;
    const now = performance.now();
    if (fresh) changed(now);
    fresh = false;
    if (draw(now)) waiting = requestAnimationFrame(frame);
  }
  function redraw() {
    fresh = true;
    waiting ||= requestAnimationFrame(frame);
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
      return byChoice(mark, {
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
  const grips = marks.filter((mark) => mark.grab).map((mark) => {
    const how = changes(mark);
    if (mark.hover) pointing(svg, how.pointed);
    return grip(svg, { choice: mark.grab, name: scene.names[mark.grab], ...how });
  });

  let layout = -1, radius = 12; // of a grip, in points of the picture
  function choose(index) {
    if (index === layout) return;
    layout = index;
    root.dataset.layout = layout ? "stacked" : "wide"; // or narrow: see below
    const { width, height } = layouts[layout];
    put(svg, { viewBox: `0 0 ${width} ${height}` });
    for (const mark of marks) lay(mark, layout ? mark.stacked : scene.marks[marks.indexOf(mark)]);
    begun = performance.now(); // what stands elsewhere does not move there
    changed(begun);
    draw(begun);
    clearTimeout(loading);
    loading = window.setTimeout(loadOthers, PAUSE);
  }
  const around = aroundPicture(root, scene.buttons, sayValues);
  const resized = new ResizeObserver(() => {
    const room = root.clientWidth || NARROW, narrow = room < NARROW;
    choose(narrow && layouts.length > 1 ? 1 : 0);
    root.dataset.layout = layout ? "stacked" : narrow ? "narrow" : "wide";
    const { width, height } = layouts[layout], seen = svg.getBoundingClientRect();
    radius = Math.max(12, 14 / (Math.min(seen.width / width, seen.height / height) || 1));
    for (const one of grips) one.follow(radius);
  });
  choose(layouts.length > 1 && innerWidth < NARROW ? 1 : 0); // there is no more room than that
  for (const node of [root, svg]) resized.observe(node);

  const events = Object.keys({ ...scene.choices, ...scene.placed }).map((name) => `change:${name}`);
  for (const event of events) model.on(event, redraw);
  el.append(root);
  return () => {
    for (const one of [around, voice, pointer]) one.leave();
    resized.disconnect();
    cancelAnimationFrame(waiting);
    clearTimeout(loading);
    for (const event of events) model.off(event, redraw);
  };
}

export default { render };
