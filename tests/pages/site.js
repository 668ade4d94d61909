// @ts-check
// What the tests look for on a page of the web edition; each function returns lines that say what is wrong.

// Whatever reaches over the sides of the window, but in a box of its own that scrolls.
function overflows() {
  const wide = document.documentElement.clientWidth;
  const found = document.documentElement.scrollWidth > wide ? [`the page is ${document.documentElement.scrollWidth} px wide`] : [];
  for (const part of document.querySelectorAll("main *")) {
    const { left, right, width, height } = part.getBoundingClientRect();
    if (!width || !height || (left >= -0.5 && right <= wide + 0.5)) continue;
    if (part.closest("pre, .wide, mjx-container") || part.parentElement.closest(".live-picture")) continue;
    found.push(`${Math.ceil(Math.max(-left, right - wide))} px over the side: ${part.outerHTML.slice(0, 90)}`);
  }
  return found;
}

// Formulas that are not set, pictures that are not there or not described, type that is too small to be read.
function blemishes() {
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement: parent } = walker.currentNode;
    if (!text.trim() || parent.closest("code, pre, svg, style, script")) continue;
    if (!parent.closest("mjx-container") && /\$|\\[a-z([]/i.test(text)) found.push(`raw TeX: ${text}`);
    if (parent.closest("mjx-container")) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < 12) found.push(`small print, ${size} px: ${text}`);
  }
  for (const formula of document.querySelectorAll("mjx-container")) {
    if (!formula.querySelector("mjx-assistive-mml math")) found.push(`a formula says nothing: ${formula.textContent}`);
  }
  for (const image of document.images) {
    if (!image.hasAttribute("alt") || !(image.alt.trim() || image.closest(".cards"))) found.push(`no description: ${image.src}`);
    if (!image.width || !image.height) { if (image.checkVisibility()) found.push(`an image without a size: ${image.src}`); }
  }
  return found;
}

// Headings with a word that has no room in one line.
function brokenHeadings() {
  const found = [];
  for (const heading of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main :is(h1, h2, h3)"))) {
    heading.style.overflowWrap = "normal";
    if (heading.scrollWidth > heading.clientWidth) found.push(`a word is longer than its line: ${heading.textContent}`);
    heading.style.overflowWrap = "";
  }
  return found;
}

// Buttons and fields that a finger would miss, and tracks too short to aim on.
function smallTargets() {
  const targets = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("button, summary, input[type=range], .option, .bar a, .ways a")]);
  return targets.filter((one) => one.checkVisibility()).map((one) => ({ one, box: one.getBoundingClientRect() }))
    .filter(({ one, box }) => box.height && (box.height < 43.5 || box.width < (one.matches("[type=range]") ? 120 : 43.5)))
    .map(({ one, box }) => `${Math.round(box.width)} × ${Math.round(box.height)} px: ${one.outerHTML.slice(0, 90)}`);
}

// Loads every picture of the page and wakes every explorer, as a reader does who reads to the end.
async function readToTheEnd() {
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const image of document.images) image.loading = "eager";
  for (const explorer of document.querySelectorAll("[data-source]")) {
    if (!explorer.checkVisibility()) continue;
    explorer.scrollIntoView();
    for (let frame = 0; frame < 600 && !(explorer.matches("[data-ready], [data-failed]")); frame++) await new Promise(requestAnimationFrame);
  }
  await Promise.all([...document.images].filter((image) => image.checkVisibility()).map((image) => image.decode().catch(() => {})));
  scrollTo(0, 0);
  return [...document.images].filter((image) => image.checkVisibility() && !image.naturalWidth).map((image) => `not there: ${image.src}`);
}
