// The pages of a PDF, drawn by pdf.js as they come into view, with what was found laid over them.

const BASE = "/static/vendor/pdfjs/";
const SVG = "http://www.w3.org/2000/svg";
const PAD_PT = 1;
const NEAR_PT = 2;
const ZOOM_STEP = 1.15;

/** A box as an element over its page; `size` is that of the page in points. */
function placed(kind, [, x0, y0, x1, y1], size) {
  const box = document.createElement("div");
  box.className = kind;
  box.style.left = `${(100 * (x0 - PAD_PT)) / size.width}%`;
  box.style.top = `${(100 * (y0 - PAD_PT)) / size.height}%`;
  box.style.width = `${(100 * (x1 - x0 + 2 * PAD_PT)) / size.width}%`;
  box.style.height = `${(100 * (y1 - y0 + 2 * PAD_PT)) / size.height}%`;
  return box;
}

function contains([, x0, y0, x1, y1], x, y) {
  return x0 - NEAR_PT <= x && x <= x1 + NEAR_PT && y0 - NEAR_PT <= y && y <= y1 + NEAR_PT;
}

function area([, x0, y0, x1, y1]) {
  return (x1 - x0) * (y1 - y0);
}

function middle([, x0, y0, x1, y1], size) {
  return [(50 * (x0 + x1)) / size.width, (50 * (y0 + y1)) / size.height];
}

export class PagesView {
  #address;
  #handlers;
  #container;
  #viewer = null;
  #fits = true;
  #data = null;
  #hidden = new Set();
  #byPage = new Map();
  #record = null;
  #sentence = -1;
  #cell = null;
  #picked = [];
  #lit = { mentions: [], links: [] };
  #hovered = null;

  constructor(paper, address, handlers) {
    this.#address = address;
    this.#handlers = handlers;
    this.#container = paper.querySelector("[data-pages]");
    for (const button of document.querySelectorAll("[data-zoom]")) {
      button.addEventListener("click", () => this.zoom(button.dataset.zoom));
    }
    for (const button of document.querySelectorAll("[data-page-step]")) {
      button.addEventListener("click", () => {
        this.#viewer.currentPageNumber += Number(button.dataset.pageStep);
      });
    }
    document.querySelector("[data-page]").addEventListener("change", ({ target }) => {
      this.#viewer.currentPageNumber = Number(target.value);
      target.value = this.#viewer.currentPageNumber;
    });
    this.#container.addEventListener("click", (event) => this.#clicked(event));
    this.#container.addEventListener("pointermove", (event) => this.#moved(event));
    this.#container.addEventListener("pointerleave", () => this.#over(null));
  }

