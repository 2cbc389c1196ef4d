// The unit cell of a record's structure, drawn by 3Dmol.js from the scene that the page carries.

const box = document.querySelector("#structure-view");
const scene = JSON.parse(document.querySelector("#structure-scene").textContent);
const buttons = document.querySelector("[data-structure-buttons]");
const BOND_RADIUS_A = 0.07;
const LABEL_GAP_A = 0.6;
const state = { spin: false, cell: true, labels: false };
let viewer = null;

function load() {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = "/static/vendor/3Dmol-min.js";
    script.addEventListener("load", () => resolve(window.$3Dmol));
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

function token(name) {
  const probe = document.createElement("canvas").getContext("2d");
  const element = document.createElement("span");
  element.hidden = true;
  document.body.append(element);
  element.style.color = `var(${name})`;
  probe.fillStyle = getComputedStyle(element).color;
  element.remove();
  return probe.fillStyle;
}

function corners(cell) {
  const [a, b, c] = cell;
  const add = (...vectors) => [0, 1, 2].map((i) => vectors.reduce((sum, v) => sum + v[i], 0));
  const zero = [0, 0, 0];
  const point = ([i, j, k]) => add(zero, i ? a : zero, j ? b : zero, k ? c : zero);
  const edges = [];
  for (const i of [0, 1]) {
    for (const j of [0, 1]) {
      edges.push([point([0, i, j]), point([1, i, j])]);
      edges.push([point([i, 0, j]), point([i, 1, j])]);
      edges.push([point([i, j, 0]), point([i, j, 1])]);
    }
  }
  return edges;
}

const xyz = ([x, y, z]) => ({ x, y, z });

function draw(mol) {
  viewer.clear();
  viewer.setBackgroundColor(token("--paper"));
  const model = viewer.addModel();
  model.addAtoms(scene.atoms.map(({ elem, x, y, z }) => ({ elem, x, y, z, bonds: [], bondOrder: [] })));
  for (const { elem, radius } of scene.atoms) {
    viewer.setStyle({ elem }, { sphere: { radius, color: colour(mol, elem) } });
  }
  for (const [first, second] of scene.bonds) {
    const [start, end] = [scene.atoms[first], scene.atoms[second]];
    viewer.addCylinder({ start, end, radius: BOND_RADIUS_A, color: token("--soft"), fromCap: 0, toCap: 0 });
  }
  if (state.cell) {
    for (const [start, end] of corners(scene.cell)) {
      viewer.addLine({ start: xyz(start), end: xyz(end), color: token("--soft") });
    }
    // Past the ball at the corner.
    const past = Math.max(...scene.atoms.map(({ radius }) => radius)) + LABEL_GAP_A;
    const away = scene.cell.map((v) => v.map((x) => x * (1 + past / Math.hypot(...v))));
    ["a", "b", "c"].forEach((name, i) => {
      viewer.addLabel(name, { position: xyz(away[i]), fontColor: token("--ink"), backgroundOpacity: 0, fontSize: 15, alignment: "center" });
    });
  }
  if (state.labels) {
    for (const atom of scene.atoms) {
      viewer.addLabel(atom.label, { position: atom, fontSize: 11, backgroundOpacity: 0.6 });
    }
  }
  viewer.render();
}

function colour(mol, elem) {
  return mol.elementColors.Jmol[elem] ?? mol.elementColors.defaultColor;
}

function nameElements(mol) {
  const legend = document.querySelector("[data-structure-legend]");
  for (const elem of [...new Set(scene.atoms.map((atom) => atom.elem))].sort()) {
    const item = document.createElement("span");
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    dot.setAttribute("viewBox", "0 0 10 10");
    const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ cx: 5, cy: 5, r: 4.5, stroke: "currentColor", "stroke-width": 0.5 })) {
      circle.setAttribute(name, value);
    }
    circle.setAttribute("fill", `#${colour(mol, elem).toString(16).padStart(6, "0")}`);
    dot.append(circle);
    item.append(dot, ` ${elem}`);
    legend.append(item);
  }
}

function look() {
  // c points up, a to the front left.
  viewer.setView([0, 0, 0, 0, 0, 0, 0, 1]);
  viewer.zoomTo();
  viewer.rotate(-20, "z");
  viewer.rotate(-80, "vx");
  viewer.zoom(0.85);
  viewer.render();
}

const mol = await load().catch(() => null);
viewer = mol?.createViewer(box, { antialias: true }) ?? null;
if (viewer === null) {
  box.replaceChildren();
} else {
  draw(mol);
  look();
  nameElements(mol);
  buttons.hidden = false;
  buttons.addEventListener("click", (event) => {
    const what = event.target.closest("[data-view]")?.dataset.view;
    if (what === undefined) return;
    if (what === "reset") return look();
    state[what] = !state[what];
    event.target.setAttribute("aria-pressed", String(state[what]));
    if (what === "spin") viewer.spin(state.spin ? "y" : false);
    else draw(mol);
  });
  document.addEventListener("scmine:theme", () => draw(mol));
}
