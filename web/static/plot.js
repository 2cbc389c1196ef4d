// Draws the plots of a page from their data, opens what is clicked, and saves them as pictures.
//
// Drawn on a canvas, which a strict content security policy allows as it is and which pans
// thousands of points without a pause; the SVG to save is made by the same library as text.

import { notice } from "./scmine.js";

const marks = await (await fetch(new URL("./class-marks.json", import.meta.url))).json();
const FONT = "system-ui, 'Segoe UI', 'Noto Sans', sans-serif";
const NARROW_PX = 560;
const GRID_WIDTH_PX = 680;
const EXPORT_SIZE = { width: 1000, height: 640 };

/** The colours of the page as it is now, light or dark. */
function colours() {
  const probe = document.createElement("span");
  document.body.append(probe);
  const named = (name) => {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  };
  const found = Object.fromEntries(
    ["ink", "soft", "line", "paper", "raised", "accent"].map((name) => [name, named(name)]),
  );
  probe.remove();
  const dark = getComputedStyle(document.documentElement).colorScheme;
  const prefersDark = matchMedia("(prefers-color-scheme: dark)").matches;
  found.isDark = dark === "dark" || (dark !== "light" && prefersDark);
  return found;
}

function markOf(name, theme) {
  const palette = marks.colours[theme.isDark ? "dark" : "light"];
  const [colour, symbol] = marks.marks[name] ?? fallback(name, palette.length);
  return { colour: palette[colour], symbol };
}

/** A class that the list does not know gets a colour by its name, always the same. */
function fallback(name, count) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return [sum % count, "roundRect"];
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shown(value) {
  return String(Number(Number(value).toPrecision(6)));
}

function axisOf(axis, theme, side) {
  return {
    type: axis.log ? "log" : "value",
    name: axis.label.replace("ωlog", "ω{sub|log}"),
    nameLocation: "middle",
    nameGap: side === "x" ? 30 : 44,
    nameTextStyle: {
      color: theme.ink,
      fontFamily: FONT,
      fontSize: 13,
      rich: { sub: { color: theme.ink, fontFamily: FONT, fontSize: 9, verticalAlign: "bottom", padding: [0, 0, -3, 0] } },
    },
    scale: side === "x",
    minInterval: axis.title.startsWith("Year") ? 1 : undefined,
    axisLabel: {
      color: axis.categories?.length ? theme.ink : theme.soft,
      fontFamily: FONT,
      formatter: (value) => (axis.categories?.length ? (axis.categories[value] ?? "") : shown(value)),
      hideOverlap: true,
    },
    ...(axis.categories?.length
      ? { min: -0.5, max: axis.categories.length - 0.5, interval: 0.5, inverse: true }
      : {}),
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.soft } },
    axisTick: { show: true },
    splitLine: { lineStyle: { color: theme.line, opacity: 0.6 } },
  };
}

/** How each kind of evidence is drawn, said in words below the plot. */
function itemStyle(evidence, colour) {
  if (evidence === "measured") return { color: colour, opacity: 0.85 };
  const hollow = { color: "transparent", borderColor: colour, borderWidth: 1.6 };
  return evidence === "calculated" ? hollow : { ...hollow, borderType: "dotted" };
}

/** The points of each series by their evidence: what is drawn alike is one series of the library. */
function pointSeries(data, theme) {
  const made = [];
  for (const series of data.series) {
    const { colour, symbol } = markOf(series.name, theme);
    for (const kind of ["measured", "calculated", "unknown"]) {
      // The third number leads back to the point of the data; the library draws the first two.
      const values = [];
      series.x.forEach((x, i) => {
        if (series.evidence[i] === kind) values.push([x, series.y[i], i]);
      });
      if (!values.length) continue;
      made.push({
        type: "scatter",
        name: series.name,
        data: values,
        symbol,
        symbolSize: data.drawn > 3000 ? 6 : 9,
        cursor: "pointer",
        itemStyle: itemStyle(kind, colour),
        emphasis: { scale: 1.5, itemStyle: { borderColor: theme.ink, borderWidth: 1.5 } },
      });
    }
  }
  return made;
}

function lineSeries(data, theme) {
  return data.lines.map((line) => ({
    type: "line",
    name: line.name,
    data: line.points,
    symbol: "none",
    silent: true,
    lineStyle: { color: theme.soft, width: 1, type: "dashed" },
    endLabel: { show: true, formatter: line.name, color: theme.soft, fontFamily: FONT, fontSize: 11 },
    // Labels that would lie on each other move apart, so that each line has its own.
    labelLayout: { moveOverlap: "shiftY" },
    z: 3,
  }));
}

/** The point of the data that the library drew from `value`. */
function pointOf(data, name, value) {
  const series = data.series.find((one) => one.name === name);
  const i = value[2];
  return { record: series.record[i], label: series.label[i], evidence: series.evidence[i] };
}