  /** Load the file; done when the sizes of the pages are known and the first is being drawn. */
  async open() {
    const pdfjs = await import(`${BASE}pdf.min.mjs`);
    globalThis.pdfjsLib = pdfjs;
    pdfjs.GlobalWorkerOptions.workerSrc = `${BASE}pdf.worker.min.mjs`;
    // Nothing in the file is run; pictures are decoded in the worker, whose policy allows it.
    const loading = pdfjs.getDocument({
      url: `${this.#address}/file`,
      cMapUrl: `${BASE}cmaps/`,
      standardFontDataUrl: `${BASE}standard_fonts/`,
      wasmUrl: `${BASE}wasm/`,
      iccUrl: `${BASE}iccs/`,
      isEvalSupported: false,
      enableXfa: false,
    });
    const [{ EventBus, PDFLinkService, PDFViewer }, pdf] = await Promise.all([
      import(`${BASE}pdf_viewer.mjs`),
      loading.promise,
    ]);
    const eventBus = new EventBus();
    const linkService = new PDFLinkService({ eventBus });
    this.#viewer = new PDFViewer({
      container: this.#container,
      eventBus,
      linkService,
      annotationMode: pdfjs.AnnotationMode.DISABLE,
      annotationEditorMode: pdfjs.AnnotationEditorType.DISABLE,
      removePageBorders: true,
    });
    linkService.setViewer(this.#viewer);
    const sized = new Promise((done) => {
      eventBus.on("pagesinit", () => {
        this.#viewer.currentScaleValue = "page-width";
        done();
      });
    });
    eventBus.on("pagerendered", ({ pageNumber }) => this.#drawn(pageNumber));
    eventBus.on("pagechanging", ({ pageNumber }) => this.#handlers.pageChanged(pageNumber));
    eventBus.on("scalechanging", ({ scale }) => {
      document.querySelector("[data-zoom-value]").textContent = `${Math.round(100 * scale)} %`;
    });
    linkService.setDocument(pdf);
    this.#viewer.setDocument(pdf);
    document.querySelector("[data-page-count]").textContent = pdf.numPages;
    document.querySelector("[data-page]").max = pdf.numPages;
    new ResizeObserver(() => this.#resized()).observe(this.#container);
    await sized;
  }

  use(data, hidden) {
    this.#data = data;
    this.#hidden = hidden;
    const at = (page) => {
      if (!this.#byPage.has(page)) this.#byPage.set(page, { mentions: [], cells: [], sentences: [] });
      return this.#byPage.get(page);
    };
    for (const kind of ["mentions", "sentences"]) {
      data[kind].forEach(({ boxes }, number) => {
        for (const box of boxes) at(box[0])[kind].push({ number, box });
      });
    }
    data.cells.forEach(({ box, header }, number) => {
      if (box) at(box[0]).cells.push({ number, box, header });
    });
    this.redraw();
  }

  zoom(how) {
    if (how === "fit") this.#viewer.currentScaleValue = "page-width";
    else if (how === "in") this.#viewer.currentScale = Math.min(5, this.#viewer.currentScale * ZOOM_STEP);
    else this.#viewer.currentScale = Math.max(0.2, this.#viewer.currentScale / ZOOM_STEP);
    this.#fits = how === "fit";
  }

  goTo(page) {
    this.#viewer.currentPageNumber = page;
  }

  #resized() {
    if (this.#fits && this.#viewer.pagesCount) this.#viewer.currentScaleValue = "page-width";
  }

  /** Mark a record; false if it has no place. */
  show(record, scroll) {
    this.#record = record;
    this.#picked = record.mentions;
    this.#sentence = -1;
    this.#cell = null;
    this.redraw();
    const boxes = [...record.mentions.flatMap((n) => this.#data.mentions[n].boxes.slice(0, 1)),
      ...record.cells.map((n) => this.#data.cells[n].box).filter(Boolean), ...record.boxes];
    const first = boxes.find((box) => box[0] === record.page) ?? boxes[0];
    if (first && scroll) this.#scrollTo(first);
    return Boolean(first);
  }

  /** Mark no record, but a mention, cell or sentence. */
  clear({ mention = null, cell = null, sentence = -1 }) {
    this.#record = null;
    this.#picked = mention === null ? [] : [mention];
    this.#cell = cell;
    this.#sentence = mention === null && cell === null ? sentence : -1;
    this.redraw();
  }

  light(mentions, links) {
    this.#lit = { mentions, links };
    this.redraw();
  }

  firstSentence(sentences) {
    const page = this.#viewer.currentPageNumber;
    return Math.max(0, sentences.findIndex(({ boxes }) => boxes.some((box) => box[0] === page)));
  }

  showSentence(number) {
    const [box] = this.#data.sentences[number].boxes;
    if (box) this.#scrollTo(box);
  }

  showMention(number) {
    const [box] = this.#data.mentions[number].boxes;
    if (box) this.#scrollTo(box);
  }

  /** The selected text as the server understands it: page, boxes, characters. */
  selection() {
    const selected = getSelection();
    if (selected.isCollapsed || !this.#container.contains(selected.anchorNode)) return null;
    const range = selected.getRangeAt(0);
    const element = range.startContainer.parentElement ?? range.startContainer;
    const page = element.closest(".page");
    if (!page) return null;
    const frame = page.getBoundingClientRect();
    const size = this.#size(Number(page.dataset.pageNumber));
    const boxes = [...range.getClientRects()]
      .filter((r) => r.width > 1 && r.top >= frame.top && r.bottom <= frame.bottom && r.height < frame.height / 4)
      .map((r) => [
        ((r.left - frame.left) / frame.width) * size.width,
        ((r.top - frame.top) / frame.height) * size.height,
        ((r.right - frame.left) / frame.width) * size.width,
        ((r.bottom - frame.top) / frame.height) * size.height,
      ].map((value) => value.toFixed(1)).join(","));
    if (!boxes.length) return null;
    return new URLSearchParams({
      page: page.dataset.pageNumber,
      boxes: [...new Set(boxes)].slice(0, 100).join(";"),
      text: selected.toString().slice(0, 2000),
    });
  }

  redraw() {
    if (!this.#viewer) return;
    for (const page of this.#container.querySelectorAll(".page[data-loaded]")) {
      this.#drawMarks(Number(page.dataset.pageNumber));
    }
  }

  #drawn(number) {
    document.querySelector("[data-wait]").hidden = true;
    if (number === 1) performance.mark("first page");
    this.#drawMarks(number);
  }

  #size(number) {
    const { viewport } = this.#viewer.getPageView(number - 1);
    // Boxes are in the units of the page, which UserUnit may make larger than points.
    const unit = viewport.scale * (viewport.userUnit ?? 1);
    return { width: viewport.width / unit, height: viewport.height / unit };
  }

  #drawMarks(number) {
    if (!this.#data) return;
    const { div } = this.#viewer.getPageView(number - 1);
    div.querySelector(".marks")?.remove();
    const size = this.#size(number);
    const marks = document.createElement("div");
    marks.className = "marks";
    marks.append(...this.#marksOf(number, size));
    div.append(marks);
  }

  *#marksOf(number, size) {
    const { mentions = [], cells = [] } = this.#byPage.get(number) ?? {};
    const own = this.#record ?? { boxes: [], cells: [] };
    if (!this.#hidden.has("cells")) {
      for (const { number: n, box, header } of cells) {
        const kind = `cell${header ? " header" : ""}${own.cells.includes(n) || this.#cell === n ? " chosen" : ""}`;
        yield placed(kind, box, size);
      }
    }
    for (const box of own.boxes) if (box[0] === number) yield placed("record-box", box, size);
    const sentence = this.#data.sentences[this.#sentence];
    for (const box of sentence?.boxes ?? []) if (box[0] === number) yield placed("sentence-box", box, size);
    const lit = this.#lit.mentions;
    for (const { number: n, box } of mentions) {
      const { label } = this.#data.mentions[n];
      if (this.#hidden.has(label)) continue;
      const state = `${this.#picked.includes(n) ? " chosen" : ""}${lit.includes(n) ? " lit" : ""}`;
      yield placed(`mention label-${label}${state}`, box, size);
    }
    yield* this.#lines(number, size);
  }

  /** The links on a page: of what is lit, or all if that is asked for. */
  *#lines(number, size) {
    const links = this.#hidden.has("links") ? this.#lit.links : this.#data.links;
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 100 100");
    svg.setAttribute("preserveAspectRatio", "none");
    svg.classList.add("links");
    for (const [head, tail] of links) {
      const [a] = this.#data.mentions[head].boxes;
      const [b] = this.#data.mentions[tail].boxes;
      if (a?.[0] !== number || b?.[0] !== number) continue;
      const [[x0, y0], [x1, y1]] = [middle(a, size), middle(b, size)];
      const line = document.createElementNS(SVG, "path");
      const bend = Math.min(2.5, Math.abs(x1 - x0) / 6 + 0.6);
      line.setAttribute("d", `M${x0} ${y0}Q${(x0 + x1) / 2} ${Math.min(y0, y1) - bend} ${x1} ${y1}`);
      svg.append(line);
    }
    if (svg.childElementCount) yield svg;
  }

  #scrollTo([page, x0, y0]) {
    const { div } = this.#viewer.getPageView(page - 1);
    const size = this.#size(page);
    this.#container.scrollTo({
      top: div.offsetTop + (y0 / size.height) * div.offsetHeight - this.#container.clientHeight / 3,
      left: div.offsetLeft + (x0 / size.width) * div.offsetWidth - this.#container.clientWidth / 2,
    });
  }

  /** What lies under the pointer: the smallest mention, else a cell, and the sentence. */
  #under(event) {
    const page = event.target.closest?.(".page");
    if (!page || !this.#data) return null;
    const number = Number(page.dataset.pageNumber);
    const frame = page.getBoundingClientRect();
    const size = this.#size(number);
    const x = ((event.clientX - frame.left) / frame.width) * size.width;
    const y = ((event.clientY - frame.top) / frame.height) * size.height;
    const { mentions = [], cells = [], sentences = [] } = this.#byPage.get(number) ?? {};
    const at = (found) => found.filter(({ box }) => contains(box, x, y))
      .sort((a, b) => area(a.box) - area(b.box))[0]?.number ?? null;
    const seen = mentions.filter(({ number: n }) => !this.#hidden.has(this.#data.mentions[n].label));
    const mention = at(seen);
    const cell = mention === null && !this.#hidden.has("cells") ? at(cells) : null;
    return { mention, cell, at: at(sentences) };
  }

  #clicked(event) {
    if (!getSelection().isCollapsed) return;
    const found = this.#under(event);
    if (found) this.#handlers.pick(found);
  }

  #moved(event) {
    if (!event.buttons) this.#over(this.#under(event)?.mention ?? null);
  }

  #over(mention) {
    if (mention === this.#hovered) return;
    this.#hovered = mention;
    this.#container.classList.toggle("over", mention !== null);
    this.#handlers.hover(mention === null ? [] : [mention]);
  }
}
