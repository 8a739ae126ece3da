// The judged frame (key e): its picture, the curves of deletion and insertion, their areas.
// It has a card beside the picture; in full screen it lies on the picture, as in the window
// (core/judgement_panel.py).

import { changeSettings } from "./api.js";
import { byId, make, percent, setText } from "./dom.js";
import { isFullscreen, onFullscreenChange } from "./fullscreen.js";
import { say } from "./status.js";

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT] = [220, 110];
const LINES = { deletion: "less is better", insertion: "more is better" };
const panel = byId("judgement");
const card = byId("judgement-card");
let parts = null;
let isJudged = false;
let isShown = false;

export function startJudgement() {
  byId("end-judgement").addEventListener("click", endJudgement);
  onFullscreenChange(place);
}

/** The panel's elements, made when they are needed first. */
function build() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `-1 -1 ${WIDTH + 2} ${HEIGHT + 2}`);
  const axes = element("path", `M0 0H${WIDTH}M0 ${HEIGHT / 2}H${WIDTH}M0 ${HEIGHT}H${WIDTH}M0 0V${HEIGHT}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "Curves of deletion and insertion");
  svg.append(axes);
  const picture = make("img", { alt: "The judged frame with its map" });
  parts = { title: make("div", { className: "strong" }), picture };
  panel.append(parts.title);
  for (const name of Object.keys(LINES)) {
    parts[name] = make("div", { className: name });
    parts[`${name}Curve`] = element("polyline");
    parts[`${name}Curve`].setAttribute("class", name);
    svg.append(parts[`${name}Curve`]);
    panel.append(parts[name]);
  }
  panel.append(make("div", { className: "judged" }, picture, svg));
}

function element(tag, path) {
  const made = document.createElementNS(SVG, tag);
  if (path) made.setAttribute("d", path);
  return made;
}

/** On the picture in full screen, else in its card. */
function place() {
  const home = isShown && isFullscreen() ? byId("layer-judgement") : card;
  if (panel.parentElement !== home) home.prepend(panel);
  card.hidden = !isShown || home !== card;
}

/** Show what is known about the judged frame; nothing where none is. */
export function showJudgement({ settings, judgement }) {
  [isJudged, isShown] = [settings.judged, Boolean(judgement)];
  place();
  if (!judgement) return;
  if (!parts) build();
  const share = judgement.probability === null ? "" : `  ${percent(judgement.probability)}`;
  setText(parts.title, `judged: ${judgement.class}${share}`);
  const source = `/api/judged.jpg?${judgement.number}`;
  if (parts.picture.getAttribute("src") !== source) parts.picture.src = source;
  for (const [name, wanted] of Object.entries(LINES)) {
    const area = judgement[`${name}_area`];
    const waiting = name === "deletion" ? `judging ${Math.round(100 * judgement.done)} %` : "\u00a0";
    setText(parts[name], area === null ? waiting : `${name} ${area.toFixed(2)}, ${wanted}`);
    parts[name].className = area === null ? "detail" : name;
    const points = judgement[name].map((value, step) => (
      `${(WIDTH * step / judgement.steps).toFixed(1)},${(HEIGHT * (1 - value)).toFixed(1)}`
    ));
    parts[`${name}Curve`].setAttribute("points", points.join(" "));
  }
}

/** Esc takes the judgement away; false where there is none. */
export function endJudgement() {
  if (!isJudged || document.body.classList.contains("guest")) return false;
  changeSettings({ judged: false }).catch((error) => say(error.message));
  return true;
}
