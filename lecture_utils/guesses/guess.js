// @ts-check
// Lets a reader commit to an answer, a choice, a number or a drawing, and only then shows the truth beside it.
// The answer stays on the page: it is no trait of the model, so it is neither sent to a kernel nor saved.
const SVG = "http://www.w3.org/2000/svg";
/** @type {WeakMap<object, any>} */
const committed = new WeakMap(); // by model: a page that draws a view anew shows the answer again

function add(parent, name, attributes = {}, text = "") {
  const node = parent.namespaceURI === SVG || name === "svg"
    ? document.createElementNS(SVG, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.textContent = text;
  parent.append(node);
  return node;
}

// A button for each choice: to press one is to commit.
function choices({ scene, root, answer, commit }) {
  const buttons = scene.choices.map((choice, index) => {
    const button = add(root, "button", { type: "button" }, choice);
    button.addEventListener("click", () => commit(index));
    return button;
  });
  return () => buttons.forEach((button, index) => {
    const right = index === scene.truth, chosen = index === answer();
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-pressed", String(chosen));
    button.dataset.shows = right ? "right" : chosen ? "wrong" : "other";
  });
}

function number({ scene, root, answer, commit }) {
  const input = add(root, "input", { type: "number", step: "any", "aria-label": scene.words.your_answer });
  const button = add(root, "button", { type: "button" }, scene.words.commit);
  const take = () => { if (input.value !== "") commit(Number(input.value)); };
  button.addEventListener("click", take);
  input.addEventListener("keydown", ({ key }) => { if (key === "Enter") take(); });
  return () => {
    input.value = answer();
    input.readOnly = true;
    input.dataset.shows = Math.abs(answer() - scene.truth) <= scene.tolerance ? "right" : "wrong";
    button.replaceWith(add(root, "output", {}, `${scene.words.in_fact}: ${scene.truth}`));
  };
}

// A sheet to draw on: by the pointer, or point by point with the sliders below it. Positions are fractions of the axes.
function sketch({ scene, root, answer, commit }) {
  const [width, height] = scene.size, [left, top, across, up] = scene.box, free = scene.free;
  const guess = { x: free === "xy" ? [0.5] : scene.x, y: scene.y.map(() => 0.5) };
  const svg = add(root, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": scene.about });
  svg.style.setProperty("--width", `${width}px`);
  add(svg, "image", { href: `data:image/svg+xml,${encodeURIComponent(scene.background)}`, width, height });
  const place = (x, y) => [left + x * across, top + (1 - y) * up];
  const draw = (name, { x, y }) => {
    svg.querySelector(`.${name}`)?.remove();
    const group = add(svg, "g", { class: name });
    const points = x.map((one, k) => place(one, y[k]));
    add(group, "polyline", { points: points.join(" ") });
    for (const [cx, cy] of points) add(group, "circle", { cx, cy, r: 5 });
  };
  const value = (axis, fraction) => {
    const [low, high] = scene.limits.slice(axis === "x" ? 0 : 2);
    return Number((low + fraction * (high - low)).toPrecision(3)).toString();
  };
  const sliders = [];
  const controls = add(root, "div", { class: "guess-sliders" });
  for (const axis of free) guess[axis].forEach((_, k) => {
    const name = free === "xy" ? scene.labels["xy".indexOf(axis)] || axis : `${scene.labels[0]} ${value("x", scene.x[k])}`;
    const label = add(controls, "label", {}, name);
    const slider = add(label, "input", { type: "range", min: 0, max: 1, step: 0.01, value: 0.5 });
    slider.addEventListener("input", () => { guess[axis][k] = Number(slider.value); show(); });
    sliders.push({ slider, axis, k });
  });
  function show() {
    draw("guess-drawn", guess);
    for (const { slider, axis, k } of sliders) {
      slider.value = String(guess[axis][k]);
      slider.setAttribute("aria-valuetext", value(axis, guess[axis][k]));
    }
  }
  function take(event) {
    if (answer() !== undefined) return;
    const { left: x0, top: y0, width: w, height: h } = svg.getBoundingClientRect();
    const clip = (number) => Math.min(1, Math.max(0, number));
    const x = clip(((event.clientX - x0) * width / w - left) / across);
    const y = clip(1 - ((event.clientY - y0) * height / h - top) / up);
    const distances = guess.x.map((one) => Math.abs(one - x));
    const k = distances.indexOf(Math.min(...distances));
    if (free === "xy") guess.x[0] = x;
    guess.y[k] = y;
    show();
  }
  svg.addEventListener("pointerdown", (event) => { svg.setPointerCapture(event.pointerId); take(event); });
  svg.addEventListener("pointermove", (event) => { if (event.buttons) take(event); });
  const button = add(controls, "button", { type: "button" }, scene.words.commit);
  button.addEventListener("click", () => commit({ x: [...guess.x], y: [...guess.y] }));
  show();
  return () => {
    Object.assign(guess, answer());
    show();
    draw("guess-truth", scene);
    const said = scene.x.map((x, k) => `(${value("x", x)}, ${value("y", scene.y[k])})`).join(", ");
    controls.replaceChildren();
    add(controls, "output", {}, `- - ${scene.words.your_drawing} · — ${scene.words.truth_drawn}: ${said}`);
  };
}

const KINDS = { choices, number, sketch };

function inWords(scene, answer) {
  const said = (value) => scene.kind === "choices" ? scene.choices[value] : value;
  if (scene.kind === "sketch") return scene.words.truth_drawn;
  return `${scene.words.your_answer}: ${said(answer)}. ${scene.words.in_fact}: ${said(scene.truth)}.`;
}

function render({ model, el }) {
  const scene = model.get("scene");
  // With this attribute a notebook leaves the keys to the element that has the focus.
  const root = add(el, "div", {
    class: `guess guess-${scene.kind}`, role: "group", "aria-label": scene.words.your_answer, "data-lm-suppress-shortcuts": "",
  });
  const answer = () => committed.get(model);
  const commit = (value) => {
    committed.set(model, value);
    reveal();
    status.textContent = inWords(scene, value);
  };
  const reveal = KINDS[scene.kind]({ scene, root, answer, commit });
  const status = add(root, "p", { class: "guess-status", role: "status" });
  if (answer() !== undefined) reveal();
}

export default { render };
