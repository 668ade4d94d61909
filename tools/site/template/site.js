// @ts-check
// What a page does besides its explorers: the theme, the present section, the same place in the other language, copying.
(() => {
  const root = document.documentElement;

  function changeTheme() {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("theme", root.dataset.theme); } catch { /* it holds for this page */ }
  }

  // The last of these places that begins above a line of the window, in the order in which they stand on the page.
  function present(places, line) {
    let last = null;
    for (const place of places) {
      const { top, height } = place.getBoundingClientRect();
      if (top > line) break;
      if (height) last = place; // what is folded is nowhere
    }
    return last;
  }

  function followTheReader() {
    const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(".contents a[href^='#']:not([aria-current=page])")]);
    const sections = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
    const mark = () => {
      const now = links[sections.indexOf(present(sections, innerHeight * 0.3))];
      for (const link of links) link === now ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    };
    let waiting = 0;
    addEventListener("scroll", () => { waiting ||= requestAnimationFrame(() => { waiting = 0; mark(); }); }, { passive: true });
    mark();
  }

  // The cells of both languages have the same names.
  function keepThePlace() {
    const other = /** @type {HTMLAnchorElement} */ (document.querySelector(".other"));
    const cells = document.querySelectorAll("article .cell");
    const aim = () => { other.hash = scrollY > 80 ? present(cells, 120)?.id ?? "" : ""; };
    for (const event of ["pointerenter", "focus", "click"]) other.addEventListener(event, aim);
  }

  // The style leaves what is far for later; all is laid out at once where a place is gone to, since down to it all must
  // stand where it will.
  function layOut() {
    root.classList.add("laid-out");
    reachWhatScrolls();
  }

  // What scrolls sideways can be scrolled from the keyboard, too. All is looked at before any is changed: else the page
  // would be laid out anew for each; and what is left for later is left alone.
  function reachWhatScrolls() {
    const parts = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("pre, mjx-container[display], mjx-container.long, .wide")])
      .filter((part) => part.checkVisibility({ contentVisibilityAuto: true }));
    const scrolling = parts.map((part) => part.scrollWidth > part.clientWidth + 1);
    parts.forEach((part, index) => scrolling[index] ? part.tabIndex = 0 : part.removeAttribute("tabindex"));
  }
  let reaching = 0;
  function reachSoon() {
    reaching ||= window.setTimeout(() => { reaching = 0; reachWhatScrolls(); }, 50);
  }

  // A link may lead to what is folded.
  function openWhereTheLinkLeads() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const fold = target.closest("details:not([open])");
    const isWhole = root.classList.contains("laid-out");
    if (!isWhole) layOut();
    if (fold) fold.setAttribute("open", "");
    if (fold || !isWhole) target.scrollIntoView();
  }

  function addCopyButtons() {
    const template = /** @type {HTMLTemplateElement} */ (document.querySelector("#copy-button"));
    for (const code of document.querySelectorAll(".source, article div.highlight:not(.source *)")) {
      code.append(template.content.cloneNode(true));
      const button = /** @type {HTMLButtonElement} */ (code.querySelector(".copy"));
      const name = button.getAttribute("aria-label");
      button.addEventListener("click", async () => {
        await copy(code.querySelector("pre"));
        button.setAttribute("aria-label", button.dataset.done);
        button.classList.add("done");
        setTimeout(() => { button.setAttribute("aria-label", name); button.classList.remove("done"); }, 1500);
      });
    }
  }

  // A page from a file has no clipboard of its own; there the old command selects and copies.
  async function copy(pre) {
    try {
      await navigator.clipboard.writeText(pre.textContent);
    } catch {
      const selection = getSelection();
      selection.selectAllChildren(pre);
      document.execCommand("copy");
      selection.removeAllRanges();
    }
  }

  function closeMenuAfterAChoice() {
    const menu = /** @type {HTMLElement} */ (document.querySelector(".contents"));
    menu.addEventListener("click", (event) => {
      const { target } = event;
      if (target instanceof Element && target.closest("a") && menu.matches(":popover-open")) menu.togglePopover(false);
    });
  }

  function openSearch() {
    const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("#search"));
    if (!dialog.open) dialog.showModal();
    if (window.lectureSearch) return;
    const script = document.createElement("script");
    script.src = document.body.dataset.search;
    document.head.append(script);
  }

  function listen() {
    keepThePlace();
    closeMenuAfterAChoice();
    openWhereTheLinkLeads();
    addEventListener("hashchange", openWhereTheLinkLeads);
    addEventListener("resize", reachSoon);
    for (const event of ["toggle", "contentvisibilityautostatechange"]) document.addEventListener(event, reachSoon, true);
    document.querySelector(".search-button").addEventListener("click", openSearch);
    addEventListener("keydown", (event) => {
      const typing = event.target instanceof Element && event.target.closest("input, textarea");
      if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      openSearch();
    });
  }

  const isToBeRead = document.querySelector("article");
  document.querySelector(".theme").addEventListener("click", changeTheme);
  if (isToBeRead) listen();
  requestAnimationFrame(() => setTimeout(() => { // the page is drawn first
    if (isToBeRead) {
      followTheReader();
      addCopyButtons();
      reachSoon();
    }
    lecture.wakeWhenNear();
  }));
})();
