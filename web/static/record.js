// Keys of pages with one record, and of its forms. A key belongs to the element that names it.

import { shortcut } from "/static/scmine.js";

const NAMES = {
  a: "Accept this record",
  e: "Correct this record",
  r: "Reject this record",
  s: "Skip this record",
  u: "Undo the last change",
  n: "Next record",
  p: "Previous record",
  g: "Go to the paper",
};

const reject = document.querySelector("details.reject");

for (const [key, what] of Object.entries(NAMES)) {
  const found = document.querySelector(`[data-key="${key}"]`);
  if (found === null) continue;
  shortcut(key, what, () => {
    if (found === reject) {
      reject.open = !reject.open;
      if (reject.open) reject.querySelector("button").focus();
    } else {
      found.click();
    }
  });
}

if (reject !== null) {
  for (const button of reject.querySelectorAll("[data-digit]")) {
    shortcut(button.dataset.digit, `When rejecting: ${button.textContent.trim().slice(1).trim()}`, () => {
      if (reject.open) button.click();
    });
  }
  reject.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    reject.open = false;
    reject.querySelector("summary").focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.ctrlKey) return;
  const form = event.target.closest("form[data-edit]");
  if (form !== null) form.requestSubmit();
});

// A form that took the place of a group is typed into at once.
document.addEventListener("htmx:afterSwap", (event) => {
  const first = event.detail.elt.querySelector("input:not([type=hidden]), select");
  if (event.detail.elt.matches("form[data-edit]")) first?.focus();
});

document.querySelector("#problems")?.focus();
