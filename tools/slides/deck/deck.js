// @ts-check
// Starts a deck: unpacks the scripts that it carries, lays the slides out, wakes the explorers. Until then, and if that
// fails, it is one long page, on which a notice says why; so it is, alive, on a phone and in a window as narrow.
(() => {
  const remoteKeys = ["PageUp", "PageDown"];
  const state = document.documentElement.dataset; // in the end either `ready` or `failed`, which says why
  // In the speaker's window and in JupyterLab a deck is a small frame, and on paper it has no window.
  const isToBeRead = innerWidth < 700 && window.top === window && !/print-pdf/i.test(location.search);

  const documentStyle = /** @type {HTMLStyleElement} */ (document.querySelector("style[data-for=document]"));
  const slidesStyle = document.createElement("style"); // reveal.js's own

  /** @param {string} name */
  const packed = (name) => document.querySelector(`script[data-packed="${name}"]`).textContent;
  function unpack(name) {
    const bytes = Uint8Array.from(atob(packed(name)), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
  }

  async function run(name) {
    const script = document.createElement("script");
    script.textContent = await unpack(name).text();
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
    if (!remoteKeys.includes(event.key) || !event.target.closest("[data-name]")) return;
    event.stopPropagation();
    event.preventDefault();
    event.target.blur();
    event.key === "PageDown" ? Reveal.next() : Reveal.prev();
  }

  // A button that was pressed with the mouse leaves the arrows to the deck.
  function letGo({ target, detail }) {
    if (detail && target.matches("[type=radio], .option span")) setTimeout(() => target.closest(".option").querySelector("input").blur());
  }

  async function showSlides() {
    await run("slides");
    slidesStyle.textContent = await unpack("style").text();
    document.querySelector("style").before(slidesStyle); // the deck's own hold where both say something
    documentStyle.media = "not all";
    document.addEventListener("keydown", keepRemoteKeysFromSliders, true);
    document.addEventListener("click", letGo);
    for (const place of places()) place.dataset.preventSwipe = "";
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

  // Sets code, and the words of a slide that has few, as large as there is room for: the fonts are this machine's own.
  function fit() {
    const slides = document.querySelector(".slides");
    let pages = /** @type {HTMLElement[]} */ ([...slides.querySelectorAll(".page:not(:has(h1, .explorer))")]);
    const isTooMuch = (page, most) => page.offsetHeight > most
      || [...page.querySelectorAll("pre")].some((code) => code.scrollWidth > code.clientWidth);
    slides.classList.add("fitting");
    for (const [words, code, most] of [[30, 24, 440], [26, 24, 720], [26, 22, 720], [26, 20, Infinity]]) {
      for (const { style } of pages) {
        style.setProperty("--words", `${words}px`);
        style.setProperty("--code", `${code}px`);
      }
      pages = pages.filter((page) => isTooMuch(page, most));
    }
    slides.classList.remove("fitting");
  }

  const places = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-name]")]);

  async function wakeWidgets() {
    if (!places().length) return;
    await run("explorers");
    const traits = await unpack("traits").json();
    for (const place of places()) {
      const { name } = place.dataset;
      const table = place.matches(".explorer") ? await lecture.unpackTable(packed(`table ${name}`)) : null;
      lecture.draw(place, { ...traits[name], table });
    }
  }

  // An error a minute from now, or five seconds after one that nobody has caught.
  const tooLate = () => new Promise((_, reject) => {
    setTimeout(() => reject(new Error("it takes longer than a minute")), 60_000);
    addEventListener("unhandledrejection", ({ reason }) => setTimeout(() => reject(reason), 5_000));
  });

  async function start() {
    const deadline = tooLate();
    let notice = "DecompressionStream" in window ? "spoilt" : "old";
    try {
      if (!isToBeRead) await Promise.race([deadline, showSlides()]);
      performance.mark("slides"); // tools.bench looks when that was
      notice = notice === "old" ? notice : "still";
      await Promise.race([deadline, wakeWidgets()]);
      if (!isToBeRead) fit();
      state.ready = "";
    } catch (error) {
      console.error(error);
      state.failed = String(error);
      if (!window.Reveal?.isReady()) {
        slidesStyle.remove();
        documentStyle.media = "all";
      }
      const { content } = /** @type {HTMLTemplateElement} */ (document.querySelector(`[data-notice=${notice}]`));
      document.querySelector("main").before(content);
    }
  }

  start();
})();
