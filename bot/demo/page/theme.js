// Light or dark, before anything is drawn: a plain script, so that the page never flashes the other one.

function setTheme(theme) {
  localStorage.setItem("theme", theme);
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

setTheme(localStorage.getItem("theme") ?? "");