function pointTooltip(data) {
  return ({ value, seriesName }) => {
    const point = pointOf(data, seriesName, value);
    const box = element("div", undefined, "plot-tip");
    box.append(element("strong", point.label));
    const say = (axis, value) =>
      box.append(element("div", `${axis.title}: ${shown(value)}${axis.unit ? ` ${axis.unit}` : ""}`));
    say(data.x, value[0]);
    if (!data.y.categories.length) say(data.y, value[1]);
    box.append(element("div", `${seriesName}, ${point.evidence}`));
    return box;
  };
}

function base(theme) {
  return {
    animation: false,
    backgroundColor: theme.paper,
    textStyle: { fontFamily: FONT, color: theme.ink },
    tooltip: {
      backgroundColor: theme.raised,
      borderColor: theme.line,
      textStyle: { color: theme.ink, fontFamily: FONT, fontSize: 13 },
      confine: true,
    },
  };
}

function pointOption(data, theme, width) {
  const legendWidth = 210;
  const narrow = width < NARROW_PX;
  const beside = narrow || data.series.length < 2 ? 0 : legendWidth;
  return {
    ...base(theme),
    tooltip: { ...base(theme).tooltip, trigger: "item", formatter: pointTooltip(data) },
    legend: {
      type: "scroll",
      show: data.series.length > 1,
      itemWidth: 12,
      itemHeight: 12,
      data: data.series.map(({ name }) => ({ name, icon: markOf(name, theme).symbol })),
      ...(narrow ? { top: 0, left: 0, right: 0 } : { orient: "vertical", right: 0, top: 24, width: legendWidth }),
      textStyle: { color: theme.ink, fontFamily: FONT },
      inactiveColor: theme.line,
      pageIconColor: theme.accent,
      pageTextStyle: { color: theme.soft },
      formatter: (name) => {
        const series = data.series.find((one) => one.name === name);
        return `${name} (${series.total})`;
      },
    },
    grid: {
      left: data.y.categories.length ? 16 : 64,
      containLabel: data.y.categories.length > 0,
      right: beside + (data.lines.length ? 60 : 24),
      top: narrow ? 40 : 24,
      bottom: 52,
    },
    // Strips have room at both ends, so that no point sits on the axis.
    xAxis: { ...axisOf(data.x, theme, "x"), boundaryGap: data.y.categories.length ? ["4%", "4%"] : 0 },
    yAxis: axisOf(data.y, theme, "y"),
    dataZoom: ["xAxisIndex", "yAxisIndex"].map((axis) => ({
      type: "inside",
      [axis]: 0,
      filterMode: "none",
      zoomOnMouseWheel: "ctrl",
      moveOnMouseWheel: false,
    })),
    series: [...lineSeries(data, theme), ...pointSeries(data, theme)],
  };
}

function barOption(data, theme) {
  const bars = [...data.bars].reverse();
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      trigger: "item",
      // The library's own text is HTML with styles in it, which the content security policy refuses.
      formatter: ({ name, value }) => {
        const box = element("div", undefined, "plot-tip");
        box.append(element("strong", name), element("div", `${data.of}: ${value}`));
        return box;
      },
    },
    grid: { left: 8, right: 56, top: 8, bottom: 40, containLabel: true },
    xAxis: { ...axisOf({ label: data.of, title: data.of }, theme, "x"), minInterval: 1, min: 0 },
    yAxis: {
      type: "category",
      data: bars.map(({ name }) => name),
      axisLabel: { color: theme.ink, fontFamily: FONT, interval: 0 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: theme.soft } },
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 22,
        data: bars.map(({ count, link }) => ({ value: count, more: { link } })),
        cursor: bars.some(({ link }) => link) ? "pointer" : "default",
        itemStyle: { color: theme.accent },
        label: { show: true, position: "right", color: theme.ink, fontFamily: FONT },
      },
    ],
  };
}

