// The place of a record on its page, drawn by pdf.js around the boxes of the claim.

const BASE = "/static/vendor/pdfjs/";
const MARGIN_PT = 60;
const MOST_HEIGHT_PT = 300;
const LARGEST_PX_PER_PT = 1.6;
const WHOLE_PAGE = 0.6;
const PAD_PT = 2;
/** A4, in points. */
const COMMON_SIZE = { width: 595, height: 842 };
const FRAME = "#b45309";

/** The boxes of the claim on the page that is shown. */
function boxesOf(figure) {
  const number = Number(figure.dataset.page);
  return JSON.parse(figure.querySelector("[data-boxes]").textContent).filter(([page]) => page === number);
}

/** Keep the place of the picture free, as high as on a page of common size, before the file is there. */
function reserve(figure, boxes) {
  figure.hidden = false;
  const canvas = figure.querySelector("canvas");
  const part = around(boxes, COMMON_SIZE, canvas.clientWidth / LARGEST_PX_PER_PT);
  canvas.width = Math.round(part.width * LARGEST_PX_PER_PT);
  canvas.height = Math.round(part.height * LARGEST_PX_PER_PT);
}

async function draw(figure, boxes) {
  const number = Number(figure.dataset.page);
  const pdfjs = await import(`${BASE}pdf.min.mjs`);
  pdfjs.GlobalWorkerOptions.workerSrc = `${BASE}pdf.worker.min.mjs`;
  const pdf = await pdfjs.getDocument({
    url: figure.dataset.crop,
    cMapUrl: `${BASE}cmaps/`,
    standardFontDataUrl: `${BASE}standard_fonts/`,
    wasmUrl: `${BASE}wasm/`,
    iccUrl: `${BASE}iccs/`,
    useWasm: false,
    isEvalSupported: false,
    enableXfa: false,
  }).promise;
  const page = await pdf.getPage(number);
  const size = page.getViewport({ scale: 1 });
  const canvas = figure.querySelector("canvas");
  const part = around(boxes, size, canvas.clientWidth / LARGEST_PX_PER_PT);
  const scale = (Math.min(devicePixelRatio, 2) * canvas.clientWidth) / part.width;
  canvas.width = Math.round(part.width * scale);
  canvas.height = Math.round(part.height * scale);
  const context = canvas.getContext("2d");
  const viewport = page.getViewport({ scale, offsetX: -part.x * scale, offsetY: -part.y * scale });
  await page.render({ canvasContext: context, canvas, viewport, annotationMode: 0 }).promise;
  context.strokeStyle = FRAME;
  context.lineWidth = 1.2 * scale;
  for (const [, x0, y0, x1, y1] of boxes) {
    context.strokeRect(
      (x0 - part.x - PAD_PT) * scale,
      (y0 - part.y - PAD_PT) * scale,
      (x1 - x0 + 2 * PAD_PT) * scale,
      (y1 - y0 + 2 * PAD_PT) * scale,
    );
  }
}

/**
 * The part of the page that is shown: the boxes with a margin, at least so wide, not too high.
 * Where most of the page's width would be shown, all of it is.
 */
function around(boxes, size, leastWidth) {
  const least = leastWidth > WHOLE_PAGE * size.width ? size.width : Math.min(size.width, leastWidth);
  let left = Math.max(0, Math.min(...boxes.map((box) => box[1])) - MARGIN_PT);
  const right = Math.min(size.width, Math.max(...boxes.map((box) => box[3])) + MARGIN_PT);
  const width = Math.max(right - left, least);
  left = Math.min(Math.max(0, (left + right - width) / 2), size.width - width);
  const top = Math.max(0, Math.min(...boxes.map((box) => box[2])) - MARGIN_PT);
  const bottom = Math.min(size.height, Math.max(...boxes.map((box) => box[4])) + MARGIN_PT);
  return { x: left, y: top, width, height: Math.min(bottom - top, MOST_HEIGHT_PT) };
}

const figure = document.querySelector("[data-crop]");
const boxes = figure === null ? [] : boxesOf(figure);
if (boxes.length > 0) {
  reserve(figure, boxes);
  let drawn = false;
  try {
    const found = await fetch(figure.dataset.crop, { method: "HEAD" });
    if (found.ok) await draw(figure, boxes);
    drawn = found.ok;
  } finally {
    figure.hidden = !drawn;
  }
}
