// @ts-check
// What the tests look for on the slides of a deck; each function returns lines that name the slide and what is wrong.

const textsOf = (page) => {
  const texts = [];
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { textContent: text, parentElement: parent } = walker.currentNode;
    if (text.trim() && !parent.closest("aside, mjx-container, svg, script, style")) texts.push({ text, parent });
  }
  return texts;
};

// The blocks that a page stacks, from top to bottom: paragraphs, lists, formulas, code, outputs, pictures, explorers.
function blocksOf(page) {
  const candidates = page.querySelectorAll(".prose > *, .prose img:only-child, .highlight, .output, .page > img, .fragment > img, .explorer, .asked");
  return [...candidates].filter((block) => !block.closest("aside") && block.getBoundingClientRect().height);
}

// What reaches into the margins of the page, code by the text in its box, and what lies on what stands above it.
function overflows(page) {
  const range = document.createRange();
  const box = (node) => (range.selectNodeContents(node), range.getBoundingClientRect());
  const parts = [...page.querySelectorAll("*")].filter((part) =>
    !part.ownerSVGElement && !part.closest("mjx-assistive-mml, aside, .option input, svg svg"));
  const boxes = [...parts.map((part) => part.getBoundingClientRect()), ...[...page.querySelectorAll("pre")].map(box)];
  const shown = boxes.filter(({ width, height }) => width && height);
  const { paddingBottom, paddingRight } = getComputedStyle(page);
  const below = Math.max(...shown.map(({ bottom }) => bottom)) - innerHeight + parseFloat(paddingBottom);
  const right = Math.max(...shown.map(({ right }) => right)) - innerWidth + parseFloat(paddingRight);
  const found = Object.entries({ "below the page": below, "to the right of the page": right })
    .filter(([, pixels]) => pixels > 0.5).map(([where, pixels]) => `${Math.ceil(pixels)} px ${where}`);
  const blocks = blocksOf(page);
  blocks.slice(1).forEach((block, index) => {
    const gap = block.getBoundingClientRect().top - blocks[index].getBoundingClientRect().bottom;
    if (gap < 6) found.push(`${Math.ceil(6 - gap)} px too near what stands above: ${block.textContent.trim().slice(0, 40)}`);
  });
  return found;
}

// What an answer beside an explorer lies on: nobody could read or move it.
function covered(page) {
  const box = (part) => part.getBoundingClientRect();
  const parts = page.querySelectorAll(":scope > .prose > *, .explorer-controls, .live-picture > svg, .live-picture > .said");
  const answers = [...page.querySelectorAll(":scope:has(> .explorer) > .fragment")].map(box);
  const isUnder = ({ left, top, right, bottom }) => answers.some((answer) =>
    left < answer.right && answer.left < right && top < answer.bottom && answer.top < bottom);
  return [...parts].filter((part) => isUnder(box(part))).map((part) => `an answer lies on ${part.textContent.trim().slice(0, 40)}`);
}

// Formulas that are not set, pictures that are not there, text too small: for a hall, or for a hand.
function blemishes(page, smallest = 19.5) {
  const found = [];
  for (const { text, parent } of textsOf(page)) {
    if (!parent.closest("code, pre") && /\$|\\[a-z([]/i.test(text)) found.push(`raw TeX: ${text}`);
    const size = parseFloat(getComputedStyle(parent).fontSize);
    if (size < smallest) found.push(`small print, ${size} px: ${text}`);
  }
  for (const image of page.querySelectorAll("img")) {
    if (!image.complete || !image.naturalWidth) found.push(`an image has not loaded: ${image.alt}`);
    if (!image.alt.trim()) found.push("an image has no description");
  }
  for (const error of page.querySelectorAll("mjx-merror, [data-mjx-error]")) found.push(error.textContent);
  for (const place of page.querySelectorAll("[data-name]")) {
    if (!place.querySelector("svg[aria-label], .guess button")) found.push("an explorer or a question is blank");
  }
  return found;
}

// What cannot be read of a deck that is one long page: texts that are not seen, but for controls of what stands still
// and the sections' names, which the page has once, and blocks that lie on the one above or do not fit on the page.
function unreadable() {
  const main = document.querySelector("main");
  const isSeen = (part) => part.closest(".kicker, .explorer:not([data-ready]) > .explorer-controls")
    || part.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const found = textsOf(main).filter(({ parent }) => !isSeen(parent)).map(({ text }) => `not seen: ${text}`);
  let above = 0;
  for (const block of blocksOf(main)) {
    const { top, right, bottom } = block.getBoundingClientRect();
    const name = block.textContent.trim().slice(0, 40) || block.tagName;
    if (top < above) found.push(`${Math.ceil(above - top)} px over what stands above: ${name}`);
    if (right > innerWidth) found.push(`${Math.ceil(right - innerWidth)} px wider than the page: ${name}`);
    above = bottom;
  }
  return found;
}

// Visits every slide, with all its fragments shown.
function onEverySlide(looks) {
  const found = Object.fromEntries(looks.map((look) => [look.name, []]));
  for (const slide of Reveal.getSlides()) {
    const { h, v } = Reveal.getIndices(slide);
    Reveal.slide(h, v, 99);
    const name = `slide ${Reveal.getSlidePastCount() + 1}`;
    for (const look of looks) found[look.name].push(...look(slide.querySelector(".page")).map((line) => `${name}: ${line}`));
  }
  return found;
}

// Clicks on each link of the contents, and on the arrow that leads back; tells how many sections it reached, and from
// which there was no way back.
async function jumpFromTheContentsAndBack() {
  const isPresent = async (id) => {
    for (let frame = 0; frame < 60; frame++) {
      if (document.querySelector(`section.present > section.present [id="${id}"]`)) return true;
      await new Promise(requestAnimationFrame);
    }
    return false;
  };
  const show = (element) => {
    const { h, v } = Reveal.getIndices(element.closest(".slides > section > section"));
    Reveal.slide(h, v, 99);
  };
  const found = { reached: 0, missed: [] };
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll("section > section:has(#contents) a[href^='#']:not(.back)");
  for (const link of links) {
    const id = decodeURIComponent(link.hash.slice(1));
    show(link);
    if (link.checkVisibility()) link.click();
    const there = await isPresent(id);
    /** @type {HTMLAnchorElement} */
    const back = document.querySelector("section.present > section.present .back");
    if (back?.checkVisibility()) back.click();
    if (there && await isPresent("contents")) found.reached++;
    else found.missed.push(link.hash);
  }
  return found;
}

// The same where the deck is one page: each link of the contents brings its section to the top of the window.
async function jumpOnOnePage() {
  const found = { reached: 0, missed: [] };
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(".page:has(#contents) a[href^='#']:not(.back)");
  for (const link of links) {
    link.click();
    await new Promise(requestAnimationFrame);
    const { top } = document.getElementById(decodeURIComponent(link.hash.slice(1))).getBoundingClientRect();
    const atTheEnd = scrollY + innerHeight >= document.documentElement.scrollHeight - 2;
    if (top > -2 && (top < 60 || (atTheEnd && top < innerHeight))) found.reached++;
    else found.missed.push(`${link.hash} at ${top}`);
  }
  return found;
}
