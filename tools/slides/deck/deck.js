// Starts a deck: unpacks the scripts that it carries, lays the slides out, sets the formulas, wakes the widgets.
(() => {
  const remoteKeys = ["PageUp", "PageDown"];

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
    if (!remoteKeys.includes(event.key) || !event.target.closest(".explorer")) return;
    event.stopPropagation();
    event.target.blur();
    event.key === "PageDown" ? Reveal.next() : Reveal.prev();
  }

  async function showSlides() {
    await run("slides");
    document.addEventListener("keydown", keepRemoteKeysFromSliders, true);
    const printed = new Promise((done) => Reveal.on("pdf-ready", done));
    await Reveal.initialize({
      width: 1280, height: 720, margin: 0, center: false, transition: "none",
      hash: true, navigationMode: "linear", slideNumber: "c/t", controlsLayout: "edges", controlsTutorial: false,
      pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, keyboardCondition: isForTheDeck, plugins: [RevealNotes],
    });
    if (Reveal.isPrintView()) await printed; // until then, slides are on their way to their pages
    Reveal.on("slidechanged", () => document.activeElement.blur());
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

  async function wakeWidgets() {
    const places = [...document.querySelectorAll("[data-widget]")];
    if (!places.length) return;
    await run("widgets");
    const load = (name) => new Promise((resolve, reject) => require([name], resolve, reject));
    const { HTMLManager } = await load("@jupyter-widgets/html-manager");
    const manager = new HTMLManager({ loader: load });
    const models = await manager.set_state(JSON.parse(await unpack("state")));
    for (const place of places) {
      const model = models.find(({ model_id }) => model_id === place.dataset.widget);
      await manager.display_view(manager.create_view(model), place);
    }
    const isDrawn = (place) => place.querySelector(".live-picture > svg[aria-label]"); // after the view is there
    while (!places.every(isDrawn)) await new Promise((done) => setTimeout(done, 20));
  }

  async function start() {
    await showSlides();
    await setFormulas();
    await wakeWidgets();
    document.documentElement.dataset.ready = "";
  }

  start();
})();
