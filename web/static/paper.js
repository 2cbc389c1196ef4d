// The page of one paper: its records and its highlights lead to each other, in the pages or the text.

import { notice, shortcut } from "./scmine.js";
import { Adding } from "./paper-add.js";
import { TextView } from "./paper-text.js";

const paper = document.querySelector(".paper");
const address = `/papers/${paper.dataset.doc}`;
const cards = new Map(
  [...document.querySelectorAll("[data-record]")].map((card) => [card.dataset.record, card]),
);
const hidden = new Set();
let data = { mentions: [], links: [], cells: [], sentences: [], records: [] };
let view;
let chosen = null;
let picked = "";
let sentence = -1;

async function start() {
  const found = fetch(`${address}/highlights`).then((answer) => {
    if (!answer.ok) throw new Error(`the highlights cannot be loaded (${answer.status})`);
    return answer.json();
  });
  const handlers = { pick, hover, pageChanged };
  if (paper.dataset.view === "pages") {
    const { PagesView } = await import("./paper-pages.js");
    view = new PagesView(paper, address, handlers);
  } else {
    view = new TextView(paper, handlers);
  }
  const ready = view.open();
  data = await found;
  view.use(data, hidden);
  fillLegend();
  await ready;
  for (const part of document.querySelectorAll("[data-when-ready]")) part.hidden = false;
  const page = Number(new URLSearchParams(location.search).get("page"));
  if (page && !location.hash) view.goTo(page);
  followAddress();
}

/** The record that the address names, `#record=ID`, comes into view. */
function followAddress() {
  const id = new URLSearchParams(location.hash.slice(1)).get("record");
  if (id) choose(id);
  for (const link of document.querySelectorAll("[data-switch]")) link.hash = location.hash;
}

function recordOf(id) {
  return data.records.find((record) => record.id === id);
}

function choose(id, { scroll = true, focus = false } = {}) {
  const record = recordOf(id);
  const card = cards.get(id);
  if (!record || !card) {
    notice("This paper has no such record.");
    return;
  }
  mark([id]);
  chosen = id;
  card.scrollIntoView({ block: "nearest" });
  if (focus) card.querySelector(".pick").focus({ preventScroll: true });
  if (!view.show(record, scroll)) notice("Where this record stands in the paper is not known.");
  else notice("");
  const first = data.sentences.findIndex((one) => holds(one, record.spans[0]));
  if (first >= 0) sentence = first;
  history.replaceState(null, "", `#record=${encodeURIComponent(id)}`);
  for (const link of document.querySelectorAll("[data-switch]")) link.hash = location.hash;
}

function mark(ids) {
  for (const [id, card] of cards) card.classList.toggle("chosen", ids.includes(id));
  for (const [id, card] of cards) {
    card.querySelector(".pick").setAttribute("aria-current", String(ids.includes(id)));
  }
}

function holds(one, span) {
  return span && one.passage === span[0] && one.start >= span[1] && one.start < span[2];
}

/** A highlight was picked: its records come into view, one after the other if it has several. */
function pick({ mention = null, cell = null, at = null }) {
  if (at !== null) sentence = at;
  const name = JSON.stringify([mention, cell, at]);
  let ids = data.records.filter(
    (r) => (mention !== null && r.mentions.includes(mention)) || (cell !== null && r.cells.includes(cell)),
  );
  if (!ids.length && mention !== null) {
    const one = data.mentions[mention];
    ids = data.records.filter((r) => r.spans.some(([p, a, b]) => p === one.passage && a <= one.start && one.end <= b));
  }
  if (!ids.length && cell !== null) {
    const { table, row } = data.cells[cell];
    ids = data.records.filter((r) => r.cells.some((c) => data.cells[c].table === table && data.cells[c].row === row));
  }
  ids = ids.map((record) => record.id);
  if (mention !== null) {
    sentence = data.sentences.findIndex((s) => s.passage === data.mentions[mention].passage
      && s.start <= data.mentions[mention].start && data.mentions[mention].start < s.end);
  }
  if (!ids.length) {
    mark([]);
    chosen = null;
    view.clear({ mention, cell, sentence });
    if (mention !== null || cell !== null) notice("No record was made of this.");
    picked = name;
    return;
  }
  const next = picked === name && chosen !== null ? (ids.indexOf(chosen) + 1) % ids.length : 0;
  picked = name;
  choose(ids[next], { scroll: false });
  mark(ids);
  if (ids.length > 1) notice(`${ids.length} records were made of this; pick it again for the next.`);
}

