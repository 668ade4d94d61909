// @ts-check
// Finds sections by the stems of their words. It is loaded with its index when the reader first asks for it; the lines
// above this file make `lectureSearch`: the stemmer's language, and the sections with their pages, titles and texts.
(() => {
  const { language, sections } = window.lectureSearch;
  const stemmer = snowballFactory.newStemmer(language);
  const stems = new Map();
  const MOST = 30;

  function stem(word) {
    if (!stems.has(word)) stems.set(word, stemmer.stem(word));
    return stems.get(word);
  }
  const wordsOf = (text) => text.toLowerCase().replaceAll("ё", "е").match(/[\p{L}\p{N}_]+/gu) ?? [];
  const count = (words) => words.reduce((counts, word) => counts.set(word, (counts.get(word) ?? 0) + 1), new Map());
  const indexed = sections.map(({ title, text }) => ({ title: count(wordsOf(title).map(stem)), text: count(wordsOf(text).map(stem)) }));

  // How often a section has the stem; of a word that is not finished yet, whatever begins with it counts, too.
  function weight({ title, text }, asked, begun) {
    const of = (counts) => (counts.get(asked) ?? 0) + (begun ? [...counts].reduce((sum, [word, times]) => sum + (word !== asked && word.startsWith(begun) ? times / 4 : 0), 0) : 0);
    return 8 * of(title) + Math.min(of(text), 10);
  }

  function search(query) {
    const words = wordsOf(query.slice(0, 200)).slice(0, 12);
    if (!words.length) return null;
    const asked = words.map((word, index) => ({ stem: stem(word), begun: index === words.length - 1 && word.length > 2 ? word : "" }));
    const found = sectionsWith(asked);
    return found.length ? found : sectionsWith(asked.map(({ stem }) => ({ stem, begun: stem.length > 3 ? stem : "" }))); // words of the same family
  }

  function sectionsWith(asked) {
    return sections.map((section, index) => {
      const weights = asked.map((one) => weight(indexed[index], one.stem, one.begun));
      return { section, asked, weight: weights.every(Boolean) ? weights.reduce((sum, one) => sum + one) : 0 };
    }).filter((found) => found.weight).sort((a, b) => b.weight - a.weight).slice(0, MOST);
  }

  // Some words around the first that was asked for, as nodes: nothing that was typed becomes markup.
  function excerpt({ text }, asked) {
    const isAsked = (word) => wordsOf(word).some((one) => asked.some(({ stem: wanted, begun }) => stem(one) === wanted || (begun && one.startsWith(begun))));
    const words = text.split(" ");
    const first = Math.max(0, words.findIndex(isAsked) - 8);
    const shown = words.slice(first, first + 26).flatMap((word) => {
      const node = document.createElement(isAsked(word) ? "mark" : "span");
      node.textContent = word;
      return [node, " "];
    });
    return [first ? "… " : "", ...shown, first + 26 < words.length ? "…" : ""];
  }

  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("#search"));
  const input = dialog.querySelector("input");
  const list = dialog.querySelector(".results");
  const hint = /** @type {HTMLElement} */ (dialog.querySelector("#search-hint"));

  function show() {
    const found = search(input.value);
    hint.textContent = !found ? hint.dataset.hint : found.length ? `${hint.dataset.found} ${found.length}` : hint.dataset.none;
    list.replaceChildren(...(found ?? []).map(({ section, asked }) => {
      const [item, link, where, words] = ["li", "a", "span", "p"].map((name) => document.createElement(name));
      /** @type {HTMLAnchorElement} */ (link).href = `${section.page}.html#${section.anchor}`;
      link.textContent = section.title;
      where.textContent = section.page.slice(0, 2);
      words.append(...excerpt(section, asked));
      link.prepend(where, " ");
      item.append(link, words);
      return item;
    }));
    dialog.scrollTop = 0;
  }

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const first = /** @type {HTMLAnchorElement} */ (list.querySelector("a"));
    if (event.key === "Enter" && first) first.click();
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || (event.target instanceof Element && event.target.closest("a, .close"))) dialog.close();
  });
  show();
  dialog.dataset.ready = "";
})();
