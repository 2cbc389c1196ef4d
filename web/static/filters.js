// The filter of records: "/" goes to the search, elements can be picked from the periodic table.

import { shortcut } from "./scmine.js";

shortcut("/", "Search", () => document.querySelector("[data-search]")?.focus());

const STATES = ["", "contains", "without"];

function symbols(form, name) {
  return form.elements[name].value.split(/[\s,;+-]+/).filter(Boolean);
}

function showState(button) {
  const { state, symbol } = button.dataset;
  button.setAttribute("aria-label", state ? `${symbol}: ${state === "contains" ? "contained" : "not contained"}` : symbol);
}

async function buildTable(target) {
  const rows = await (await fetch(new URL("./periodic-table.json", import.meta.url))).json();
  const table = document.createElement("table");
  for (const row of rows) {
    const line = table.insertRow();
    for (const symbol of row) {
      const cell = line.insertCell();
      if (!symbol) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = symbol;
      button.dataset.symbol = symbol;
      button.addEventListener("click", () => {
        button.dataset.state = STATES[(STATES.indexOf(button.dataset.state) + 1) % STATES.length];
        showState(button);
      });
      cell.append(button);
    }
  }
  target.replaceChildren(table);
}

async function openPicker(form, dialog) {
  const target = dialog.querySelector("[data-picker-table]");
  if (!target.firstChild) await buildTable(target);
  const contains = symbols(form, "contains");
  const without = symbols(form, "without");
  for (const button of target.querySelectorAll("button")) {
    const { symbol } = button.dataset;
    button.dataset.state = contains.includes(symbol) ? "contains" : without.includes(symbol) ? "without" : "";
    showState(button);
  }
  dialog.hidden = false;
  dialog.showModal();
}

function usePicked(form, dialog) {
  for (const name of ["contains", "without"]) {
    const picked = [...dialog.querySelectorAll(`button[data-state="${name}"]`)];
    form.elements[name].value = picked.map(({ dataset }) => dataset.symbol).join(" ");
  }
}

// One listener for the page: htmx puts new forms in the place of old ones, also on going back.
document.addEventListener("click", ({ target }) => {
  const form = document.querySelector("[data-filters]");
  const dialog = document.querySelector("[data-picker]");
  if (target.closest("[data-picker-open]")) openPicker(form, dialog);
  if (target.closest("[data-picker-apply]")) usePicked(form, dialog);
});

// Fields that are left empty would only lengthen the address.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.matches("[data-filters]")) return;
  for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

function showButtons() {
  for (const button of document.querySelectorAll("[data-picker-open]")) button.hidden = false;
}

/** What was open stays open when htmx puts a new view in the place of the old one. */
const open = new Map();
document.addEventListener("toggle", ({ target }) => {
  if (target.dataset?.keepOpen) open.set(target.dataset.keepOpen, target.open);
}, true);

function keepOpen() {
  for (const part of document.querySelectorAll("details[data-keep-open]")) {
    const was = open.get(part.dataset.keepOpen);
    if (was !== undefined && !part.classList.contains("menu")) part.open = was;
  }
}

showButtons();
for (const event of ["htmx:afterSettle", "htmx:historyRestore"]) {
  document.addEventListener(event, () => {
    showButtons();
    keepOpen();
  });
}