/** The mentions that are linked to those under the pointer light up with them. */
function hover(mentions) {
  const linked = data.links.filter(([a, b]) => mentions.includes(a) || mentions.includes(b));
  view.light([...new Set([...mentions, ...linked.flat()])], linked);
}

function pageChanged(number) {
  document.querySelector("[data-page]").value = number;
}

function fillLegend() {
  const counts = new Map([["cells", data.cells.filter((c) => c.box || paper.dataset.view === "text").length], ["links", data.links.length]]);
  for (const { label } of data.mentions) counts.set(label, (counts.get(label) ?? 0) + 1);
  for (const entry of document.querySelectorAll("[data-label]")) {
    const count = counts.get(entry.dataset.label) ?? 0;
    entry.hidden = !count || (entry.dataset.label === "links" && paper.dataset.view === "text");
    entry.querySelector("[data-count]").textContent = count;
  }
  const legend = document.querySelector("[data-legend]");
  legend.hidden = ![...counts.values()].some(Boolean);
  hidden.add("links");
  legend.addEventListener("change", ({ target }) => {
    if (target.checked) hidden.delete(target.value);
    else hidden.add(target.value);
    view.redraw();
  });
}

function stepRecord(step) {
  const ids = [...cards.keys()];
  if (!ids.length) return;
  const at = ids.indexOf(chosen);
  const next = at < 0 ? (step > 0 ? 0 : ids.length - 1) : (at + step + ids.length) % ids.length;
  choose(ids[next], { focus: true });
}

function stepSentence(step) {
  if (!data.sentences.length) {
    notice("The sentences of this paper are not stored.");
    return;
  }
  const first = sentence < 0 ? view.firstSentence(data.sentences) : sentence + step;
  sentence = Math.max(0, Math.min(data.sentences.length - 1, first));
  mark([]);
  view.clear({ sentence });
  view.showSentence(sentence);
}

const mentionOrder = () => data.mentions.map((m, n) => n).filter((n) => !hidden.has(data.mentions[n].label));
let atMention = -1;

function stepMention(step) {
  const order = mentionOrder();
  if (!order.length) return;
  const at = order.indexOf(atMention);
  atMention = order[at < 0 ? 0 : (at + step + order.length) % order.length];
  pick({ mention: atMention });
  view.showMention(atMention);
  const { text, label } = data.mentions[atMention];
  const name = document.querySelector(`[data-label="${label}"] .mention`).textContent;
  notice(`${name}: ${text}`);
}

const adding = paper.hasAttribute("data-may-add") ? new Adding(paper, address) : null;

function add() {
  const selected = view.selection();
  const one = data.sentences[sentence];
  if (selected) adding.open(selected);
  else if (one) adding.open(new URLSearchParams({ passage: one.passage, start: one.start, end: one.end }));
  else notice("Select text in the paper, or go to a sentence with s, then add.");
}

for (const [id, card] of cards) {
  card.querySelector(".pick").addEventListener("click", (event) => {
    event.preventDefault();
    choose(id);
  });
  card.addEventListener("mouseenter", () => hover(recordOf(id)?.mentions ?? []));
  card.addEventListener("mouseleave", () => hover([]));
  card.addEventListener("focusin", () => hover(recordOf(id)?.mentions ?? []));
  card.addEventListener("focusout", () => hover([]));
}
addEventListener("hashchange", followAddress);
shortcut("j", "Next record", () => stepRecord(1));
shortcut("k", "Record before", () => stepRecord(-1));
shortcut("n", "Next highlight", () => stepMention(1));
shortcut("N", "Highlight before", () => stepMention(-1));
shortcut("s", "Next sentence", () => stepSentence(1));
shortcut("S", "Sentence before", () => stepSentence(-1));
if (paper.dataset.view === "pages") {
  shortcut("+", "Larger", () => view.zoom("in"));
  shortcut("-", "Smaller", () => view.zoom("out"));
  shortcut("0", "Fit the width", () => view.zoom("fit"));
}
if (adding) {
  shortcut("a", "Add a record for the selected text or this sentence", add);
  document.querySelector("[data-add]").addEventListener("click", add);
  // A click on the button would take the selection away before it is read.
  document.querySelector("[data-add]").addEventListener("pointerdown", (event) => event.preventDefault());
}

start().catch((error) => {
  notice(error.message);
  const wait = document.querySelector("[data-wait]");
  if (wait) {
    wait.textContent = `The pages cannot be shown: ${error.message}. `;
    const link = document.createElement("a");
    link.href = "?view=text";
    link.textContent = "Show the text";
    wait.append(link);
    wait.hidden = false;
  }
});
