// The keys of the one table, as buttons and on the keyboard.

import { order } from "./api.js";
import { byId, make, remember, remembered, setText } from "./dom.js";
import { toggleFullscreen } from "./scene.js";

const MAIN = [" ", "r", "s", "f"];
const SPELLED = { " ": "Space" };
const buttons = [];
let table = [];
let complain = () => {};
let recording = false;

const ESCAPE = "\u001b"; // quits the window; here it closes what is open
const SHORTCUTS = { " ": "Space", S: "Shift+S", "?": "Shift+?" };
const spelled = (key) => SPELLED[key] ?? key;

/** Do what a key means; some of it concerns this page alone. */
async function press(key) {
  if (key === "f") return toggleFullscreen();
  if (key === "h" || key === "?") return byId("help").showModal();
  if (key === "q") return byId("quit").showModal();
  try {
    // Two people who press Record at once both want it: neither takes it back.
    const wanted = key === "r" ? ["recording", { recording: !recording }] : ["key", { key }];
    showKeys((await order(...wanted)).settings);
  } catch (error) {
    complain(error.message);
  }
}

function button(entry) {
  const key = entry.keys[0];
  const made = make("button", { type: "button", title: entry.words });
  made.append(make("span", { textContent: entry.name }));
  made.dataset.key = key;
  made.setAttribute("aria-keyshortcuts", entry.keys.map((k) => SHORTCUTS[k] ?? k).join(" "));
  const now = make("span", { className: "now" });
  if (entry.shows && !MAIN.includes(key) && key !== "h") made.append(now);
  const cap = make("kbd", { textContent: spelled(key) });
  cap.setAttribute("aria-hidden", "true");
  made.append(cap);
  if (key === "r") made.classList.add("record");
  if (key === "q") made.classList.add("danger");
  made.addEventListener("click", () => press(key));
  buttons.push({ made, now, shows: entry.shows, key });
  return made;
}

export function buildKeys(entries, say) {
  entries = entries.map((entry) => ({ ...entry, keys: entry.keys.filter((k) => k !== ESCAPE) }));
  table = entries;
  complain = say;
  for (const key of MAIN) byId("main-keys").append(button(entries.find((e) => e.keys[0] === key)));
  const isQuit = (entry) => entry.keys[0] === "q";
  for (const entry of [...entries.filter((e) => !isQuit(e)), ...entries.filter(isQuit)]) {
    if (!MAIN.includes(entry.keys[0])) byId("keys").append(button(entry));
  }
  for (const entry of entries) {
    const names = entry.keys.flatMap((key) => [make("kbd", { textContent: spelled(key) }), " "]);
    byId("help-rows").append(
      make("tr", {}, make("td", {}, ...names), make("td", { textContent: entry.words })),
    );
  }
  const shortcuts = byId("shortcuts");
  shortcuts.checked = remembered("shortcuts") !== "off";
  shortcuts.addEventListener("change", () => {
    remember("shortcuts", shortcuts.checked ? "on" : "off");
  });
  document.addEventListener("keydown", onKeyDown);
  byId("quit").addEventListener("close", () => {
    if (byId("quit").returnValue === "end") order("key", { key: "q" }).catch(() => {});
    byId("quit").returnValue = "";
  });
}

function onKeyDown(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!byId("shortcuts").checked || document.querySelector("dialog[open]")) return;
  // Where a key has a meaning of its own, it keeps it.
  if (event.target.closest("input, select, textarea, video")) return;
  if (event.key === " " && event.target.closest("button, summary, a")) return;
  if (!table.some((entry) => entry.keys.includes(event.key))) return;
  event.preventDefault();
  press(event.key);
}

/** Show on every button how things are. */
export function showKeys(settings) {
  recording = settings.recording;
  for (const { made, now, shows, key } of buttons) {
    if (!shows || key === "f" || key === "h") continue;
    const value = key === "a" ? settings["act-max"] === "auto" : settings[shows];
    if (typeof value === "boolean") {
      made.setAttribute("aria-pressed", String(value));
      setText(now, value ? "on" : "off");
    } else {
      setText(now, String(value));
    }
  }
}
