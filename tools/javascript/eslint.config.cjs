// @ts-check
const js = require("@eslint/js");
const globals = require("globals");

// What a page's scripts bring: explorers.js, and the stemmer of the search.
const ofPages = { lecture: "readonly", snowballFactory: "readonly" };
// What a deck's scripts bring: reveal.js and explorers.js; and what the tests put on a page.
const ofDecks = { Reveal: "readonly", RevealNotes: "readonly", lecture: "readonly" };

module.exports = [
  js.configs.recommended,
  { files: ["**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["lecture_utils/**/*.js"], languageOptions: { sourceType: "module" } },
  { files: ["tools/slides/deck/*.js", "tests/**/*.js"], languageOptions: { sourceType: "script", globals: ofDecks } },
  { files: ["tools/web/*.js", "tools/site/template/*.js"], languageOptions: { sourceType: "script", globals: ofPages } },
  { files: ["tools/axe.js"], languageOptions: { sourceType: "script", globals: { axe: "readonly" } } },
  { files: ["tools/bench/*.js"], languageOptions: { sourceType: "script", globals: { d3: "readonly" } } },
  // Python calls the functions of these.
  { files: ["tests/**/*.js", "tools/axe.js", "tools/bench/*.js"], rules: { "no-unused-vars": ["error", { vars: "local" }] } },
  { files: ["**/*.cjs"], languageOptions: { globals: globals.node } },
];
