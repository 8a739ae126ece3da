// Puts the page together.

import { ask, order } from "./api.js";
import { addPoint, startChart } from "./chart.js";
import { showClass, startClasses } from "./classes.js";
import { byId, setText } from "./dom.js";
import { showAge, showFigures } from "./figures.js";
import { refreshFiles } from "./files.js";
import { buildKeys, showKeys } from "./keys.js";
import { Live } from "./live.js";
import { forgetLook, showLook, startLook } from "./look.js";
import { startMap } from "./map.js";
import { guardPicture, makeTurnable, startFullscreen, startPicture, watch } from "./scene.js";

const NOTICE_MS = 5000;
let newest = null;
let heardAt = 0;
let noticeUntil = 0;
let lost = false;

function say(text) {
  setText(byId("notice"), text);
  noticeUntil = performance.now() + NOTICE_MS;
}

function showLink(state) {
  const { recording, settings } = state;
  const pill = byId("link");
  let [words, look] = ["live", "live"];
  if (settings.paused) [words, look] = ["paused", ""];
  if (recording.wanted) [words, look] = ["recording", "recording"];
  if (state.waiting) [words, look] = ["waiting for the source", "lost"];
  if (recording.failed) [words, look] = ["not recording", "lost"];
  setText(pill, words);
  pill.className = `pill ${look}`;
}

function onState(state) {
  const before = newest;
  newest = state;
  heardAt = performance.now();
  if (state.width !== before?.width || state.height !== before?.height) {
    byId("scene").style.setProperty("--ratio", String(state.width / state.height));
  }
  showFigures(state);
  showKeys(state.settings);
  showLook(state);
  showClass(state.settings.class);
  showLink(state);
  if (!state.settings.paused && !state.waiting) addPoint(state.figures);
  if (state.files !== before?.files) refreshFiles();
  if (state.notice && state.notice !== before?.notice) {
    say(state.notice);
  } else if (!state.notice && performance.now() > noticeUntil) {
    setText(byId("notice"), "");
  }
}

async function start() {
  const overview = await ask("overview");
  setText(byId("source"), overview.source);
  setText(byId("about"), overview.model);
  document.title = `${overview.source} – livecam`;
  byId("picture").alt = `Live picture of ${overview.source} with its class activation map`;
  buildKeys(overview.keys, say);
  startClasses(say);
  startLook(overview.colormaps, say);
  startMap();
  startPicture();
  startFullscreen();
  guardPicture(() => (!newest || lost || newest.settings.paused ? null : newest.number));
  const live = new Live();
  live.addEventListener("state", (event) => onState(event.detail));
  live.addEventListener("open", async () => {
    byId("lost").hidden = true;
    forgetLook();
    if (lost) {
      watch();
      // Another run may answer by now, with another source.
      const now = await ask("overview").catch(() => overview);
      if (JSON.stringify(now) !== JSON.stringify(overview)) location.reload();
    }
    lost = false;
    refreshFiles();
  });
  live.addEventListener("lost", () => {
    lost = true;
    byId("lost").hidden = false;
    setText(byId("link"), "not connected");
    byId("link").className = "pill lost";
    ask("overview").catch((error) => error.status === 401 && location.reload());
  });
  live.connect();
  if (overview.turnable) makeTurnable((message) => live.send(message), () => newest?.width ?? 640);
  setInterval(() => newest && showAge(newest.age_ms + (newest.capture_ms ?? 0) + performance.now() - heardAt), 200);
  startChart();
}

async function login(token) {
  await order("login", { token });
}

function askForToken() {
  const dialog = byId("login");
  // There is nothing to see without it, and a second Esc closes it whatever is said to the first.
  dialog.addEventListener("close", () => dialog.showModal());
  byId("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await login(byId("token").value.trim());
      location.reload();
    } catch (error) {
      setText(byId("login-error"), error.message);
    }
  });
  dialog.showModal();
}

async function open() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    history.replaceState(null, "", location.pathname); // not in the history, not on the screen
    await login(given).catch(() => {});
  }
  await start();
}

open().catch((error) => {
  if (error.status === 401) {
    askForToken();
    return;
  }
  setText(byId("link"), "not connected");
  say(error.message);
  if (error.status || error instanceof TypeError) setTimeout(() => location.reload(), 3000);
});
