// @ts-check
// Draws what lives on a page, explorers and questions that wait for an answer: native controls move a small model, by
// which the lecture's own scripts draw. Whoever has their data calls `lecture.draw`.
window.lecture = { render: {} };

(() => {
  // What live.js asks of anywidget's model; whoever sets a trait tells all who listen.
  class Model {
    constructor(traits) {
      this.traits = traits;
      this.reactions = new Map();
    }
    get(name) { return this.traits[name]; }
    set(name, value) {
      if (this.traits[name] === value) return;
      this.traits[name] = value;
      for (const react of [...this.reactions.get(`change:${name}`) ?? []]) react(this, value);
      for (const react of [...this.reactions.get("change") ?? []]) react(this);
    }
    save_changes() {} // there is no kernel
    on(names, react) {
      for (const name of names.split(" ")) this.reactions.set(name, (this.reactions.get(name) ?? new Set()).add(react));
    }
    off(names, react) {
      if (!names) this.reactions.clear();
      else for (const name of names.split(" ")) react ? this.reactions.get(name)?.delete(react) : this.reactions.delete(name);
    }
  }

  /** @param {HTMLElement} control @param {Model} model */
  function tie(control, model) {
    const { choice } = control.dataset;
    const words = () => control.closest(".explorer").querySelector("figcaption").textContent;
    /** @type {NodeListOf<HTMLInputElement>} */
    const inputs = control.querySelectorAll("input");
    // Those that live.js has drawn; under a finger, it says them when that is lifted.
    const say = (input) => requestAnimationFrame(() => input.setAttribute("aria-valuetext", words()));
    const show = () => {
      const value = model.get(choice);
      for (const input of inputs) {
        if (input.type === "radio") input.checked = Number(input.value) === value;
        else {
          input.value = String(value);
          input.style.setProperty("--filled", `${100 * value / Number(input.max)}%`);
          say(input);
        }
      }
    };
    for (const input of inputs) {
      input.disabled = false;
      input.addEventListener("input", () => model.set(choice, Number(input.value)));
      if (input.type === "range") input.addEventListener("change", () => say(input));
    }
    model.on(`change:${choice}`, show);
    show();
    const button = /** @type {HTMLButtonElement} */ (control.querySelector("[data-play]"));
    if (button) play(button, model, choice, () => inputs[0].type === "radio" ? inputs.length - 1 : Number(inputs[0].max));
  }

  // Moves a choice on by one each so many milliseconds, from the start again where it has come to the end.
  /** @param {HTMLButtonElement} button @param {Model} model */
  function play(button, model, choice, last) {
    let timer = 0;
    const stop = () => {
      clearInterval(timer);
      timer = 0;
      button.classList.remove("playing");
      button.setAttribute("aria-label", button.dataset.play);
    };
    const step = () => {
      const now = model.get(choice);
      now < last() ? model.set(choice, now + 1) : stop();
    };
    button.disabled = false;
    button.addEventListener("click", () => {
      if (timer) return stop();
      if (model.get(choice) >= last()) model.set(choice, Number(button.dataset.from));
      button.classList.add("playing");
      button.setAttribute("aria-label", button.dataset.pause);
      timer = window.setInterval(step, Number(button.dataset.interval));
    });
    button.closest(".explorer").addEventListener("input", stop);
    button.closest(".explorer").addEventListener("pointerdown", (event) => {
      if (!button.contains(/** @type {Node} */ (event.target))) stop();
    });
  }

  // Returns the table that `pack_table` has packed. A loop reads it: to ask a function for each byte takes many times as long.
  /** @param {string} packed */
  lecture.unpackTable = async (packed) => {
    const letters = atob(packed), bytes = new Uint8Array(letters.length);
    for (let k = 0; k < bytes.length; k++) bytes[k] = letters.charCodeAt(k);
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const apart = new Uint8Array(await new Response(stream).arrayBuffer()), half = apart.length / 2;
    const table = new Uint8Array(apart.length);
    for (let k = 0; k < half; k++) [table[2 * k], table[2 * k + 1]] = [apart[k], apart[half + k]];
    return new DataView(table.buffer);
  };

  // Puts what is drawn in the place of what stands still, and ties the controls to it; raises if it cannot be drawn.
  /** @param {HTMLElement} place @param {object} traits */
  lecture.draw = (place, traits) => {
    const isExplorer = place.matches(".explorer");
    const model = new Model({ ...traits, ...JSON.parse(place.dataset.first ?? "{}") });
    const drawn = document.createElement("div");
    lecture.render[isExplorer ? "explorer" : "asked"]({ model, el: drawn });
    (isExplorer ? place.querySelector(".picture") : place).replaceChildren(drawn);
    for (const control of place.querySelectorAll("[data-choice]")) tie(/** @type {HTMLElement} */ (control), model);
    place.dataset.ready = "";
  };
})();
