// @ts-check
// Wakes what lives on a page when the reader comes near it. Then the scripts that draw are loaded, and the data, which are
// scripts, too, and hand themselves over by name, so a page opens from a file, as well.
(() => {
  const { live } = /** @type {HTMLScriptElement} */ (document.currentScript).dataset; // where the scripts that draw are
  let drawing = false; // whether they have been asked for
  lecture.waiting = {};

  /** @param {HTMLElement} place */
  function wake(place) {
    lecture.waiting[place.dataset.name] = async (traits) => {
      try { // if it cannot be drawn, what stands still remains
        lecture.draw(place, { ...traits, table: traits.table && await lecture.unpackTable(traits.table) });
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

  lecture.wakeWhenNear = () => {
    const near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        wake(/** @type {HTMLElement} */ (target));
      }
    }, { rootMargin: "1600px 0px" });
    document.querySelectorAll("[data-source]").forEach((place) => near.observe(place));
  };
})();
