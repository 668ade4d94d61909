// @ts-check
// Serious and critical violations that axe-core finds: a line each, with its place.
/** @param {any} where @param {(node: any) => string} place */
async function violations(where, place = () => "") {
  const { violations } = await axe.run(where, { resultTypes: ["violations"] });
  return violations.filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, help, nodes }) => ({ help, nodes: nodes.filter(({ html }) => !isArrow(id, html)) }))
    .flatMap(({ help, nodes }) => nodes.map((node) => `${place(node)}${help}: ${node.html.slice(0, 200)}`));
}

// The arrow back to the contents, which its shape tells from the heading that it stands in.
function isArrow(rule, html) {
  return rule === "link-in-text-block" && /^<a [^>]*class="back"[^>]*>↑</.test(html);
}

// What a reader of a notebook in JupyterLab meets, without JupyterLab's own frame.
async function violationsInNotebook() {
  // JupyterLab's page is as high as nothing and hides what runs over: axe-core would take no word for visible.
  document.body.style.height = "100vh";
  const shown = ".jp-NotebookPanel:not(.lm-mod-hidden)";
  const include = [`${shown} .jp-RenderedHTMLCommon`, `${shown} .jp-OutputArea-output`];
  // JupyterLab has no place for a description of what a cell draws; words that read it follow.
  return violations({ include, exclude: [".jp-RenderedImage img"] });
}

// What a reader of a deck meets: all its slides at once, as they are printed.
async function violationsOnSlides() {
  for (const slide of document.querySelectorAll("section")) slide.removeAttribute("aria-hidden");
  const drawn = [...document.querySelectorAll("mjx-container svg, .live-picture svg svg")]; // nothing in them to read
  const pages = [...document.querySelectorAll(".page")];
  const slide = ({ target }) => pages.indexOf(document.querySelector(target[0]).closest(".page")) + 1;
  return violations({ exclude: drawn }, (node) => `slide ${slide(node)}: `);
}

// What a reader of the web edition meets.
async function violationsOnPage() {
  return violations({ include: ["body"], exclude: [".live-picture svg svg", "mjx-math"] }); // which MathML says
}
