// The heat overlay card: opacity, colour map, full brightness, gain.

import { changeSettings } from "./api.js";
import { byId, make } from "./dom.js";
import { say } from "./status.js";

const [opacity, colormap, actMax, auto, gain] =
  ["opacity", "colormap", "act-max", "auto", "gain"].map(byId);
let pending = null;
let busy = false;
let changedAt = 0; // older pictures show the settings before the last change

export function startOverlaySettings(colormaps) {
  colormap.append(...colormaps.map((name) => make("option", { textContent: name, value: name })));
  byId("overlay-settings").addEventListener("submit", (event) => event.preventDefault());
  opacity.addEventListener("input", () => set({ opacity: Number(opacity.value) }));
  colormap.addEventListener("change", () => set({ colormap: colormap.value }));
  gain.addEventListener("change", () => gain.value && set({ gain: Number(gain.value) }));
  actMax.addEventListener("change", () => actMax.value && set({ "act-max": Number(actMax.value) }));
  auto.addEventListener("change", () => {
    set({ "act-max": auto.checked ? "auto" : Number(actMax.value || 36) });
  });
}

/** Send a change: one request at a time, changes that happen meanwhile are joined. */
async function set(change) {
  pending = { ...pending, ...change };
  if (busy) return;
  busy = true;
  while (pending) {
    const settings = pending;
    pending = null;
    const state = await changeSettings(settings).catch((error) => say(error.message));
    changedAt = state?.number ?? changedAt;
  }
  busy = false;
}

/** After a reconnection another run may answer, whose pictures count from the beginning. */
export function resetOverlaySettings() {
  changedAt = 0;
}

/** Show the current settings; fields that the user is changing stay as they are. */
export function showOverlaySettings({ settings, number }) {
  if (busy || number < changedAt) return;
  const untouched = (field) => document.activeElement !== field;
  if (untouched(opacity)) opacity.value = settings.opacity;
  if (untouched(colormap)) colormap.value = settings.colormap;
  if (untouched(gain)) gain.value = settings.gain;
  auto.checked = settings["act-max"] === "auto";
  actMax.disabled = auto.checked;
  if (untouched(actMax) && !auto.checked) actMax.value = settings["act-max"];
}
