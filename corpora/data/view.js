"use strict";
const boxes = [...document.querySelectorAll("nav input[data-label]")];
const onlyErrors = document.querySelector("#only-errors");

function update() {
  const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.dataset.label));
  for (const marked of document.querySelectorAll("mark, li")) {
    marked.classList.toggle("off", !shown.has(marked.dataset.label));
  }
  for (const section of document.querySelectorAll("section")) {
    const wrong = section.querySelector(":is(.near, .missed, .extra):not(.off)");
    section.classList.toggle("off", onlyErrors.checked && !wrong);
  }
}

for (const box of [...boxes, onlyErrors]) box.addEventListener("change", update);
update();
