// Maximum and probability of the last minutes.

import { ask } from "./api.js";
import { byId, percent } from "./dom.js";

const SPAN_S = 300;
const EVERY_S = 0.5;
const LEAST_TOP = 40; // real daisies peak near 36: the scale stands still for most of life
const canvas = byId("chart");
const points = [];

const now = () => performance.now() / 1000;

export async function startChart() {
  setInterval(draw, 1000);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(draw).observe(canvas);
  const began = now();
  const history = await ask("history").catch(() => []); // the chart can begin now as well
  const before = points.length ? points[0].at : Infinity; // the socket may have been faster
  const older = history
    .filter(({ age_s }) => age_s < SPAN_S && began - age_s < before)
    .map(({ age_s, max, probability }) => ({ at: began - age_s, max, probability }));
  points.unshift(...older);
}

export function addPoint(figures) {
  const at = now();
  const last = points.at(-1);
  if (last && at - last.at < EVERY_S) {
    last.max = Math.max(last.max, figures.max);
    last.probability = Math.max(last.probability, figures.probability);
  } else {
    points.push({ at, max: figures.max, probability: figures.probability });
  }
  while (points.length && at - points[0].at > SPAN_S) points.shift();
}

function draw() {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || document.hidden) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
  const inside = { left: 26, right: width - 44, top: 8, bottom: height - 20 };
  const highest = Math.max(LEAST_TOP, ...points.map((p) => 10 * Math.ceil(p.max / 10)));
  drawAxes(pen, inside, highest, colour("--line"), colour("--quiet"));
  line(pen, inside, colour("--second"), (p) => p.probability);
  line(pen, inside, colour("--accent"), (p) => Math.max(0, p.max) / highest);
  describe();
}

function drawAxes(pen, { left, right, top, bottom }, highest, lineColour, textColour) {
  pen.font = "11px system-ui, sans-serif";
  pen.lineWidth = 1;
  for (const share of [0, 0.5, 1]) {
    const y = Math.round(bottom - share * (bottom - top)) + 0.5;
    pen.strokeStyle = lineColour;
    pen.beginPath();
    pen.moveTo(left, y);
    pen.lineTo(right, y);
    pen.stroke();
    pen.fillStyle = textColour;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    pen.fillText(String(Math.round(share * highest)), left - 5, y);
    pen.textAlign = "left";
    pen.fillText(`${100 * share} %`, right + 5, y);
  }
  pen.textBaseline = "alphabetic";
  for (const [minutes, align] of [[5, "left"], [2.5, "center"], [0, "right"]]) {
    pen.textAlign = align;
    const x = right - (minutes / 5) * (right - left);
    pen.fillText(minutes ? `${minutes} min ago` : "now", x, bottom + 16);
  }
}

function line(pen, { left, right, top, bottom }, colour, share) {
  const at = now();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.6;
  pen.lineJoin = "round";
  pen.beginPath();
  let before = null;
  for (const point of points) {
    const x = right - ((at - point.at) / SPAN_S) * (right - left);
    const y = bottom - Math.min(1, share(point)) * (bottom - top);
    const gap = before === null || point.at - before > 4;
    if (gap) pen.moveTo(x, y);
    else pen.lineTo(x, y);
    before = point.at;
  }
  pen.stroke();
}

function describe() {
  if (!points.length) return;
  const [max, probability] = [points.map((p) => p.max), points.map((p) => p.probability)];
  canvas.setAttribute(
    "aria-label",
    `Maximum between ${Math.min(...max).toFixed(0)} and ${Math.max(...max).toFixed(0)}, ` +
      `probability between ${percent(Math.min(...probability))} and ` +
      `${percent(Math.max(...probability))} in the last five minutes`,
  );
}
