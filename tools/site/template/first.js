// @ts-check
// Before the page is drawn: that scripts run, and the reader's own choice of light or dark, if there is one.
{
  const { classList, dataset } = document.documentElement;
  classList.add("js");
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") dataset.theme = theme;
  } catch { /* a page from a file may have no memory */ }
}
