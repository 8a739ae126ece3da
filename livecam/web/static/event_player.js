// One event: its clip from the strongest moment on, its figures; keep, save, delete.

import { changeEvent, get, remove } from "./api.js";
import { confirmed } from "./confirmation_dialog.js";
import { byId, make, setText, storedValue, storeValue } from "./dom.js";
import { focusEvent, markCurrent, neighboursOf, refreshEvents } from "./event_list.js";
import {
  dayText, eventUrl, lengthText, probabilityText, thumbnailUrl, timeAfter, timeOfDay,
} from "./event_text.js";
import { say } from "./status.js";

const CHOICE = "livecam-event-clip";
const FILES = { clean: "clip", annotated: "clip with map", figures: "figures", thumbnail: "picture" };
const place = byId("event");
const player = byId("event-player");
const buttons = byId("event-buttons");
const clock = byId("event-clock");
const saves = byId("event-files");
let shown = null;
let playing = "";
let neighbours = {}; // of the event that is shown

/** Show an event, and play it. */
export function openEvent(event, { focuses = true } = {}) {
  const isOther = shown?.event !== event.event;
  if (isOther) neighbours = {};
  shown = event;
  markCurrent(event.event);
  place.hidden = false;
  setText(byId("event-title"), `${event.class}${event.camera ? `, ${event.camera}` : ""}`);
  setText(byId("event-why"), `${event.why}${event.source ? `; ${event.source}` : ""}`);
  showFigures(event);
  showButtons(event);
  showLinks(event);
  if (isOther) {
    playing = "";
    history.replaceState(null, "", `?event=${encodeURIComponent(event.event)}`);
  }
  play(event);
  refreshNeighbours();
  if (focuses && isOther) {
    byId("event-title").focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  }
}

/** The list has changed: the event that is shown may have, too. */
export async function refreshOpenEvent() {
  if (shown === null) return;
  const { event } = shown;
  try {
    const now = await get(`events/${encodeURIComponent(event)}`);
    if (shown?.event === event && JSON.stringify(now) !== JSON.stringify(shown)) openEvent(now, { focuses: false });
  } catch (error) {
    if (error.status === 404 && shown?.event === event) close();
  }
}

/** Which events are beside the one that is shown may have changed. */
export async function refreshNeighbours() {
  if (shown === null) return;
  const { event } = shown;
  try {
    const found = await neighboursOf(event);
    if (shown?.event !== event || JSON.stringify(found) === JSON.stringify(neighbours)) return;
    neighbours = found;
    showButtons(shown);
  } catch (error) {
    if (error.status && error.status !== 429) say(error.message);
  }
}

/** Show the event that the address names. */
export async function startPlayer() {
  byId("close-event").addEventListener("click", close);
  const id = new URLSearchParams(location.search).get("event");
  if (!id) return;
  try {
    openEvent(await get(`events/${encodeURIComponent(id)}`));
  } catch (error) {
    say(error.message);
  }
}

function close() {
  const id = shown?.event;
  shown = null;
  playing = "";
  player.replaceChildren();
  place.hidden = true;
  history.replaceState(null, "", location.pathname);
  markCurrent("");
  focusEvent(id);
}

const clipKinds = (event) => ["clean", "annotated"].filter((kind) => event.files[kind]);

function chosenClip(event) {
  const kinds = clipKinds(event);
  const wanted = storedValue(CHOICE);
  return kinds.includes(wanted) ? wanted : kinds[0];
}

function play(event) {
  const kind = event.state === "open" ? undefined : chosenClip(event);
  const source = kind ? eventUrl(event, kind) : event.files.thumbnail ? thumbnailUrl(event) : "none";
  if (source === playing) return;
  playing = source;
  setText(clock, `${dayText(event.day)}, ${timeOfDay(event.start)}`);
  if (!kind) {
    player.replaceChildren(...stillPicture(event));
    return;
  }
  const video = make("video", { src: source, controls: true, playsInline: true, preload: "auto" });
  video.setAttribute("aria-label", `Clip of ${event.class}, ${timeOfDay(event.start)}`);
  video.addEventListener("loadedmetadata", () => toStrongest(video, event), { once: true });
  video.addEventListener("timeupdate", () => showClock(video, event));
  video.addEventListener("error", () => player.replaceChildren(...stillPicture(event), make("p", {
    textContent: `This browser cannot play ${event.files[kind]}: save it and play it with another program.`,
  })));
  player.replaceChildren(video);
}

