// The keys as buttons, on the keyboard and in the help; the server sends the table.

import { post } from "./api.js";
import { byId, make, setText, storeValue, storedValue } from "./dom.js";
import { toggleFullscreen } from "./fullscreen.js";
import { say } from "./status.js";

const MAIN_KEYS = [" ", "r", "s", "f"];
const KEY_NAMES = { " ": "Space" };
const buttons = [];
let table = [];
let recording = false;

const ESCAPE = "\u001b"; // quits in the window; on the page it closes dialogs
const SHORTCUTS = { " ": "Space", S: "Shift+S", "?": "Shift+?" };
const keyName = (key) => KEY_NAMES[key] ?? key;

/** Do what a key does; some keys concern this page alone. */
async function press(key) {
  if (key === "f") return toggleFullscreen();
  if (key === "h" || key === "?") return byId("help").showModal();
  if (key === "q") return byId("quit").showModal();
  try {
    // Two users who press Record at the same time both start it: neither stops it.
    const command = key === "r" ? ["recording", { recording: !recording }] : ["key", { key }];
    showKeyStates((await post(...command)).settings);
  } catch (error) {
    say(error.message);
  }
}

function makeButton(entry) {
  const key = entry.keys[0];
  const button = make("button", { type: "button", title: entry.words });
  button.append(make("span", { textContent: entry.name }));
  button.dataset.key = key;
  button.setAttribute("aria-keyshortcuts", entry.keys.map((k) => SHORTCUTS[k] ?? k).join(" "));
  const now = make("span", { className: "now" });
  if (entry.shows && !MAIN_KEYS.includes(key) && key !== "h") button.append(now);
  const label = make("kbd", { textContent: keyName(key) });
  label.setAttribute("aria-hidden", "true");
  button.append(label);
  if (key === "r") button.classList.add("record");
  if (key === "q") button.classList.add("danger");
  button.addEventListener("click", () => press(key));
  buttons.push({ button, now, shows: entry.shows, key });
  return button;
}

export function buildKeyButtons(entries) {
  table = entries.map((entry) => ({ ...entry, keys: entry.keys.filter((k) => k !== ESCAPE) }));
  addButtons();
  addHelpRows();
  startShortcuts();
  startQuitDialog();
}

function addButtons() {
  for (const key of MAIN_KEYS) {
    byId("main-keys").append(makeButton(table.find((entry) => entry.keys[0] === key)));
  }
  const isQuit = (entry) => entry.keys[0] === "q";
  for (const entry of [...table.filter((e) => !isQuit(e)), ...table.filter(isQuit)]) {
    if (!MAIN_KEYS.includes(entry.keys[0])) byId("keys").append(makeButton(entry));
  }
}

function addHelpRows() {
  for (const entry of table) {
    const names = entry.keys.flatMap((key) => [make("kbd", { textContent: keyName(key) }), " "]);
    byId("help-rows").append(
      make("tr", {}, make("td", {}, ...names), make("td", { textContent: entry.words })),
    );
  }
}

function startShortcuts() {
  const shortcuts = byId("shortcuts");
  shortcuts.checked = storedValue("shortcuts") !== "off";
  shortcuts.addEventListener("change", () => {
    storeValue("shortcuts", shortcuts.checked ? "on" : "off");
  });
  document.addEventListener("keydown", onKeyDown);
}

function startQuitDialog() {
  const dialog = byId("quit");
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "quit") post("key", { key: "q" }).catch(() => {});
    dialog.returnValue = "";
  });
}

function onKeyDown(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (!byId("shortcuts").checked || document.querySelector("dialog[open]")) return;
  // An element that uses a key itself keeps it.
  if (event.target.closest("input, select, textarea, video")) return;
  if (event.key === " " && event.target.closest("button, summary, a")) return;
  const key = keyMeant(event);
  if (!table.some((entry) => entry.keys.includes(key))) return;
  event.preventDefault();
  press(key);
}

/** Letters by their place where the layout has no Latin ones; Caps Lock is not Shift. */
function keyMeant(event) {
  const isOther = /^[\p{Letter}\p{Mark}]$/u.test(event.key) && !/\p{Script=Latin}/u.test(event.key);
  const place = /^Key([A-Z])$/.exec(event.code);
  const key = isOther && place ? place[1] : event.key;
  if (!/^[A-Za-z]$/.test(key)) return key;
  return event.shiftKey ? key.toUpperCase() : key.toLowerCase();
}

/** Show the current setting on every button. */
export function showKeyStates(settings) {
  recording = settings.recording;
  for (const { button, now, shows, key } of buttons) {
    if (!shows || key === "f" || key === "h") continue;
    const value = key === "a" ? settings["act-max"] === "auto" : settings[shows];
    if (typeof value === "boolean") {
      button.setAttribute("aria-pressed", String(value));
      setText(now, value ? "on" : "off");
    } else {
      setText(now, String(value));
    }
  }
}
