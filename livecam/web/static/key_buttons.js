// The keys as buttons, on the keyboard and in the help; the server sends the table.

import { post } from "./api.js";
import { confirmed } from "./confirmation_dialog.js";
import { byId, isShown, make, setText, storeValue, storedValue } from "./dom.js";
import { isFullscreen, toggleFullscreen } from "./fullscreen.js";
import { endJudgement } from "./judgement.js";
import { say } from "./status.js";

const MAIN_KEYS = [" ", "r", "s", "f"];
const KEY_NAMES = { " ": "Space" };
const buttons = [];
let table = [];
let recording = false;
let pressedAt = 0;
let quitted = () => {};

const CLASS_BY_NAME = "/";
const CLASS_KEY = /^[0-9]$/; // takes samples as long as it is held
const HELD_EVERY_MS = 200;

const ESCAPE = "\u001b"; // quits in the window; on the page it closes dialogs
const ARROWS = { ArrowLeft: "\u2190", ArrowRight: "\u2192" };
const SHORTCUTS = { " ": "Space", S: "Shift+S", "?": "Shift+?", "+": "Shift+=" };
for (const [name, sign] of Object.entries(ARROWS)) SHORTCUTS[sign] = name;
const keyName = (key) => KEY_NAMES[key] ?? key;

/** Do what a key does; some keys concern this page alone. */
async function press(key) {
  if (key === "f") return toggleFullscreen();
  if (key === "h" || key === "?") return byId("help").showModal();
  if (key === "q") return quit();
  if (key === CLASS_BY_NAME) return byId("class-search").focus();
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
  const name = make("span", { textContent: entry.name });
  button.append(name);
  button.dataset.key = key;
  button.setAttribute("aria-keyshortcuts", entry.keys.map((k) => SHORTCUTS[k] ?? k).join(" "));
  const now = make("span", { className: "now" });
  if (entry.shows && !MAIN_KEYS.includes(key) && key !== "h") button.append(now);
  const label = make("kbd", { textContent: keyName(key) });
  label.setAttribute("aria-hidden", "true");
  button.append(label);
  if (key === "r") button.classList.add("record");
  if (key === "q") button.classList.add("danger");
  button.addEventListener("click", (event) => {
    if (!CLASS_KEY.test(key) || event.detail === 0) press(key); // a pointer has done it already
  });
  if (CLASS_KEY.test(key)) pressWhileHeld(button, key);
  buttons.push({ button, name, now, shows: entry.shows, key, label: entry.name });
  return button;
}

/** Press again and again as long as the pointer holds the button. */
function pressWhileHeld(button, key) {
  let timer = 0;
  const release = () => clearInterval(timer);
  button.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    button.setPointerCapture(event.pointerId);
    release();
    press(key);
    timer = setInterval(() => press(key), HELD_EVERY_MS);
  });
  for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
    button.addEventListener(name, release);
  }
}

/** `onQuit` is called when the program is asked to end. */
export function buildKeyButtons(entries, onQuit) {
  quitted = onQuit;
  table = entries.filter((entry) => !entry.keys.includes(ESCAPE));
  addButtons();
  addHelpRows();
  startShortcuts();
}

function addButtons() {
  const ofClasses = table.filter((entry) => CLASS_KEY.test(entry.keys[0]));
  for (const entry of ofClasses) byId("main-keys").append(makeButton(entry));
  for (const key of MAIN_KEYS) {
    const entry = table.find((one) => one.keys[0] === key); // guests have few of them
    if (entry) byId("main-keys").append(makeButton(entry));
  }
  const isQuit = (entry) => entry.keys[0] === "q";
  for (const entry of [...table.filter((e) => !isQuit(e)), ...table.filter(isQuit)]) {
    const isThere = MAIN_KEYS.includes(entry.keys[0]) || ofClasses.includes(entry);
    if (!isThere) byId("keys").append(makeButton(entry));
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

async function quit() {
  const words = "This ends it for all viewers. A recording is finished first.";
  if (!(await confirmed("Quit livecam?", words, "Quit"))) return;
  post("key", { key: "q" }).then(quitted, (error) => {
    if (error.status) say(error.message);
    else quitted(); // it ended before it could answer
  });
}

function onKeyDown(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.repeat && !mayPressAgain(event)) return;
  if (!byId("shortcuts").checked) return;
  if (byId("help").open && ["h", "?"].includes(keyMeant(event))) {
    event.preventDefault();
    byId("help").close();
    return;
  }
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && !isFullscreen() && endJudgement()) return;
  // An element that uses a key itself keeps it, but for those of a dialog that was just closed.
  const uses = (elements) => isShown(event.target) && event.target.closest(elements);
  if (uses("input, select, textarea, video")) return;
  if (event.key === " " && uses("button, summary, a")) return;
  const key = ARROWS[event.key] ?? keyMeant(event);
  if (!table.some((entry) => entry.keys.includes(key))) return;
  event.preventDefault();
  press(key);
}

/** A key of a class that is held presses again, not as often as the keyboard repeats it. */
function mayPressAgain(event) {
  if (!CLASS_KEY.test(event.key) || performance.now() - pressedAt < HELD_EVERY_MS) return false;
  pressedAt = performance.now();
  return true;
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
  for (const { button, name, now, shows, key, label } of buttons) {
    if (!shows || key === "f" || key === "h") continue;
    if (key === "r") { // what it does, not what it is
      setText(name, recording ? "Stop" : label);
      button.classList.toggle("active", recording);
      continue;
    }
    const value = key === "a" ? settings["act-max"] === "auto" : settings[shows];
    if (typeof value === "boolean") {
      button.setAttribute("aria-pressed", String(value));
      setText(now, value ? "on" : "off");
    } else {
      setText(now, String(value));
    }
  }
}
