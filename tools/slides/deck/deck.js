// @ts-check
// Starts a deck: unpacks the scripts that it carries, lays the slides out, sets the formulas, wakes the widgets.
// Until then, and if that fails, it is one long page, on which a notice says why.
(() => {
  const remoteKeys = ["PageUp", "PageDown"];
  const state = document.documentElement.dataset; // in the end either `ready` or `failed`, which says why

  async function unpack(name) {
    const packed = document.querySelector(`script[data-packed="${name}"]`).textContent;
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }

  async function run(name) {
    const script = document.createElement("script");
    script.textContent = await unpack(name);
    document.head.append(script);
  }

  // Whether a key is the deck's: a control that has the focus keeps the keys that it answers to.
  function isForTheDeck({ key, target }) {
    if (!target || remoteKeys.includes(key)) return true; // without a target: from the speaker's window
    if (target.closest("[role=slider], input, select, textarea")) return false;
    return !(target.closest("a, button, summary") && [" ", "Enter"].includes(key));
  }

  // A lecturer's remote sends these keys; they turn the page even while a slider has the focus.
  function keepRemoteKeysFromSliders(event) {
    if (!remoteKeys.includes(event.key) || !event.target.closest("[data-widget]")) return;
    event.stopPropagation();
    event.target.blur();
    event.key === "PageDown" ? Reveal.next() : Reveal.prev();
  }

  // Lets the styles of slides hold, or those of one long page.
  function layOutAs(what) {
    for (const style of document.querySelectorAll("style")) {
      if (style.dataset.for) style.media = style.dataset.for === what ? "all" : "not all";
    }
  }

  async function showSlides() {
    await run("slides");
    layOutAs("slides");
    document.addEventListener("keydown", keepRemoteKeysFromSliders, true);
    const printed = new Promise((done) => Reveal.on("pdf-ready", done));
    await Reveal.initialize({
      width: 1280, height: 720, margin: 0, center: false, transition: "none",
      scrollActivationWidth: null, // in a narrow window reveal.js would make one long page, in which links miss
      hash: true, navigationMode: "linear", slideNumber: "c/t", controlsLayout: "edges", controlsTutorial: false,
      pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, keyboardCondition: isForTheDeck, plugins: [RevealNotes],
    });
    if (Reveal.isPrintView()) await printed; // until then, slides are on their way to their pages
    Reveal.on("slidechanged", () => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  }

  async function setFormulas() {
    window.MathJax = {
      tex: { inlineMath: [["$", "$"]], packages: { "[-]": ["autoload", "require", "noundefined"] } },
      svg: { fontCache: "local", scale: 0.9 },
      options: { enableMenu: false },
      startup: { typeset: false },
    };
    await run("formulas");
    await MathJax.startup.promise;
    MathJax.Hub = { Queue() {} }; // widgets call MathJax 2 for their labels, in which there are no formulas
    await MathJax.typesetPromise([...document.querySelectorAll(".prose")]);
  }

  const places = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-widget]")]);
  const isDrawn = (place) => place.querySelector(".live-picture > svg[aria-label], .guess[aria-label]");

  async function wakeWidgets() {
    if (!places().length) return;
    await run("widgets");
    const load = (name) => new Promise((resolve, reject) => require([name], resolve, reject));
    const { HTMLManager } = await load("@jupyter-widgets/html-manager");
    const manager = new HTMLManager({ loader: load });
    const models = await manager.set_state(JSON.parse(await unpack("state")));
    for (const place of places()) {
      const model = models.find(({ model_id }) => model_id === place.dataset.widget);
      await manager.display_view(manager.create_view(model), place);
    }
    while (!places().every(isDrawn) && !state.failed) { // the views are there; their pictures follow
      if (document.querySelector(".jupyter-widgets-error-widget")) throw new Error("a widget's code cannot be loaded");
      await new Promise((done) => setTimeout(done, 20));
    }
  }

  // Leaves one picture in each place: that which lives, or where it does not, that which stands still.
  function leaveOnePicture() {
    for (const place of places()) {
      const still = [...place.querySelectorAll(":scope > [data-still]")];
      if (isDrawn(place)) still.forEach((one) => one.remove());
      else place.replaceChildren(...still);
    }
  }

  // An error a minute from now, or five seconds after one that nobody has caught, such as of a widget.
  const tooLate = () => new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it takes longer than a minute")), 60_000);
    addEventListener("unhandledrejection", ({ reason }) => setTimeout(() => reject(reason), 5_000));
  });

  async function start() {
    const deadline = tooLate();
    let notice = "DecompressionStream" in window ? "slides" : "old";
    try {
      await Promise.race([deadline, showSlides()]);
      performance.mark("slides"); // tools.bench looks when that was
      await Promise.race([deadline, setFormulas()]);
      notice = "widgets";
      await Promise.race([deadline, wakeWidgets()]);
      state.ready = "";
    } catch (error) {
      console.error(error);
      state.failed = String(error);
      if (!window.Reveal?.isReady()) layOutAs("document");
      const { content } = /** @type {HTMLTemplateElement} */ (document.querySelector(`[data-notice=${notice}]`));
      document.querySelector("main").before(content);
    }
    leaveOnePicture();
  }

  start();
})();
