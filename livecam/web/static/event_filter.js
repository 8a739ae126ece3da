// Which events are shown: day and hour, class, camera, kept ones; with how many each choice has.

import { byId, make } from "./dom.js";
import { counted, dayText } from "./event_text.js";

const HOURS = 24;
const controls = {
  day: byId("filter-day"), class: byId("filter-class"), camera: byId("filter-camera"),
};
const kept = byId("filter-kept");
const bars = byId("hours");
let hour = null;
let shown = "";

/** The filter as the API takes it. */
export function filterQuery() {
  const query = new URLSearchParams();
  for (const [name, control] of Object.entries(controls)) {
    if (chosen(control) !== null) query.set(name, chosen(control));
  }
  if (hour !== null) query.set("hour", hour);
  if (kept.checked) query.set("kept", "true");
  return query;
}

const chosen = (control) => (control.value === "*" || control.value === undefined ? null : control.value);

/** The day that is chosen, "2026-07-01"; null for all. */
export const chosenDay = () => chosen(controls.day);

/** The camera that is chosen, by name; null for all. */
export const chosenCamera = () => chosen(controls.camera);

/** Choose a day; "*" for all. */
export function chooseDay(day) {
  controls.day.value = day;
  controls.day.dispatchEvent(new Event("change"));
}

export const isFiltered = () => filterQuery().size > 0;

/** `react` is called when another choice was made. */
export function startFilter(react) {
  for (const control of Object.values(controls)) {
    control.append(new Option("all", "*"));
    control.addEventListener("change", () => {
      if (control === controls.day) hour = null;
      react();
    });
  }
  kept.addEventListener("change", react);
  byId("filter").addEventListener("submit", (event) => event.preventDefault());
  bars.replaceChildren(...Array.from({ length: HOURS }, (_, of) => {
    const text = String(of).padStart(2, "0");
    const bar = make("button", { type: "button" }, make("span"), make("span", { textContent: text }));
    bar.addEventListener("click", () => {
      hour = hour === of ? null : of;
      react();
    });
    return bar;
  }));
}

export function resetFilter() {
  for (const control of Object.values(controls)) control.value = "*";
  kept.checked = false;
  hour = null;
}

/** Fill the choices, and draw how many events began in each hour. */
export function showCounts(counts) {
  const text = JSON.stringify([counts, hour, controls.day.value]);
  if (text === shown) return;
  shown = text;
  const sum = (list) => list.reduce((all, one) => all + one.events, 0);
  choices(controls.day, counts.days.map((one) => [one.day, dayText(one.day), one.events]), sum(counts.days));
  choices(controls.class, counts.classes.map((one) => [one.name, one.name, one.events]), sum(counts.classes));
  choices(controls.camera, counts.cameras.map((one) => [one.name, one.name || "without a name", one.events]), sum(counts.cameras));
  const isOne = counts.cameras.length < 2 && controls.camera.value === "*";
  for (const element of [controls.camera, controls.camera.labels[0]]) element.hidden = isOne;
  const days = counts.days.filter((one) => ["*", one.day].includes(controls.day.value));
  drawHours(Array.from({ length: HOURS }, (_, of) => days.reduce((all, one) => all + one.hours[of], 0)));
}

function choices(control, entries, all) {
  const chosen = control.value;
  const options = entries.map(([value, text, events]) => new Option(`${text} (${events})`, value));
  if (chosen !== "*" && !entries.some(([value]) => value === chosen)) options.push(new Option(`${chosen} (0)`, chosen));
  control.replaceChildren(new Option(`all (${all})`, "*"), ...options);
  control.value = chosen;
}

function drawHours(events) {
  const most = Math.max(1, ...events);
  [...bars.children].forEach((bar, of) => {
    bar.firstChild.style.setProperty("--share", String(events[of] / most));
    const begin = `${String(of).padStart(2, "0")}:00`;
    bar.setAttribute("aria-label", `${begin}, ${counted(events[of], "event")}`);
    bar.title = `${begin}: ${counted(events[of], "event")}`;
    bar.setAttribute("aria-pressed", String(hour === of));
    bar.disabled = events[of] === 0 && hour !== of;
  });
}
