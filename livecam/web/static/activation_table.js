// The activation map as a table of numbers, updated while it is open.

import { get } from "./api.js";
import { byId, make, setText } from "./dom.js";

const INTERVAL_MS = 500;
const card = byId("map-card");
const head = byId("map").tHead;
const body = byId("map").tBodies[0];

export function startActivationTable() {
  let running = false;
  const refresh = async () => {
    if (!card.open) {
      running = false;
      return;
    }
    if (!document.hidden) await Promise.all([get("activation"), get("state")]).then(show, () => {});
    setTimeout(refresh, INTERVAL_MS);
  };
  card.addEventListener("toggle", () => {
    if (card.open && !running) {
      running = true;
      refresh();
    }
  });
}

/** The brightness of a cell in the picture: the same formula, reference and gain. */
function brightnessOf(value, max, { settings, gain }) {
  const reference = settings["act-max"] === "auto" ? max : settings["act-max"];
  return Math.min(1, Math.exp(gain * (value - reference)));
}

function show([{ grid, peak, max }, state]) {
  const size = `${grid.length} x ${grid[0].length}`;
  if (body.dataset.size !== size) { // the first time, and after a change of area or detail
    body.dataset.size = size;
    head.replaceChildren();
    const columns = grid[0].map((_, x) => make("th", { scope: "col", textContent: x }));
    head.append(make("tr", {}, make("th", { scope: "col", textContent: "row" }), ...columns));
    body.replaceChildren(...grid.map((row, y) => make(
      "tr", {}, make("th", { scope: "row", textContent: y }), ...row.map(() => make("td")),
    )));
  }
  grid.forEach((row, y) => row.forEach((value, x) => {
    const cell = body.rows[y].cells[x + 1];
    setText(cell, value.toFixed(1));
    cell.style.setProperty("--bright", brightnessOf(value, max, state).toFixed(3));
    cell.classList.toggle("peak", y === peak[0] && x === peak[1]);
  }));
}
