// Applies the reader's choice of light or dark before the first paint, so that nothing flashes.
const chosen = localStorage.getItem("scmine-theme");
if (chosen) document.documentElement.dataset.theme = chosen;