function stillPicture(event) {
  const picture = event.files.thumbnail
    ? [make("img", { src: thumbnailUrl(event), alt: `Strongest moment of ${event.class} with its map` })] : [];
  const goesOn = event.state === "open"
    ? [make("p", { textContent: "It goes on: its clip can be played when it is over." })] : [];
  const nothing = event.state !== "open" && clipKinds(event).length === 0
    ? [make("p", { textContent: "It has no clip." })] : [];
  return [...picture, ...goesOn, ...nothing];
}

function toStrongest(video, event) {
  if (event.strongest) video.currentTime = Math.min(event.strongest.into_s, video.duration || 0);
  video.play().catch(() => {}); // without a click before, browsers may refuse
}

/** The time of the day of the picture that is shown. */
function showClock(video, event) {
  if (!event.strongest) return;
  const { at, into_s: into } = event.strongest;
  setText(clock, `${dayText(event.day)}, ${timeAfter(at, video.currentTime - into)}`);
}

function showFigures(event) {
  const { strongest } = event;
  const rows = [
    ["probability", probabilityText(event) || "–"],
    ["max", strongest ? strongest.max.toFixed(1) : "–"],
    ["mean", strongest ? strongest.mean.toFixed(1) : "–"],
    ["length", event.state === "open" ? "goes on" : lengthText(event.duration_s)],
    ["looks", String(event.looks)],
    ["evidence at", strongest?.centre ? strongest.centre.map(Math.round).join(", ") : "–"],
  ];
  byId("event-figures").replaceChildren(...rows.map(([name, value]) => make(
    "div", {}, make("dt", { textContent: name }), make("dd", { textContent: value }),
  )));
}

function showButtons(event) {
  const focused = document.activeElement?.dataset?.does;
  const button = (word, does, isThere = true) => {
    const element = make("button", { type: "button", className: "button", textContent: word, disabled: !isThere });
    element.dataset.does = word;
    element.addEventListener("click", does);
    return element;
  };
  const toggle = (element, isOn) => {
    element.setAttribute("aria-pressed", String(isOn));
    return element;
  };
  const video = () => player.querySelector("video");
  const both = clipKinds(event).length > 1
    ? [toggle(button("Map", () => switchClip(event)), chosenClip(event) === "annotated")] : [];
  const isOver = event.state !== "open";
  const erase = button("Delete", () => askAndDelete(event), isOver);
  erase.classList.add("danger");
  buttons.replaceChildren(
    button("Strongest moment", () => video() && toStrongest(video(), event), isOver && clipKinds(event).length > 0),
    ...both, toggle(button("Keep", () => keep(event)), event.kept), erase,
    button("Newer", () => openEvent(neighbours.newer), Boolean(neighbours.newer)),
    button("Older", () => openEvent(neighbours.older), Boolean(neighbours.older)),
  );
  if (focused) buttons.querySelector(`[data-does="${focused}"]`)?.focus();
}

function showLinks(event) {
  const links = Object.entries(FILES).filter(([kind]) => event.files[kind]).map(([kind, word]) => {
    const link = make("a", { href: `${eventUrl(event, kind)}?download`, download: event.files[kind], textContent: word });
    link.setAttribute("aria-label", `Save ${word}`);
    return link;
  });
  saves.hidden = links.length === 0;
  saves.replaceChildren("Save ", ...links);
}

function switchClip(event) {
  storeValue(CHOICE, chosenClip(event) === "annotated" ? "clean" : "annotated");
  showButtons(event);
  play(event);
}

async function keep(event) {
  try {
    const now = await changeEvent(event.event, { kept: !event.kept });
    openEvent(now, { focuses: false });
  } catch (error) {
    say(error.message);
  }
  refreshEvents();
}

async function askAndDelete(event) {
  const names = Object.values(event.files);
  const what = names.length ? names.join(", ") : "Its line in events.jsonl";
  const words = `${what}: deleted from the disk of the machine that livecam runs on.`;
  if (!(await confirmed(`Delete this event of ${event.class}?`, words, "Delete"))) return;
  const next = neighbours;
  player.replaceChildren(); // some systems keep a file that is read
  shown = null; // it is not asked for any more
  playing = "";
  try {
    await remove(`events/${encodeURIComponent(event.event)}`);
    say(`deleted ${event.event}`);
    close();
    await refreshEvents();
    focusEvent((next.older ?? next.newer)?.event);
  } catch (error) {
    say(error.message);
    openEvent(event, { focuses: false });
  }
}