function gridOption(data, theme) {
  const groups = [...data.groups].reverse();
  const cells = groups.flatMap((group, row) =>
    group.shares.map((share, column) => ({
      value: [column, row, Math.round(share * 1000) / 10],
      more: { link: group.link },
    })),
  );
  return {
    ...base(theme),
    tooltip: {
      ...base(theme).tooltip,
      formatter: ({ data: cell }) => {
        const [column, row, share] = cell.value;
        const box = element("div", undefined, "plot-tip");
        box.append(element("strong", `${data.by}: ${groups[row].name}`));
        box.append(element("div", `${data.columns[column]}: ${share} %`));
        box.append(element("div", `of ${groups[row].records} records`));
        return box;
      },
    },
    grid: { left: 8, right: 16, top: 8, bottom: 44, containLabel: true },
    xAxis: {
      type: "category",
      data: data.columns,
      position: "top",
      axisLabel: { color: theme.ink, fontFamily: FONT, interval: 0, rotate: 45 },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    yAxis: {
      type: "category",
      data: groups.map(({ name, records }) => `${name} (${records})`),
      axisLabel: { color: theme.ink, fontFamily: FONT },
      axisLine: { show: false },
      axisTick: { show: false },
    },
    visualMap: {
      type: "continuous",
      orient: "horizontal",
      left: "center",
      bottom: 0,
      itemWidth: 12,
      itemHeight: 160,
      text: ["100 %", "0 %"],
      textStyle: { color: theme.ink, fontFamily: FONT },
      min: 0,
      max: 100,
      inRange: { color: theme.isDark ? ["#1b212b", "#2f6fb5", "#d6e8ff"] : ["#f3f6fa", "#6ba3d6", "#0b3c6f"] },
    },
    series: [
      {
        type: "heatmap",
        data: cells,
        cursor: groups.some(({ link }) => link) ? "pointer" : "default",
        itemStyle: { borderColor: theme.paper, borderWidth: 1 },
      },
    ],
  };
}

const options = { points: pointOption, bars: barOption, grid: gridOption };

function heightOf(data) {
  if (data.kind === "points" && data.y.categories.length) return 100 + 60 * data.y.categories.length;
  if (data.kind === "bars") return Math.max(160, 70 + 28 * data.bars.length);
  if (data.kind === "grid") return Math.max(240, 170 + 24 * data.groups.length);
  return null;
}

function isEmpty(data) {
  const parts = { points: data.series, bars: data.bars, grid: data.groups };
  return parts[data.kind].length === 0;
}

function open(place, event) {
  if (!place) return;
  const native = event?.event?.event ?? event?.event;
  if (native?.ctrlKey || native?.metaKey) window.open(place, "_blank", "noopener");
  else location.assign(place);
}

function save(blob, name) {
  const link = element("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function asPng(option, size) {
  const chart = echarts.init(element("div"), null, { renderer: "canvas", ...size });
  chart.setOption(option);
  const canvas = chart.renderToCanvas({ pixelRatio: 2 });
  chart.dispose();
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function asSvg(option, size) {
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, ...size });
  chart.setOption(option);
  const text = chart.renderToSVGString();
  chart.dispose();
  return new Blob([text], { type: "image/svg+xml" });
}

async function start(frame) {
  const target = frame.querySelector("[data-plot-target]");
  const answer = await fetch(frame.dataset.plot, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    target.replaceChildren(element("p", `The data could not be read (${answer.status}).`, "error"));
    return;
  }
  const data = await answer.json();
  frame
    .querySelector("[data-plot-notes]")
    .replaceChildren(...(data.notes ?? []).map((note) => element("p", note)));
  if (isEmpty(data)) {
    target.replaceChildren(element("p", frame.dataset.empty, "soft plot-empty"));
    return;
  }
  draw(frame, target, data);
}

function draw(frame, target, data) {
  const height = heightOf(data);
  if (height) target.style.height = `${height}px`;
  if (data.kind === "grid") target.style.minWidth = `${GRID_WIDTH_PX}px`;
  target.replaceChildren();
  const chart = echarts.init(target, null, { renderer: "canvas" });
  const option = (width) => options[data.kind](data, colours(), width);
  const redraw = () => chart.setOption(option(target.clientWidth), { notMerge: true });
  redraw();
  target.dataset.ready = "";
  chart.on("click", (event) => {
    const place =
      data.kind === "points"
        ? `/records/${encodeURIComponent(pointOf(data, event.seriesName, event.value).record)}`
        : event.data.more.link;
    open(place, event);
  });
  let wasNarrow = target.clientWidth < NARROW_PX;
  new ResizeObserver(() => {
    if (target.clientWidth === chart.getWidth() && target.clientHeight === chart.getHeight()) return;
    chart.resize();
    // Between a phone's and a laptop's width the legend moves.
    const isNarrow = target.clientWidth < NARROW_PX;
    if (isNarrow !== wasNarrow) redraw();
    wasNarrow = isNarrow;
  }).observe(target);
  document.addEventListener("scmine:theme", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const size = { width: EXPORT_SIZE.width, height: height ?? EXPORT_SIZE.height };
  wire(frame, chart, () => option(size.width), size, data.name, redraw);
}

function wire(frame, chart, option, size, name, redraw) {
  const on = (selector, action) => {
    const button = frame.querySelector(selector);
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", action);
  };
  // What the legend has switched off is off in the picture too.
  const seen = () => {
    const made = option();
    if (made.legend) made.legend.selected = chart.getOption().legend[0].selected;
    return made;
  };
  on("[data-save=png]", async () => {
    save(await asPng(seen(), size), `${name}.png`);
    notice("The picture is saved as PNG.");
  });
  on("[data-save=svg]", () => {
    save(asSvg(seen(), size), `${name}.svg`);
    notice("The picture is saved as SVG.");
  });
  on("[data-reset]", redraw);
}

for (const frame of document.querySelectorAll("[data-plot]")) start(frame);
