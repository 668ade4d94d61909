// @ts-check
// Wakes what lives on a page, explorers and questions that wait for an answer: native controls move a small model, by
// which the lecture's own scripts draw. Those and the data are loaded when the reader is near; the data are scripts, too,
// and hand themselves over by name, so a page opens from a file, as well.
window.lecture = { waiting: {}, render: {} };

(() => {
  const { live } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset; // where the scripts that draw are
  let drawing = false; // whether they have been asked for

  // What live.js asks of anywidget's model; whoever sets a trait tells all who listen.
  class Model {
    constructor(traits) {
      const bytes = Uint8Array.from(atob(traits.table ?? ""), (letter) => letter.charCodeAt(0));
      this.traits = { ...traits, table: new DataView(bytes.buffer) };
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
    const show = () => {
      const value = model.get(choice);
      for (const input of inputs) {
        if (input.type === "radio") input.checked = Number(input.value) === value;
        else {
          input.value = String(value);
          input.style.setProperty("--filled", `${100 * value / Number(input.max)}%`);
          requestAnimationFrame(() => input.setAttribute("aria-valuetext", words())); // those that live.js has drawn
        }
      }
    };
    for (const input of inputs) {
      input.disabled = false;
      input.addEventListener("input", () => model.set(choice, Number(input.value)));
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

  // Puts what is drawn in the place of what stands still, and ties the controls to it.
  /** @param {HTMLElement} explorer @param {HTMLElement} drawn @param {Model} model */
  function take(explorer, drawn, model) {
    const place = explorer.querySelector(".picture");
    place.replaceChildren(drawn);
    explorer.querySelectorAll("[data-choice]").forEach((control) => tie(/** @type {HTMLElement} */ (control), model));
  }

  /** @param {HTMLElement} place */
  function wake(place) {
    const isExplorer = place.matches(".explorer");
    lecture.waiting[place.dataset.name] = (traits) => {
      const model = new Model({ ...traits, ...JSON.parse(place.dataset.first ?? "{}") });
      const drawn = document.createElement("div");
      try { // if it cannot be drawn, what stands still remains
        lecture.render[isExplorer ? "explorer" : "asked"]({ model, el: drawn });
        isExplorer ? take(place, drawn, model) : place.replaceChildren(drawn);
        place.dataset.ready = "";
      } catch (error) {
        console.error(error);
        place.dataset.failed = String(error);
      }
    };
    if (!drawing) load(live, place);
    drawing = true;
    load(place.dataset.source, place);
  }

  // Scripts run in the order in which they are wanted, whichever comes first.
  /** @param {string} source @param {HTMLElement} place */
  function load(source, place) {
    const script = Object.assign(document.createElement("script"), { src: source, async: false });
    script.onerror = () => (place.dataset.failed = `${script.src} cannot be loaded`);
    document.head.append(script);
  }

  // Wakes each when the reader comes near it.
  lecture.wakeWhenNear = () => {
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        wake(/** @type {HTMLElement} */ (target));
      }
    }, { rootMargin: "800px 0px" });
    document.querySelectorAll("[data-source]").forEach((place) => near.observe(place));
  };
  lecture.wake = wake;
})();
