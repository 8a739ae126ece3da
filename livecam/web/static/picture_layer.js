// The layer above the picture: outline, figures, colour bar, top five, recording, a lost source.
// Recordings do not hold it; the window draws the same by itself (core/screen_layer.py).

import { byId, clockText, make, percent, setText } from "./dom.js";
import { showJudgement } from "./judgement.js";

const GREYS = ["#000000", "#ffffff"];
const PAIR = [["#000000", "#ff00ff"], ["#000000", "#00ff00"]]; // the shown class, the next one
const FEW_MINUTES = 10; // of room on the disk: from here on it is said
let colours = {};

export function startLayer(coloursOfMaps) {
  colours = coloursOfMaps;
}

export function showLayer(state) {
  const { settings, figures } = state;
  const isFigured = settings.figures && !state.waiting;
  showBox(state);
  showCross(state, isFigured);
  showLines(byId("layer-state"), stateLines(state));
  showLines(byId("layer-figures"), isFigured ? figureLines(state) : []);
  showLines(byId("layer-waiting"), waitingLines(state));
  showJudgement(state);
  showTop(settings["top-five"] && !state.waiting ? figures : { top: [] });
  showColourBar(state, isFigured && settings.overlay);
  setText(byId("layer-notice"), state.notice);
  setText(byId("layer-place"), state.waiting ? "" : state.place);
  showObjects(state); // last: its labels keep clear of the panels
}

/** Show [kind, text] as lines; elements stay, only what differs is changed. */
function showLines(panel, lines) {
  while (panel.children.length > lines.length) panel.lastChild.remove();
  while (panel.children.length < lines.length) panel.append(make("div"));
  lines.forEach(([kind, text], row) => {
    panel.children[row].className = kind;
    setText(panel.children[row], text);
  });
}

function figureLines(state) {
  const { figures, second, settings, reference } = state;
  // Photographs have none.
  const rate = figures.fps === null ? "" : `${figures.fps.toFixed(1)} FPS   `;
  const scale = settings["act-max"] === "auto" ? "auto" : "fixed";
  const lines = [
    ...classLines(figures, second ? "class first" : "class"),
    ...(second ? classLines(second, "class second") : []),
    ...(figures.approximate ? [["advice", "approximate map (gradient)"]] : []),
    ["seen", seenWords(figures)],
    ["detail", `${rate}${state.engine}`],
    ["detail", `${settings.interpolation}   ${scale} ${reference.toFixed(1)}`],
  ];
  if (state.capture_ms !== null) {
    lines.push(["detail", `${state.capture_ms.toFixed(0)} ms old   ${state.dropped} dropped`]);
  }
  return state.limit ? [...lines, ["advice", state.limit]] : lines;
}

function seenWords(figures) {
  const seen = figures.seen ?? "something else";
  return figures.sure ? `sees ${seen}` : `not sure: ${seen}?`;
}

function classLines(figures, kind) {
  return [
    [kind, `${figures.class}  ${percent(figures.probability)}`],
    ["value", `max ${figures.max.toFixed(1)}   mean ${figures.mean.toFixed(1)}`],
  ];
}

function stateLines({ recording, settings }) {
  const lines = [];
  if (recording.failed) lines.push(["advice", "NOT RECORDING"]);
  else if (recording.seconds !== null) {
    lines.push(["rec", `REC ${clockText(recording.seconds)}`]);
    if (recording.sound) lines.push(["", recording.sound]);
    if (recording.dropped) lines.push(["advice", `${recording.dropped} dropped`]);
    if (recording.minutes_left !== null && recording.minutes_left < FEW_MINUTES) {
      lines.push(["", `${Math.floor(recording.minutes_left)} min of disk left`]);
    }
  }
  return settings.paused ? [...lines, ["strong", "PAUSED"]] : lines;
}

function waitingLines({ waiting_for: [...lines] }) {
  return lines.map((text, row) => [row + 1 < lines.length ? "advice" : "", text]);
}

