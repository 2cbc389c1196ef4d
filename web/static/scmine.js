// What every page does: light or dark, the list of shortcuts, the notice line.

const root = document.documentElement;
const toggle = document.querySelector("[data-theme-toggle]");

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function nameToggle() {
  toggle.textContent = isDark() ? "Light" : "Dark";
}

toggle.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  localStorage.setItem("scmine-theme", root.dataset.theme);
  nameToggle();
  document.dispatchEvent(new CustomEvent("scmine:theme"));
});
nameToggle();

const shortcuts = [];
const dialog = document.querySelector("#shortcuts");

/** Make `key` do something wherever no field is being typed in; `what` is its line in the list. */
export function shortcut(key, what, action) {
  shortcuts.push({ key, what, action });
}

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

function showShortcuts() {
  const list = dialog.querySelector("[data-shortcut-list]");
  list.replaceChildren(
    ...shortcuts.flatMap(({ key, what }) => {
      const term = document.createElement("dt");
      const name = document.createElement("kbd");
      name.textContent = key;
      term.append(name);
      const meaning = document.createElement("dd");
      meaning.textContent = what;
      return [term, meaning];
    }),
  );
  dialog.showModal();
}

shortcut("?", "Show this list", showShortcuts);
document.querySelector("[data-shortcuts]").addEventListener("click", showShortcuts);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (dialog.open) return;
  const found = shortcuts.find(({ key }) => key === event.key);
  if (!found) return;
  event.preventDefault();
  found.action();
});

/** Say something in the line that screen readers read out. */
export function notice(text) {
  document.querySelector("#notice").textContent = text;
}
