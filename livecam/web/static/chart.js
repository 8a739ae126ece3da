// The chart: maximum and probability of the last five minutes.

import { get } from "./api.js";
import { byId, percent } from "./dom.js";

const SPAN_S = 300;
const INTERVAL_S = 0.5;
const MIN_SCALE = 40; // real daisies peak near 36: the scale rarely changes
const canvas = byId("chart");
const points = [];

const now = () => performance.now() / 1000;

export async function startChart() {
  setInterval(draw, 1000);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  new ResizeObserver(draw).observe(canvas);
  const began = now();
  const history = await get("history").catch(() => []); // the chart can begin now as well
  const before = points.length ? points[0].at : Infinity; // the socket may have been faster
  const older = history
    .filter(({ age_s }) => age_s < SPAN_S && began - age_s < before)
    .map(({ age_s, ...values }) => ({ at: began - age_s, ...values }));
  points.unshift(...older);
}

export function addPoint(figures) {
  const at = now();
  const last = points.at(-1);
  if (last && at - last.at < INTERVAL_S && last.class === figures.class) {
    last.max = Math.max(last.max, figures.max);
    last.probability = Math.max(last.probability, figures.probability);
  } else {
    points.push({ at, class: figures.class, max: figures.max, probability: figures.probability });
  }
  while (points.length && at - points[0].at > SPAN_S) points.shift();
}

function draw() {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (!width || document.hidden) return;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name);
  const area = { left: 26, right: width - 44, top: 20, bottom: height - 20 };
  const highest = Math.max(MIN_SCALE, ...points.map((p) => 10 * Math.ceil(p.max / 10)));
  drawAxes(context, area, highest, colour("--line"), colour("--quiet"));
  drawClassChanges(context, area, colour("--quiet"));
  drawLine(context, area, colour("--second"), (p) => p.probability);
  drawLine(context, area, colour("--accent"), (p) => Math.max(0, p.max) / highest);
  updateDescription();
}

function drawAxes(context, { left, right, top, bottom }, highest, lineColour, textColour) {
  context.font = "11px system-ui, sans-serif";
  context.lineWidth = 1;
  for (const share of [0, 0.5, 1]) {
    const y = Math.round(bottom - share * (bottom - top)) + 0.5;
    context.strokeStyle = lineColour;
    context.beginPath();
    context.moveTo(left, y);
    context.lineTo(right, y);
    context.stroke();
    context.fillStyle = textColour;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText(String(Math.round(share * highest)), left - 5, y);
    context.textAlign = "left";
    context.fillText(`${100 * share} %`, right + 5, y);
  }
  context.textBaseline = "alphabetic";
  for (const [minutes, align] of [[5, "left"], [2.5, "center"], [0, "right"]]) {
    context.textAlign = align;
    const x = right - (minutes / 5) * (right - left);
    context.fillText(minutes ? `${minutes} min ago` : "now", x, bottom + 16);
  }
}

/** The points at which another class begins. */
const classChanges = () => points.filter((p, n) => n > 0 && points[n - 1].class !== p.class);

/** A dashed line where another class begins, with its name as far as there is room. */
function drawClassChanges(context, { left, right, top, bottom }, colour) {
  const at = now();
  let free = Infinity; // the newest names are the ones that are written
  context.save();
  context.strokeStyle = context.fillStyle = colour;
  context.setLineDash([3, 3]);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "bottom";
  context.textAlign = "left";
  for (const point of classChanges().reverse()) {
    const x = Math.round(right - ((at - point.at) / SPAN_S) * (right - left)) + 0.5;
    if (x < left) break;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, bottom);
    context.stroke();
    const width = context.measureText(point.class).width;
    const begins = Math.min(x + 4, right - width);
    if (begins + width > free || begins < left) continue;
    context.fillText(point.class, begins, top - 5);
    free = begins - 6;
  }
  context.restore();
}

function drawLine(context, { left, right, top, bottom }, colour, share) {
  const at = now();
  context.strokeStyle = colour;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.beginPath();
  let before = null;
  for (const point of points) {
    const x = right - ((at - point.at) / SPAN_S) * (right - left);
    const y = bottom - Math.min(1, share(point)) * (bottom - top);
    const gap = before === null || point.at - before.at > 4 || point.class !== before.class;
    if (gap) context.moveTo(x, y);
    else context.lineTo(x, y);
    before = point;
  }
  context.stroke();
}

function updateDescription() {
  if (!points.length) return;
  const [max, probability] = [points.map((p) => p.max), points.map((p) => p.probability)];
  const changes = classChanges().map((p) => `; ${p.class} since ${Math.round(now() - p.at)} s`).join("");
  canvas.setAttribute(
    "aria-label",
    `Maximum between ${Math.min(...max).toFixed(0)} and ${Math.max(...max).toFixed(0)}, ` +
      `probability between ${percent(Math.min(...probability))} and ` +
      `${percent(Math.max(...probability))} in the last five minutes${changes}`,
  );
}
