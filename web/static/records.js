// The table by keyboard, and named views kept in this browser.

import { notice, shortcut } from "./scmine.js";

const VIEWS = "scmine-views";

function rows() {
  return [...document.querySelectorAll("[data-rows] tbody tr")];
}

function current() {
  return document.querySelector("[data-rows] tr[data-current]");
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(current());
  const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + step));
  all[at]?.removeAttribute("data-current");
  all[next].setAttribute("data-current", "");
  // The focus goes along, so that a screen reader says where one is and Enter opens the record.
  (all[next].querySelector("a") ?? all[next]).focus({ preventScroll: true });
  all[next].scrollIntoView({ block: "nearest" });
}

function turn(direction) {
  document.querySelector(`.pages a[rel="${direction}"]`)?.click();
}

shortcut("j", "Next row", () => move(1));
shortcut("k", "Row before", () => move(-1));
shortcut("o", "Open the record", () => current() && location.assign(current().dataset.href));
shortcut("n", "Next page", () => turn("next"));
shortcut("p", "Page before", () => turn("prev"));

document.addEventListener("keydown", (event) => {
  // Enter on a link or a field does what it always does.
  if (event.key !== "Enter" || event.target.closest("a, button, input, select, textarea, summary")) return;
  if (current()) location.assign(current().dataset.href);
});

function stored() {
  try {
    return JSON.parse(localStorage.getItem(VIEWS) ?? "[]");
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

function keep(views) {
  localStorage.setItem(VIEWS, JSON.stringify(views));
  listViews();
}

function address() {
  const query = new URLSearchParams(location.search);
  // A view begins at its first page.
  query.delete("after");
  return `${location.pathname}${query.size ? `?${query}` : ""}`;
}

function listViews() {
  const list = document.querySelector("[data-view-list]");
  list?.replaceChildren(
    ...stored().map(({ name, href }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = href;
      link.textContent = name;
      const drop = document.createElement("button");
      drop.type = "button";
      drop.className = "quiet";
      drop.textContent = "Forget";
      drop.setAttribute("aria-label", `Forget the view ${name}`);
      drop.addEventListener("click", () => keep(stored().filter((view) => view.name !== name)));
      item.append(link, drop);
      return item;
    }),
  );
}

// One listener for the page: htmx puts new parts in the place of old ones, also on going back.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-save-view]");
  if (!form) return;
  event.preventDefault();
  const name = form.elements.name.value.trim();
  if (!name) return;
  keep([...stored().filter((view) => view.name !== name), { name, href: address() }]);
  form.reset();
  notice(`The view “${name}” is kept in this browser.`);
});

document.addEventListener("click", async ({ target }) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.open = false;
  }
  if (!target.closest("[data-copy]")) return;
  await navigator.clipboard.writeText(new URL(address(), location.href).href);
  notice("The link is copied.");
});

document.addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function prepare() {
  for (const form of document.querySelectorAll("[data-save-view]")) form.hidden = false;
  for (const copy of document.querySelectorAll("[data-copy]")) copy.hidden = !navigator.clipboard;
  listViews();
}

prepare();
for (const event of ["htmx:afterSettle", "htmx:historyRestore"]) document.addEventListener(event, prepare);