function showTop({ top, class: shown }) {
  const list = byId("layer-top");
  while (list.children.length > top.length) list.lastChild.remove();
  while (list.children.length < top.length) {
    const track = make("span", { className: "track" }, make("span"));
    list.append(make("li", {}, make("span"), make("span"), track));
  }
  top.forEach(([name, probability], row) => {
    const item = list.children[row];
    setText(item.children[0], name);
    setText(item.children[1], percent(probability));
    item.querySelector(".track span").style.width = `${(100 * probability).toFixed(1)}%`;
    item.classList.toggle("shown", name === shown);
  });
}

function showColourBar({ settings, ticks }, isShown) {
  byId("layer-bar").hidden = !isShown;
  const ramp = byId("layer-ramp");
  const gradient = gradientOf(settings);
  if (ramp.dataset.gradient !== gradient) {
    ramp.dataset.gradient = gradient;
    ramp.style.background = gradient;
  }
  const marks = byId("layer-ticks");
  const wanted = JSON.stringify(ticks);
  if (marks.dataset.ticks === wanted) return;
  marks.dataset.ticks = wanted;
  marks.replaceChildren(...ticks.map(({ level, label }) => {
    const mark = make("span", { textContent: label });
    mark.style.bottom = `${100 * level}%`;
    return mark;
  }));
}

/** The colours from dark to bright; of a pair those of both classes side by side. */
function gradientOf({ view, colormap }) {
  const upwards = (stops) => `linear-gradient(to top, ${stops.join(", ")})`;
  if (view === "pair") {
    const [left, right] = PAIR.map(upwards);
    return `${left} left / 50% 100% no-repeat, ${right} right / 50% 100% no-repeat`;
  }
  return upwards(view === "brightness" ? GREYS : colours[colormap] ?? GREYS);
}

/** Boxes around what is found; elements stay, only their places change. */
export function showObjects({ figures, settings, width, height, waiting }) {
  const layer = byId("layer-objects");
  const objects = waiting ? [] : figures.objects ?? [];
  while (layer.children.length > objects.length) layer.lastChild.remove();
  while (layer.children.length < objects.length) layer.append(make("div", {}, make("span")));
  objects.forEach(({ id, score, box: [left, top, wide, high] }, row) => {
    const box = layer.children[row];
    const x = settings.mirror ? width - left - wide : left;
    const places = { left: x / width, top: top / height, width: wide / width, height: high / height };
    for (const [side, share] of Object.entries(places)) box.style[side] = `${100 * share}%`;
    setText(box.firstChild, `${id}  ${Math.round(100 * score)} %`);
  });
  placeLabels([...layer.children]);
}

/** Labels go above their boxes, else below or inside, where no panel and no other label is. */
function placeLabels(boxes) {
  if (!boxes.length) return;
  const picture = byId("layer-picture").getBoundingClientRect();
  const taken = [...document.querySelectorAll("#layer .panel")].map((panel) => panel.getBoundingClientRect());
  for (const box of boxes) {
    const label = box.firstChild;
    const { left, top, right, bottom } = box.getBoundingClientRect();
    const { width, height } = label.getBoundingClientRect();
    const rows = [top - height, bottom, top, bottom - height];
    const columns = [left, right - width].map((x) => Math.max(picture.left, Math.min(x, picture.right - width)));
    const place = rows.flatMap((y) => columns.map((x) => new DOMRect(x, y, width, height)))
      .find((one) => one.top >= picture.top && one.bottom <= picture.bottom && !taken.some((other) => meet(one, other)));
    label.style.visibility = place ? "visible" : "hidden";
    if (!place) continue;
    taken.push(place);
    label.style.left = `${place.left - left - box.clientLeft}px`;
    label.style.top = `${place.top - top - box.clientTop}px`;
  }
}

function meet(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** The cross where the evidence lies; its lines are in style.css. */
function showCross({ cross, width, height }, isShown) {
  const mark = byId("layer-cross");
  mark.hidden = !isShown || cross === null;
  if (mark.hidden) return;
  mark.style.left = `${(100 * cross[0]) / width}%`;
  mark.style.top = `${(100 * cross[1]) / height}%`;
}

function showBox({ box, width, height, waiting }) {
  const frame = byId("layer-box");
  frame.hidden = waiting || (box.width === width && box.height === height);
  const places = {
    left: box.left / width, top: box.top / height,
    width: box.width / width, height: box.height / height,
  };
  for (const [side, share] of Object.entries(places)) frame.style[side] = `${100 * share}%`;
}
