// The page's start: connects the parts, and passes each state message to them.

import { get } from "./api.js";
import { startActivationTable } from "./activation_table.js";
import { addPoint, startChart } from "./chart.js";
import { showClass, startClassChooser } from "./class_chooser.js";
import { byId, setText } from "./dom.js";
import { showAge, showFigures } from "./figures.js";
import { startFullscreen } from "./fullscreen.js";
import { buildKeyButtons, showKeyStates } from "./key_buttons.js";
import { LiveSocket } from "./live_socket.js";
import { askForToken, loginFromLink } from "./login.js";
import { refreshOutputFiles } from "./output_files.js";
import {
  resetOverlaySettings, showOverlaySettings, startOverlaySettings,
} from "./overlay_settings.js";
import { restartFrozenStream, restartStream, startPicture } from "./picture.js";
import { makeTurnable } from "./scene_pointer.js";
import { say, showDisconnected, showNotice, showStatus } from "./status.js";

const AGE_INTERVAL_MS = 200;
const RELOAD_MS = 3000;
let newest = null;
let receivedAt = 0;
let disconnected = false;

function onState(state) {
  const before = newest;
  newest = state;
  receivedAt = performance.now();
  if (state.width !== before?.width || state.height !== before?.height) {
    byId("scene").style.setProperty("--ratio", String(state.width / state.height));
  }
  showFigures(state);
  showKeyStates(state.settings);
  showOverlaySettings(state);
  showClass(state.settings.class);
  showStatus(state);
  if (!state.settings.paused && !state.waiting) addPoint(state.figures);
  if (state.files !== before?.files) refreshOutputFiles();
  showNotice(state.notice, before?.notice);
}

function connect(overview) {
  const socket = new LiveSocket();
  socket.addEventListener("state", (event) => onState(event.detail));
  socket.addEventListener("open", async () => {
    byId("lost").hidden = true;
    resetOverlaySettings();
    if (disconnected) {
      restartStream();
      // Another run may answer now, with another source.
      const now = await get("overview").catch(() => overview);
      if (JSON.stringify(now) !== JSON.stringify(overview)) location.reload();
    }
    disconnected = false;
    refreshOutputFiles();
  });
  socket.addEventListener("lost", () => {
    disconnected = true;
    byId("lost").hidden = false;
    showDisconnected();
    get("overview").catch((error) => error.status === 401 && location.reload());
  });
  socket.connect();
  return socket;
}

/** The number of the newest picture; null where the picture may stand still. */
function movingPictureNumber() {
  return !newest || disconnected || newest.settings.paused ? null : newest.number;
}

function updateAge() {
  if (!newest) return;
  showAge(newest.age_ms + (newest.capture_ms ?? 0) + performance.now() - receivedAt);
}

async function start() {
  const overview = await get("overview");
  setText(byId("source"), overview.source);
  setText(byId("about"), overview.model);
  document.title = `${overview.source} – livecam`;
  byId("picture").alt = `Live picture of ${overview.source} with its class activation map`;
  buildKeyButtons(overview.keys);
  startClassChooser();
  startOverlaySettings(overview.colormaps);
  startActivationTable();
  startPicture();
  startFullscreen();
  restartFrozenStream(movingPictureNumber);
  const socket = connect(overview);
  if (overview.turnable) makeTurnable((message) => socket.send(message), () => newest?.width ?? 640);
  setInterval(updateAge, AGE_INTERVAL_MS);
  startChart();
}

loginFromLink().then(start).catch((error) => {
  if (error.status === 401) {
    askForToken();
    return;
  }
  setText(byId("status"), "not connected");
  say(error.message);
  if (error.status || error instanceof TypeError) setTimeout(() => location.reload(), RELOAD_MS);
});
