// The text of a paper with its highlights: the same behaviour as its pages, on elements of the page.

export class TextView {
  #text;
  #handlers;
  #data = null;
  #hidden = new Set();
  #mentions = new Map();
  #cells = new Map();

  constructor(paper, handlers) {
    this.#text = paper.querySelector("[data-text]");
    this.#handlers = handlers;
    for (const part of this.#text.querySelectorAll("[data-mentions]")) {
      for (const number of part.dataset.mentions.split(" ").map(Number)) {
        this.#mentions.set(number, [...(this.#mentions.get(number) ?? []), part]);
      }
    }
    for (const cell of this.#text.querySelectorAll("[data-cell]")) {
      this.#cells.set(Number(cell.dataset.cell), cell);
    }
    this.#text.addEventListener("click", (event) => this.#clicked(event));
    this.#text.addEventListener("pointerover", ({ target }) => {
      const part = target.closest("[data-mentions]");
      this.#handlers.hover(part ? part.dataset.mentions.split(" ").map(Number) : []);
    });
  }

  async open() {}

  goTo(page) {
    this.#text.querySelector(`[data-page-of="${page}"]`)?.scrollIntoView();
  }

  use(data, hidden) {
    this.#data = data;
    this.#hidden = hidden;
    this.redraw();
  }

  redraw() {
    this.#mentions.forEach((parts, number) => {
      const label = this.#data.mentions[number]?.label;
      for (const part of parts) part.classList.toggle("off", this.#hidden.has(label));
    });
    this.#text.classList.toggle("no-cells", this.#hidden.has("cells"));
  }

  show(record, scroll) {
    this.clear({});
    const parts = [
      ...record.mentions.flatMap((n) => this.#mentions.get(n) ?? []),
      ...record.cells.flatMap((n) => this.#cells.get(n) ?? []),
    ];
    const sentences = this.#sentencesIn(record.spans);
    for (const part of [...parts, ...sentences]) part.classList.add("chosen");
    const first = parts[0] ?? sentences[0];
    if (first && scroll) first.scrollIntoView({ block: "center" });
    return Boolean(first);
  }

  clear({ mention = null, cell = null, sentence = -1 }) {
    for (const part of this.#text.querySelectorAll(".chosen")) part.classList.remove("chosen");
    if (mention !== null) for (const part of this.#mentions.get(mention) ?? []) part.classList.add("chosen");
    if (cell !== null) this.#cells.get(cell)?.classList.add("chosen");
    if (mention === null && cell === null) this.#sentence(sentence)?.classList.add("chosen");
  }

  light(mentions) {
    for (const part of this.#text.querySelectorAll(".lit")) part.classList.remove("lit");
    for (const number of mentions) {
      for (const part of this.#mentions.get(number) ?? []) part.classList.add("lit");
    }
  }

  firstSentence(sentences) {
    const { top } = this.#text.getBoundingClientRect();
    const found = sentences.findIndex((_, n) => (this.#sentence(n)?.getBoundingClientRect().top ?? -1) >= top);
    return Math.max(0, found);
  }

  showSentence(number) {
    this.#sentence(number)?.scrollIntoView({ block: "center" });
  }

  showMention(number) {
    this.#mentions.get(number)?.[0].scrollIntoView({ block: "center" });
  }

  selection() {
    const selected = getSelection();
    if (selected.isCollapsed || !this.#text.contains(selected.anchorNode)) return null;
    const range = selected.getRangeAt(0);
    const row = this.#element(range.startContainer).closest("tr[data-row]");
    if (row) return new URLSearchParams({ table: row.dataset.table, row: row.dataset.row });
    const from = this.#place(range.startContainer, range.startOffset);
    const to = this.#place(range.endContainer, range.endOffset);
    if (!this.#data?.sentences.length) return new URLSearchParams({ text: selected.toString().slice(0, 2000) });
    if (!from) return null;
    const end = to && to.passage === from.passage && to.offset > from.offset ? to.offset : from.offset + 1;
    return new URLSearchParams({ passage: from.passage, start: from.offset, end });
  }

  #element(node) {
    return node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  }

  /** The passage and the character in it at an end of the selection. */
  #place(node, offset) {
    const piece = this.#element(node).closest("[data-at]");
    const passage = this.#element(node).closest("[data-passage]");
    if (!piece || !passage) return null;
    return { passage: passage.dataset.passage, offset: Number(piece.dataset.at) + offset };
  }

  #sentence(number) {
    const one = this.#data?.sentences[number];
    if (!one) return undefined;
    return this.#text.querySelector(`[data-passage="${one.passage}"] .sentence[data-start="${one.start}"]`);
  }

  #sentencesIn(spans) {
    return spans.flatMap(([passage, start, end]) =>
      [...this.#text.querySelectorAll(`[data-passage="${passage}"] .sentence`)].filter(
        ({ dataset }) => Number(dataset.start) >= start && Number(dataset.start) < end,
      ),
    );
  }

  #clicked({ target }) {
    if (!getSelection().isCollapsed || target.closest("a") || !this.#data) return;
    const part = target.closest("[data-mentions]");
    const cell = target.closest("[data-cell]");
    const sentence = target.closest(".sentence");
    const passage = Number(target.closest("[data-passage]")?.dataset.passage);
    const at = this.#data.sentences.findIndex(
      (s) => s.passage === passage && s.start === Number(sentence?.dataset.start),
    );
    this.#handlers.pick({
      mention: part ? Number(part.dataset.mentions.split(" ")[0]) : null,
      cell: cell ? Number(cell.dataset.cell) : null,
      at: at < 0 ? null : at,
    });
  }
}
