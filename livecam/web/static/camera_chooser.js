// The list of attached cameras in the header, in the place of the source's name.

import { get, post } from "./api.js";
import { byId, make, setText } from "./dom.js";
import { say } from "./status.js";

const list = byId("camera");
const title = byId("source");
let canChoose = false;
let shown = "";

export function startCameraChooser(overview) {
  canChoose = overview.cameras;
  list.addEventListener("change", choose);
  // A camera may have been plugged in since.
  for (const event of ["pointerdown", "focus"]) list.addEventListener(event, refresh);
  showSource(overview.source);
}

/** Show the source's name; it changes where a viewer chooses another camera. */
export function showSource(name) {
  if (!name || name === shown) return;
  shown = name;
  setText(title, name);
  document.title = `${name} – livecam`;
  byId("picture").alt = `Live picture of ${name} with its class activation map`;
  if (canChoose) refresh();
}

async function refresh() {
  if (canChoose) show(await get("cameras").catch(() => []));
}

function show(cameras) {
  const current = cameras.find((camera) => camera.shown);
  const key = JSON.stringify(cameras);
  if (list.dataset.cameras !== key) {
    list.dataset.cameras = key;
    list.replaceChildren(...cameras.map(({ number, name }) =>
      make("option", { value: number, textContent: `${number}: ${name}` })));
    if (!current) list.prepend(make("option", { value: "", textContent: shown, disabled: true }));
  }
  list.value = current?.number ?? "";
  list.hidden = cameras.length === 0 || (cameras.length === 1 && Boolean(current));
  title.hidden = !list.hidden;
}

async function choose() {
  try {
    show(await post("camera", { number: Number(list.value) }));
  } catch (error) {
    say(error.message);
    refresh();
  }
}
