// The page's start: connects the parts, and passes each state message to them.

import { get } from "./api.js";
import { startActivationTable } from "./activation_table.js";
import { showSource, startCameraChooser } from "./camera_chooser.js";
import { addPoint, startChart } from "./chart.js";
import { showClass, startClassChooser } from "./class_chooser.js";
import { byId, setText } from "./dom.js";
import { markOld, showAge, showFigures } from "./figures.js";
import { startFullscreen } from "./fullscreen.js";
import { startJudgement } from "./judgement.js";
import { buildKeyButtons, showKeyStates } from "./key_buttons.js";
import { LiveSocket } from "./live_socket.js";
import { askForToken, startEndOfLogins } from "./login.js";
import { refreshOutputFiles, startOutputFiles } from "./output_files.js";
import {
  resetOverlaySettings, showOverlaySettings, startOverlaySettings,
} from "./overlay_settings.js";
import { startPage } from "./page_start.js";
import { showLayer, startLayer } from "./picture_layer.js";
import { restartFrozenStream, restartStream, startPicture } from "./picture.js";
import { makeTurnable } from "./scene_pointer.js";
import {
  showConnected, showDisconnected, showNotice, showStarting, showStatus,
} from "./status.js";

const AGE_INTERVAL_MS = 200;
const STARTING_RETRY_MS = 1000;
let newest = null;
let receivedAt = 0;
let disconnected = false;
let ended = false;
let mayChange = false;

function onState(state) {
  const before = newest;
  newest = state;
  receivedAt = performance.now();
  if (state.width !== before?.width || state.height !== before?.height) {
    byId("scene").style.setProperty("--ratio", String(state.width / state.height));
  }
  showFigures(state);
  showLayer(state);
  showKeyStates(state.settings);
  showOverlaySettings(state);
  showClass(state.settings.class);
  showStatus(state);
  showSource(state.source);
  if (!state.settings.paused && !state.waiting) addPoint(state.figures);
  if (mayChange && state.file_list !== before?.file_list) refreshOutputFiles();
  showNotice(state.notice, before?.notice);
}

function connect(overview) {
  const socket = new LiveSocket();
  socket.addEventListener("state", (event) => onState(event.detail));
  socket.addEventListener("open", async () => {
    showConnected();
    resetOverlaySettings();
    if (disconnected) {
      restartStream();
      // Another run may answer now, with another source.
      const now = await get("overview").catch(() => overview);
      if (JSON.stringify(now) !== JSON.stringify(overview)) location.reload();
    }
    disconnected = ended = false;
    if (mayChange) refreshOutputFiles();
  });
  socket.addEventListener("lost", (event) => {
    ended ||= event.detail.ended;
    onLost();
    get("overview").catch((error) => error.status === 401 && askForToken());
  });
  socket.connect();
  return socket;
}

function onLost() {
  disconnected = true;
  showDisconnected(ended);
  markOld(ended ? "livecam has ended" : "the connection is lost");
}

function onQuit() {
  ended = true;
  onLost();
}

/** The number of the newest picture; null where the picture may stand still. */
function movingPictureNumber() {
  return !newest || disconnected || newest.settings.paused ? null : newest.number;
}

function updateAge() {
  if (!newest) return;
  showAge(newest.age_ms + (newest.capture_ms ?? 0) + performance.now() - receivedAt);
}

/** What does not change; until the run begins, show what it waits for. */
async function overviewOfTheRun() {
  for (;;) {
    try {
      return await get("overview");
    } catch (error) {
      if (error.status !== 503) throw error;
      showStarting(error.message);
      await new Promise((resolve) => setTimeout(resolve, STARTING_RETRY_MS));
    }
  }
}

async function start() {
  const overview = await overviewOfTheRun();
  mayChange = overview.may_change;
  document.body.classList.toggle("guest", !mayChange);
  setText(byId("about"), overview.model);
  startCameraChooser(overview);
  buildKeyButtons(overview.keys, onQuit);
  if (overview.asks_token && mayChange) startEndOfLogins();
  startOutputFiles();
  startClassChooser();
  startOverlaySettings(overview.colormaps);
  startLayer(overview.colours);
  startActivationTable();
  startPicture();
  startFullscreen();
  startJudgement();
  restartFrozenStream(movingPictureNumber);
  const socket = connect(overview);
  if (overview.turnable) makeTurnable((message) => socket.send(message), () => newest?.width ?? 640);
  setInterval(updateAge, AGE_INTERVAL_MS);
  startChart();
}

startPage(start);
