// Sliders and numbers of the look.

import { change } from "./api.js";
import { byId, make } from "./dom.js";

const [opacity, colormap, actMax, auto, gain] =
  ["opacity", "colormap", "act-max", "auto", "gain"].map(byId);
let waiting = null;
let busy = false;
let known = 0; // pictures before this one show what was before the last change

export function startLook(colormaps, complain) {
  colormap.append(...colormaps.map((name) => make("option", { textContent: name, value: name })));
  byId("look").addEventListener("submit", (event) => event.preventDefault());

  // One request at a time; what a slider says meanwhile is joined into the next one.
  async function set(settings) {
    waiting = { ...waiting, ...settings };
    if (busy) return;
    busy = true;
    while (waiting) {
      const wanted = waiting;
      waiting = null;
      const state = await change(wanted).catch((error) => complain(error.message));
      known = state?.number ?? known;
    }
    busy = false;
  }

  opacity.addEventListener("input", () => set({ opacity: Number(opacity.value) }));
  colormap.addEventListener("change", () => set({ colormap: colormap.value }));
  gain.addEventListener("change", () => gain.value && set({ gain: Number(gain.value) }));
  actMax.addEventListener("change", () => actMax.value && set({ "act-max": Number(actMax.value) }));
  auto.addEventListener("change", () => {
    set({ "act-max": auto.checked ? "auto" : Number(actMax.value || 36) });
  });
}

/** Another server may answer from now on, which counts from the beginning. */
export function forgetLook() {
  known = 0;
}

/** The settings as they are; what somebody is changing is left alone. */
export function showLook({ settings, number }) {
  if (busy || number < known) return;
  const untouched = (field) => document.activeElement !== field;
  if (untouched(opacity)) opacity.value = settings.opacity;
  if (untouched(colormap)) colormap.value = settings.colormap;
  if (untouched(gain)) gain.value = settings.gain;
  auto.checked = settings["act-max"] === "auto";
  actMax.disabled = auto.checked;
  if (untouched(actMax) && !auto.checked) actMax.value = settings["act-max"];
}
