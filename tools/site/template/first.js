// @ts-check
// Before the page is drawn: that scripts run, the reader's language, that a place on it is asked for, which must be laid
// out down to there, and the reader's own choice of light or dark, if there is one.
{
  const { classList, dataset } = document.documentElement;
  classList.add("js");
  dataset.reads = navigator.language.slice(0, 2);
  if (location.hash) classList.add("laid-out");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") dataset.theme = theme;
  } catch { /* a page from a file may have no memory */ }
}
