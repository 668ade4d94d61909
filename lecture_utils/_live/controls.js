// @ts-check
// The controls that stand around a picture: their names, their keys and their values in words.

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

// Finds the explorer around a picture once both are on the page; names its controls, and again when they change.
export function aroundPicture(root, buttons, arrived) {
  let explorer = null, leaveKeys = null;
  const changes = new MutationObserver(name);
  const resized = new ResizeObserver(([{ target, contentRect: { width } }]) =>
    target.toggleAttribute("data-narrow", width < 560));
  function name() {
    const controls = explorer.querySelector(":scope > .explorer-controls");
    if (!controls) return;
    nameControls(controls, buttons);
    changes.observe(controls, { childList: true, subtree: true }); // not the words, which are new in each frame
    resized.observe(controls);
    arrived();
  }
  const arrival = setInterval(() => { // a ResizeObserver would wait until the reader scrolls there
    if (!root.isConnected) return;
    clearInterval(arrival);
    explorer = root.closest(".widget-vbox, .explorer");
    if (!explorer) return;
    changes.observe(explorer, { childList: true }); // its controls may come after the picture
    leaveKeys = keepKeys(explorer);
    name();
  }, 50);
  return {
    // Says beside the control of each choice what its value is, and keeps room there for so many letters.
    say(values, room) {
      for (const [choice, said] of Object.entries(values)) {
        for (const control of explorer?.querySelectorAll(`.choice-${choice}, [data-choice="${choice}"]`) ?? []) {
          if (control.dataset.said === said) continue;
          control.dataset.said = said;
          control.style.setProperty("--said", `${room[choice]}ch`);
          control.querySelectorAll("[role=slider]").forEach((handle) => handle.setAttribute("aria-valuetext", said));
        }
      }
    },
    leave() { clearInterval(arrival); changes.disconnect(); resized.disconnect(); leaveKeys?.(); },
  };
}

// Tells a screen reader where the reader has come to, once nothing has moved for a while.
export function speaker(node, rest = 600) {
  let waiting = 0;
  return {
    say(text) {
      clearTimeout(waiting);
      waiting = setTimeout(() => { node.textContent = text; }, rest);
    },
    leave() { clearTimeout(waiting); },
  };
}

// Knows whether a finger or a button of the mouse is down anywhere, and tells when it is lifted.
export function pointers(lifted) {
  let down = false;
  const press = () => { down = true; };
  const lift = () => {
    down = false;
    lifted();
  };
  const events = { pointerdown: press, pointerup: lift, pointercancel: lift, blur: lift };
  for (const [name, react] of Object.entries(events)) addEventListener(name, react, true);
  return {
    get down() { return down; },
    leave() { for (const [name, react] of Object.entries(events)) removeEventListener(name, react, true); },
  };
}
