// @ts-check
// Sets formulas with MathJax: reads a list of {tex, display} from standard input, writes {set: [html], style}.
const { readFileSync } = require("node:fs");
const [, , modules] = process.argv;
const mathjax = require(`${modules}/mathjax/es5/node-main.js`);

const settings = {
  loader: { load: ["input/tex-full", "output/chtml", "a11y/assistive-mml"] },
  tex: { packages: { "[-]": ["noundefined", "require", "autoload", "bussproofs"] } }, // an unknown command is an error
  chtml: { mtextInheritFont: true, fontURL: "." }, // Cyrillic letters in \text are of the page's own font
  startup: { typeset: false },
};

async function main() {
  const MathJax = await mathjax.init(settings);
  const { adaptor } = MathJax.startup;
  const set = JSON.parse(readFileSync(0, "utf-8")).map(({ tex, display }) =>
    adaptor.outerHTML(MathJax.tex2chtml(tex, { display })));
  process.stdout.write(JSON.stringify({ set, style: adaptor.textContent(MathJax.chtmlStylesheet()) }));
}

main().catch((error) => { process.stderr.write(String(error)); process.exitCode = 1; });
