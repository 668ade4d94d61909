// @ts-check
const js = require("@eslint/js");
const globals = require("globals");

// What a deck's scripts bring: reveal.js, MathJax, RequireJS; and what the tests put on a page.
const ofDecks = { Reveal: "readonly", RevealNotes: "readonly", MathJax: "readonly", require: "readonly" };

module.exports = [
  js.configs.recommended,
  { files: ["**/*.js"], languageOptions: { globals: globals.browser } },
  { files: ["lecture_utils/**/*.js"], languageOptions: { sourceType: "module" } },
  { files: ["tools/slides/deck/*.js", "tests/**/*.js"], languageOptions: { sourceType: "script", globals: ofDecks } },
  { files: ["tools/axe.js"], languageOptions: { sourceType: "script", globals: { axe: "readonly" } } },
  // Python calls the functions of these.
  { files: ["tests/**/*.js", "tools/axe.js"], rules: { "no-unused-vars": ["error", { vars: "local" }] } },
  { files: ["**/*.cjs"], languageOptions: { globals: globals.node } },
];
