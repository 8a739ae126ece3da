// The start of the page of events: connects the parts, and passes each state message to them.

import { get } from "./api.js";
import { showCameras, startTiles } from "./camera_tiles.js";
import { startDay } from "./day_view.js";
import { byId, setText } from "./dom.js";
import { refreshEvents, startEvents } from "./event_list.js";
import { openEvent, refreshNeighbours, refreshOpenEvent, startPlayer } from "./event_player.js";
import { counted } from "./event_text.js";
import { LiveSocket } from "./live_socket.js";
import { askForToken, startEndOfLogins } from "./login.js";
import { startPage } from "./page_start.js";
import { showConnected, showDisconnected, showNotice } from "./status.js";

const NOTICE_MS = 1000;
const pill = byId("status");
let revision = null;
let ended = false;

function onState(state, overview) {
  showCameras(state.cameras);
  showStatus(state, overview);
  if (state.revision !== revision) {
    revision = state.revision;
    refreshEvents();
    refreshOpenEvent();
  }
}

function showStatus(state, overview) {
  const waiting = state.cameras.filter((camera) => camera.waiting_for && !camera.over);
  let [text, kind] = overview.watching ? ["watching", "live"] : ["events", ""];
  if (waiting.length) [text, kind] = ["waiting for a camera", "lost"];
  if (state.going_on && overview.watching) [text, kind] = [counted(state.going_on, "event"), "recording"];
  if (state.problem) [text, kind] = ["not watching", "lost"];
  setText(pill, text);
  pill.title = state.problem;
  pill.className = `pill ${kind}`;
}

function connect(overview) {
  const socket = new LiveSocket();
  socket.addEventListener("state", (event) => onState(event.detail, overview));
  socket.addEventListener("open", async () => {
    showConnected();
    ended = false;
    revision = null; // another run may answer now
    const now = await get("watch").catch(() => overview);
    if (JSON.stringify(now) !== JSON.stringify(overview)) location.reload();
  });
  socket.addEventListener("lost", (event) => {
    ended ||= event.detail.ended;
    showDisconnected(ended);
    get("watch").catch((error) => error.status === 401 && askForToken());
  });
  socket.connect();
}

async function start() {
  const overview = await get("watch");
  setText(byId("source"), overview.title);
  document.title = `${overview.title} - livecam events`;
  if (overview.asks_token) startEndOfLogins();
  startTiles();
  startDay();
  startEvents(openEvent, refreshNeighbours, overview.watching);
  connect(overview);
  setInterval(() => showNotice("", ""), NOTICE_MS);
  await startPlayer();
}

startPage(start);
