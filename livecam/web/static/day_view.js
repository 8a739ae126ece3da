// The day that is chosen: events by hour and class, where the evidence lay, the time-lapse.

import { get } from "./api.js";
import { byId, make, percent, setText } from "./dom.js";
import { chooseDay, chosenCamera, chosenDay } from "./event_filter.js";
import { counted, dayText, lengthText } from "./event_text.js";
import { say } from "./status.js";

const HOURS = 24;
const REFRESH_MS = 60_000; // so often the records are written
const place = byId("day");
const cameras = byId("day-cameras");
let shown = "";
let asked = 0;

/** Show the day that the filter has chosen; without one nothing. */
export async function refreshDay() {
  const day = chosenDay();
  const number = ++asked;
  if (!day) {
    show({ day: "", cameras: [] });
    return;
  }
  try {
    const records = await get(`days/${day}`);
    if (number === asked) show(records);
  } catch (error) {
    if (error.status && error.status !== 429) say(error.message);
  }
}

export function startDay() {
  byId("all-days").addEventListener("click", () => {
    chooseDay("*");
    byId("filter-day").focus();
  });
  setInterval(() => document.hidden || refreshDay(), REFRESH_MS);
}

function show(records) {
  const wanted = chosenCamera();
  const days = records.cameras.filter((one) => wanted === null || one.camera === wanted);
  const text = JSON.stringify([records.day, days]);
  if (text === shown) return;
  shown = text;
  place.hidden = days.length === 0;
  if (days.length === 0) {
    cameras.replaceChildren();
    return;
  }
  setText(byId("day-title"), `The day: ${dayText(records.day)}`);
  cameras.replaceChildren(...days.map((one) => cameraOf(records.day, one, days.length > 1)));
}

function cameraOf(day, camera, isNamed) {
  const section = make("section", { className: "day-camera" });
  if (isNamed) section.append(make("h3", { textContent: camera.camera || "without a name" }));
  const bars = barsOf(camera.hours);
  if (bars) section.append(bars);
  const pictures = [
    ...camera.maps.map((map) => mapOf(day, map)),
    ...camera.timelapses.map((film, n) => filmOf(day, film, n)),
  ];
  if (pictures.length) section.append(make("div", { className: "day-pictures" }, ...pictures));
  return section;
}

/** A row of bars for each class; all of them have one scale. */
function barsOf(rows) {
  const classes = [...new Set(rows.map((row) => row.class))].sort();
  if (classes.length === 0) return null;
  const most = Math.max(1, ...rows.map((row) => row.events));
  const axis = Array.from({ length: HOURS }, (_, hour) => make("span", { textContent: String(hour).padStart(2, "0") }));
  return make(
    "div", { className: "day-bars" },
    ...classes.flatMap((name) => rowOf(name, rows.filter((row) => row.class === name), most)),
    make("span"), make("div", { className: "day-hours", ariaHidden: "true" }, ...axis),
  );
}

function rowOf(name, rows, most) {
  const byHour = new Map(rows.map((row) => [row.hour, row]));
  const total = rows.reduce((all, row) => all + row.events, 0);
  const bars = make("div", { className: "day-row" }, ...Array.from({ length: HOURS }, (_, hour) => barOf(hour, byHour.get(hour), most)));
  const told = rows.filter((row) => row.events).map((row) => `${timeOf(row.hour)} ${row.events}`);
  bars.setAttribute("role", "img");
  bars.setAttribute("aria-label", `${name} by hour: ${told.join(", ") || "no events"}`);
  const label = make(
    "div", { className: "day-class" },
    make("span", { className: "name", textContent: name }), make("span", { className: "quiet", textContent: counted(total, "event") }),
  );
  return [label, bars];
}

/** One that was looked at without an event stands on a line; one that was not, does not. */
function barOf(hour, row, most) {
  const bar = make("span", { className: row ? "bar-of-hour" : "bar-of-hour unseen" });
  bar.style.setProperty("--share", String((row?.events ?? 0) / most));
  bar.title = row ? hourText(row) : `${timeOf(hour)}: not looked at`;
  return bar;
}

function hourText(row) {
  const events = row.events ? `${counted(row.events, "event")}, ${lengthText(row.event_s)} together` : "no events";
  const looks = row.looks ? `; ${counted(row.looks, "look")}, at most ${percent(row.probability_max)}` : "";
  return `${timeOf(row.hour)}: ${events}${looks}`;
}

const timeOf = (hour) => `${String(hour).padStart(2, "0")}:00`;
const fileUrl = (day, file) => `/api/days/${day}/${encodeURIComponent(file.file)}?of=${file.version}`;

function mapOf(day, map) {
  const words = `Where ${map.class} was seen: mean of ${counted(map.looks, "look")}`;
  const picture = make("img", { src: fileUrl(day, map), alt: `Map of the day. ${words}`, loading: "lazy" });
  const link = make("a", { href: fileUrl(day, map), target: "_blank", rel: "noopener" }, picture);
  return make("figure", {}, link, make("figcaption", { className: "quiet", textContent: words }));
}

function filmOf(day, film, number) {
  const words = number ? `Time-lapse, part ${number + 1}` : "Time-lapse of the day";
  const source = fileUrl(day, film);
  const known = [...cameras.querySelectorAll("video")].find((one) => one.dataset.file === `${day}/${film.file}`);
  const isInUse = known && (!known.paused || known.currentTime > 0) && !known.ended;
  const video = isInUse ? known : make("video", { src: source, controls: true, playsInline: true, muted: true, preload: "metadata" });
  video.dataset.file = `${day}/${film.file}`;
  video.setAttribute("aria-label", words);
  return make("figure", {}, video, make("figcaption", { className: "quiet", textContent: words }));
}
