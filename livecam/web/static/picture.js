// The picture: the MJPEG stream, which is restarted when it fails or freezes.

import { byId } from "./dom.js";

const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
const CHECK_INTERVAL_MS = 2000;
const MIN_FREEZE_MS = 6000;
const MAX_FREEZE_MS = 60000;

const picture = byId("picture");
let retryMs = MIN_RETRY_MS;
let streams = 0;

/** Restart the stream; a hidden page receives none. */
export function restartStream() {
  if (document.hidden) {
    picture.removeAttribute("src");
  } else {
    streams += 1;
    picture.src = `/api/stream.mjpg?ahead=1&plain=1&${streams}`;
  }
}

export function startPicture() {
  picture.addEventListener("load", () => { retryMs = MIN_RETRY_MS; });
  picture.addEventListener("error", () => {
    if (!picture.hasAttribute("src")) return;
    setTimeout(restartStream, retryMs);
    retryMs = Math.min(2 * retryMs, MAX_RETRY_MS);
  });
  document.addEventListener("visibilitychange", restartStream);
  // The stream never ends: started earlier, the browser would show the page as loading for ever.
  if (document.readyState === "complete") restartStream();
  else window.addEventListener("load", restartStream, { once: true });
}

/** Restart a stream whose picture does not change although the server counts new pictures:
 * browsers report no error when a stream is cut off. `number` returns the number of the newest
 * picture, null where a picture that does not change is normal. */
export function restartFrozenStream(number) {
  const canvas = Object.assign(document.createElement("canvas"), { width: 32, height: 24 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let [lastPixels, lastNumber, since, freezeMs] = ["", null, 0, MIN_FREEZE_MS];
  setInterval(() => {
    const [now, newest] = [performance.now(), number()];
    if (document.hidden || newest === null || newest === lastNumber) {
      since = now;
      return;
    }
    lastNumber = newest;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (picture.naturalWidth) context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const pixels = String(context.getImageData(0, 0, canvas.width, canvas.height).data);
    if (pixels !== lastPixels) {
      [lastPixels, since, freezeMs] = [pixels, now, MIN_FREEZE_MS];
    } else if (now - since >= freezeMs) {
      [since, freezeMs] = [now, Math.min(2 * freezeMs, MAX_FREEZE_MS)]; // or nothing moves
      restartStream();
    }
  }, CHECK_INTERVAL_MS);
}
